using System.Globalization;

namespace Bedside.Model;

/// <summary>An instant of the box's clock: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.</summary>
public readonly record struct UtcInstant(long UnixNanoseconds) : IComparable<UtcInstant>
{
    private const long NanosecondsPerTick = 100;

    public static UtcInstant FromDateTime(DateTimeOffset time) =>
        new((time.UtcTicks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick);

    /// <summary>Reads an ISO 8601 time with a zone; digits of a fraction after the ninth are cut.</summary>
    public static bool TryParse(string text, out UtcInstant instant)
    {
        (string ticks, int nanoseconds) = CutToTicks(text);
        bool read = DateTimeOffset.TryParse(ticks, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time);
        instant = read ? FromDateTime(time).Add(nanoseconds) : default;
        return read;
    }

    /// <summary>A fraction of a second without what follows its seventh digit, which parsing would round up, and that as nanoseconds.</summary>
    private static (string Ticks, int Nanoseconds) CutToTicks(string text)
    {
        const int TickDigits = 7;
        int first = text.IndexOf('.', StringComparison.Ordinal) + 1;
        int end = first;
        while (first > 0 && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        int rest = first + TickDigits;
        if (first == 0 || end <= rest)
        {
            return (text, 0);
        }

        int nanoseconds = ((text[rest] - '0') * 10) + (end > rest + 1 ? text[rest + 1] - '0' : 0);
        return (text.Remove(rest, end - rest), nanoseconds);
    }

    /// <summary>The same instant, cut to 100 ns.</summary>
    public DateTimeOffset ToDateTime() =>
        new(DateTime.UnixEpoch.AddTicks(Math.DivRem(UnixNanoseconds, NanosecondsPerTick).Quotient), TimeSpan.Zero);

    public UtcInstant Add(long nanoseconds) => new(UnixNanoseconds + nanoseconds);

    /// <summary>Nanoseconds from <paramref name="earlier"/> to this.</summary>
    public long Since(UtcInstant earlier) => UnixNanoseconds - earlier.UnixNanoseconds;

    public int CompareTo(UtcInstant other) => UnixNanoseconds.CompareTo(other.UnixNanoseconds);

    public static bool operator <(UtcInstant left, UtcInstant right) => left.UnixNanoseconds < right.UnixNanoseconds;

    public static bool operator >(UtcInstant left, UtcInstant right) => left.UnixNanoseconds > right.UnixNanoseconds;

    public static bool operator <=(UtcInstant left, UtcInstant right) => left.UnixNanoseconds <= right.UnixNanoseconds;

    public static bool operator >=(UtcInstant left, UtcInstant right) => left.UnixNanoseconds >= right.UnixNanoseconds;

    /// <summary>ISO 8601 with nine decimals and Z.</summary>
    public override string ToString()
    {
        long whole = Math.DivRem(UnixNanoseconds, 1_000_000_000, out long fraction);
        if (fraction < 0)
        {
            whole--;
            fraction += 1_000_000_000;
        }

        string seconds = DateTimeOffset.FromUnixTimeSeconds(whole).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.{fraction:D9}Z");
    }
}

/// <summary>An instant of a clock that never jumps (CLOCK_MONOTONIC); only differences mean anything. Nanoseconds.</summary>
public readonly record struct MonotonicInstant(long Nanoseconds)
{
    public MonotonicInstant Add(long nanoseconds) => new(Nanoseconds + nanoseconds);

    /// <summary>Nanoseconds from <paramref name="earlier"/> to this.</summary>
    public long Since(MonotonicInstant earlier) => Nanoseconds - earlier.Nanoseconds;
}

/// <summary>
/// What a device's own counter read: raw, as on the wire, before any unwrapping.
/// <see cref="DeviceClock"/> says how long a tick is and where the counter wraps.
/// </summary>
public readonly record struct DeviceTicks(ulong Counter);

/// <summary>
/// The counter of a device. A tick lasts <paramref name="TickNanoseconds"/>; the counter runs from 0 to
/// <paramref name="Modulus"/> - 1 and begins again (0 = it never wraps).
/// </summary>
public readonly record struct DeviceClock(long TickNanoseconds, ulong Modulus)
{
    /// <summary>Philips RelativeTime: 1/8 ms in 32 bits, wraps after 6 d 5 h 7 min.</summary>
    public static readonly DeviceClock EighthMillisecond32 = new(125_000, 1UL << 32);

    /// <summary>For devices that only count their samples: the driver counts nanoseconds of samples for them.</summary>
    public static readonly DeviceClock SampleCounting = new(1, 0);
}

/// <summary>
/// Exact time between two samples: numerator / denominator seconds, in lowest
/// terms. 500 Hz is 1/500; the IntelliVue cycle of 1.024 s is 128/125.
/// </summary>
public readonly record struct SamplePeriod
{
    public SamplePeriod(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        long divisor = GreatestCommonDivisor(numerator, denominator);
        Numerator = checked((uint)(numerator / divisor));
        Denominator = checked((uint)(denominator / divisor));
    }

    /// <summary>Seconds, above the line; at least 1.</summary>
    public uint Numerator { get; }

    /// <summary>Seconds, below the line; at least 1.</summary>
    public uint Denominator { get; }

    /// <summary>Samples per second.</summary>
    public double Hertz => (double)Denominator / Numerator;

    /// <summary>Nanoseconds, rounded to the nearest; use <see cref="NanosecondsOf"/> for many samples.</summary>
    public long Nanoseconds => NanosecondsOf(1);

    public static SamplePeriod FromHertz(long hertz) => new(1, hertz);

    public static SamplePeriod FromNanoseconds(long nanoseconds) => new(nanoseconds, 1_000_000_000);

    /// <summary>Nanoseconds that <paramref name="samples"/> samples last, rounded to the nearest, exact at any count.</summary>
    public long NanosecondsOf(long samples)
    {
        Int128 twice = (Int128)samples * Numerator * 2_000_000_000;
        Int128 half = samples < 0 ? -(Int128)Denominator : Denominator;
        return (long)((twice + half) / (2 * (Int128)Denominator));
    }

    /// <summary>How many whole samples begin within <paramref name="nanoseconds"/> (floor).</summary>
    public long SamplesIn(long nanoseconds)
    {
        Int128 samples = (Int128)nanoseconds * Denominator;
        Int128 unit = (Int128)Numerator * 1_000_000_000;
        Int128 quotient = samples / unit;
        return (long)(samples % unit < 0 ? quotient - 1 : quotient);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator} s");

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
