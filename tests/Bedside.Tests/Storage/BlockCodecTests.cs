using System.Collections.Immutable;
using System.Text;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Storage;

public sealed class BlockCodecTests
{
    public static TheoryData<string> Shapes => ["constant", "extremes", "ramp", "steep ramp", "noise", "wide noise", "sparse", "steps", "cubic", "ecg"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AnySamplesComeBackAsTheyWere(string shape)
    {
        for (int seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            int[] samples = Make(shape, random, Length(random));
            SampleBlock block = SampleBlocks.Of(samples) with { Validity = Runs(random, samples.Length), FirstIndex = random.NextInt64(long.MinValue, long.MaxValue) };
            byte[] bytes = BlockCodec.Encode(block);
            Assert.True(SampleBlocks.Same(block, BlockCodec.Decode(bytes)), $"{shape}, seed {seed}");
            Assert.True(bytes.Length <= 80 + (10 * block.Validity.Length) + (4 * samples.Length));
        }
    }

    [Fact]
    public void AnECGOfOneSecondTakesLessThanAByteASample()
    {
        byte[] bytes = BlockCodec.Encode(SampleBlocks.Of(Make("ecg", new Random(1), 500)));
        Assert.InRange(bytes.Length, 80, 80 + 500);
    }

    [Fact]
    public void ABlockLongerThanTheFormatAllowsIsRefusedByTheWriter()
    {
        SampleBlock block = SampleBlocks.Of(Make("wide noise", new Random(1), 300_000));
        Assert.Throws<ArgumentException>(() => BlockCodec.Encode(block));
        Assert.Throws<ArgumentException>(() => BlockCodec.Encode(SampleBlocks.Of()));
        Assert.Throws<ArgumentException>(() => BlockCodec.Encode(SampleBlocks.Of(1, 2) with { Validity = [new ValidityRun(1, 2, Validity.Invalid)] }));
        Assert.Throws<ArgumentException>(() => BlockCodec.Encode(SampleBlocks.Of(1, 2) with { Start = new UtcInstant(long.MaxValue) }));
    }

    [Fact]
    public void AnyPrefixOfAVectorIsRefused()
    {
        foreach (Block block in VectorBlocks.All.Values)
        {
            DamagedBytes.NoPrefixIsABlock(BlockCodec.Encode(block));
        }
    }

    [Fact]
    public void FlippedVectorsAreBlocksOrFormatErrors_AndNothingElse()
    {
        var random = new Random(20_261_121);
        foreach (Block block in VectorBlocks.All.Values)
        {
            byte[] whole = BlockCodec.Encode(block);
            for (int round = 0; round < 1_500; round++)
            {
                DamagedBytes.AreABlockOrRefused(DamagedBytes.Flipped(whole, random));
            }
        }
    }

    [Fact]
    public void RandomPayloadsBehindAGoodHeaderAreBlocksOrFormatErrors()
    {
        var random = new Random(4);
        byte[] head = BlockCodec.Encode(SampleBlocks.Of(1, 2, 4))[..80];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[80 + random.Next(0, 60)];
            random.NextBytes(bytes);
            head.AsSpan(0, random.Next(32, 81)).CopyTo(bytes);
            bytes[0] = (byte)random.Next(1, 10);
            bytes[76] = (byte)random.Next(0, 3);
            bytes[77] = (byte)random.Next(0, 5);
            DamagedBytes.AreABlockOrRefused(bytes);
        }
    }

    [Fact]
    public void AnEnormousCountInFewBytesIsRefusedBeforeAnythingIsAllocated()
    {
        byte[] bytes = BlockCodec.Encode(SampleBlocks.Of(Make("noise", new Random(1), 200)));
        BitConverter.TryWriteBytes(bytes.AsSpan(72), 1u << 20);
        BitConverter.TryWriteBytes(bytes.AsSpan(16), SampleBlocks.Start.Add(SamplePeriod.FromHertz(500).NanosecondsOf(1 << 20)).UnixNanoseconds);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<BlockFormatException>(() => BlockCodec.Decode(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Theory]
    [InlineData("""{"text":"\ud800"}""")]
    [InlineData("""{"text":5}""")]
    [InlineData("""{"validity":["no-such"]}""")]
    [InlineData("""{"validity":"valid"}""")]
    [InlineData("""{"code":-1}""")]
    [InlineData("""{"text":"a"} {}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    public void BadJsonIsAFormatError(string json)
    {
        byte[] header = BlockCodec.Encode(VectorBlocks.All["text"])[..BlockCodec.HeaderBytes];
        Assert.Throws<BlockFormatException>(() => BlockCodec.Decode([.. header, .. Encoding.UTF8.GetBytes(json)]));
    }

    [Fact]
    public void UnknownFieldsAreIgnored()
    {
        byte[] header = BlockCodec.Encode(VectorBlocks.All["text"])[..BlockCodec.HeaderBytes];
        TextBlock text = Assert.IsType<TextBlock>(BlockCodec.Decode([.. header, .. """{"later":{"a":[1]},"text":"SIMV"}"""u8]));
        Assert.Equal("SIMV", text.Text);
    }

    internal static int[] Make(string shape, Random random, int count)
    {
        int[] samples = new int[count];
        int level = random.Next(-4000, 4000);
        for (int i = 0; i < count; i++)
        {
            samples[i] = shape switch
            {
                "constant" => level,
                "extremes" => i % 2 == 0 ? int.MinValue : int.MaxValue,
                "ramp" => level + i,
                "steep ramp" => unchecked(level + (i * 1_700_000_011)),
                "noise" => random.Next(-300, 300),
                "wide noise" => random.Next(int.MinValue, int.MaxValue),
                "sparse" => random.Next(50) == 0 ? random.Next(int.MinValue, int.MaxValue) : 0,
                "steps" => random.Next(40) == 0 ? level = random.Next(-30_000, 30_000) : level,
                "cubic" => unchecked((i * i * i) - (77 * i * i) + level),
                _ => (int)(800 * Math.Exp(-Math.Pow(((i % 400) - 200) / 8.0, 2))) + (int)(40 * Math.Sin(i * 0.01)) + random.Next(-2, 3),
            };
        }

        return samples;
    }

    private static int Length(Random random) => random.Next(4) switch
    {
        0 => random.Next(1, 8),
        1 => 64 * random.Next(1, 5),
        2 => (64 * random.Next(1, 5)) + random.Next(1, 4),
        _ => random.Next(1, 2_000),
    };

    private static ImmutableArray<ValidityRun> Runs(Random random, int count)
    {
        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        for (int at = random.Next(0, 50); at < count; at += random.Next(0, 300))
        {
            int length = Math.Min(random.Next(1, 40), count - at);
            runs.Add(new ValidityRun(at, length, (Validity)random.Next(1, 1 << 16)));
            at += length;
        }

        return runs.ToImmutable();
    }
}
