using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.Ivy450c;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Ivy450c;

/// <summary>The recording of a real Ivy 450C, where it lies beside the repository: it begins in the middle of a block and holds 27 whole ones.</summary>
public class RealCaptureTests
{
    private static readonly string? File = Repository.Shared(Path.Combine("data", "captures", "ivy-450c", "Ivy450C.1.data"));

    [Fact]
    public void Every_block_gives_its_samples_and_its_values()
    {
        if (File is null)
        {
            return;
        }

        byte[] bytes = System.IO.File.ReadAllBytes(File);
        var ear = Ear.Hears(new Ivy450cDriver(), Transport.Serial, bytes);

        Assert.Empty(ear.Of<DeviceEvent.Fault>());
        Assert.Empty(ear.Of<DeviceEvent.ClockRestarted>());
        int[] starts = [.. Enumerable.Range(0, bytes.Length - 9).Where(at => bytes[at] == 0xFF && Encoding.ASCII.GetString(bytes, at + 1, 8) == "ANSAR-B ")];
        Assert.Equal(27, starts.Length);
        Check(ear, bytes, starts, "ecg-ii", 0, 200);
        Check(ear, bytes, starts, "resp-generic", 200, 50);
        Check(ear, bytes, starts, "pleth", 250, 50);
        Check(ear, bytes, starts, "ibp-generic", 300, 50);
        Assert.DoesNotContain(ear.Of<DeviceEvent.Samples>(), samples => samples.Metric.Channel == "P2");
        AllAre(ear, "hr", 80);
        AllAre(ear, "resp-rate", 35);
        AllAre(ear, "spo2", 100);
        AllAre(ear, "pr-spo2", 80);
        AllAre(ear, "ibp-dia", 73);
        AllAre(ear, "ibp-mean", 88);
        Assert.All(ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric is { SignalId: "ibp-sys", Channel: "P1" }), numeric => Assert.InRange(numeric.Value?.ToDouble() ?? 0, 110, 111));
        Assert.Equal(["121", "75", "92", "80"], ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.DeviceCode.Contains("NIBP", StringComparison.Ordinal)).Select(numeric => numeric.Value?.ToString()));
        Assert.Contains(ear.Of<DeviceEvent.Text>(), text => text is { Metric.SignalId: "raw/ivy-450c/P2/label", Value: "NO TRANSDUCER" });
    }

    /// <summary>The pressure wave is in mmHg: what the text says of each second is what the samples span.</summary>
    [Fact]
    public void The_pressure_samples_span_what_the_text_says()
    {
        if (File is null)
        {
            return;
        }

        var ear = Ear.Hears(new Ivy450cDriver(), Transport.Serial, System.IO.File.ReadAllBytes(File));
        DeviceEvent.Samples[] waves = [.. ear.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "ibp-generic")];
        Assert.All(waves, wave =>
        {
            Assert.Equal((new Scale(1, 0), "mm[Hg]"), (wave.Scale, wave.Metric.Unit));
            Assert.Equal(73, wave.Raw.ToArray().Min());
            Assert.InRange(wave.Raw.ToArray().Max(), 110, 111);
        });
    }

    private static void Check(Ear ear, byte[] bytes, int[] starts, string id, int at, int count)
    {
        DeviceEvent.Samples[] told = [.. ear.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == id && samples.Metric.Channel != "P2")];
        Assert.Equal(starts.Length, told.Length);
        for (int i = 0; i < starts.Length; i++)
        {
            Assert.Equal(bytes.AsSpan(starts[i] + 9 + at, count).ToArray().Select(value => (int)value), told[i].Raw.ToArray());
            Assert.Equal((ulong)i * 1_000_000_000, told[i].At?.Counter);
            Assert.Equal(SamplePeriod.FromHertz(count), told[i].Period);
        }
    }

    private static void AllAre(Ear ear, string id, double value)
    {
        DeviceEvent.Numeric[] told = [.. ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.SignalId == id && numeric.Metric.Channel != "P2")];
        Assert.Equal(27, told.Length);
        Assert.All(told, numeric => Assert.Equal(value, numeric.Value?.ToDouble()));
    }
}
