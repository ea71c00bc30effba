using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>
/// Makes alerts that begin, change and end out of fields that only say how it is now. NORMAL, RESET and a blank are no
/// alarm; RESET means that the alarm is over and no longer announced (its exact life is not documented).
/// MISCF tells the urgency. MISCA says ALARM and no more: that is shown as high, for an urgency that is not known
/// must not be shown too low. The field's word stands in the code name.
/// </summary>
internal sealed class AlarmStates
{
    private readonly SortedDictionary<(ReplyKind Kind, int Number), Alert> _active = [];
    private bool _silenced;

    /// <summary>Takes the word of an alarm's field; false when it is none that the sheet knows, and nothing is told.</summary>
    public bool Take(ReplyKind kind, FieldRow row, string word, IDriverOutput output)
    {
        if (PriorityOf(word) is { } priority)
        {
            Tell(kind, row, word, priority, output);
            return true;
        }

        bool over = word switch { "" or "NORMAL" or "RESET" => true, _ => false };
        if (over)
        {
            End((kind, row.Number), word, output);
        }

        return over;
    }

    /// <summary>The alarms' sound is silenced, or no longer.</summary>
    public void Silence(bool silenced, IDriverOutput output)
    {
        if (_silenced == silenced)
        {
            return;
        }

        _silenced = silenced;
        foreach ((ReplyKind, int) key in _active.Keys.ToArray())
        {
            _active[key] = _active[key] with { Phase = AlertPhase.Update, Silenced = silenced };
            output.Report(new DeviceEvent.AlertSaid(_active[key]));
        }
    }

    /// <summary>The alarms of one kind of reply are told by another now, or the ventilator is another.</summary>
    public void EndAll(ReplyKind kind, IDriverOutput output)
    {
        foreach ((ReplyKind Kind, int Number) key in _active.Keys.Where(key => key.Kind == kind).ToArray())
        {
            End(key, string.Empty, output);
        }
    }

    private static AlertPriority? PriorityOf(string word) => word switch
    {
        "LOW" => AlertPriority.Low,
        "MEDIUM" => AlertPriority.Medium,
        "HIGH" or "ALARM" => AlertPriority.High,
        "ALERT" => AlertPriority.None,
        _ => null,
    };

    private static string NameOf(string code, string word) => word.Length == 0 ? code : $"{code}:{word}";

    private void Tell(ReplyKind kind, FieldRow row, string word, AlertPriority priority, IDriverOutput output)
    {
        string code = $"puritan-bennett:{FieldTable.Of(kind).CodeOf(row)}";
        bool known = _active.TryGetValue((kind, row.Number), out Alert? before);
        var alert = new Alert
        {
            Key = code,
            Phase = known ? AlertPhase.Update : AlertPhase.Start,
            Priority = priority,
            Technical = row.Role == FieldRole.Fault,
            Text = row.Name,
            CodeName = NameOf(code, word),
            Source = row.Id,
            Silenced = _silenced,
        };
        _active[(kind, row.Number)] = alert;
        if (before is null || before.CodeName != alert.CodeName)
        {
            output.Report(new DeviceEvent.AlertSaid(alert));
        }
    }

    private void End((ReplyKind Kind, int Number) key, string word, IDriverOutput output)
    {
        if (_active.Remove(key, out Alert? alert))
        {
            output.Report(new DeviceEvent.AlertSaid(alert with { Phase = AlertPhase.End, CodeName = NameOf(alert.Key, word), Silenced = false }));
        }
    }
}
