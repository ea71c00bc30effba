using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>One signal specification line of a WFDB header.</summary>
public sealed record WfdbSignal
{
    /// <summary>Signal file, beside the header.</summary>
    public required string File { get; init; }

    public required WfdbFormat Format { get; init; }

    public int SamplesPerFrame { get; init; } = 1;

    /// <summary>Frames by which this signal's samples come later in the file than the instant they belong to.</summary>
    public int Skew { get; init; }

    /// <summary>Bytes before the first sample of the file.</summary>
    public long Offset { get; init; }

    /// <summary>Counts per unit; 0 = not calibrated.</summary>
    public double Gain { get; init; }

    /// <summary>The count that is 0 in the unit.</summary>
    public long Baseline { get; init; }

    /// <summary>As written; null = the header names none.</summary>
    public string? Unit { get; init; }

    public int Resolution { get; init; }

    public int Zero { get; init; }

    /// <summary>Null = the header does not say.</summary>
    public int? InitialValue { get; init; }

    /// <summary>Low 16 bits of the sum of all samples, signed; null = the header does not say.</summary>
    public short? Checksum { get; init; }

    public string Description { get; init; } = string.Empty;

    /// <summary>Null where the signal is not calibrated.</summary>
    public Scale? Scale => Gain == 0 ? null : new Scale(1 / Gain, -Baseline / Gain);
}

/// <summary>
/// A WFDB header file, as header(5) of the WFDB Applications Guide defines it: <see cref="Parse"/> reads one,
/// <see cref="ToText"/> writes one.
/// <code>
/// record frames-line:  name signals [rate[/counter-rate[(base-counter)]] [frames [HH:MM:SS[.fff] [DD/MM/YYYY]]]]
/// signal line:         file format[xN][:skew][+offset] [gain[(baseline)][/unit] [resolution [zero [initial [checksum [block [description]]]]]]]
/// </code>
/// </summary>
public sealed record WfdbHeader
{
    /// <summary>Rate of a header that names none.</summary>
    public const string StandardRate = "250";

    public required string Name { get; init; }

    public required SamplePeriod FramePeriod { get; init; }

    /// <summary>Null = as many as the signal files hold.</summary>
    public long? Frames { get; init; }

    /// <summary>Date and time at the first frame, in no stated zone; null = the header has no date.</summary>
    public DateTime? Base { get; init; }

    /// <summary>Time of day at the first frame where the header has no date; null = none either.</summary>
    public TimeSpan? BaseTimeOfDay { get; init; }

    public required ImmutableArray<WfdbSignal> Signals { get; init; }

    /// <summary>Lines after # , without it.</summary>
    public ImmutableArray<string> Comments { get; init; } = [];

    /// <summary>Reads a header; throws <see cref="WfdbException"/> naming <paramref name="file"/>, the line and the remedy.</summary>
    public static WfdbHeader Parse(string file, string text) => new WfdbHeaderText(file, text).Read();

    /// <summary>The file, lines ended by LF.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Name} {Signals.Length} {WfdbRate.ToText(FramePeriod)} {Frames ?? 0}");
        if (Base is DateTime at)
        {
            text.Append(at.ToString(" HH:mm:ss.fff dd/MM/yyyy", CultureInfo.InvariantCulture));
        }

        text.Append('\n');
        foreach (WfdbSignal signal in Signals)
        {
            text.Append(Line(signal)).Append('\n');
        }

        foreach (string comment in Comments)
        {
            text.Append("# ").Append(comment).Append('\n');
        }

        return text.ToString();
    }

    private static string Line(WfdbSignal signal)
    {
        string frame = signal.SamplesPerFrame == 1 ? string.Empty : $"x{signal.SamplesPerFrame}";
        string skew = signal.Skew == 0 ? string.Empty : $":{signal.Skew}";
        string offset = signal.Offset == 0 ? string.Empty : $"+{signal.Offset}";
        string gain = signal.Gain.ToString("R", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{signal.File} {signal.Format.Code}{frame}{skew}{offset} {gain}({signal.Baseline})/{signal.Unit ?? "mV"} {signal.Resolution} {signal.Zero} {signal.InitialValue ?? 0} {signal.Checksum ?? 0} 0 {signal.Description}");
    }
}

/// <summary>
/// Sampling rates in WFDB are decimal numbers. A rate that has no finite decimal (1000/3 Hz) is written with the digits
/// of a double, and read back as the simplest fraction that has those digits: both ways exact for any rate of a device.
/// </summary>
public static class WfdbRate
{
    /// <summary>Hertz, invariant, without an exponent where one can be avoided.</summary>
    public static string ToText(SamplePeriod period)
    {
        decimal hertz = (decimal)period.Denominator / period.Numerator;
        bool exact = hertz * period.Numerator == period.Denominator && decimal.Round(hertz, 12, MidpointRounding.ToEven) == hertz;
        return exact ? hertz.ToString("0.############", CultureInfo.InvariantCulture) : period.Hertz.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>False for what is not a positive number, or has no fraction of 32-bit terms.</summary>
    public static bool TryParse(string text, out SamplePeriod period)
    {
        period = default;
        bool number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double hertz);
        if (!number || !double.IsFinite(hertz) || hertz is < 1e-6 or > 1e9)
        {
            return false;
        }

        // The convergents of the continued fraction, until one is this double: by Legendre's theorem the fraction meant
        // is among them when its terms are below some 26 bits each.
        (Int128 top, Int128 bottom) = Exact(hertz);
        (Int128 numerator, Int128 numeratorBefore) = (1, 0);
        (Int128 denominator, Int128 denominatorBefore) = (0, 1);
        while (bottom != 0)
        {
            (Int128 whole, Int128 rest) = Int128.DivRem(top, bottom);
            (top, bottom) = (bottom, rest);
            (numerator, numeratorBefore) = ((whole * numerator) + numeratorBefore, numerator);
            (denominator, denominatorBefore) = ((whole * denominator) + denominatorBefore, denominator);
            if (numerator > uint.MaxValue || denominator > uint.MaxValue)
            {
                numerator = numeratorBefore;
                denominator = denominatorBefore;
                break;
            }

            if ((double)numerator / (double)denominator == hertz)
            {
                break;
            }
        }

        if (numerator == 0 || denominator == 0)
        {
            return false;
        }

        period = new SamplePeriod((long)denominator, (long)numerator);
        return true;
    }

    private static (Int128 Numerator, Int128 Denominator) Exact(double value)
    {
        Int128 denominator = 1;
        while (value != Math.Floor(value))
        {
            value *= 2;
            denominator *= 2;
        }

        return ((Int128)value, denominator);
    }
}
