using System.Buffers;
using System.Globalization;

namespace Bedside.Ingest.Drivers.PuritanBennettWaveform;

/// <summary>What a line is.</summary>
internal enum LineKind
{
    /// <summary>Nothing that the device sends.</summary>
    Unknown,
    BreathBegins,
    Sample,
    BreathEnds,

    /// <summary>The time that a recording program put between the device's lines: <c>2016-07-23-03-39-53.203623</c>.</summary>
    RecorderTime,

    /// <summary>A reply of the other port.</summary>
    OtherPort,
}

/// <summary>One line. Flow and pressure are hundredths of L/min and cmH2O.</summary>
internal readonly record struct WaveLine(LineKind Kind, long Breath, int Flow, int Pressure)
{
    private static readonly SearchValues<byte> OfTimes = SearchValues.Create("0123456789-.: T"u8);

    private const int MostIntegerDigits = 3;
    private const int MostBreathDigits = 9;
    private const int RecorderTimeLength = 19;

    /// <summary>
    /// Reads a line. Strict in what could hide a lost character: exactly two decimals, exactly one comma. Blanks may be more or fewer.
    /// </summary>
    public static WaveLine Read(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = line.Trim((byte)' ');
        if (text.StartsWith("BS"u8))
        {
            return ReadBegin(text[2..]);
        }

        if (text.SequenceEqual("BE"u8))
        {
            return new WaveLine(LineKind.BreathEnds, 0, 0, 0);
        }

        int comma = text.IndexOf((byte)',');
        if (comma > 0 && TryHundredths(text[..comma].TrimEnd((byte)' '), out int flow) && TryHundredths(text[(comma + 1)..].TrimStart((byte)' '), out int pressure))
        {
            return new WaveLine(LineKind.Sample, 0, flow, pressure);
        }

        LineKind kind = text.StartsWith("MISCA,"u8) || text.StartsWith("MISCF,"u8) ? LineKind.OtherPort
            : IsRecorderTime(text) ? LineKind.RecorderTime
            : LineKind.Unknown;
        return new WaveLine(kind, 0, 0, 0);
    }

    /// <summary><c>, S:65426,</c>; the last comma may be lacking.</summary>
    private static WaveLine ReadBegin(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> text = rest.TrimStart((byte)' ');
        if (!text.StartsWith(","u8))
        {
            return default;
        }

        text = text[1..].TrimStart((byte)' ');
        if (!text.StartsWith("S:"u8))
        {
            return default;
        }

        text = text[2..].Trim((byte)' ');
        text = text.EndsWith(","u8) ? text[..^1].TrimEnd((byte)' ') : text;
        bool digits = text.Length is > 0 and <= MostBreathDigits && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        return digits
            ? new WaveLine(LineKind.BreathBegins, long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture), 0, 0)
            : default;
    }

    /// <summary>A number with exactly two decimals, in hundredths.</summary>
    private static bool TryHundredths(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        bool negative = text.StartsWith("-"u8);
        ReadOnlySpan<byte> digits = negative ? text[1..] : text;
        int point = digits.Length - 3;
        if (point is < 1 or > MostIntegerDigits || digits[point] != (byte)'.')
        {
            return false;
        }

        for (int i = 0; i < digits.Length; i++)
        {
            if (i == point)
            {
                continue;
            }

            if (!char.IsAsciiDigit((char)digits[i]))
            {
                return false;
            }

            value = (value * 10) + (digits[i] - '0');
        }

        value = negative ? -value : value;
        return true;
    }

    private static bool IsRecorderTime(ReadOnlySpan<byte> text) =>
        text.Length >= RecorderTimeLength && text[4] == '-' && text[7] == '-' && !text.ContainsAnyExcept(OfTimes);
}
