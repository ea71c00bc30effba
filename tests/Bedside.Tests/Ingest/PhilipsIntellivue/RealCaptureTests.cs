using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>
/// Bytes of real monitors, which lie beside the repository on some machines and are not ours to give away. Without them
/// there is nothing to test here.
/// </summary>
public sealed class RealCaptureTests
{
    private const string Folder = "data/captures/philips-intellivue";

    [Fact]
    public void The_lan_session_gives_every_value_without_a_fault()
    {
        if (Heard("intellivue_enumeration.pcapng") is not { } box)
        {
            return;
        }

        Assert.Empty(box.Of<DeviceEvent.Fault>());
        Assert.Empty(box.Of<DeviceEvent.Missing>());
        Assert.Empty(box.Of<DeviceEvent.ClockRestarted>());
        Assert.Empty(box.Of<DeviceEvent.AlertSaid>());

        // Counted and compared value by value with a decoder of another make: 166 values of 13 numerics, 230 blocks of 14 waves.
        Assert.Equal((166, 13), (box.Of<DeviceEvent.Numeric>().Count(), box.Of<DeviceEvent.Numeric>().Select(one => one.Metric).Distinct().Count()));
        Assert.Equal(
            (230, 14, 16_352),
            (box.Of<DeviceEvent.Samples>().Count(), box.Of<DeviceEvent.Samples>().Select(one => one.Metric).Distinct().Count(), box.Of<DeviceEvent.Samples>().Sum(one => one.Raw.Length)));
        Assert.All(box.Of<DeviceEvent.Numeric>(), one => Assert.True(one.Validity.HasFlag(Validity.DemoData)));
        Assert.All(box.Of<DeviceEvent.Samples>(), one => Assert.Equal(one.Metric.SignalId == "pleth", one.Scale is null));
        Assert.True(box.Of<DeviceEvent.Identity>().Last().Device is { Model: "M8000", SerialNumber: "DE82021892", Firmware: "G.01.80", Demo: true });
    }

    [Fact]
    public void The_lan_session_gives_the_first_values_read_from_its_bytes()
    {
        if (Heard("intellivue_enumeration.pcapng") is not { } box)
        {
            return;
        }

        Assert.Equal(
            [
                "abp-mean 91 mm[Hg]", "abp-sys 120 mm[Hg]", "abp-dia 70 mm[Hg]", "pulse 60 /min", "nibp-sys 120 mm[Hg]", "nibp-dia 80 mm[Hg]",
                "nibp-mean 90 mm[Hg]", "pr-nibp 60 /min", "hr 60 /min", "resp-rate 15 /min", "spo2 95.0 %", "pr-spo2 60 /min", "perfusion-relative 10.0 1",
            ],
            box.Of<DeviceEvent.Numeric>().Take(13).Select(one => $"{one.Metric.SignalId} {one.Value} {one.Metric.Unit}"));
        Assert.Equal(["nibp-sys", "nibp-dia", "nibp-mean", "pr-nibp"], box.Of<DeviceEvent.Numeric>().Where(one => one.MeasuredAt is not null).Select(one => one.Metric.SignalId));
        DeviceEvent.Samples abp = box.Of<DeviceEvent.Samples>().First(one => one.Metric.SignalId == "abp");
        Assert.Equal((224_514_048ul, new Scale(0.0625, -50), 2645, 115.3125), (abp.At!.Value.Counter, abp.Scale!.Value, abp.Raw.Span[0], abp.Scale.Value.Physical(abp.Raw.Span[0])));
        DeviceEvent.Samples ecg = box.Of<DeviceEvent.Samples>().First(one => one.Metric.SignalId == "ecg-i");
        Assert.Equal((new SamplePeriod(1, 500), new Scale(0.005, -40.96), 8200), (ecg.Period, ecg.Scale!.Value, ecg.Raw.Span[0]));
    }

    [Fact]
    public void Within_a_poll_the_waves_of_the_lan_session_are_seamless()
    {
        if (Heard("intellivue_enumeration.pcapng") is not { } box)
        {
            return;
        }

        foreach (IGrouping<Metric, DeviceEvent.Samples> wave in box.Of<DeviceEvent.Samples>().Where(one => one.Metric.SignalId is "abp" or "pleth" or "resp-impedance").GroupBy(one => one.Metric))
        {
            ulong[] at = [.. wave.Select(one => one.At!.Value.Counter)];
            Assert.All(at.Zip(at.Skip(1)), pair => Assert.Equal(2048ul, pair.Second - pair.First));
            Assert.Equal(26, at.Length);
        }
    }

    [Fact]
    public void The_lan_session_in_single_bytes_gives_the_same()
    {
        if (Open("intellivue_enumeration.pcapng") is not { } recording)
        {
            return;
        }

        var whole = new Listener(listenOnly: true);
        var cut = new Listener(listenOnly: true);
        foreach (Chunk chunk in recording.Chunks())
        {
            whole.Hear(chunk);
            for (int at = 0; at < Math.Max(1, chunk.Bytes.Length); at++)
            {
                cut.Hear(chunk with { Bytes = chunk.Bytes.IsEmpty ? chunk.Bytes : chunk.Bytes.Slice(at, 1) });
            }
        }

        Assert.Equal(whole.Lines, cut.Lines);
    }

    [Fact]
    public void The_announcement_of_an_mx_monitor_is_read_and_recognised()
    {
        if (Heard("connect_indication_m8003a.bin") is not { } box || Open("connect_indication_m8003a.bin") is not { } recording)
        {
            return;
        }

        DeviceIdentity device = Assert.Single(box.Of<DeviceEvent.Identity>()).Device;
        Assert.Equal(("Philips", "866062", "DE351A4061", "L.01.18"), (device.Manufacturer, device.Model, device.SerialNumber, device.Firmware));
        Assert.Equal("24105", device.Properties["data-port"]);
        Assert.Equal(Verdict.Yes, new PhilipsIntellivueDriver().Sniff(recording.Chunks().First().Bytes.Span, Transport.Udp));
    }

    [Fact]
    public void Replies_of_a_poll_listed_in_hex_are_read()
    {
        if (Heard("enumeration_replies.hex") is not { } box || Heard("ptdemog_reply.hex") is not { } demographics)
        {
            return;
        }

        Assert.Equal(13, box.Of<DeviceEvent.Numeric>().Select(one => one.Metric.SignalId).Distinct().Count());
        Assert.Equal("discharged", Assert.Single(demographics.Of<DeviceEvent.Patient>()).Fields["state"]);
    }

    [Fact]
    public void A_real_rs232_frame_has_our_checksum_and_gives_its_patient()
    {
        // The file holds the frame with its escapes already taken out.
        if (Repository.Shared($"{Folder}/demographics_poll_result_frame_unescaped.bin") is not { } path)
        {
            return;
        }

        Assert.Equal(Wire.Framed(File.ReadAllBytes(path)[5..^3]), new PhilipsIntellivueDriver().Restore(File.ReadAllBytes(path)));
        byte[] message = File.ReadAllBytes(path)[5..^3];
        byte[] frame = Wire.Framed(message);
        byte[] plain = FakeMonitor.Unframed(frame);
        Assert.Equal(message, plain);
        byte[] checksum = File.ReadAllBytes(path)[^3..^1];
        Assert.Equal(checksum, Unescaped(frame)[^2..]);

        var box = new Listener(Transport.Serial, listenOnly: true);
        box.Hear(frame);
        Assert.Equal(("Koenig", "123"), (Assert.Single(box.Of<DeviceEvent.Patient>()).Fields["family-name"], box.Of<DeviceEvent.Patient>().First().Fields["id"]));
    }

    private static byte[] Unescaped(byte[] frame)
    {
        var plain = new List<byte>();
        for (int i = 1; i < frame.Length - 1; i++)
        {
            plain.Add(frame[i] == 0x7D ? (byte)(frame[++i] ^ 0x20) : frame[i]);
        }

        return [.. plain];
    }

    private static Recording? Open(string name) =>
        Repository.Shared($"{Folder}/{name}") is { } path ? CaptureFile.Open(path) : null;

    private static Listener? Heard(string name)
    {
        if (Open(name) is not { } recording)
        {
            return null;
        }

        var box = new Listener(listenOnly: true);
        foreach (Chunk chunk in recording.Chunks())
        {
            box.Hear(chunk);
        }

        return box;
    }
}
