using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Extract.Hl7;

/// <summary>
/// Samples of one wave that follow each other without a hole, share a scale and the marks that HL7 can tell of a row. Where a sample is missing or unusable inside of it, its place is empty; at its ends it is cut.
/// </summary>
internal sealed class WaveRun
{
    /// <summary>Marks that are told for a row; those of single samples (saturated, pacer, defibrillator) HL7 has no place for.</summary>
    private const Validity Told = Validity.Questionable | Validity.CalibrationOngoing | Validity.TestData | Validity.DemoData | Validity.ValidatedData
        | Validity.EarlyIndication | Validity.MeasurementOngoing | Validity.InAlarm | Validity.AlarmInhibited;

    private const int MostDecimals = 6;

    private readonly SamplePeriod _period;
    private readonly Scale? _scale;
    private readonly int?[] _samples;

    private WaveRun(SampleBlock first, UtcInstant start, Validity validity, int?[] samples) =>
        (Signal, _period, _scale, Start, Validity, _samples) = (first.Signal, first.Period, first.Scale, start, validity, samples);

    public SignalNumber Signal { get; }

    public UtcInstant Start { get; }

    public UtcInstant End => Start.Add(_period.NanosecondsOf(_samples.Length));

    public Validity Validity { get; }

    /// <summary>The runs of these blocks, which stand by signal and in the order of appending.</summary>
    public static IEnumerable<WaveRun> Of(IEnumerable<SampleBlock> blocks)
    {
        var together = new List<SampleBlock>();
        long next = 0;
        foreach (SampleBlock block in blocks)
        {
            if (together.Count > 0 && !(together[0] is var first && first.Signal == block.Signal && first.ClockEpoch == block.ClockEpoch && first.Period == block.Period && Nullable.Equals(first.Scale, block.Scale) && next == block.FirstIndex))
            {
                foreach (WaveRun run in Split(together))
                {
                    yield return run;
                }

                together.Clear();
            }

            together.Add(block);
            next = block.FirstIndex + block.Samples.Length;
        }

        foreach (WaveRun run in together.Count > 0 ? Split(together) : [])
        {
            yield return run;
        }
    }

    /// <summary>The array and what explains it. The last set id.</summary>
    public int Append(StringBuilder message, Signal signal, (string Code, string Place, string Equipment, string Flags) of, int row)
    {
        (decimal gain, decimal offset, int decimals) = Exact();
        string unit = _scale is null ? string.Empty : MdcUnits.Of(signal.Metric);
        var array = new StringBuilder(_samples.Length * 5);
        (decimal low, decimal high) = (decimal.MaxValue, decimal.MinValue);
        for (int i = 0; i < _samples.Length; i++)
        {
            _ = i > 0 ? array.Append('^') : array;
            if (_samples[i] is { } raw)
            {
                decimal value = decimal.Round((raw * gain) + offset, decimals);
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
                _ = array.Append(CultureInfo.InvariantCulture, $"{value}");
            }
        }

        AppendRow(message, ++row, ("NA", of.Code, of.Place, array.ToString(), unit), of.Flags, of.Equipment);
        AppendRow(message, ++row, ("NM", "68320^MDC_ATTR_SAMP_RATE^MDC", $"{of.Place}.1", Rate(), "264640^MDC_DIM_HZ^MDC^Hz^Hz^UCUM"), "", "");
        if (unit.Length > 0 && signal.Metric.Unit != "1")
        {
            AppendRow(message, ++row, ("NM", "67863^MDC_ATTR_NU_MSMT_RES^MDC", $"{of.Place}.2", Plain(gain), unit), "", "");
            AppendRow(message, ++row, ("NR", "68323^MDC_ATTR_DATA_RANGE^MDC", $"{of.Place}.3", string.Create(CultureInfo.InvariantCulture, $"{low}^{high}"), unit), "", "");
        }

        return row;
    }

    private void AppendRow(StringBuilder message, int row, (string Type, string Code, string Place, string Value, string Unit) what, string flags, string equipment) =>
        Hl7Words.Append(message, "OBX", row.ToString(CultureInfo.InvariantCulture), what.Type, what.Code, what.Place, what.Value, what.Unit, "", flags, "", "", "R", "", "", Hl7Words.Time(Start), "", "", "", equipment);

    /// <summary>Samples a second, with as many decimals as it takes, at most 6.</summary>
    private string Rate() => Plain(decimal.Round((decimal)_period.Denominator / _period.Numerator, MostDecimals));

    /// <summary>
    /// Gain and offset as decimals, and how many decimals a value gets: all that it has where that is no more than 6, else as many as tell two counts apart ten times over.
    /// </summary>
    private (decimal Gain, decimal Offset, int Decimals) Exact()
    {
        if (_scale is not { } scale || !double.IsFinite(scale.Gain) || !double.IsFinite(scale.Offset) || Math.Abs(scale.Gain) is > 1e9 or < 1e-12 || Math.Abs(scale.Offset) > 1e15)
        {
            return (1, 0, 0);
        }

        decimal gain = decimal.Parse(scale.Gain.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        decimal offset = decimal.Parse(scale.Offset.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        int exact = Math.Max((gain / 1.0000000000000000000000000000m).Scale, (offset / 1.0000000000000000000000000000m).Scale);
        if (exact <= MostDecimals)
        {
            return (gain, offset, exact);
        }

        int enough = (int)Math.Ceiling(1 - Math.Log10(Math.Abs(scale.Gain)));
        return (gain, offset, Math.Clamp(enough, 0, MostDecimals));
    }

    private static string Plain(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<WaveRun> Split(List<SampleBlock> together)
    {
        SampleBlock first = together[0];
        int?[] samples = new int?[together.Sum(block => block.Samples.Length)];
        var marks = new Validity[samples.Length];
        int at = 0;
        foreach (SampleBlock block in together)
        {
            Spread(block, samples.AsSpan(at), marks.AsSpan(at));
            at += block.Samples.Length;
        }

        for (int from = 0; from < samples.Length;)
        {
            if (samples[from] is null)
            {
                from++;
                continue;
            }

            int to = from + 1;
            int end = to;
            while (to < samples.Length && (samples[to] is null || marks[to] == marks[from]))
            {
                end = samples[to++] is null ? end : to;
            }

            yield return new WaveRun(first, first.Start.Add(first.Period.NanosecondsOf(from)), marks[from], samples[from..end]);
            from = to;
        }
    }

    private static void Spread(SampleBlock block, Span<int?> samples, Span<Validity> marks)
    {
        for (int i = 0; i < block.Samples.Length; i++)
        {
            samples[i] = block.Samples.Span[i];
        }

        foreach (ValidityRun run in block.Validity)
        {
            for (int i = run.Start; i < run.Start + run.Length; i++)
            {
                marks[i] = run.Validity & Told;
                samples[i] = run.Validity.IsUsable() ? samples[i] : null;
            }
        }
    }
}
