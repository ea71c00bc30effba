using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.DraegerMedibus;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>It recognises its own and nobody else's.</summary>
public class SniffTests
{
    private static readonly DraegerMedibusDriver Driver = new();

    [Fact]
    public void TwoGoodFramesAreEnoughAndOneIsNot()
    {
        byte[] icc = Wire.Command(0x51);
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(icc, Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. icc, .. icc], Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff(Wire.Hex("01 51 1B 52 36 44 0D 35 32 0D"), Transport.Serial));
        Assert.Equal(Verdict.No, Driver.Sniff([.. icc, .. icc], Transport.Udp));
    }

    [Fact]
    public void GarbageBeforeGoodFramesDoesNotHideThem()
    {
        byte[] garbage = new byte[500];
        new Random(3).NextBytes(garbage);
        Assert.Equal(Verdict.Yes, Driver.Sniff([.. garbage, .. Wire.Response(0x24, "7D 22 "), .. Wire.Response(0x30)], Transport.Serial));
    }

    [Fact]
    public void AFrameWithAWrongChecksumDoesNotCount() =>
        Assert.NotEqual(Verdict.Yes, Driver.Sniff([.. Wire.Command(0x51), .. Wire.Hex("1B 51 36 44 0D"), .. Wire.Hex("1B 52 36 43 0D")], Transport.Serial));

    /// <summary>An IntelliVue RS-232 frame: BOF, header, association request in part, checksum, EOF.</summary>
    [Fact]
    public void AnIntelliVueFrameIsNever()
    {
        byte[] frame = Wire.Hex("C0 11 01 00 0E 0D EC 05 08 13 01 00 16 01 02 80 00 14 02 00 02 1B 30 34 42 3D C1");
        Assert.NotEqual(Verdict.Yes, Driver.Sniff([.. Enumerable.Repeat(frame, 100).SelectMany(bytes => bytes)], Transport.Serial));
    }
}
