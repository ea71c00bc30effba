using System.Globalization;

namespace Bedside.Tests.Storage;

/// <summary>Runs a search from seeds on all processors. A variable of the environment, <c>from-to</c>, searches elsewhere or farther.</summary>
internal static class CrashSeeds
{
    public static Task ForEachAsync(string variable, int seeds, Func<int, Task> run)
    {
        string[] range = (Environment.GetEnvironmentVariable(variable) ?? $"0-{seeds}").Split('-');
        int from = int.Parse(range[0], CultureInfo.InvariantCulture);
        int to = int.Parse(range[1], CultureInfo.InvariantCulture);
        return Parallel.ForEachAsync(Enumerable.Range(from, to - from), async (seed, _) =>
        {
            try
            {
                await run(seed);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{variable}={seed}-{seed + 1} has it again: {error.Message}", error);
            }
        });
    }
}
