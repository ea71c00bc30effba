using System.Globalization;
using Bedside.Bench;

// Stores for the tests of the screen, made by the product's own writer at made-up times.
if (args is not ["spikes", string folder, string seed, string perSignal])
{
    await Console.Error.WriteLineAsync("Usage: spikes FOLDER SEED SPIKES_A_SIGNAL");
    return 2;
}

var month = new SpikeMonth(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(perSignal, CultureInfo.InvariantCulture));
await month.StoreAsync(folder);
month.Print(Console.Out);
return 0;
