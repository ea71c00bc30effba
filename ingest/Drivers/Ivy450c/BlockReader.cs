using Bedside.Model;

namespace Bedside.Ingest.Drivers.Ivy450c;

/// <summary>What the blocks of one conversation say: signals, values, waves and alarms.</summary>
internal sealed class BlockReader
{
    private const string System = "ivy-450c";

    /// <summary>Throughout a wave: the channel is off.</summary>
    private const byte Off = 251;

    private const long Second = 1_000_000_000;
    private const string PulsePrefix = "PR=";

    private static readonly TimeSpan EverySecond = TimeSpan.FromSeconds(1);
    private static readonly Scale WholeMillimetres = new(1, 0);

    private readonly Readout _readout = new(System);
    private readonly StandingAlerts _alerts = new();
    private readonly Dictionary<string, string> _cuffs = new(StringComparer.Ordinal);
    private HashSet<string> _strangers = new(StringComparer.Ordinal);
    private bool _introduced;

    /// <summary>Takes a block; <paramref name="start"/> is its first instant in ns of the counted seconds, <paramref name="offset"/> where it stands among the bytes.</summary>
    public void Take(ReadOnlySpan<byte> waves, BlockText text, long start, long offset, IDriverOutput output)
    {
        Introduce(output);
        string lead = text.Lines.FirstOrDefault(line => line.Name == IvyNomenclature.HeartRate)?.Field(2) ?? string.Empty;
        foreach (WaveRow row in IvyNomenclature.Waves)
        {
            TakeWave(row, lead, waves.Slice(row.At, row.Count), start, output);
        }

        var end = new DeviceTicks((ulong)(start + Second));
        var alerts = new List<Alert>();
        var strangers = new HashSet<string>(StringComparer.Ordinal);
        foreach (TextLine line in text.Lines)
        {
            if (IvyNomenclature.Of(line.Name) is { } row)
            {
                TakeLine(line, row, end, offset, alerts, output);
            }
            else if (strangers.Add(line.Name) && _strangers.Contains(line.Name))
            {
                // A flipped bit makes a new name; what comes twice is the device's.
                Say(line.Name, "line", string.Join(';', line.Fields), end, output);
            }
        }

        _strangers = strangers;
        if (text.Broken == 0)
        {
            _alerts.Take(alerts, end, output);
        }
    }

    private void Introduce(IDriverOutput output)
    {
        if (!_introduced)
        {
            _introduced = true;
            output.Report(new DeviceEvent.Identity(new DeviceIdentity { Manufacturer = "Ivy Biomedical", Model = "450C", Protocol = "Ansar-B" }));
        }
    }

    private void TakeWave(WaveRow row, string lead, ReadOnlySpan<byte> samples, long start, IDriverOutput output)
    {
        string id = row.Name == IvyNomenclature.EcgName ? IvyNomenclature.EcgId(lead) : row.Id;
        Metric metric = _readout.Metric(id, SignalKind.Waveform, $"wave:{row.Name}", row.Unit, row.Name) with { Channel = row.Channel };
        var period = SamplePeriod.FromHertz(row.Count);
        var at = new DeviceTicks((ulong)start);
        if (samples.ContainsAnyExcept(Off))
        {
            int[] raw = new int[samples.Length];
            for (int i = 0; i < raw.Length; i++)
            {
                raw[i] = samples[i];
            }

            _readout.Samples(new DeviceEvent.Samples(metric, period, raw) { Scale = row.IsPressure ? WholeMillimetres : null, At = at }, output);
        }
        else if (_readout.HadValue(metric))
        {
            output.Report(new DeviceEvent.Missing(metric, GapCause.SignalOff, samples.Length) { At = at });
        }
    }

    private void TakeLine(TextLine line, LineRow row, DeviceTicks at, long offset, List<Alert> alerts, IDriverOutput output)
    {
        Say(line.Name, "status", line.Field(0), at, output);
        int labelAt = row.Values.Count + 1;
        if (!row.IsAperiodic || IsNew(line, labelAt))
        {
            for (int i = 0; i < row.Values.Count; i++)
            {
                Metric metric = _readout.Metric(row.Values[i].Id, SignalKind.Numeric, $"{line.Name}:{i + 1}", row.Values[i].Unit, line.Name);
                TakeValue(metric with { Channel = row.Channel, ExpectedEvery = row.IsAperiodic ? null : EverySecond }, line.Field(i + 1), at, offset, output);
            }
        }

        string label = line.Field(labelAt);
        if (line.Name == IvyNomenclature.Saturation && label.StartsWith(PulsePrefix, StringComparison.Ordinal))
        {
            Metric pulse = _readout.Metric("pr-spo2", SignalKind.Numeric, $"{line.Name}:PR", "/min", "PR") with { ExpectedEvery = EverySecond };
            TakeValue(pulse, label[PulsePrefix.Length..], at, offset, output);
            label = string.Empty;
        }

        Say(line.Name, "label", label, at, output);
        Say(line.Name, "more", string.Join(';', line.Fields.Skip(labelAt + 2).Where(field => field.Length > 0)), at, output);
        if (line.Field(labelAt + 1) is { Length: > 0 } alarm)
        {
            alerts.Add(new Alert
            {
                Key = $"{System}:{line.Name}:{alarm}",
                Phase = AlertPhase.Start,
                Priority = AlertPriority.Medium,
                Text = $"{line.Name}: {alarm}",
                CodeName = $"{System}:{line.Name}",
                Source = row.Values[0].Id,
            });
        }
    }

    /// <summary>The cuff's last result stands in every block, without a time: it is told when it differs.</summary>
    private bool IsNew(TextLine line, int labelAt)
    {
        string result = string.Join(';', line.Fields.Take(labelAt).Skip(1));
        bool isNew = !_cuffs.TryGetValue(line.Name, out string? before) || before != result;
        _cuffs[line.Name] = result;
        return isNew;
    }

    private void TakeValue(Metric metric, string field, DeviceTicks at, long offset, IDriverOutput output)
    {
        bool blank = !field.AsSpan().ContainsAnyExcept(' ', '-');
        if (blank)
        {
            _readout.Number(metric, value: null, at, output);
        }
        else if (Fixed.TryParse(field, out Fixed value))
        {
            _readout.Number(metric, value, at, output);
        }
        else
        {
            output.Report(new DeviceEvent.Fault($"a value of {metric.DeviceCode} is no number: '{field}'", offset));
        }
    }

    private void Say(string name, string field, string text, DeviceTicks at, IDriverOutput output)
    {
        Metric metric = _readout.Metric(_readout.RawId(name, field), SignalKind.Text, $"{name}:{field}", string.Empty, $"{name} {field}");
        _readout.Text(metric, text, at, output, uint.TryParse(text, out uint code) ? code : 0);
    }
}
