using Bedside.Model;

namespace Bedside.Ingest.Drivers;

/// <summary>
/// What a session tells of its signals: each is described before its first value and again when what is known of it changes. A number
/// that a device lists without a value is told once; only after it had a value is each further blank told, for then it is a loss.
/// </summary>
internal sealed class Readout(string system)
{
    /// <summary>No device of these has as many; a line full of noise must not make signals for ever.</summary>
    private const int MostSignals = 512;

    private readonly Dictionary<(string Id, string Channel), Known> _signals = [];

    private sealed class Known
    {
        public DeviceEvent.Descriptor? Told { get; set; }

        public bool HadValue { get; set; }

        public bool WasBlank { get; set; }

        public string? Text { get; set; }
    }

    /// <summary>A metric with what the nomenclature knows of <paramref name="id"/>.</summary>
    /// <param name="id">Of the nomenclature, or made by <see cref="RawId"/>.</param>
    /// <param name="kind">What it is made of.</param>
    /// <param name="code">The code on the wire, without the system.</param>
    /// <param name="unit">UCUM of the values; empty where the device does not say.</param>
    /// <param name="label">As the device calls it.</param>
    public Metric Metric(string id, SignalKind kind, string code, string unit, string label)
    {
        NomenclatureEntry? entry = Nomenclature.Shipped.ById(id);
        return new Metric
        {
            SignalId = id,
            Kind = kind,
            Code = entry?.Code ?? 0,
            CodeName = string.IsNullOrEmpty(entry?.CodeName) ? label : entry.CodeName,
            Unit = unit,
            Label = label,
            DeviceCode = $"{system}:{code}",
        };
    }

    /// <summary><c>raw/SYSTEM/CODE/NAME</c>: letters, digits and dots of the name stay; runs of anything else become one hyphen.</summary>
    public string RawId(string code, string name)
    {
        IEnumerable<char> kept = name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '+' ? letter : '-');
        return $"raw/{system}/{code}/{string.Join('-', string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries))}";
    }

    /// <summary>Tells of a signal if it is new or changed; false when there are too many.</summary>
    public bool Describe(Metric metric, IDriverOutput output, SamplePeriod? period = null, Scale? scale = null) =>
        Find(new DeviceEvent.Descriptor(metric) { Period = period, Scale = scale }, output) is not null;

    /// <summary>Tells a number, null = the device shows none.</summary>
    public void Number(Metric metric, Fixed? value, DeviceTicks? at, IDriverOutput output, Validity validity = Validity.Valid, TimeSpan within = default)
    {
        if (Find(new DeviceEvent.Descriptor(metric), output) is not { } known || (value is null && known is { WasBlank: true, HadValue: false }))
        {
            return;
        }

        known.HadValue |= value is not null;
        known.WasBlank |= value is null;
        output.Report(new DeviceEvent.Numeric(metric, value) { At = at, Within = within, Validity = validity | (value is null ? Validity.NotAvailable : Validity.Valid) });
    }

    /// <summary>Tells a text when it is not what it was; one that was always empty is not told.</summary>
    public void Text(Metric metric, string value, DeviceTicks? at, IDriverOutput output, uint code = 0, Validity validity = Validity.Valid, TimeSpan within = default)
    {
        bool isNew = !_signals.ContainsKey((metric.SignalId, metric.Channel));
        if (isNew && value.Length == 0)
        {
            return;
        }

        if (Find(new DeviceEvent.Descriptor(metric), output) is { } known && known.Text != value)
        {
            known.Text = value;
            output.Report(new DeviceEvent.Text(metric, value) { At = at, Code = code, Validity = validity, Within = within });
        }
    }

    /// <summary>Tells samples at once with their descriptor.</summary>
    public void Samples(DeviceEvent.Samples samples, IDriverOutput output)
    {
        if (Find(new DeviceEvent.Descriptor(samples.Metric) { Period = samples.Period, Scale = samples.Scale }, output) is { } known)
        {
            known.HadValue = true;
            output.Report(samples);
        }
    }

    /// <summary>True once the signal had a value.</summary>
    public bool HadValue(Metric metric) => _signals.TryGetValue((metric.SignalId, metric.Channel), out Known? known) && known.HadValue;

    /// <summary>True once the signal was told of at all.</summary>
    public bool HasTold(Metric metric) => _signals.ContainsKey((metric.SignalId, metric.Channel));

    private Known? Find(DeviceEvent.Descriptor told, IDriverOutput output)
    {
        (string, string) key = (told.Metric.SignalId, told.Metric.Channel);
        if (!_signals.TryGetValue(key, out Known? known))
        {
            if (_signals.Count >= MostSignals)
            {
                return null;
            }

            known = _signals[key] = new Known();
        }

        if (known.Told != told)
        {
            known.Told = told;
            output.Report(told);
        }

        return known;
    }
}
