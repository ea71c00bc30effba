using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>Our own captures, of which one comes to hear only the end.</summary>
public sealed class CaptureTests
{
    private const string Driver = "philips-intellivue";

    public static TheoryData<string> Captures => [.. Golden.All.Where(capture => capture.Driver == Driver).Select(capture => capture.Name)];

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_capture_that_begins_in_the_middle_still_gives_calibrated_data(string name)
    {
        Chunk[] chunks = [.. Golden.Open(Driver, name).Chunks()];
        var box = new Listener(Golden.TransportOf(Driver, name), listenOnly: true);
        foreach (Chunk chunk in chunks.Skip(chunks.Length / 3))
        {
            box.Hear(chunk);
        }

        Assert.Contains(box.Of<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "hr");
        Assert.Contains(box.Of<DeviceEvent.Samples>(), one => one.Metric.SignalId == "ecg-ii" && one.Scale == new Scale(0.005, -40.96));
        Assert.All(box.Of<DeviceEvent.Samples>(), one => Assert.Equal(one.Metric.SignalId == "pleth", one.Scale is null));
    }
}
