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

    public WaveAttributes(Report report, Observation wave, SenderRules rules)
    {
        var markers = new HashSet<int>(rules.SentinelsOf(wave.Shape).Where(double.IsInteger).Select(number => (int)Math.Clamp(number, int.MinValue, int.MaxValue)));
        foreach (Observation row in report.Rows.Where(row => row.IsFacet && row.Object == wave.Object && row.Object.Length > 0))
        {
            string name = row.Shape.Label;
            string code = row.Shape.Code;
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
                    _resolutionUnit = row.Shape.Unit;
                    break;
                case ("197376" or "197378", _):
                    AddMarkers(row.Value, markers);
                    break;
            }
        }

        Period ??= wave.Shape.RateInName is { } named ? WaveReader.PeriodOf(named) : null;
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
