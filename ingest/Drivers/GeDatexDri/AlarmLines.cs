using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// Makes alerts that begin, change and end out of the monitor's alarm area, which only shows what is active now. Its lines have no
/// code: the text itself, in the monitor's language, is all that tells one alarm from another, so it is the key and is never
/// interpreted. What lines cannot tell (whether an alarm is about the patient, which measurement it is of) is not claimed.
/// </summary>
internal sealed class AlarmLines
{
    private static readonly string[] Silences =
        ["none", "apnoea", "asystole", "apnoea and asystole", "all", "all for 2 min", "all for 5 min", "all for 20 s"];

    private readonly Dictionary<string, Alert> _active = [];
    private string _sound = string.Empty;

    public void Take(AlarmStatus status, IDriverOutput output)
    {
        TellSound(status, output);
        bool silenced = status.Silence >= 4;
        var now = new Dictionary<string, Alert>();
        foreach (AlarmLine line in status.Lines)
        {
            var alert = new Alert
            {
                Key = $"datex:{line.Text}",
                Phase = AlertPhase.Start,
                Priority = PriorityOf(line.Colour),
                Text = line.Text,
                CodeName = $"datex:{ColourOf(line.Colour)}",
                Silenced = silenced,
            };
            if (!now.TryGetValue(alert.Key, out Alert? other) || other.Priority < alert.Priority)
            {
                now[alert.Key] = alert;
            }
        }

        foreach (Alert gone in _active.Values.Where(alert => !now.ContainsKey(alert.Key)).ToArray())
        {
            _active.Remove(gone.Key);
            output.Report(new DeviceEvent.AlertSaid(gone with { Phase = AlertPhase.End }));
        }

        foreach (Alert alert in now.Values)
        {
            if (!_active.TryGetValue(alert.Key, out Alert? before))
            {
                output.Report(new DeviceEvent.AlertSaid(alert));
            }
            else if (before != alert)
            {
                output.Report(new DeviceEvent.AlertSaid(alert with { Phase = AlertPhase.Update }));
            }

            _active[alert.Key] = alert;
        }
    }

    /// <summary>Another monitor is on the line: the alarms of the one before are not its own.</summary>
    public void EndAll(IDriverOutput output)
    {
        foreach (Alert alert in _active.Values)
        {
            output.Report(new DeviceEvent.AlertSaid(alert with { Phase = AlertPhase.End }));
        }

        _active.Clear();
        _sound = string.Empty;
    }

    private void TellSound(AlarmStatus status, IDriverOutput output)
    {
        string silence = status.Silence >= 0 && status.Silence < Silences.Length ? Silences[status.Silence] : $"state {status.Silence}";
        string words = $"sound {(status.SoundOn ? "on" : "off")}, silenced: {silence}";
        if (words == _sound)
        {
            return;
        }

        Metric metric = DatexNomenclature.Metric(string.Empty, SignalKind.Text, "alarm.state", "state") with { Label = "alarm sound" };
        if (_sound.Length == 0)
        {
            output.Report(new DeviceEvent.Descriptor(metric));
        }

        _sound = words;
        output.Report(new DeviceEvent.Text(metric, words) { Code = (uint)(status.SoundOn ? 1 : 0) | ((uint)(ushort)status.Silence << 16) });
    }

    private static AlertPriority PriorityOf(short colour) => colour switch
    {
        1 => AlertPriority.Low,
        2 => AlertPriority.Medium,
        3 => AlertPriority.High,
        _ => AlertPriority.None,
    };

    private static string ColourOf(short colour) => colour switch
    {
        1 => "white",
        2 => "yellow",
        3 => "red",
        _ => $"colour-{colour}",
    };
}
