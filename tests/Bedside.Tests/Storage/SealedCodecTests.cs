using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Files;

namespace Bedside.Tests.Storage;

/// <summary>The codecs that only segments have: what they hold comes back, they never take more than the plain ones, and no bytes break them.</summary>
public sealed class SealedCodecTests
{
    private static readonly string Folder = Repository.PathOf("tests/vectors/sealed");

    public static TheoryData<string> ReadingShapes => ["steady", "walk", "extremes", "absent", "exponents", "jitter", "wild"];

    public static TheoryData<string> SampleShapes => ["walk", "quiet", "ecg", "resonant", "two tones", "gapped", "outliers", "few values", "half constant", "constant", "extremes", "ramp", "steep ramp", "noise", "wide noise", "sparse", "steps", "cubic"];

    public static TheoryData<string> Names => [.. SealedBlocks.All.Keys];

    [Theory]
    [MemberData(nameof(ReadingShapes))]
    public void AnyReadingsComeBackAsTheyWere(string shape)
    {
        for (int seed = 0; seed < 150; seed++)
        {
            NumericBlock block = Readings(shape, new Random(seed), 1 + new Random(seed).Next(seed % 3 == 0 ? 5 : 700));
            byte[] bytes = BlockCodec.EncodeSealed(block);
            Assert.True(SampleBlocks.Same(block, BlockCodec.Decode(bytes)), $"{shape}, seed {seed}");
            Assert.True(bytes.Length <= BlockCodec.Encode(block).Length);
        }
    }

    [Theory]
    [MemberData(nameof(SampleShapes))]
    public void AnySealedSamplesComeBackAsTheyWere(string shape)
    {
        for (int seed = 0; seed < 24; seed++)
        {
            var random = new Random(seed);
            int[] samples = Samples(shape, random, random.Next(1, seed % 4 == 0 ? 20_000 : 1_500));
            SampleBlock block = SampleBlocks.Of(samples);
            byte[] bytes = BlockCodec.EncodeSealed(block);
            Assert.True(SampleBlocks.Same(block, BlockCodec.Decode(bytes)), $"{shape}, seed {seed}");
            Assert.True(bytes.Length <= BlockCodec.Encode(block).Length);
        }
    }

    [Theory]
    [MemberData(nameof(SampleShapes))]
    public void TheSamplesBeforeAnInstantAreThoseOfTheWholeBlock(string shape)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            int[] samples = Samples(shape, random, random.Next(70, seed % 4 == 0 ? 20_000 : 1_500));
            int run = random.Next(samples.Length - 2);
            SampleBlock block = SampleBlocks.Of(samples) with { Validity = [new ValidityRun(run, random.Next(1, samples.Length - run), Validity.Invalid)] };
            byte[] bytes = BlockCodec.EncodeSealed(block);
            UtcInstant until = block.Start.Add(random.NextInt64(-10, block.End.Since(block.Start) + 10));
            var part = (SampleBlock)BlockCodec.DecodeBefore(bytes, until);
            int needed = Enumerable.Range(0, samples.Length).Count(i => block.TimeOf(i) < until);
            Assert.InRange(part.Samples.Length, Math.Max(1, needed), samples.Length);
            Assert.True(bytes[76] != 3 || until >= block.End || part.Samples.Length <= needed + 2, $"{part.Samples.Length} samples for {needed}");
            Assert.True(samples.AsSpan(0, part.Samples.Length).SequenceEqual(part.Samples.Span), $"{shape}, seed {seed}");
            Assert.Equal(Enumerable.Range(0, part.Samples.Length).Where(i => i >= run && i < run + block.Validity[0].Length), part.Validity.SelectMany(one => Enumerable.Range(one.Start, one.Length)));
        }
    }

    [Fact]
    public void TheSealedVectorsReachEveryPathOfTheDenseCodec()
    {
        byte[][] dense = [.. SealedBlocks.All.Values.OfType<SampleBlock>().Select(BlockCodec.EncodeSealed)];
        Assert.All(dense, bytes => Assert.Equal(3, bytes[76]));

        // Orders stand behind 3 bits of the mode and 4 of the low bits.
        int[] orders = [.. dense.Zip(SealedBlocks.All.Values.OfType<SampleBlock>()).Select(pair => OrderOf(pair.First, pair.Second)).Distinct().Order()];
        Assert.Contains(orders, order => order <= 3);
        Assert.Contains(orders, order => order is > 3 and <= 3 + 8);
        Assert.Contains(orders, order => order > 3 + 8);
    }

    [Fact]
    public void WhatIsSealedIsNeverSentToTheScreen()
    {
        foreach (Block block in SealedBlocks.All.Values)
        {
            byte[] sent = BlockCodec.Encode(BlockCodec.Decode(BlockCodec.EncodeSealed(block)));
            Assert.True(block is SampleBlock ? sent[76] <= 2 : sent[BlockCodec.HeaderBytes] == 0);
        }
    }

    [Fact]
    public void OneFlippedBitOfAFrameIsPutRight_AndTwoAreNotTakenForOne()
    {
        var random = new Random(3);
        var file = new FileIdentity(FileKind.Segment, 7);
        byte[] block = BlockCodec.EncodeSealed(SealedBlocks.All["samples-dense-fitted"]);
        byte[] frame = new byte[Frame.TotalBytes(block.Length)];
        _ = Frame.Write(frame, file, 4096, 9, block);
        for (int bit = 0; bit < frame.Length * 8; bit += bit < 200 ? 1 : 37)
        {
            byte[] damaged = [.. frame];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Frame.TryRepair(damaged, file, 4096), $"bit {bit}");
            Assert.Equal(frame, damaged);
            int other = random.Next(frame.Length * 8);
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            damaged[other / 8] ^= (byte)(1 << (other % 8));
            Assert.Equal(other == bit, Frame.TryRead(damaged, file, 4096, out _, out _) || Frame.TryRepair(damaged, file, 4096));
        }
    }

    [Fact]
    public void TenMinutesOfASteadyRateTakeLessThanAFifthOfAByteAReading()
    {
        NumericBlock block = Readings("steady", new Random(1), 600);
        Assert.InRange(BlockCodec.EncodeSealed(block).Length - BlockCodec.HeaderBytes, 4, 600 / 5);
    }

    /// <summary>Readers must know what was sealed years ago: these bytes stay readable, and stay what is written. BEDSIDE_WRITE_VECTORS=1 writes them anew.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TheSealedVectorIsWhatTheEncoderWrites_AndDecodesToItsBlock(string name)
    {
        Block block = SealedBlocks.All[name];
        byte[] encoded = BlockCodec.EncodeSealed(block);
        string path = Path.Combine(Folder, name + ".bin");
        if (Environment.GetEnvironmentVariable("BEDSIDE_WRITE_VECTORS") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllBytes(path, encoded);
        }

        byte[] stored = File.ReadAllBytes(path);
        Assert.True(SampleBlocks.Same(block, BlockCodec.Decode(stored)));
        Assert.Equal(Convert.ToHexString(stored), Convert.ToHexString(encoded));
    }

    [Fact]
    public void EverySealedFileBelongsToAVector() => Assert.Equal(
        SealedBlocks.All.Keys.Select(name => name + ".bin"),
        Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void AnyPrefixOfASealedVectorIsRefused()
    {
        foreach (Block block in SealedBlocks.All.Values)
        {
            DamagedBytes.NoPrefixIsABlock(BlockCodec.EncodeSealed(block));
        }
    }

    [Fact]
    public void FlippedSealedVectorsAreBlocksOrFormatErrors_AndNothingElse()
    {
        var random = new Random(20_261_122);
        foreach (Block block in SealedBlocks.All.Values)
        {
            byte[] whole = BlockCodec.EncodeSealed(block);
            for (int round = 0; round < 2_000; round++)
            {
                DamagedBytes.AreABlockOrRefused(DamagedBytes.Flipped(whole, random, round % 2 == 0 ? BlockCodec.HeaderBytes : 0));
            }
        }
    }

    [Fact]
    public void RandomPayloadsBehindAGoodSealedHeaderAreBlocksOrFormatErrors()
    {
        var random = new Random(5);
        foreach (Block block in SealedBlocks.All.Values)
        {
            byte[] whole = BlockCodec.EncodeSealed(block);
            int head = BlockCodec.HeaderBytes + (block is SampleBlock ? 48 : 4);
            for (int round = 0; round < 2_000; round++)
            {
                byte[] bytes = new byte[head + random.Next(0, 200)];
                random.NextBytes(bytes);
                whole.AsSpan(0, Math.Min(whole.Length, head + random.Next(0, 30)))[..Math.Min(whole.Length, head)].CopyTo(bytes);
                DamagedBytes.AreABlockOrRefused(bytes);
            }
        }
    }

    internal static NumericBlock Readings(string shape, Random random, int count)
    {
        var readings = new List<NumericReading>();
        UtcInstant time = SampleBlocks.Start;
        long device = random.NextInt64();
        long mantissa = random.Next(40, 180);
        for (int i = 0; i < count; i++)
        {
            bool absent = shape == "absent" && random.Next(3) == 0;
            mantissa = shape switch
            {
                "steady" => random.Next(12) == 0 ? mantissa + random.Next(-1, 2) : mantissa,
                "extremes" => i % 2 == 0 ? long.MinValue : long.MaxValue,
                "wild" => random.NextInt64(long.MinValue, long.MaxValue),
                _ => mantissa + random.Next(-3, 4),
            };
            sbyte exponent = shape is "exponents" or "wild" ? (sbyte)random.Next(-128, 128) : (sbyte)-1;
            Validity validity = shape is "wild" ? (Validity)random.Next(1 << 16) : absent ? Validity.NotAvailable : Validity.DemoData;
            readings.Add(new NumericReading(
                time,
                absent ? null : new Fixed(mantissa, exponent),
                validity,
                shape == "wild" && random.Next(2) == 0 ? null : shape == "wild" ? random.NextInt64(long.MinValue + 1, long.MaxValue) : device));
            long step = shape switch
            {
                "jitter" => 1_000_000_000 + random.Next(-200_000, 200_000),
                "wild" => random.NextInt64(0, 1L << random.Next(1, 52)),
                _ => 1_024_000_000,
            };
            time = time.Add(step);
            device = unchecked(device + 1_024_000_000);
        }

        return new NumericBlock { Signal = new SignalNumber(40), Start = SampleBlocks.Start, UncertaintyMicroseconds = 20_000, ClockEpoch = 3, Readings = [.. readings] };
    }

    internal static int[] Samples(string shape, Random random, int count)
    {
        int[] samples = new int[count];
        double last = 0;
        double former = 0;
        int level = 500;
        for (int i = 0; i < count; i++)
        {
            level += random.Next(-9, 10);
            (last, former) = ((1.9 * last) - (0.95 * former) + random.Next(-3, 4), last);
            samples[i] = shape switch
            {
                "walk" => level,
                "quiet" => random.Next(6) == 0 ? random.Next(-1, 2) : 0,
                "resonant" => (int)last,
                "two tones" => (int)((900 * Math.Sin(i * 0.31)) + (700 * Math.Sin(i * 0.073)) + (500 * Math.Sin(i * 0.9))) + random.Next(-1, 2),
                "gapped" => 22 * (level / 9) * (level % 5 == 0 ? 3 : 1),
                "outliers" => random.Next(90) == 0 ? random.Next(int.MinValue, int.MaxValue) : level,
                "few values" => random.Next(20) == 0 ? int.MaxValue : random.Next(3),
                "half constant" => i < count / 2 ? -32768 : level,
                _ => 0,
            };
        }

        return shape is "walk" or "quiet" or "resonant" or "two tones" or "gapped" or "outliers" or "few values" or "half constant" ? samples : BlockCodecTests.Make(shape, random, count);
    }

    /// <summary>0 … 3 differences, else 3 + the order of a fitted predictor.</summary>
    private static int OrderOf(byte[] bytes, SampleBlock block)
    {
        int head = 80 + (10 * block.Validity.Length) + 2;
        return ((bytes[head] | (bytes[head + 1] << 8)) >> 7) & 0x3F;
    }
}
