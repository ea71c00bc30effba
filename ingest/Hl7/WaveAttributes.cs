using System.Collections.Immutable;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What the rows beside a wave say of it, found by their names or their numbers.</summary>
internal sealed class WaveAttributes
{
    private const double FarBeyond = 4;

    private static readonly string[] Pressures = ["mm[Hg]", "kPa", "cm[H2O]", "mbar"];

    private readonly Fixed? _resolution;
    private readonly string _resolutionUnit = string.Empty;
    private readonly (double Low, double High)? _range;

    public WaveAttributes(Report report, Observation wave)
    {
        var markers = new HashSet<int>();
        foreach (Observation row in report.Rows.Where(row => row.IsFacet && row.Object == wave.Object && row.Object.Length > 0))
        {
            string name = row.Identifier.Component(2).Text;
            string code = row.Identifier.Component(1).Text;
            switch (code, name)
            {
                case ("68320", _) or (_, "MDC_ATTR_SAMP_RATE" or "MDC_ATTR_SAMPLE_RATE"):
                    Period ??= Observation.NumberOf("NM", row.Value, out _, out _) is { } rate ? WaveReader.PeriodOf(rate) : null;
                    break;
                case ("68323", _) or (_, "MDC_ATTR_DATA_RANGE"):
                    _range = RangeOf(row.Value);
                    break;
                case ("2327" or "67917" or "67863" or "67945", _) or (_, "MDC_ATTR_NU_MSMT_RES" or "MDC_ATTR_SA_MSMT_RES"):
                    _resolution ??= Observation.NumberOf("NM", row.Value, out _, out _);
                    _resolutionUnit = Units.Resolve(row.Segment.Field(6), out _);
                    break;
                case ("197376" or "197378", _):
                    AddMarkers(row.Value, markers);
                    break;
            }
        }

        Markers = [.. markers];
    }

    public SamplePeriod? Period { get; }

    /// <summary>Values that stand for no sample.</summary>
    public ImmutableArray<int> Markers { get; }

    /// <summary>
    /// How values become physical. With a unit of their own they are what they say, unless they are far beyond the stated range; without one they are counts of the
    /// resolution. A pressure in counts has an offset that nothing tells: its scale stays unknown.
    /// </summary>
    public (Scale? Scale, string Unit) ScaleOf(WaveValues values, string unit)
    {
        double step = Math.Pow(10, -values.Decimals);
        bool isPlain = unit.Length == 0 || unit == "1";
        bool areCounts = values.Decimals == 0 && _resolution is not null
            && (isPlain || (_range is { } range && values.Greatest > FarBeyond * Math.Max(Math.Abs(range.Low), Math.Abs(range.High))));
        if (!areCounts)
        {
            return (unit.Length == 0 ? null : new Scale(step, 0), unit);
        }

        string physical = isPlain ? _resolutionUnit : unit;
        bool isPressure = Pressures.Contains(physical);
        return isPressure || physical.Length == 0 ? (null, physical) : (new Scale(_resolution!.Value.ToDouble(), 0), physical);
    }

    private static (double Low, double High)? RangeOf(Hl7Value value) =>
        Observation.NumberOf("NM", value.Component(1), out _, out _) is { } low && Observation.NumberOf("NM", value.Component(2), out _, out _) is { } high
            ? (low.ToDouble(), high.ToDouble())
            : null;

    private static void AddMarkers(Hl7Value value, HashSet<int> markers)
    {
        const int Most = 64;
        for (int i = 0; i < value.Repetitions && markers.Count < Most; i++)
        {
            int at = 0;
            Hl7Value row = value.Repetition(i);
            while (markers.Count < Most && row.NextComponent(ref at, out Hl7Value one))
            {
                if (int.TryParse(one.Bytes.Trim((byte)' '), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int marker))
                {
                    markers.Add(marker);
                }
            }
        }
    }
}

/// <summary>The numbers of one array.</summary>
/// <param name="Raw">Each times ten to the power of <paramref name="Decimals"/>; what is missing repeats what was before it.</param>
/// <param name="Decimals">Most that any of them has.</param>
/// <param name="Greatest">Of their absolute values.</param>
/// <param name="Runs">Where there is no sample.</param>
internal sealed record WaveValues(int[] Raw, int Decimals, double Greatest, ImmutableArray<ValidityRun> Runs)
{
    /// <summary>Null when something is no number, has more than <paramref name="mostDecimals"/> decimals or does not fit, or there are too many.</summary>
    public static WaveValues? Read(Hl7Value array, ImmutableArray<int> markers, int most, int mostDecimals)
    {
        var numbers = new List<Fixed?>();
        for (int row = 0; row < array.Repetitions && row < most; row++)
        {
            int at = 0;
            Hl7Value line = array.Repetition(row);
            while (line.NextComponent(ref at, out Hl7Value element))
            {
                if (numbers.Count == most || !TryNumber(element, out Fixed? number) || number is { Exponent: > 0 } || -(number?.Exponent ?? 0) > mostDecimals)
                {
                    return null;
                }

                numbers.Add(number);
            }
        }

        return numbers.Count == 0 ? null : Make(numbers, markers);
    }

    private static bool TryNumber(Hl7Value element, out Fixed? number)
    {
        number = null;
        if (element.IsEmpty)
        {
            return true;
        }

        // One sender puts a space behind the sign.
        Span<char> text = stackalloc char[24];
        int length = 0;
        foreach (byte one in element.Bytes)
        {
            if (one != (byte)' ')
            {
                if (length == text.Length)
                {
                    return false;
                }

                text[length++] = (char)one;
            }
        }

        bool read = Fixed.TryParse(text[..length], out Fixed value);
        number = value;
        return read;
    }

    private static WaveValues? Make(List<Fixed?> numbers, ImmutableArray<int> markers)
    {
        int decimals = numbers.Max(number => -(number?.Exponent ?? 0));
        int[] raw = new int[numbers.Count];
        double greatest = 0;
        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        int missingFrom = -1;
        for (int i = 0; i <= raw.Length; i++)
        {
            Fixed? number = i < raw.Length ? numbers[i] : new Fixed(0, 0);
            bool isMissing = i < raw.Length && (number is null || (number.Value.Exponent == 0 && markers.Contains((int)Math.Clamp(number.Value.Mantissa, int.MinValue, int.MaxValue))));
            if (!isMissing && missingFrom >= 0)
            {
                runs.Add(new ValidityRun(missingFrom, i - missingFrom, Validity.NotAvailable));
            }

            missingFrom = isMissing ? (missingFrom < 0 ? i : missingFrom) : -1;
            if (i == raw.Length)
            {
                break;
            }

            Int128 scaled = number?.Mantissa ?? (i > 0 ? raw[i - 1] : 0);
            for (int d = number is null ? decimals : -number.Value.Exponent; d < decimals; d++)
            {
                scaled *= 10;
            }

            if (scaled < int.MinValue || scaled > int.MaxValue)
            {
                return null;
            }

            raw[i] = (int)scaled;
            greatest = isMissing ? greatest : Math.Max(greatest, Math.Abs(number?.ToDouble() ?? 0));
        }

        return new WaveValues(raw, decimals, greatest, runs.DrainToImmutable());
    }
}
