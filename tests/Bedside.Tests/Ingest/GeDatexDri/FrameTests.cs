using Bedside.Ingest.Drivers;
using Bedside.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>Cuts, damage and noise: nothing throws, nothing wrong is believed, and the next good frames are heard.</summary>
[Collection(Alone.Name)]
public sealed class FrameTests
{
    private const int TenMillion = 10_000_000;
    private const long MostGrowth = 4_000_000;

    private static byte[] Stream => [.. Vectors.FromMonitor.SelectMany(frame => frame)];

    [Fact]
    public void The_same_stream_in_any_pieces_gives_the_same()
    {
        string[] whole = [.. Wire.Heard(Stream).Lines];
        Assert.Contains(whole, line => line.StartsWith("samples abp", StringComparison.Ordinal));
        Assert.Equal(whole, Cut(Stream, _ => 1));
        Gen<(int Seed, int Longest)> cuts = from seed in Gen.Choose(0, int.MaxValue) from longest in Gen.Choose(1, 500) select (seed, longest);
        Prop.ForAll(cuts.ToArbitrary(), cut =>
        {
            var random = new Random(cut.Seed);
            return Cut(Stream, _ => random.Next(1, cut.Longest + 1)).SequenceEqual(whole);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Flags_may_be_shared_doubled_or_many()
    {
        byte[] shared = [.. Vectors.DisplayedBasic[..^1], .. Vectors.TwoWaves];
        byte[] many = [0x7E, 0x7E, .. Vectors.DisplayedBasic, 0x7E, 0x7E, 0x7E, .. Vectors.TwoWaves, 0x7E];
        string[] apart = [.. Wire.Heard([.. Vectors.DisplayedBasic, .. Vectors.TwoWaves]).Lines];
        Assert.Equal(apart, Wire.Heard(shared).Lines);
        Assert.Equal(apart, Wire.Heard(many).Lines);
    }

    [Fact]
    public void Every_truncation_of_a_vector_is_a_fault_and_the_next_record_is_heard()
    {
        foreach (byte[] vector in Vectors.FromMonitor)
        {
            for (int length = 2; length < vector.Length - 1; length++)
            {
                Ear ear = Wire.Heard([.. vector[..length], .. Vectors.TwoWaves]);
                Assert.Equal(2, ear.Of<DeviceEvent.Samples>().Count());
                Assert.Single(ear.Of<DeviceEvent.Fault>());
                Assert.Empty(ear.Of<DeviceEvent.AlertSaid>());
                Assert.DoesNotContain(ear.Of<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "hr");
            }
        }
    }

    /// <summary>A sum of eight bits sees every change of one byte, save one that turns a byte into a flag or an escape in a clever place.</summary>
    [Fact]
    public void Every_corruption_of_one_byte_is_noticed_and_the_next_record_is_heard()
    {
        var random = new Random(7);
        foreach (byte[] vector in Vectors.FromMonitor)
        {
            for (int at = 1; at < vector.Length - 1; at++)
            {
                byte[] damaged = [.. vector];
                damaged[at] ^= (byte)(1 << random.Next(8));
                Ear ear = Wire.Heard([.. damaged, .. Vectors.TwoWaves]);
                Assert.NotEmpty(ear.Of<DeviceEvent.Fault>());
                Assert.Contains(ear.Of<DeviceEvent.Missing>(), missing => missing.Cause == GapCause.Checksum);
                Assert.Equal(2, ear.Of<DeviceEvent.Samples>().Count());
                Assert.DoesNotContain(ear.Of<DeviceEvent.Numeric>(), one => one.Value is not null);
            }
        }
    }

    [Fact]
    public void A_lost_flag_costs_the_two_records_beside_it_and_no_more()
    {
        byte[] joined = [.. Vectors.DisplayedBasic[..^1], .. Vectors.OneAlarm[1..], .. Vectors.TwoWaves, .. Vectors.DisplayedBasic];
        Ear ear = Wire.Heard(joined);
        Assert.Empty(ear.Of<DeviceEvent.AlertSaid>());
        Assert.Equal(2, ear.Of<DeviceEvent.Samples>().Count());
        Assert.Equal("125", ear.Last("hr"));
    }

    [Fact]
    public void Wrong_lengths_and_descriptors_are_faults()
    {
        byte[] shorter = Vectors.DisplayedBasic[1..^2];
        byte[] record = Wire.Record(1, 1, 8, (4, Wire.Wave(0, 1, 1, 2, 3)), (8, Wire.Wave(0, 0, 1, 2)))[1..^2];
        foreach (int offset in (int[])[-1, 0, 999, short.MaxValue])
        {
            byte[] wrong = [.. record];
            BitConverter.TryWriteBytes(wrong.AsSpan(19), (short)offset);
            Assert.Contains(Wire.Heard(Wire.Framed(wrong)).Of<DeviceEvent.Fault>(), fault => fault.Reason.StartsWith("subrecord 1", StringComparison.Ordinal));
        }

        Assert.Contains(Wire.Heard(Wire.Framed(shorter.AsSpan(0, shorter.Length - 1))).Of<DeviceEvent.Fault>(), fault => fault.Reason.Contains("says that it has", StringComparison.Ordinal));
        Assert.NotEmpty(Wire.Heard(Wire.Record(0, 1, 8, (1, new byte[277]))).Of<DeviceEvent.Fault>());
        Assert.NotEmpty(Wire.Heard(Wire.Record(4, 1, 10, (1, new byte[509]))).Of<DeviceEvent.Fault>());
        Assert.NotEmpty(Wire.Heard(Wire.Record(1, 1, 10, (1, new byte[5]))).Of<DeviceEvent.Fault>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ten_million_random_bytes_are_survived_without_growth_and_two_frames_later_all_is_well(bool listenOnly)
    {
        var random = new Random(2404);
        byte[] chunk = new byte[1000];
        var output = new CountingOutput();
        IDriverSession session = Wire.Session(listenOnly);
        long before = 0;
        for (int taken = 0; taken < TenMillion / 2; taken += chunk.Length)
        {
            random.NextBytes(chunk);
            session.OnChunk(Wire.From(taken / 10, chunk), output);
            if (taken == TenMillion / 20)
            {
                before = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(output.Events > 1000);
        Assert.InRange(grown, long.MinValue, MostGrowth);
        var ear = new Ear(Wire.Driver);
        session.OnChunk(Wire.From(TenMillion, Vectors.TwoWaves), ear);
        session.OnChunk(Wire.From(TenMillion + 200, Vectors.DisplayedBasic), ear);
        Assert.Equal("125", ear.Last("hr"));
    }

    /// <summary>Damage inside sound frames: whatever a record says, it is read within its bounds.</summary>
    [Fact]
    public void Random_records_with_right_checksums_never_throw()
    {
        var random = new Random(99);
        IDriverSession session = Wire.Session();
        var ear = new CountingOutput();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] record = new byte[random.Next(41, 1490)];
            random.NextBytes(record);
            BitConverter.TryWriteBytes(record, (short)record.Length);
            record[14] = (byte)random.Next(0, 9);
            record[15] = 0;
            BitConverter.TryWriteBytes(record.AsSpan(16), (short)0);
            record[21] = random.Next(2) == 0 ? (byte)0xFF : record[21];
            record[18] = (byte)random.Next(0, 42);
            session.OnChunk(Wire.From(i, Wire.Framed(record)), ear);
        }

        Assert.True(ear.Events > 1000);
    }

    private static List<string> Cut(byte[] stream, Func<int, int> length)
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        for (int at = 0; at < stream.Length;)
        {
            int count = Math.Min(length(at), stream.Length - at);
            session.OnChunk(Wire.From(0, stream[at..(at + count)]), ear);
            at += count;
        }

        return ear.Lines;
    }

    private sealed class CountingOutput : IDriverOutput
    {
        public long Events { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes)
        {
        }

        public void Report(DeviceEvent said) => Events++;
    }
}
