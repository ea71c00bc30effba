using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.DraegerMedibus;
using Bedside.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>From realtime bytes to samples on a timeline.</summary>
public class RealtimeTests
{
    /// <summary>A listening session that has heard the sheet's two traces (Paw, CO2) chosen, each sample of both.</summary>
    internal static IDriverSession Streaming(Ear ear, int microseconds, string choice = "00010601")
    {
        IDriverSession session = Wire.Session(listenOnly: true);
        string offers = ScriptedDevice.Offer("00", microseconds, "-  10", "100", "370") + ScriptedDevice.Offer("06", microseconds, "-  20", "100", "460")
            + ScriptedDevice.Offer("01", microseconds, "-180", "180", "FFF") + ScriptedDevice.Offer("03", microseconds, "0", "2000", "7D0")
            + ScriptedDevice.Offer("1C", microseconds, "-10.5", "100.5", "370");
        session.OnChunk(Wire.From(0, Wire.Response(0x53, offers)), ear);
        session.OnChunk(Wire.To(0, Wire.Command(0x54, choice)), ear);
        session.OnChunk(Wire.From(0, Wire.Response(0x54)), ear);
        return session;
    }

    internal static int[] SamplesOf(Ear ear, string id) =>
        [.. ear.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == id).SelectMany(samples => samples.Raw.ToArray())];

    [Fact]
    public void TheRecordsOfTheSheetGiveTheirBins()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000);
        byte[] records = Wire.Hex("D3 91 81 8D 83 | D1 94 81 | D2 8E 83 | D3 C6 C0 90 81 8A 83 | D0");
        session.OnChunk(Wire.From(1, records), ear);
        session.OnChunk(Wire.From(1000), ear);
        Assert.Equal([81, 84, 80], SamplesOf(ear, "paw"));
        Assert.Equal([205, 206, 202], SamplesOf(ear, "co2"));
        DeviceEvent.Text breath = Assert.Single(ear.Of<DeviceEvent.Text>());
        Assert.Equal(("inspiration", new DeviceTicks(48_000_000)), (breath.Value, breath.At));
    }

    [Fact]
    public void ScaleAndPeriodAreExact()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000, "00020603");
        session.OnChunk(Wire.From(1, Wire.Hex("D3 91 81 8D 83 | D1 94 81 | D2 8E 83 | D0")), ear);
        session.OnChunk(Wire.From(1000), ear);
        DeviceEvent.Samples paw = ear.Of<DeviceEvent.Samples>().First(samples => samples.Metric.SignalId == "paw");
        DeviceEvent.Samples co2 = ear.Of<DeviceEvent.Samples>().First(samples => samples.Metric.SignalId == "co2");
        Assert.Equal((4u, 125u), (paw.Period.Numerator, paw.Period.Denominator));
        Assert.Equal((6u, 125u), (co2.Period.Numerator, co2.Period.Denominator));
        Assert.Equal(0.125, paw.Scale!.Value.Physical(81), 12);
        Assert.Equal(0.5, paw.Scale!.Value.Physical(84), 12);
        Assert.Equal(2.07, co2.Scale!.Value.Physical(206), 2);
        Assert.Equal([81, 84], SamplesOf(ear, "paw"));
        Assert.Equal([205, 206], SamplesOf(ear, "co2"));
        Assert.Equal("mbar", paw.Metric.Unit);
    }

    [Fact]
    public void ValuesOfTwelveBitsAreWholeAndUnsigned()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000, "00010101");
        session.OnChunk(Wire.From(1, Wire.Hex("D3 B0 A3 8B BC D0")), ear);
        session.OnChunk(Wire.From(1000), ear);
        Assert.Equal([0x8F0], SamplesOf(ear, "paw"));
        Assert.Equal([0xF0B], SamplesOf(ear, "airway-flow"));
    }

    [Fact]
    public void TheFifthStreamIsAnnouncedOnceAndStays()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 8_000, "00010101030106011C01");
        session.OnChunk(Wire.From(1, Wire.Hex("DF C4 C1 80 8A 9C 9C 82 87 BC 85 8A 8A | D7 81 8A A6 9C 87 87 8B 8A")), ear);
        session.OnChunk(Wire.From(1000), ear);
        Assert.Equal([640, 641], SamplesOf(ear, "paw"));
        Assert.Equal([1820, 1830], SamplesOf(ear, "airway-flow"));
        Assert.Equal([450, 455], SamplesOf(ear, "airway-volume"));
        Assert.Equal([380], SamplesOf(ear, "co2"));
        Assert.Equal([650, 651], SamplesOf(ear, "raw/medibus/RT:0x1C/tracheal-pressure"));
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void DecimalLimitsScaleExactly()
    {
        Ear ear = new(Wire.Driver);
        Streaming(ear, 8_000, "1C01");
        DeviceEvent.Descriptor told = ear.Of<DeviceEvent.Descriptor>().Single();
        Assert.Equal((-10.5, 100.5), (told.Metric.DisplayMin, told.Metric.DisplayMax));
        Assert.Equal(-10.5, told.Scale!.Value.Physical(0), 12);
        Assert.Equal(100.5, told.Scale!.Value.Physical(0x370), 12);
    }

    [Fact]
    public void SamplesCountTheTimeOfTheDevice()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000);
        for (int i = 0; i < 100; i++)
        {
            session.OnChunk(Wire.From(16 * i, ScriptedDevice.RecordOf(i, 2 * i)), ear);
        }

        session.OnChunk(Wire.From(3000), ear);
        DeviceEvent.Samples[] paw = [.. ear.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "paw")];
        Assert.Equal(Enumerable.Range(0, 100), SamplesOf(ear, "paw"));
        long at = 0;
        foreach (DeviceEvent.Samples run in paw)
        {
            Assert.Equal(new DeviceTicks((ulong)at), run.At);
            at += run.Period.NanosecondsOf(run.Raw.Length);
        }

        Assert.InRange(paw.Length, 7, 9);
        Assert.Empty(ear.Of<DeviceEvent.ClockRestarted>());
    }

    [Fact]
    public void AStreamThatMissesItsTurnLeavesAHoleThatIsCounted()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000);
        session.OnChunk(Wire.From(0, [.. ScriptedDevice.RecordOf(1, 2), .. ScriptedDevice.RecordOf(3), .. ScriptedDevice.RecordOf(4), .. ScriptedDevice.RecordOf(5, 6)]), ear);
        session.OnChunk(Wire.From(1000), ear);
        Assert.Equal([1, 3, 4, 5], SamplesOf(ear, "paw"));
        DeviceEvent.Samples[] co2 = [.. ear.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "co2")];
        Assert.Equal([0ul, 48_000_000ul], co2.Select(run => run.At!.Value.Counter));
        DeviceEvent.Missing missing = Assert.Single(ear.Of<DeviceEvent.Missing>());
        Assert.Equal(("co2", GapCause.SignalOff, 2L, new DeviceTicks(16_000_000)), (missing.Metric?.SignalId, missing.Cause, missing.Count, missing.At));
    }

    [Fact]
    public void AStreamThatStaysAwayIsSaidWhileItIsAway()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000);
        session.OnChunk(Wire.From(0, ScriptedDevice.RecordOf(1, 2)), ear);
        for (int i = 1; i <= 100; i++)
        {
            session.OnChunk(Wire.From(16 * i, ScriptedDevice.RecordOf(i)), ear);
        }

        session.OnChunk(Wire.From(3000), ear);
        Assert.Equal(100, ear.Of<DeviceEvent.Missing>().Where(missing => missing.Metric?.SignalId == "co2").Sum(missing => missing.Count));
        Assert.True(ear.Of<DeviceEvent.Missing>().Skip(3).Any());
    }

    [Fact]
    public void EveryLostByteOfTheRealtimeHalfCostsItsRecordsAndBeginsANewTimeline()
    {
        byte[] stream = [.. Enumerable.Range(0, 6).SelectMany(i => ScriptedDevice.RecordOf(100 + i, 200 + i))];
        for (int lost = 0; lost < stream.Length; lost++)
        {
            Ear ear = new(Wire.Driver);
            IDriverSession session = Streaming(ear, 16_000);
            session.OnChunk(Wire.From(0, [.. stream[..lost], .. stream[(lost + 1)..], 0xD0]), ear);
            session.OnChunk(Wire.From(1000), ear);
            int[] paw = SamplesOf(ear, "paw");
            Assert.True(paw.Length >= 4, $"byte {lost}");
            Assert.All(paw, value => Assert.InRange(value, 100, 105));
            Assert.All(SamplesOf(ear, "co2"), value => Assert.InRange(value, 200, 205));
            if (lost >= 6)
            {
                Assert.Single(ear.Of<DeviceEvent.ClockRestarted>());
                Assert.Contains(ear.Of<DeviceEvent.Missing>(), missing => missing.Cause == GapCause.LostMessage);
            }
        }
    }

    [Fact]
    public void SamplesThatFallBehindTheirArrivalBeginANewTimelineAndAreCounted()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000);
        for (int i = 0; i < 700; i++)
        {
            // Twenty records are lost on the way without a trace.
            long at = 16L * (i < 300 ? i : i + 20);
            session.OnChunk(Wire.From(at, ScriptedDevice.RecordOf(1, 2)), ear);
        }

        Assert.Single(ear.Of<DeviceEvent.ClockRestarted>());
        Assert.All(ear.Of<DeviceEvent.Missing>(), missing => Assert.Equal((GapCause.LostMessage, 20L), (missing.Cause, missing.Count)));
        Assert.Equal(2, ear.Of<DeviceEvent.Missing>().Count());
    }

    [Fact]
    public void LateArrivalsAloneLoseNothing()
    {
        var random = new Random(7);
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000);
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            before = Math.Max(before, (16L * i) + random.Next(90));
            session.OnChunk(Wire.From(before, ScriptedDevice.RecordOf(1, 2)), ear);
        }

        Assert.Empty(ear.Of<DeviceEvent.ClockRestarted>());
        Assert.Empty(ear.Of<DeviceEvent.Missing>());
    }

    [Fact]
    public void APauseOfTheStreamsBeginsANewTimeline()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000);
        for (int i = 0; i < 100; i++)
        {
            session.OnChunk(Wire.From(16L * (i < 50 ? i : i + 500), ScriptedDevice.RecordOf(1, 2)), ear);
        }

        Assert.Single(ear.Of<DeviceEvent.ClockRestarted>());
        Assert.All(ear.Of<DeviceEvent.Missing>(), missing => Assert.Equal(500, missing.Count));
    }

    [Fact]
    public void WithoutHavingHeardTheChoiceNothingIsGuessed()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Wire.Session(listenOnly: true);
        session.OnChunk(Wire.From(0, Wire.Response(0x53, ScriptedDevice.Offer("00", 16_000, "-  10", "100", "370"))), ear);
        session.OnChunk(Wire.From(0, Wire.Response(0x54)), ear);
        session.OnChunk(Wire.From(1, Wire.Hex("D1 94 81 D1 94 81 D1 94 81")), ear);
        session.OnChunk(Wire.From(1000), ear);
        Assert.Empty(ear.Of<DeviceEvent.Samples>());
        Assert.Single(ear.Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void ANewConfigurationBeginsANewTimelineWithNewScale()
    {
        Ear ear = new(Wire.Driver);
        IDriverSession session = Streaming(ear, 16_000);
        session.OnChunk(Wire.From(0, [.. ScriptedDevice.RecordOf(1, 2), .. ScriptedDevice.RecordOf(3, 4)]), ear);
        session.OnChunk(Wire.From(20, Wire.Command(0x56)), ear);
        session.OnChunk(Wire.From(40, Wire.Response(0x53, ScriptedDevice.Offer("00", 16_000, "0", "50", "100"))), ear);
        session.OnChunk(Wire.To(50, Wire.Command(0x54, "0001")), ear);
        session.OnChunk(Wire.From(60, Wire.Response(0x54)), ear);
        session.OnChunk(Wire.From(70, [.. ScriptedDevice.RecordOf(128), 0xD0]), ear);
        session.OnChunk(Wire.From(1000), ear);
        Assert.Single(ear.Of<DeviceEvent.ClockRestarted>());
        DeviceEvent.Samples last = ear.Of<DeviceEvent.Samples>().Last();
        Assert.Equal((25.0, new DeviceTicks(0)), (last.Scale!.Value.Physical(128), last.At!.Value));
    }

    /// <summary>Any presence of any streams, with the upper eight announced where they change.</summary>
    [Fact]
    public void WhatAWriterPutsIntoRecordsTheReaderTakesOut() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<ushort>>(), ArbMap.Default.ArbFor<int>(), (masks, seed) =>
        {
            var random = new Random(seed);
            var reader = new RecordReader();
            int upper = 0;
            var written = new List<(int Mask, int[] Values)>();
            var read = new List<(int Mask, int[] Values)>();
            foreach (ushort any in masks.Get)
            {
                int mask = any & 0xFFF;
                int[] values = [.. Enumerable.Range(0, 12).Where(i => (mask >> i & 1) != 0).Select(_ => random.Next(4096))];
                List<byte> bytes = [(byte)(0xD0 | (mask & 0xF))];
                if ((mask >> 4 & 0xF) != (upper >> 4 & 0xF))
                {
                    bytes.AddRange([0xC4, (byte)(0xC0 | (mask >> 4 & 0xF))]);
                }

                if (mask >> 8 != upper >> 8)
                {
                    bytes.AddRange([0xC5, (byte)(0xC0 | (mask >> 8))]);
                }

                upper = mask & 0xFF0;
                bytes.AddRange(values.SelectMany(value => new[] { (byte)(0x80 | (value & 0x3F)), (byte)(0x80 | (value >> 6)) }));
                written.Add((mask, values));
                foreach (byte value in bytes)
                {
                    Keep(reader.Take(value, default));
                }
            }

            Keep(reader.Finish());
            return written.Count == read.Count
                && written.Zip(read).All(pair => pair.First.Mask == pair.Second.Mask && pair.First.Values.SequenceEqual(pair.Second.Values));

            void Keep(RecordEnd end)
            {
                if (end == RecordEnd.Whole)
                {
                    read.Add((reader.Present, reader.Values.ToArray()));
                }
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(9600, 3, 2)]
    [InlineData(19200, 3, 1)]
    [InlineData(38400, 6, 1)]
    public void TheMultiplierLeavesRoomForSlowDataOnTheLine(int bitsPerSecond, int traces, int multiplier)
    {
        TraceOffer[] offers = [.. Enumerable.Range(0, traces).Select(i => new TraceOffer((byte)i, 8000, default, new Fixed(100, 0), 1000))];
        IReadOnlyList<TraceChoice> chosen = TraceSelection.Choose(offers, new LineSettings(bitsPerSecond, Parity: LineParity.Even), 12);
        Assert.Equal(traces, chosen.Count);
        Assert.All(chosen, choice => Assert.Equal(multiplier, choice.Multiplier));
    }

    [Fact]
    public void OnASlowLineTracesWithoutAnIdGoFirstAndPressureStays()
    {
        TraceOffer[] offers = [.. new byte[] { 0x2A, 0x2B, 0x20, 0x00, 0x01, 0x03 }.Select(code => new TraceOffer(code, 8000, default, new Fixed(100, 0), 1000))];
        IReadOnlyList<TraceChoice> chosen = TraceSelection.Choose(offers, new LineSettings(1200, Parity: LineParity.Even), 12);
        Assert.Equal(0x00, chosen[0].Code);
        Assert.True(chosen.Count < offers.Length);
    }
}
