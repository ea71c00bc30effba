using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>What a signal is called and how it is drawn: the device's own words win over the nomenclature's.</summary>
internal static class SignalText
{
    private const int LongestShort = 8;
    private const string NoGroup = "other";

    /// <summary>Names, unit, range and colour of a signal for a screen, with its newest value.</summary>
    /// <param name="colours">What the ward chose by convention group, over the defaults.</param>
    public static SignalAnswer Describe(Signal signal, Nomenclature nomenclature, Block? last, Freshness state, IReadOnlyDictionary<string, string> colours)
    {
        Metric metric = signal.Metric;
        NomenclatureEntry? entry = nomenclature.Of(signal);
        SamplePeriod? period = (last as SampleBlock)?.Period;
        string fallback = metric.Label.Length > 0 ? metric.Label : metric.SignalId;
        (double? min, double? max) = RangeOf(metric, entry);
        string group = entry?.ColourGroup ?? NoGroup;
        return new SignalAnswer
        {
            Number = signal.Number.Value,
            Id = signal.Id,
            Kind = metric.Kind,
            Name = new NameAnswer(entry?.French ?? fallback, entry?.English ?? fallback),
            Short = ShortOf(entry, fallback),
            Unit = metric.Unit,
            Code = metric.Code,
            CodeName = metric.CodeName,
            Device = signal.Device,
            Channel = metric.Channel,
            Label = metric.Label,
            PeriodUs = period is SamplePeriod known ? 1e6 * known.Numerator / known.Denominator : null,
            Period = period is SamplePeriod exact ? new PeriodAnswer(exact.Numerator, exact.Denominator) : null,
            Colour = colours.GetValueOrDefault(group) ?? ColourMap.Of(group),
            Group = group,
            DisplayMin = min,
            DisplayMax = max,
            ExpectedS = ExpectedOf(signal, last)?.TotalSeconds,
            Last = last is null ? null : LastOf(last),
            State = state,
        };
    }

    /// <summary>How often a value is due: as told; for a wave at least every sample; null = it comes when it comes.</summary>
    public static TimeSpan? ExpectedOf(Signal signal, Block? last) => signal.Metric switch
    {
        { ExpectedEvery: TimeSpan told } => told,
        { Kind: SignalKind.Waveform } => last is SampleBlock block ? TimeSpan.FromSeconds(1 / block.Period.Hertz) : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>When the newest value was taken: for a wave, when its newest sample was over.</summary>
    public static UtcInstant TimeOf(Block last) => last.End;

    public static LastAnswer LastOf(Block last) => last switch
    {
        SampleBlock samples => LastSample(samples),
        NumericBlock { Readings: [.., NumericReading newest] } => new LastAnswer(newest.Time, newest.Value?.ToDouble(), Text: null, newest.Validity.Names()),
        TextBlock text => new LastAnswer(text.Start, Value: null, text.Text, text.Validity.Names()),
        _ => new LastAnswer(last.End, Value: null, Text: null, []),
    };

    private static LastAnswer LastSample(SampleBlock block)
    {
        int index = block.Samples.Length - 1;
        Validity validity = Validity.Valid;
        foreach (ValidityRun run in block.Validity)
        {
            validity |= index >= run.Start && index < run.Start + run.Length ? run.Validity : Validity.Valid;
        }

        double? value = validity.IsUsable() ? block.Scale?.Physical(block.Samples.Span[index]) : null;
        return new LastAnswer(block.TimeOf(index), value, Text: null, validity.Names());
    }

    /// <summary>The device's range only where it gave both ends and they make an axis; else the nomenclature's, in the signal's own unit.</summary>
    private static (double? Min, double? Max) RangeOf(Metric metric, NomenclatureEntry? entry)
    {
        if (metric.DisplayMin < metric.DisplayMax)
        {
            return (metric.DisplayMin, metric.DisplayMax);
        }

        return entry is not null && Factor(entry.Unit, metric.Unit) is { } factor
            ? (entry.TypicalMin * factor, entry.TypicalMax * factor)
            : (null, null);
    }

    /// <summary>How many of <paramref name="to"/> make one of <paramref name="from"/> (nomenclature sheet, section 7); null = not to be told without more.</summary>
    private static double? Factor(string from, string to) => (from, to) switch
    {
        _ when from == to => 1,
        ("mm[Hg]", "kPa") => 1 / 7.50062,
        ("kPa", "mm[Hg]") => 7.50062,
        ("cm[H2O]", "mbar") => 1 / 1.01972,
        ("mbar", "cm[H2O]") => 1.01972,
        ("mL", "L") or ("mL/min", "L/min") => 0.001,
        ("L", "mL") or ("L/min", "mL/min") => 1000,
        _ => null,
    };

    private static string ShortOf(NomenclatureEntry? entry, string fallback)
    {
        if (entry is { ShortLabel.Length: > 0 })
        {
            return entry.ShortLabel;
        }

        string last = fallback[(fallback.LastIndexOf('/') + 1)..];
        return last.Length <= LongestShort ? last : last[..LongestShort];
    }
}
