using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>
/// A stream of a real monitor, level 11, which lies beside the repository on some machines and is not ours to give away. Without it
/// there is nothing to test here. What is expected was decoded by a program of another make, value by value.
/// </summary>
public sealed class RealCaptureTests
{
    [Fact]
    public void All_records_come_out_without_a_fault()
    {
        if (Play(single: false) is not { } ear)
        {
            return;
        }

        Assert.Empty(ear.Of<DeviceEvent.Fault>());
        Assert.Empty(ear.Of<DeviceEvent.Missing>());
        Assert.Equal("DRI level 11 ('15)", Assert.Single(ear.Of<DeviceEvent.Identity>()).Device.Protocol);
        DateTime first = new(2022, 12, 19, 16, 43, 53, DateTimeKind.Unspecified);
        Assert.Equal(Enumerable.Range(0, 21).Select(i => first.AddSeconds(5 * i)), ear.Of<DeviceEvent.WallClock>().Select(clock => clock.Wall));
        Assert.Equal(364, ear.Of<DeviceEvent.Numeric>().Count(one => one.Value is not null));
    }

    [Fact]
    public void Values_are_those_of_the_other_decoder_record_by_record()
    {
        if (Play(single: false) is not { } ear)
        {
            return;
        }

        // No patient: the first temperature is that of the room, the gas that of the air until oxygen is turned on.
        Assert.Equal("20.70 20.70 20.70 20.70 20.70 20.70 20.70 20.80 20.90 20.90 21.10 21.30", Of(ear, "datex:basic.t1.temp", 12));
        Assert.Equal("20.89 20.90 20.78 20.96 20.85 20.94 21.03 20.92 60.26 57.04 53.95 55.52", Of(ear, "datex:basic.o2.et", 12));
        Assert.Equal("79.10 79.05 79.01 78.99 79.10 79.05 78.92 79.07 39.70 42.96 46.01 44.44", Of(ear, "datex:ext3.bal.et", 12));
        Assert.Equal(string.Join(' ', Enumerable.Repeat("758.3", 21)), Of(ear, "datex:basic.co2.amb-press", 21));
        Assert.Equal(("21.60", "20.99", "78.96", "-0.10", "0"), (ear.Last("temp", "t1"), ear.Last("eto2"), Of(ear, "datex:ext3.bal.et", 99).Split(' ')[^1], ear.Last("pip"), ear.Last("vent-rate")));
        Assert.Equal("0.08", Of(ear, "datex:basic.co2.et-pressure", 1));
    }

    [Fact]
    public void States_and_labels_are_told()
    {
        if (Play(single: false) is not { } ear)
        {
            return;
        }

        Assert.Equal("heart rate from ECG (Mortara), ECG1 II", ear.State("basic.ecg.state"));
        Assert.Equal("not active, ART", ear.State("basic.p1.state"));
        Assert.Equal("apnoea, rate from CO2, Fi is FiCO2, RR below range", ear.State("basic.co2.state"));
        Assert.Equal("severe arrhythmias", ear.State("ext1.arrh.state"));
    }

    [Fact]
    public void It_is_recognised_and_single_bytes_give_the_same()
    {
        if (Play(single: false) is not { } whole || Play(single: true) is not { } single)
        {
            return;
        }

        Assert.Equal(whole.Lines, single.Lines);
        byte[] bytes = File.ReadAllBytes(Repository.Shared("data/captures/ge-datex-dri/S5Rawoutput.raw")!);
        Assert.Equal(Verdict.Yes, new GeDatexDriDriver().Sniff(bytes.AsSpan(0, 4096), Transport.Serial));
    }

    private static string Of(Ear ear, string code, int count) =>
        string.Join(' ', ear.Of<DeviceEvent.Numeric>().Where(one => one.Metric.DeviceCode == code && one.Value is not null).Take(count).Select(one => one.Value));

    private static Ear? Play(bool single)
    {
        if (Repository.Shared("data/captures/ge-datex-dri/S5Rawoutput.raw") is not string path)
        {
            return null;
        }

        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        foreach (Chunk chunk in CaptureFile.Open(path).Chunks())
        {
            ear.Hear(session, chunk, single ? 1 : int.MaxValue);
        }

        return ear;
    }
}
