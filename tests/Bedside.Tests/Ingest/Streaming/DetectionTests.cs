using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.Streaming;

/// <summary>Devices that speak by themselves, some of them once a second, on a line whose settings nobody told.</summary>
public class DetectionTests
{
    private const long StepNs = 100_000_000;

    public static readonly TheoryData<string, string, string> All = [];

    static DetectionTests()
    {
        foreach ((string driver, string capture) in (ReadOnlySpan<(string, string)>)[("ivy-450c", "two-pressures"), ("masimo-ascii", "rad-8"), ("nonin-df", "format-2"), ("nonin-df", "format-7")])
        {
            foreach (LineSettings line in DriverCatalog.ByName(driver)?.Traits.Lines ?? [])
            {
                All.Add(driver, capture, line.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_device_is_found_at_each_of_its_settings_and_without_a_word_unless_it_was_silent_at_first(string driver, string capture, string line)
    {
        // Wherever in its second the device is when we begin to listen.
        for (int phase = 0; phase < 10; phase++)
        {
            var time = new ManualTime();
            LineSettings spoken = LineSettings.Parse(line)!;
            var device = new ScriptedLine(time, spoken) { Chatter = Play(driver, capture, phase) };

            HuntResult result = new Hunt(new HuntOptions(Transport.Serial), time).Run(device, CancellationToken.None);

            Assert.Equal((driver, spoken), (result.Found?.Driver.Name, result.Found?.Line));

            // 0.7 s may fall between two lines of an oximeter; then all are asked before its line is listened to again.
            bool asked = device.Sent.Count > 0;
            Assert.True(!asked || result.Trials[0].Bytes == 0);
            Assert.InRange(time.GetTimestamp(), 0, TimeSpan.FromSeconds(asked ? 16 : 10).Ticks);
        }
    }

    [Fact]
    public void A_device_that_is_found_gives_its_values_from_what_was_heard()
    {
        var time = new ManualTime();
        var device = new ScriptedLine(time, new LineSettings(9600)) { Chatter = Play("masimo-ascii", "rad-8", 3) };
        HuntResult result = new Hunt(new HuntOptions(Transport.Serial), time).Run(device, CancellationToken.None);
        var ear = Ear.Replays(DriverCatalog.ByName("masimo-ascii")!, Transport.Serial, result.Heard);
        Assert.NotEmpty(ear.Of<DeviceEvent.Identity>());
    }

    /// <summary>The capture from its first second on, over and over, each 100 ms what it has of them: what a device says that was on before we came.</summary>
    private static Func<byte[]?> Play(string driver, string capture, int phase)
    {
        Chunk[] chunks = [.. Golden.Open(driver, capture).Chunks().Where(chunk => !chunk.Bytes.IsEmpty)];
        const long FirstNs = 10 * StepNs;
        long length = chunks[^1].ArrivedAt.Nanoseconds / FirstNs * FirstNs;
        long now = phase * StepNs;
        return () =>
        {
            long from = FirstNs + (now % length);
            now += StepNs;
            byte[] bytes = [.. chunks.Where(chunk => chunk.ArrivedAt.Nanoseconds >= from && chunk.ArrivedAt.Nanoseconds < from + StepNs).SelectMany(chunk => chunk.Bytes.ToArray())];
            return bytes.Length > 0 ? bytes : null;
        };
    }
}
