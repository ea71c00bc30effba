using Bedside.Ingest.Drivers;
using Bedside.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>Framing when the line is not kind: commands and realtime bytes inside, damage, garbage.</summary>
public class FrameTests
{
    private static readonly byte[][] Vectors = [.. SheetExampleTests.Payloads.Select(Wire.Hex)];

    [Fact]
    public void ACommandMayStandAtEveryPlaceInsideAResponse()
    {
        byte[] response = Wire.Response(0x24, "7D 22 B9 7.5");
        byte[] command = Wire.Command(0x30);
        for (int place = 1; place < response.Length; place++)
        {
            Ear ear = new(Wire.Driver);
            IDriverSession session = Wire.Session();
            session.OnChunk(Wire.From(0), ear);
            session.OnChunk(Wire.From(1, [.. response[..place], .. command, .. response[place..]]), ear);
            Assert.Equal(["22", "7.5"], ear.Of<DeviceEvent.Numeric>().Select(numeric => numeric.Value?.ToString()));
            Assert.Contains(Wire.Response(0x30), ear.Sent);
            Assert.Empty(ear.Of<DeviceEvent.Fault>());
        }
    }

    [Fact]
    public void RealtimeRecordsMayStandAtEveryPlaceInsideAResponse()
    {
        byte[] response = Wire.Response(0x24, "7D 22 B9 7.5");
        byte[][] records = [ScriptedDevice.RecordOf(80, 205), ScriptedDevice.RecordOf(81, 206), ScriptedDevice.RecordOf(82, 207)];
        byte[] realtime = [.. records.SelectMany(record => record), 0xD0];
        for (int place = 0; place <= response.Length; place++)
        {
            for (int split = 0; split <= realtime.Length; split++)
            {
                Ear ear = new(Wire.Driver);
                IDriverSession session = RealtimeTests.Streaming(ear, 16_000);
                int second = Math.Min(response.Length, place + 2);
                session.OnChunk(Wire.From(1, [.. response[..place], .. realtime[..split], .. response[place..second], .. realtime[split..], .. response[second..]]), ear);
                session.OnChunk(Wire.From(1000), ear);
                Assert.Equal(["22", "7.5"], ear.Of<DeviceEvent.Numeric>().Select(numeric => numeric.Value?.ToString()));
                Assert.Equal([80, 81, 82], RealtimeTests.SamplesOf(ear, "paw"));
                Assert.Equal([205, 206, 207], RealtimeTests.SamplesOf(ear, "co2"));
                Assert.Empty(ear.Of<DeviceEvent.Fault>());
            }
        }
    }

    [Fact]
    public void FlowControlInsideAFrameIsNoPartOfItsChecksum()
    {
        byte[] response = Wire.Response(0x24, "7D 22 ");
        Ear ear = Wire.Heard([.. response[..4], 0x11, 0x13, .. response[4..8], 0x18, .. response[8..]]);
        Assert.Equal("22", Assert.Single(ear.Of<DeviceEvent.Numeric>()).Value?.ToString());
    }

    [Fact]
    public void EveryTruncationOfEveryExampleIsSurvivedAndTheNextFrameRead()
    {
        byte[] next = Wire.Response(0x24, "F0 40 ");
        foreach (byte[] vector in Vectors)
        {
            for (int length = 0; length < vector.Length; length++)
            {
                Ear ear = Wire.Heard(vector[..length], next);
                Assert.Contains(ear.Of<DeviceEvent.Numeric>(), numeric => numeric.Metric.SignalId == "fio2-vent" && numeric.Value?.ToString() == "40");
            }
        }
    }

    [Fact]
    public void EveryCorruptionOfOneByteOfEveryExampleIsSurvivedAndTheNextFramesRead()
    {
        byte[] next = [.. Wire.Response(0x24, "F0 40 "), .. Wire.Response(0x24, "F0 41 ")];
        foreach (byte[] vector in Vectors)
        {
            for (int at = 0; at < vector.Length; at++)
            {
                for (int value = 0; value < 256; value++)
                {
                    byte[] damaged = [.. vector];
                    damaged[at] = (byte)value;
                    Ear ear = Wire.Heard(damaged, next);
                    Assert.Contains(ear.Of<DeviceEvent.Numeric>(), numeric => numeric.Metric.SignalId == "fio2-vent" && numeric.Value?.ToString() == "41");
                }
            }
        }
    }

    [Fact]
    public void NoCorruptionOfOneByteOfAPlainFrameIsTakenForGood()
    {
        byte[] vector = Vectors[2];
        for (int at = 1; at < vector.Length - 1; at++)
        {
            for (int value = 0; value < 0x80; value++)
            {
                if (value != vector[at])
                {
                    byte[] damaged = [.. vector];
                    damaged[at] = (byte)value;
                    Assert.Empty(Wire.Heard(damaged).Of<DeviceEvent.Numeric>());
                }
            }
        }
    }

    [Fact]
    public void ADamagedResponseIsSaidWithItsPlaceAndCounted()
    {
        Ear ear = Wire.Heard(Wire.Hex("01 30 33 31 0D"), Wire.Hex("01 24 45 42 20 39 38 20 35 45 0D"));
        DeviceEvent.Fault fault = Assert.Single(ear.Of<DeviceEvent.Fault>());
        Assert.Equal(5, fault.Offset);
        Assert.Equal(GapCause.Checksum, Assert.Single(ear.Of<DeviceEvent.Missing>()).Cause);
    }

    [Fact]
    public void AfterAnyGarbageItIsLockedAgainWithinTwoGoodFrames() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), garbage =>
        {
            byte[] good = Wire.Response(0x24, "F0 40 ");
            Ear ear = Wire.Heard(garbage, good, good);
            return ear.Of<DeviceEvent.Numeric>().Any(numeric => numeric.Metric.SignalId == "fio2-vent" && numeric.Value?.ToString() == "40");
        }).QuickCheckThrowOnFailure();

    /// <summary>Garbage made of the bytes that mean something is worse than noise.</summary>
    [Fact]
    public void AfterGarbageOfControlBytesItIsLockedAgainWithinTwoGoodFrames()
    {
        byte[] alphabet = [0x1B, 0x01, 0x0D, 0x03, 0x11, 0x13, 0x18, 0x15, 0x24, 0x51, (byte)'0', (byte)'6', (byte)'C', 0xD3, 0xC4, 0x81];
        var random = new Random(51);
        byte[] good = Wire.Response(0x24, "F0 40 ");
        for (int i = 0; i < 5000; i++)
        {
            byte[] garbage = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => alphabet[random.Next(alphabet.Length)])];
            Ear ear = Wire.Heard(garbage, good, good);
            Assert.Contains(ear.Of<DeviceEvent.Numeric>(), numeric => numeric.Metric.SignalId == "fio2-vent" && numeric.Value?.ToString() == "40");
        }
    }

    [Fact]
    public void AFrameThatNeverEndsIsGivenUp()
    {
        byte[] endless = [0x01, 0x24, .. Enumerable.Repeat((byte)'A', 10_000)];
        Ear ear = Wire.Heard(endless, Wire.Response(0x24, "F0 40 "));
        Assert.Single(ear.Of<DeviceEvent.Numeric>());
        Assert.Contains(ear.Of<DeviceEvent.Fault>(), fault => fault.Reason.Contains("longer", StringComparison.Ordinal));
    }
}
