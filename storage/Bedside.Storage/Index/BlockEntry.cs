using Bedside.Model;
using Bedside.Storage.Coding;

namespace Bedside.Storage.Index;

/// <summary>
/// What readers ask for in one go. Data are the samples, readings and texts of a signal; marks are what concerns the bed:
/// alerts, devices, clocks, gaps and annotations.
/// </summary>
internal enum Lane : byte
{
    Data = 0,
    Marks = 1,

    /// <summary>Descriptions of signals: kept, but read only when a store is opened.</summary>
    Descriptions = 2,
}

/// <summary>One lane of one signal.</summary>
internal readonly record struct LaneKey(Lane Lane, uint Signal)
{
    /// <summary>The order of a segment.</summary>
    public static readonly Comparer<LaneKey> Ascending =
        Comparer<LaneKey>.Create((left, right) => left.Lane != right.Lane ? left.Lane.CompareTo(right.Lane) : left.Signal.CompareTo(right.Signal));

    public static Lane LaneOf(BlockKind kind) => kind switch
    {
        BlockKind.Samples or BlockKind.Readings or BlockKind.Text => Lane.Data,
        BlockKind.Signal => Lane.Descriptions,
        _ => Lane.Marks,
    };
}

/// <summary>Where a block lies in its file, and enough of it that most questions need not read it.</summary>
internal readonly record struct BlockEntry
{
    /// <summary>Nanoseconds by which times of samples are rounded, with some to spare.</summary>
    private const long Slack = 4;

    public required BlockKind Kind { get; init; }

    public required uint Signal { get; init; }

    public required UtcInstant Start { get; init; }

    public required UtcInstant End { get; init; }

    /// <summary>Counts the blocks of the store in the order of their appending; merged blocks have their first one's.</summary>
    public required ulong Number { get; init; }

    /// <summary>Offset of the frame; in a journal, of that of its window.</summary>
    public required long At { get; init; }

    /// <summary>Which part of its window it is, in a journal.</summary>
    public int Place { get; init; }

    /// <summary>Bytes of the frame of its window, in a journal.</summary>
    public int FrameBytes { get; init; }

    /// <summary>Bytes of the block.</summary>
    public required int Length { get; init; }

    /// <summary>Samples or readings.</summary>
    public required uint Count { get; init; }

    /// <summary>Null while nobody has looked inside (a journal found at start).</summary>
    public required BlockSummary? Summary { get; init; }

    public LaneKey Key => new(LaneKey.LaneOf(Kind), Signal);

    /// <summary>The last instant that the block says something of.</summary>
    public UtcInstant LastInstant => Kind == BlockKind.Samples ? End.Add(-1) : End;

    /// <summary>No sample or reading of the block was taken later: the last one's time, to a few nanoseconds.</summary>
    public UtcInstant LastTaken => Kind == BlockKind.Samples && Count > 0 && End.Add(Slack - (End.Since(Start) / Count)) is var time && time < LastInstant ? time : LastInstant;

    public bool Overlaps(UtcInstant from, UtcInstant to) => Start < to && LastInstant >= from;

    /// <summary>The block as a part of a column; only with a <see cref="Summary"/>.</summary>
    public RawSum ToSum()
    {
        BlockSummary summary = Summary ?? default;
        bool isWhole = summary.Valid == Count;
        UtcInstant last = LastTaken;
        UtcInstant late = isWhole && last.Add(-2 * Slack) is var early && early > Start ? early : Start;
        return new RawSum(summary.Unit, summary.Min, summary.Max, summary.Sum, summary.Valid)
        {
            First = new Moment(summary.First, Start, isWhole ? Start : last),
            Last = new Moment(summary.Last, late, last),
        };
    }

    public static BlockEntry Of(Block block, ReadOnlySpan<byte> encoded, ulong number, long at) => FromHead(encoded, number, at) with { Summary = BlockSummary.Of(block) };

    /// <summary>From the block's first bytes only. Throws <see cref="BlockFormatException"/>.</summary>
    public static BlockEntry FromHead(ReadOnlySpan<byte> encoded, ulong number, long at)
    {
        BlockHeader header = BlockCodec.DecodeHeader(encoded);
        ReadOnlySpan<byte> payload = encoded[BlockCodec.HeaderBytes..];
        return new BlockEntry
        {
            Kind = header.Kind,
            Signal = header.Signal.Value,
            Start = header.Start,
            End = header.End,
            Number = number,
            At = at,
            Length = encoded.Length,
            Count = header.Kind switch
            {
                BlockKind.Samples => SamplePayload.CountOf(payload),
                BlockKind.Readings => ReadingsPayload.CountOf(payload),
                _ => 0,
            },
            Summary = null,
        };
    }

    public static int Compare(BlockEntry left, BlockEntry right)
    {
        int order = left.Start.CompareTo(right.Start);
        return order != 0 ? order : left.Number.CompareTo(right.Number);
    }
}

/// <summary>What raw numbers mean: a scale for samples, a power of ten for readings.</summary>
internal readonly record struct RawUnit(bool IsDecimal, sbyte Exponent, double Gain, double Offset)
{
    /// <summary>Raw counts without a scale stand for themselves.</summary>
    public static readonly RawUnit Counts = new(IsDecimal: false, 0, 1, 0);

    public static RawUnit Of(Scale? scale) => scale is { } known ? new RawUnit(IsDecimal: false, 0, known.Gain, known.Offset) : Counts;

    public static RawUnit OfDecimal(sbyte exponent) => new(IsDecimal: true, exponent, Math.Pow(10, exponent), 0);

    public Scale Scale => new(Gain, Offset);

    public double Physical(long raw) => IsDecimal ? new Fixed(raw, Exponent).ToDouble() : (raw * Gain) + Offset;

    /// <summary>The mean of <paramref name="count"/> raw numbers with this sum.</summary>
    public double Mean(Int128 sum, long count) => IsDecimal && Exponent < 0
        ? (double)sum / count / Math.Pow(10, -Exponent)
        : ((double)sum / count * Gain) + Offset;
}

/// <summary>
/// Least, greatest and sum of the usable raw numbers of a block, exactly, and the first and the last of them by time.
/// <paramref name="Valid"/> is how many there are; with 0 the others are 0.
/// </summary>
internal readonly record struct BlockSummary(long Min, long Max, long Sum, uint Valid, RawUnit Unit, long First, long Last)
{
    private const int MostDigits = 18;

    public static BlockSummary? Of(Block block) => block switch
    {
        SampleBlock samples => OfSamples(samples),
        NumericBlock numeric => OfReadings(numeric.Readings.AsSpan()),
        _ => None(RawUnit.Counts),
    };

    /// <summary>Null when the readings do not go into one decimal of 64 bits.</summary>
    public static BlockSummary? OfReadings(ReadOnlySpan<NumericReading> readings)
    {
        sbyte finest = sbyte.MaxValue;
        sbyte coarsest = sbyte.MinValue;
        foreach (NumericReading reading in readings)
        {
            if (reading is { Value: { } value } && reading.Validity.IsUsable())
            {
                finest = Math.Min(finest, value.Exponent);
                coarsest = Math.Max(coarsest, value.Exponent);
            }
        }

        if (finest > coarsest)
        {
            return None(RawUnit.Counts);
        }

        return coarsest - finest > MostDigits ? null : SumReadings(readings, finest);
    }

    private static BlockSummary? SumReadings(ReadOnlySpan<NumericReading> readings, sbyte exponent)
    {
        Int128 min = Int128.MaxValue;
        Int128 max = Int128.MinValue;
        Int128 sum = 0;
        uint valid = 0;
        (Int128 first, Int128 last) = (0, 0);
        foreach (NumericReading reading in readings)
        {
            if (reading is { Value: { } value } && reading.Validity.IsUsable())
            {
                Int128 raw = value.Mantissa * PowerOfTen(value.Exponent - exponent);
                min = Int128.Min(min, raw);
                max = Int128.Max(max, raw);
                sum += raw;
                first = valid == 0 ? raw : first;
                last = raw;
                valid++;
            }
        }

        bool fits = min >= long.MinValue && max <= long.MaxValue && sum >= long.MinValue && sum <= long.MaxValue;
        return fits ? new BlockSummary((long)min, (long)max, (long)sum, valid, RawUnit.OfDecimal(exponent), (long)first, (long)last) : null;
    }

    public static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    private static BlockSummary OfSamples(SampleBlock block)
    {
        var sum = new RawSum(RawUnit.Of(block.Scale));
        sum.Add(block, 0, block.Samples.Length);
        return sum.Count == 0
            ? None(sum.Unit)
            : new BlockSummary(sum.Min, sum.Max, (long)sum.Sum, (uint)sum.Count, sum.Unit, sum.First.Raw, sum.Last.Raw);
    }

    private static BlockSummary None(RawUnit unit) => new(0, 0, 0, 0, unit, 0, 0);
}
