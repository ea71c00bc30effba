using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>What kind of Observation a series gives. The numbers stand in ids: they never change their meaning.</summary>
public enum SeriesKind
{
    Numeric = 1,
    Compound = 2,
    Waveform = 3,
    State = 4,
}

/// <summary>
/// What an Observation's id stands for. A reading: series and its time in nanoseconds. A piece of a wave: series, clock epoch, index of its first sample, how long a sample is, and about
/// when index 0 would have been; its exact time is left out because joining blocks may move samples by up to a millisecond, and an id must survive that.
/// </summary>
/// <param name="Series">Number of the series' first signal; 24 bits.</param>
/// <param name="Time">Nanoseconds since 1970; of a wave, a time that is at most <see cref="OriginUnit"/> before its first sample.</param>
internal readonly record struct ItemKey(SeriesKind Kind, uint Series, long Time, uint Epoch, long FirstIndex)
{
    /// <summary>Nanoseconds to which the time of index 0 is known.</summary>
    public const long OriginUnit = 8_000_000_000;

    private const int SeriesBits = 24;
    private const int CheckBits = 36;
    private const int IndexBits = 40;
    private const int OriginBits = 30;
    private const int EpochBits = 10;
    private const int PeriodBits = 20;
    private const long PeriodUnit = 125;

    /// <summary>Part of the clock epoch that a key has.</summary>
    public static uint EpochMark(uint epoch) => epoch & Mask(EpochBits);

    public static UInt128 OfReading(SeriesKind kind, uint series, long time) =>
        (Head(kind, series) << (128 - 4 - SeriesBits)) | ((UInt128)unchecked((ulong)time) << CheckBits);

    public static UInt128 OfWave(uint series, uint epoch, long firstIndex, long start, SamplePeriod period)
    {
        long length = Math.Clamp((period.Nanoseconds + (PeriodUnit / 2)) / PeriodUnit, 1, Mask(PeriodBits));
        var origin = Int128.Max(0, (start - ((Int128)firstIndex * length * PeriodUnit)) / OriginUnit);
        UInt128 bits = Head(SeriesKind.Waveform, series);
        bits = (bits << IndexBits) | ((UInt128)firstIndex & ((1UL << IndexBits) - 1));
        bits = (bits << OriginBits) | ((UInt128)origin & Mask(OriginBits));
        bits = (bits << EpochBits) | EpochMark(epoch);
        return (bits << PeriodBits) | (UInt128)length;
    }

    /// <summary>False for bits that no item has.</summary>
    public static bool TryRead(UInt128 bits, out ItemKey key)
    {
        var kind = (SeriesKind)(int)(bits >> 124);
        uint series = (uint)(bits >> (124 - SeriesBits)) & Mask(SeriesBits);
        key = default;
        if (kind == SeriesKind.Waveform)
        {
            long length = (long)(bits & Mask(PeriodBits));
            uint epoch = (uint)(bits >> PeriodBits) & Mask(EpochBits);
            long origin = (long)(bits >> (PeriodBits + EpochBits)) & Mask(OriginBits);
            long index = (long)((ulong)(bits >> (PeriodBits + EpochBits + OriginBits)) & ((1UL << IndexBits) - 1));
            Int128 time = ((Int128)origin * OriginUnit) + ((Int128)index * length * PeriodUnit);
            key = new ItemKey(kind, series, time > long.MaxValue / 2 ? long.MaxValue / 2 : (long)time, epoch, index);
            return length > 0;
        }

        key = new ItemKey(kind, series, unchecked((long)(ulong)(bits >> CheckBits)), 0, 0);
        return Enum.IsDefined(kind) && (bits & ((1UL << CheckBits) - 1)) == 0;
    }

    private static UInt128 Head(SeriesKind kind, uint series) => ((UInt128)(uint)kind << SeriesBits) | (series & Mask(SeriesBits));

    private static uint Mask(int bits) => (1u << bits) - 1;
}
