using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>Nothing but questions can leave the box.</summary>
public sealed class AllowListTests
{
    private static readonly IReadOnlyList<AllowedMessage> Allowed = new GeDatexDriDriver().Traits.Outgoing;

    [Fact]
    public void Every_byte_of_every_message_counts()
    {
        var random = new Random(5);
        foreach (AllowedMessage message in Allowed)
        {
            Assert.True(message.Mask.IsEmpty);
            byte[] bytes = message.Bytes.ToArray();
            Assert.True(message.Matches(bytes));
            for (int at = 0; at < bytes.Length; at++)
            {
                byte[] changed = [.. bytes];
                changed[at] ^= (byte)random.Next(1, 256);
                Assert.False(message.Matches(changed));
            }

            Assert.False(message.Matches([.. bytes, 0x7E]));
            Assert.False(message.Matches(bytes.AsSpan(0, bytes.Length - 1)));
        }
    }

    [Fact]
    public void Random_requests_pass_only_when_they_are_questions()
    {
        var random = new Random(8);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] record = Vectors.FromClient[random.Next(Vectors.FromClient.Count)][1..^2];
            record = [.. record];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                record[random.Next(record.Length)] = (byte)random.Next(256);
            }

            byte[] frame = Wire.Framed(record);
            if (Allowed.Any(message => message.Matches(frame)))
            {
                AssertIsQuestion(frame);
            }
        }
    }

    /// <summary>Main types 0, 1 and 4 with the one subrecord that asks, no more than a wave list of known waves, no wish for less than five seconds.</summary>
    [Fact]
    public void Every_message_is_one_question()
    {
        foreach (AllowedMessage message in Allowed)
        {
            AssertIsQuestion(message.Bytes.ToArray());
        }
    }

    [Fact]
    public void Every_choice_for_a_slow_line_keeps_to_what_the_line_and_the_monitor_carry()
    {
        foreach (byte[] choice in WaveChoice.All.Where(choice => choice.Length <= 8))
        {
            int rate = choice.Sum(wave => WaveTable.Of(wave)!.Rate);
            int bytesPerSecond = (2 * rate) + (5 * (43 + (6 * choice.Length))) + ((1152 + 3) / 5);
            Assert.InRange(rate, 300, 600);
            Assert.InRange(bytesPerSecond, 0, 1745);
            Assert.Equal(choice.Length, choice.Distinct().Count());
        }
    }

    [Fact]
    public void Whatever_modules_there_are_the_choice_is_allowed()
    {
        for (int modules = 0; modules <= (int)Modules.All; modules++)
        {
            foreach ((int level, int speed) in ((int, int)[])[(2, 19_200), (8, 19_200), (11, 19_200), (11, 115_200)])
            {
                byte[] request = Outgoing.Waves(WaveChoice.For((Modules)modules, level, speed));
                Assert.Contains(Allowed, message => message.Matches(request));
            }
        }

        Assert.Equal([1, 4, 8, 9, 15], WaveChoice.For(Modules.All, 10, 19_200));
        Assert.Equal([1, 8, 5], WaveChoice.For(Modules.Oximeter | Modules.Pressure2, 10, 19_200));
        Assert.Equal(24, WaveChoice.For(Modules.None, 11, 115_200).Length);
    }

    private static void AssertIsQuestion(byte[] frame)
    {
        var deframer = new Deframer();
        Part[] parts = [.. frame.Select(deframer.Take).Where(part => part != Part.None)];
        Assert.Equal([Part.Record], parts);
        DriRecord record = Assert.IsType<DriRecord>(DriRecord.Read(deframer.Body, out _));
        Assert.True(record.IsRequest);
        ReadOnlySpan<byte> body = Assert.Single(record.Subrecords).Bytes.Span;
        switch (record.MainType)
        {
            case MainType.Physiological:
                Assert.Equal(9, body.Length);
                Assert.Contains(BitConverter.ToInt16(body[1..]), (short[])[-1, 0, 5]);
                break;
            case MainType.Wave:
                Assert.Equal(32, body.Length);
                Assert.All(body[4..28].ToArray(), id => Assert.True(id is 0 or 0xFF || WaveTable.Of(id) is not null));
                break;
            default:
                Assert.Equal((MainType.Alarm, 12), (record.MainType, body.Length));
                Assert.Contains(BitConverter.ToInt16(body), (short[])[2, 3]);
                break;
        }
    }
}
