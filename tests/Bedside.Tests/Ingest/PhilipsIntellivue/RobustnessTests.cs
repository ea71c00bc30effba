using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;
using Bedside.Ingest.Links;
using Bedside.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>Cuts, joins, noise, damage: nothing throws, nothing grows, and the next good frames are heard.</summary>
[Collection(Alone.Name)]
public sealed class RobustnessTests
{
    private const int TenMillion = 10_000_000;

    public static TheoryData<Transport> Carriers => [Transport.Udp, Transport.Serial];

    /// <summary>A conversation with all kinds of messages, with wave context before and after samples.</summary>
    private static IReadOnlyList<byte[]> Conversation =>
    [
        Vectors.AssociationAccept, Vectors.MdsCreate, Vectors.SinglePollResult, Vectors.PatientResult, Vectors.ExtendedPollResult,
        Vectors.LinkedFirst, Vectors.LinkedLast, Vectors.LinkedEnd, Vectors.GetWaveListResult, Vectors.WaveSamplesResult,
        Vectors.WaveContextResult, Vectors.AlarmResult, Vectors.NoSuchAction, Vectors.Abort, Vectors.Refuse, Vectors.ReleaseResponse,
    ];

    [Theory]
    [MemberData(nameof(Carriers))]
    public void Single_bytes_give_what_whole_messages_give(Transport transport)
    {
        byte[][] messages = [.. Carried(transport)];
        string[] whole = [.. Run(transport, messages)];

        Assert.Contains(whole, line => line.StartsWith("samples abp", StringComparison.Ordinal));
        Assert.Equal(whole, Run(transport, Wire.Join(messages).Select(value => new[] { value })));
        Assert.Equal(whole, Run(transport, [Wire.Join(messages)]));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public void Any_cut_gives_the_same_also_with_noise_between(Transport transport)
    {
        Gen<(int Seed, int Longest)> cuts = from seed in Gen.Choose(0, int.MaxValue) from longest in Gen.Choose(1, 700) select (seed, longest);
        Prop.ForAll(cuts.ToArbitrary(), cut =>
        {
            var random = new Random(cut.Seed);
            byte[] stream = Wire.Join(Carried(transport).SelectMany(message => new[] { Noise(random, random.Next(0, 40)), message }));
            var parts = new List<byte[]>();
            for (int at = 0; at < stream.Length;)
            {
                int length = Math.Min(random.Next(1, cut.Longest + 1), stream.Length - at);
                parts.Add(stream[at..(at + length)]);
                at += length;
            }

            return Run(transport, [stream]).SequenceEqual(Run(transport, parts));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public void Ten_million_random_bytes_neither_throw_nor_pile_up(Transport transport)
    {
        var random = new Random(20240315);
        byte[] bytes = new byte[TenMillion];
        random.NextBytes(bytes);

        // Every byte that means something to the framing is made ten times as common.
        for (int i = 0; i < bytes.Length; i += 25)
        {
            bytes[i] = (byte)(new[] { 0xC0, 0xC1, 0x7D, 0xE1, 0x00, 0x0E, 0x19 })[i / 25 % 7];
        }

        var sink = new Counter();
        IDriverSession session = new PhilipsIntellivueDriver().Open(new SessionOptions(transport));
        Feed(session, sink, bytes.AsMemory(0, 1_000_000));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Feed(session, sink, bytes.AsMemory(1_000_000));
        long after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.True(after - before < 2_000_000, $"{after - before} bytes more");
        Assert.True(sink.Faults > 1000);
        Assert.Equal(0, sink.Values);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public void After_garbage_it_locks_within_two_good_frames(Transport transport)
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var box = new Listener(transport, listenOnly: true);
            box.Hear(Noise(random, random.Next(1, 3000)));
            box.Hear(Carry(transport, Number(0)));
            box.Hear(Carry(transport, Number(1)));
            int heardByThen = box.Of<DeviceEvent.Numeric>().Count();
            box.Hear(Carry(transport, Number(2)));
            return heardByThen >= 1 && box.Of<DeviceEvent.Numeric>().Skip(heardByThen).Take(2).Count() == 1;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public void After_any_truncated_message_it_locks_within_two_good_ones(Transport transport)
    {
        foreach (byte[] vector in Vectors.FromMonitor)
        {
            byte[] carried = Carry(transport, vector);
            for (int length = 1; length < carried.Length; length++)
            {
                var box = new Listener(transport, listenOnly: true);
                box.Hear(carried.AsMemory(0, length));
                box.Hear(Carry(transport, Number(0)));
                box.Hear(Carry(transport, Number(1)));
                box.Hear(Carry(transport, Number(2)));
                Assert.Contains(box.Of<DeviceEvent.Numeric>(), one => one.At == new DeviceTicks(TimeOf(2)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public void No_corruption_of_a_single_byte_throws(Transport transport)
    {
        byte[] changes = [0x00, 0x01, 0x7D, 0x80, 0xC0, 0xC1, 0xFF];
        foreach (byte[] vector in Vectors.FromMonitor)
        {
            byte[] carried = Carry(transport, vector);
            for (int at = 0; at < carried.Length; at++)
            {
                foreach (byte change in changes.Append((byte)~carried[at]).Append((byte)(carried[at] ^ 1)))
                {
                    byte[] damaged = [.. carried];
                    damaged[at] = change;
                    var box = new Listener(transport);
                    box.Hear(damaged);
                    box.Hear(default(ReadOnlyMemory<byte>));
                    box.Hear(Carry(transport, Number(3)));
                    Assert.All(box.Sent, sent => Assert.Contains(new PhilipsIntellivueDriver().Traits.Outgoing, allowed => allowed.Matches(sent)));
                }
            }
        }
    }

    [Fact]
    public void A_frame_with_one_wrong_byte_gives_no_value()
    {
        byte[] frame = Wire.Framed(Vectors.SinglePollResult);
        for (int at = 1; at < frame.Length - 1; at++)
        {
            byte[] damaged = [.. frame];
            damaged[at] ^= 0x10;
            var box = new Listener(Transport.Serial, listenOnly: true);
            box.Hear(damaged);
            box.Hear(Wire.Framed(Number(1)));
            Assert.Equal(TimeOf(1), Assert.Single(box.Of<DeviceEvent.Numeric>()).At!.Value.Counter);
            Assert.NotEmpty(box.Of<DeviceEvent.Fault>());
        }
    }

    [Fact]
    public void An_abandoned_frame_is_no_fault()
    {
        var box = new Listener(Transport.Serial, listenOnly: true);
        byte[] frame = Wire.Framed(Vectors.SinglePollResult);
        box.Hear(Wire.Join(frame[..40], [0x7D, 0xC1]));
        box.Hear(frame);

        Assert.Empty(box.Of<DeviceEvent.Fault>());
        Assert.Equal(2, box.Of<DeviceEvent.Numeric>().Count());
    }

    [Fact]
    public void A_frame_that_broke_off_is_given_up_after_half_a_second()
    {
        var box = new Listener(Transport.Serial, listenOnly: true);
        box.Hear(Wire.Framed(Vectors.SinglePollResult).AsMemory(0, 40));
        box.Pass(1);

        Assert.Equal("a frame that broke off", Assert.Single(box.Of<DeviceEvent.Fault>()).Reason);
    }

    [Fact]
    public void A_datagram_that_was_cut_short_does_not_hold_up_the_next()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Vectors.WaveSamplesResult.AsMemory(0, 100));
        box.Hear(Number(1));

        Assert.Equal(TimeOf(1), Assert.Single(box.Of<DeviceEvent.Numeric>()).At!.Value.Counter);
    }

    [Fact]
    public void An_offset_points_at_the_bytes_in_question()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Number(1));
        box.Hear(Wire.Hex("555555"));
        box.Hear(Number(2));

        Assert.Equal((Number(1).Length, "3 bytes that belong to no message"), (Assert.Single(box.Of<DeviceEvent.Fault>()).Offset, box.Of<DeviceEvent.Fault>().First().Reason));
    }

    private static uint TimeOf(int number) => 224_000_000u + ((uint)number * 8192);

    private static byte[] Number(int number) =>
        Wire.Reply(4, (ushort)number, TimeOf(number), Wire.Numeric, [Wire.Context(1, Wire.Object(1, Wire.NumericValue(0x4182, 72)))]);

    private static byte[] Carry(Transport transport, byte[] message) => transport == Transport.Serial ? Wire.Framed(message) : message;

    private static IEnumerable<byte[]> Carried(Transport transport) => Conversation.Select(message => Carry(transport, message));

    private static byte[] Noise(Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private static List<string> Run(Transport transport, IEnumerable<byte[]> chunks)
    {
        var box = new Listener(transport, listenOnly: true);
        foreach (byte[] chunk in chunks)
        {
            box.Hear(chunk);
        }

        box.Pass(6);
        return box.Lines;
    }

    private static void Feed(IDriverSession session, Counter sink, ReadOnlyMemory<byte> bytes)
    {
        const int ChunkLength = 977;
        for (int at = 0; at < bytes.Length; at += ChunkLength)
        {
            session.OnChunk(new Chunk(new MonotonicInstant(at * 1000L), bytes.Slice(at, Math.Min(ChunkLength, bytes.Length - at))), sink);
        }
    }

    private sealed class Counter : IDriverOutput
    {
        public int Faults { get; private set; }

        public int Values { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes) =>
            Assert.True(bytes.Length < 600);

        public void Report(DeviceEvent said)
        {
            Faults += said is DeviceEvent.Fault ? 1 : 0;
            Values += said is DeviceEvent.Numeric or DeviceEvent.Samples ? 1 : 0;
        }
    }
}
