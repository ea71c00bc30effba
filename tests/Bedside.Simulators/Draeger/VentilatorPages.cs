using System.Text;

namespace Bedside.Simulators.Draeger;

/// <summary>
/// The payloads of the data requests, and the host's choice of codes (4AH) that thins them. A value that is not valid now
/// is left out, never padded.
/// </summary>
/// <param name="omitted">Codes that this specimen never sends.</param>
public sealed class VentilatorPages(VentilatorModel model, IReadOnlySet<string> omitted)
{
    private readonly Dictionary<byte, HashSet<string>> _chosen = [];

    /// <summary>How long an alarm stands before its priority rises, ns.</summary>
    private const long EscalatesAfter = 30_000_000_000;

    private readonly Dictionary<string, long> _alarmSince = [];

    /// <summary>Takes the argument of 4AH: a type byte, then codes; none = send everything again.</summary>
    public void Choose(ReadOnlySpan<byte> argument)
    {
        if (argument.Length == 0)
        {
            return;
        }

        var codes = new HashSet<string>();
        for (int at = 1; at + 2 <= argument.Length; at += 2)
        {
            codes.Add(Encoding.ASCII.GetString(argument.Slice(at, 2)));
        }

        if (codes.Count == 0)
        {
            _ = _chosen.Remove(argument[0]);
        }
        else
        {
            _chosen[argument[0]] = codes;
        }
    }

    /// <summary>A new session sends everything.</summary>
    public void Restart() => _chosen.Clear();

    /// <summary>The payload for a request; null where the code has no page.</summary>
    public string? Payload(byte code, VentilatorReadings readings, AlarmLimits limits, long now) => code switch
    {
        0x24 => Values(0x24, model.Data1, readings),
        0x2B => Values(0x2B, model.Data2, readings),
        0x29 => Values(0x29, model.Settings, readings),
        0x25 => Limits(0x24, model.Limits1, limit => limit.Low(limits)),
        0x26 => Limits(0x24, model.Limits1, limit => limit.High(limits)),
        0x2C => Limits(0x2B, model.Limits2, limit => limit.Low(limits)),
        0x2D => Limits(0x2B, model.Limits2, limit => limit.High(limits)),
        0x27 => Alarms(0x27, page: 1, readings, (limits, now)),
        0x2E => Alarms(0x2E, page: 2, readings, (limits, now)),
        0x2A => string.Concat(model.Texts.Where(text => IsSent(0x2A, text.Code) && text.Holds(readings)).Select(text => MedibusText.Message(text.Code, text.Text))),
        _ => null,
    };

    private string Values(byte type, IReadOnlyList<PageCode> codes, VentilatorReadings readings)
    {
        var payload = new StringBuilder();
        foreach (PageCode code in codes)
        {
            if (IsSent(type, code.Code) && code.Value(readings) is double value && MedibusText.Field(code.Pattern, value) is string field)
            {
                payload.Append(code.Code).Append(field);
            }
        }

        return payload.ToString();
    }

    private string Limits(byte type, IReadOnlyList<LimitCode> codes, Func<LimitCode, double?> side)
    {
        var payload = new StringBuilder();
        foreach (LimitCode code in codes)
        {
            if (IsSent(type, code.Code) && side(code) is double value && MedibusText.Field(code.Pattern, value) is string field)
            {
                payload.Append(code.Code).Append(field);
            }
        }

        return payload.ToString();
    }

    private string Alarms(byte type, int page, VentilatorReadings readings, (AlarmLimits Limits, long Now) at)
    {
        var payload = new StringBuilder();
        foreach (AlarmRule rule in model.Alarms.Where(rule => rule.Page == page))
        {
            string key = $"{rule.Page}:{rule.Code}";
            if (!rule.Holds(readings, at.Limits))
            {
                _ = _alarmSince.Remove(key);
                continue;
            }

            _ = _alarmSince.TryAdd(key, at.Now);
            int priority = at.Now - _alarmSince[key] >= EscalatesAfter ? rule.EscalatedPriority : rule.Priority;
            if (IsSent(type, rule.Code))
            {
                payload.Append(MedibusText.Priority(priority)).Append(rule.Code).Append(MedibusText.Phrase(rule.Phrase));
            }
        }

        return payload.ToString();
    }

    private bool IsSent(byte type, string code) =>
        !omitted.Contains(code) && (!_chosen.TryGetValue(type, out HashSet<string>? codes) || codes.Contains(code));
}
