using Bedside.Model;

namespace Bedside.Ingest.Drivers;

/// <summary>Makes alerts that begin, change and end out of what a device says stands now.</summary>
internal sealed class StandingAlerts
{
    private readonly Dictionary<string, Alert> _standing = new(StringComparer.Ordinal);

    /// <summary>Takes all alerts that stand now, whatever their phase says; of two with one key the last counts.</summary>
    public void Take(IEnumerable<Alert> now, DeviceTicks? at, IDriverOutput output)
    {
        var current = new Dictionary<string, Alert>(StringComparer.Ordinal);
        foreach (Alert alert in now)
        {
            current[alert.Key] = alert with { Phase = AlertPhase.Start };
        }

        foreach (Alert ended in _standing.Values.Where(alert => !current.ContainsKey(alert.Key)).ToArray())
        {
            _ = _standing.Remove(ended.Key);
            Tell(ended with { Phase = AlertPhase.End }, at, output);
        }

        foreach (Alert alert in current.Values)
        {
            bool stood = _standing.TryGetValue(alert.Key, out Alert? before);
            if (!stood || before != alert)
            {
                _standing[alert.Key] = alert;
                Tell(stood ? alert with { Phase = AlertPhase.Update } : alert, at, output);
            }
        }
    }

    private static void Tell(Alert alert, DeviceTicks? at, IDriverOutput output) => output.Report(new DeviceEvent.AlertSaid(alert) { At = at });
}
