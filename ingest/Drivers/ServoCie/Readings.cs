using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// What the values of breaths, settings, trends and alarms say. A channel without a value (9999, 7EFF) is told to be not available, once. Settings
/// are told when they change, for the ventilator sends all of them when one does.
/// </summary>
internal sealed class Readings(Configuration configuration)
{
    /// <summary>In ASCII; in binary it is <see cref="BlockReader.Missing"/>.</summary>
    public const int MissingDigits = 9999;

    private const int HighPriority = 498;

    private readonly HashSet<Metric> _described = [];
    private readonly HashSet<Metric> _shown = [];
    private readonly Dictionary<int, int> _settings = [];
    private readonly Dictionary<int, int> _states = [];
    private readonly SortedDictionary<int, Alert> _active = [];

    /// <summary>A new conversation: everything is told anew. Alarms go on, for their list will say how they changed.</summary>
    public void Forget()
    {
        _settings.Clear();
        _states.Clear();
    }

    /// <summary>Values of the last breath, or of a minute (<paramref name="trend"/>), in the order of their channels; null = no value.</summary>
    public void TakeBreath(IReadOnlyList<int> channels, IReadOnlyList<int?> values, bool trend, DeviceTicks? at, IDriverOutput output)
    {
        for (int i = 0; i < channels.Count; i++)
        {
            TellNumber(channels[i], values[i], SignalKind.Numeric, trend, at, output);
        }
    }

    public void TakeSettings(IReadOnlyList<int> channels, IReadOnlyList<int?> values, DeviceTicks? at, IDriverOutput output)
    {
        for (int i = 0; i < channels.Count; i++)
        {
            int channel = channels[i];
            int raw = values[i] ?? -1;
            if (_settings.TryGetValue(channel, out int before) && before == raw)
            {
                continue;
            }

            _settings[channel] = raw;
            if (ServoNomenclature.Switch(channel) is { } row)
            {
                Metric metric = ServoNomenclature.MetricOf(channel, SignalKind.Text, string.Empty);
                TellText(metric, raw < 0 ? string.Empty : ServoNomenclature.WordOf(row, raw), Math.Max(0, raw), at, output);
            }
            else
            {
                TellNumber(channel, values[i], SignalKind.Setting, trend: false, at, output);
            }
        }
    }

    /// <summary>
    /// Alarms: 0 none, 1 (or FF) active, 2 active and silenced. The ventilator tells no urgency of single alarms, but whether any is of high priority (498):
    /// then all are shown as high, otherwise as medium; where 498 is not told, as high, for the unknown must not be shown too low.
    /// </summary>
    public void TakeAlarms(IReadOnlyList<int> channels, IReadOnlyList<int> states, DeviceTicks? at, IDriverOutput output)
    {
        int summary = channels.ToList().IndexOf(HighPriority);
        AlertPriority priority = summary < 0 || states[summary] != 0 ? AlertPriority.High : AlertPriority.Medium;
        for (int i = 0; i < channels.Count; i++)
        {
            AlarmRow row = ServoNomenclature.Alarm(channels[i]);
            if (row.About != AlarmAbout.Summary)
            {
                TakeAlarm(row, states[i], priority, at, output);
            }

            if (!_states.TryGetValue(channels[i], out int before) || before != states[i])
            {
                _states[channels[i]] = states[i];
                string word = states[i] switch { 0 => "none", 2 => "silenced", _ => "active" };
                TellText(ServoNomenclature.AlarmMetric(channels[i]), word, states[i], at, output);
            }
        }
    }

    /// <summary>Another ventilator is on the line.</summary>
    public void EndAll(IDriverOutput output)
    {
        foreach (Alert alert in _active.Values)
        {
            output.Report(new DeviceEvent.AlertSaid(alert with { Phase = AlertPhase.End }));
        }

        _active.Clear();
        Forget();
    }

    private void TakeAlarm(AlarmRow row, int state, AlertPriority priority, DeviceTicks? at, IDriverOutput output)
    {
        bool known = _active.TryGetValue(row.Channel, out Alert? before);
        if (state == 0)
        {
            if (before is not null)
            {
                _active.Remove(row.Channel);
                output.Report(new DeviceEvent.AlertSaid(before with { Phase = AlertPhase.End, Silenced = false }) { At = at });
            }

            return;
        }

        var alert = new Alert
        {
            Key = $"servo:{row.Channel}",
            Phase = known ? AlertPhase.Update : AlertPhase.Start,
            Priority = priority,
            Technical = row.About == AlarmAbout.Device,
            Text = row.Name,
            CodeName = $"servo:{row.Channel}",
            Source = row.Source,
            Silenced = state == 2,
        };
        _active[row.Channel] = alert;
        if (before is null || (before.Priority, before.Silenced) != (alert.Priority, alert.Silenced))
        {
            output.Report(new DeviceEvent.AlertSaid(alert) { At = at });
        }
    }

    private void TellNumber(int channel, int? raw, SignalKind kind, bool trend, DeviceTicks? at, IDriverOutput output)
    {
        ChannelScale? scale = configuration.Scales.GetValueOrDefault(channel);
        Metric metric = ServoNomenclature.MetricOf(channel, kind, scale?.Unit ?? string.Empty);
        metric = trend ? metric with { Channel = metric.Channel.Length > 0 ? $"{metric.Channel}-trend" : "trend" } : metric;
        if (scale?.Gain is null && raw is not null)
        {
            // Without its scale a number means nothing.
            output.Report(new DeviceEvent.Missing(metric, GapCause.Uncalibrated, 1) { At = at });
            return;
        }

        if (raw is { } number && scale is not null)
        {
            Describe(metric, output);
            _shown.Add(metric);
            output.Report(new DeviceEvent.Numeric(metric, scale.ValueOf(number)) { At = at });
        }
        else if (_shown.Remove(metric))
        {
            output.Report(new DeviceEvent.Numeric(metric, Value: null) { At = at, Validity = Validity.NotAvailable });
        }
    }

    private void TellText(Metric metric, string text, int code, DeviceTicks? at, IDriverOutput output)
    {
        Describe(metric, output);
        output.Report(new DeviceEvent.Text(metric, text)
        {
            At = at,
            Code = (uint)code,
            Validity = text.Length == 0 ? Validity.NotAvailable : Validity.Valid,
        });
    }

    private void Describe(Metric metric, IDriverOutput output)
    {
        if (_described.Add(metric))
        {
            output.Report(new DeviceEvent.Descriptor(metric));
        }
    }
}
