using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators.Servo;

namespace Bedside.Tests.Ingest.ServoCie;

/// <summary>The binary stream: its corners, its damage, and how it is found again.</summary>
public class StreamTests
{
    private const string S = "53 00 03 01 90 00 32 7F 8C";
    private const string Curve = "81 10 80 30 02 80 09 33 05 03 FB 00 80 32 10 7E 81 30 82 80 08 50 7F 2C";
    private const string B = "42 00 A7 00 D0 03 E8 7F A1";

    /// <summary>Low bytes that look like flags: 7F, 80, 81, E0, 11 and 13 (sheet 11).</summary>
    [Fact]
    public void LowBytesMayBeAnything()
    {
        int[] values = [0x127F, 0x1280, 0x1281];
        Ear ear = Wire.Streamed(Hex(ServoFrame.Block('B', ServoFrame.Words(values))), Hex(ServoFrame.Block('B', ServoFrame.Words([0x12E0, 0x1211, 0x1213]))));
        Assert.Empty(ear.Faults);
        Assert.Equal(["473.5", "483.2"], ear.Of<DeviceEvent.Numeric>().Where(said => said.Metric.SignalId == "vent-rate").Select(said => said.Value!.Value.ToString()));
    }

    [Fact]
    public void AMissingValueIsNoNumber()
    {
        Ear ear = Wire.Streamed(B, Hex(ServoFrame.Block('B', ServoFrame.Words([167, ServoFrame.Missing, 1000]))));
        DeviceEvent.Numeric last = ear.Of<DeviceEvent.Numeric>().Last(said => said.Metric.SignalId == "ppeak");
        Assert.Equal((null, Validity.NotAvailable), (last.Value, last.Validity));
        Ear digits = Wire.Tapped(("SDADB200201", "*"), ("RADAB", "01670478"), ("RADAB", "99990000"));
        Assert.Null(digits.Number("vent-rate"));
        Assert.Equal("0", digits.Number("vt-exp"));
    }

    [Fact]
    public void SamplesWithoutValueAreMarked()
    {
        var coder = new CurveCoder();
        byte[] block = [.. coder.Sample([12290, 2355], 0x10), .. coder.Sample([ServoFrame.Missing, 2356], 0x10), .. coder.Sample([12291, 2357], 0x10), .. coder.Close()];
        DeviceEvent.Samples flow = Wire.Streamed(Hex(block)).Of<DeviceEvent.Samples>().First(said => said.Metric.SignalId == "airway-flow");
        Assert.Equal(new ValidityRun(1, 1, Validity.NotAvailable), Assert.Single(flow.Runs));
    }

    [Fact]
    public void TheSecondEndFlagEndsTheStream()
    {
        Ear ear = Wire.Streamed(S, Curve, "7F");
        Assert.Equal("the ventilator ended the stream: standby, or more data than the line carries", Assert.Single(ear.Faults).Reason);
    }

    /// <summary>What the simulator codes comes out as it went in, whatever the steps; the two were written apart.</summary>
    [Fact]
    public void WhateverIsCodedIsRead()
    {
        var random = new Random(81);
        for (int run = 0; run < 200; run++)
        {
            var coder = new CurveCoder();
            var bytes = new List<byte>();
            int[] now = [random.Next(0x7EFF), random.Next(0x7EFF)];
            var flows = new List<int>();
            for (int sample = 0; sample < 100; sample++)
            {
                int step = random.Next(3) == 0 ? 4000 : 130;
                now = [.. now.Select(value => Math.Clamp(value + random.Next(-step, step + 1), 0, 0x7EFE))];
                flows.Add(now[0]);
                bytes.AddRange(coder.Sample(now, sample < 40 ? (byte)0x10 : (byte)0x30));
                if (random.Next(20) == 0)
                {
                    bytes.AddRange(coder.Close());
                    bytes.AddRange(ServoFrame.Block('B', ServoFrame.Words([random.Next(0x7EFF), random.Next(0x7EFF), random.Next(0x7EFF)])));
                }
            }

            bytes.AddRange(coder.Close());
            Ear ear = Wire.Streamed(Hex(bytes));
            Assert.Empty(ear.Faults);
            Assert.Equal(flows, ear.Of<DeviceEvent.Samples>().Where(said => said.Metric.SignalId == "airway-flow").SelectMany(said => said.Raw.ToArray()));
        }
    }

    [Fact]
    public void EveryTruncationIsNoticedAndTheNextBlockOfValuesIsTaken()
    {
        foreach (string block in new[] { S, Curve, B })
        {
            byte[] whole = Wire.Hex(block);
            for (int length = 1; length < whole.Length; length++)
            {
                Ear ear = Wire.Streamed(Hex(whole[..length]), B, S, B);
                Assert.NotEmpty(ear.Faults);
                Assert.Equal("16.7", ear.Number("vent-rate"));
            }
        }
    }

    [Fact]
    public void EveryWrongByteIsNoticedAndTheNextBlockOfValuesIsTaken()
    {
        foreach (string block in new[] { S, Curve, B })
        {
            byte[] whole = Wire.Hex(block);
            for (int at = 0; at < whole.Length; at++)
            {
                for (int bit = 0; bit < 8; bit++)
                {
                    byte[] damaged = [.. whole];
                    damaged[at] ^= (byte)(1 << bit);
                    Ear ear = Wire.Streamed(Hex(damaged), B, S, B);
                    Assert.NotEmpty(ear.Faults);
                    Assert.Equal("16.7", ear.Number("vent-rate"));
                    Assert.DoesNotContain(ear.Of<DeviceEvent.Numeric>(), said => said.Metric.SignalId == "vent-rate" && said.Value!.Value.ToString() != "16.7");
                }
            }
        }
    }

    [Fact]
    public void ADamagedCurveSaysHowManySamplesMayBeWrong()
    {
        Ear ear = Wire.Streamed(Curve.Replace("7F 2C", "7F 2D", StringComparison.Ordinal));
        Assert.Equal("a block of the stream is damaged; its 5 samples may be wrong", Assert.Single(ear.Faults).Reason);
        Assert.Equal([(GapCause.Checksum, 5L), (GapCause.Checksum, 5L)], ear.Of<DeviceEvent.Missing>().Where(said => said.Metric is not null).Select(said => (said.Cause, said.Count)));
    }

    [Fact]
    public void AStreamIsFoundAgainAfterGarbageAtTheSecondBlockAtLatest()
    {
        var random = new Random(7);
        for (int run = 0; run < 100; run++)
        {
            byte[] garbage = new byte[random.Next(1, 300)];
            random.NextBytes(garbage);
            Ear ear = Wire.Streamed(S, Hex(garbage), Curve, B, Curve, B);
            Assert.Equal("16.7", ear.Number("vent-rate"));
            Assert.InRange(ear.Curve("airway-flow").Count(value => Math.Abs(value - 143.98) < 0.01), 1, 2);
        }
    }

    /// <summary>What the host chose is known from the talk; a tap that came too late says so and guesses nothing.</summary>
    [Fact]
    public void AStreamWhoseConfigurationWasNotHeardIsNotGuessedAt()
    {
        var ear = Ear.Heard(Wire.Driver, (byte[])[.. Wire.Hex(S), .. Wire.Hex(Curve), .. Wire.Hex(B), 0x04]);
        Assert.Empty(ear.Of<DeviceEvent.Samples>());
        Assert.Empty(ear.Of<DeviceEvent.Numeric>());
        Assert.Single(ear.Faults);
    }

    [Fact]
    public void ATapFollowsTheHostOutOfTheStreamAndBack()
    {
        (Ear ear, IDriverSession session) = Wire.Stream();
        session.OnChunk(new Chunk(default, Wire.Hex(S)), ear);
        session.OnChunk(new Chunk(default, Wire.Hex("1B"), ChunkDirection.ToDevice), ear);
        session.OnChunk(new Chunk(default, Wire.Hex("05 03")), ear);
        Wire.Say(session, ear, ("", "*"), ("RDAD", "C100B200T205S310A410"));
        session.OnChunk(new Chunk(default, Wire.Checked("RADC"), ChunkDirection.ToDevice), ear);
        session.OnChunk(new Chunk(default, Wire.Hex("42 00 A7 7F 9A")), ear);
        Assert.Empty(ear.Faults);
        Assert.Equal("16.7", ear.Number("vent-rate"));
    }

    /// <summary>Values that come before their scale mean nothing and are not told.</summary>
    [Fact]
    public void NothingIsToldWithoutItsScale()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Driver.Open(new SessionOptions(Transport.Serial, ListenOnly: true));
        Wire.Say(session, ear, ("RCTY", "Servo-i0"), ("SDADB200", "*"), ("RADAB", "0167"));
        Assert.Empty(ear.Of<DeviceEvent.Numeric>());
        Assert.Equal(GapCause.Uncalibrated, Assert.Single(ear.Of<DeviceEvent.Missing>()).Cause);
    }

    private static string Hex(IEnumerable<byte> bytes) => Convert.ToHexString([.. bytes]);
}
