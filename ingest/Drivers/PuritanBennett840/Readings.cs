using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>
/// What the fields of a reply say. A blank field is not applicable now: a signal that was there before is then told to be not available,
/// once, and never keeps its old number. Of a MISCA only what MISCF lacks is told as long as both come, for the same quantity has
/// fewer digits there.
/// </summary>
/// <param name="every">How often a number is due; null = another host asks when it likes.</param>
internal sealed class Readings(TimeSpan? every)
{
    private const long ExtendedLasts = 30_000_000_000;

    /// <summary>The breath type whose expiratory sensitivity is a flow.</summary>
    private const string ProportionalAssist = "PA";

    private const int SpontaneousTypePlace = 11 - Reply.FirstNumber;

    private static readonly HashSet<(string, string)> InExtended =
        [.. FieldTable.Extended.Rows.Where(row => row.Id.Length > 0 && !row.IsAlarm).Select(row => (row.Id, row.Channel))];

    private readonly AlarmStates _alarms = new();
    private readonly WallClockWatch _wall = new();
    private readonly HashSet<Metric> _described = [];
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>Numbers that are shown, texts that are shown.</summary>
    private readonly HashSet<Metric> _numbers = [];
    private readonly Dictionary<Metric, string> _texts = [];
    private readonly Dictionary<string, Fixed> _manoeuvres = new(StringComparer.Ordinal);
    private string _identity = string.Empty;
    private MonotonicInstant? _extendedAt;

    public void Take(Reply reply, long offset, MonotonicInstant now, IDriverOutput output)
    {
        var table = FieldTable.Of(reply.Kind);
        bool secondary = reply.Kind == ReplyKind.Basic && _extendedAt is { } since && now.Since(since) < ExtendedLasts;
        TakeIdentity(reply, table, output);
        TakeTime(reply, table, offset, now, output);
        if (reply.Kind == ReplyKind.Extended)
        {
            _extendedAt = now;
            _alarms.EndAll(ReplyKind.Basic, output);
        }
        else if (!secondary)
        {
            _alarms.EndAll(ReplyKind.Extended, output);
        }

        TakeSilence(reply, table, secondary, output);
        for (int place = 0; place < reply.Fields.Count; place++)
        {
            FieldRow row = table.RowAt(place);
            if (!secondary || !(row.IsAlarm || row.Role == FieldRole.Mode || InExtended.Contains((row.Id, row.Channel))))
            {
                TakeField(new Field(reply, table, row, reply.Fields[place], offset), output);
            }
        }
    }

    private void TakeField(Field field, IDriverOutput output)
    {
        switch (field.Row.Role)
        {
            case FieldRole.Time or FieldRole.Date or FieldRole.Identity:
                break;
            case FieldRole.Setting or FieldRole.Limit:
                TakeNumber(field, SignalKind.Setting, output);
                break;
            case FieldRole.Cycle:
                bool flow = field.Reply.Fields[SpontaneousTypePlace] == ProportionalAssist;
                TakeNumber(flow ? field with { Row = field.Row with { Unit = "L/min", Id = string.Empty } } : field, SignalKind.Setting, output);
                break;
            case FieldRole.Measured:
                TakeNumber(field, SignalKind.Numeric, output);
                break;
            case FieldRole.Manoeuvre:
                TakeManoeuvre(field, output);
                break;
            case FieldRole.Alarm or FieldRole.Fault or FieldRole.Alert:
                if (!_alarms.Take(field.Reply.Kind, field.Row, field.Text, output))
                {
                    Refuse(field, "no state of an alarm", output);
                }

                TellText(field, channel: string.Empty, field.Text, output);
                break;
            default:
                TellText(field, channel: string.Empty, field.Text, output);
                break;
        }
    }

    private void TakeNumber(Field field, SignalKind kind, IDriverOutput output)
    {
        Metric metric = field.Table.MetricOf(field.Row, kind) with { ExpectedEvery = every };
        if (Fixed.TryParse(field.Text, out Fixed value))
        {
            TellText(field, "text", string.Empty, output);
            TellNumber(metric, value, output);
            return;
        }

        bool word = field.Text.Length > 0 && field.Text.All(char.IsAsciiLetter);
        TellText(field, "text", word ? field.Text : string.Empty, output);
        if (field.Text.Length == 0 || word)
        {
            TellGone(metric, Validity.NotAvailable, output);
        }
        else
        {
            Refuse(field, "no number", output);
            TellGone(metric, Validity.Invalid, output);
        }
    }

    /// <summary>Zero mostly means never done; a result is told once, for it stays until the next one.</summary>
    private void TakeManoeuvre(Field field, IDriverOutput output)
    {
        Metric metric = field.Table.MetricOf(field.Row, SignalKind.Numeric);
        if (!Fixed.TryParse(field.Text, out Fixed value))
        {
            if (field.Text.Length > 0)
            {
                Refuse(field, "no number", output);
            }

            TellGone(metric, field.Text.Length > 0 ? Validity.Invalid : Validity.NotAvailable, output);
            _manoeuvres.Remove(metric.DeviceCode);
            return;
        }

        bool known = _manoeuvres.TryGetValue(metric.DeviceCode, out Fixed before);
        _manoeuvres[metric.DeviceCode] = value;
        if (known ? before != value : value.Mantissa != 0)
        {
            TellNumber(metric, value, output);
        }
    }

    private void TellNumber(Metric metric, Fixed value, IDriverOutput output)
    {
        Describe(metric, output);
        _numbers.Add(metric);
        output.Report(new DeviceEvent.Numeric(metric, value));
    }

    private void TellGone(Metric metric, Validity why, IDriverOutput output)
    {
        if (_numbers.Remove(metric))
        {
            output.Report(new DeviceEvent.Numeric(metric, Value: null) { Validity = why });
        }
    }

    /// <summary>Tells a text when it is new or changed; a blank one only where there was another.</summary>
    private void TellText(Field field, string channel, string text, IDriverOutput output)
    {
        Metric metric = field.Table.MetricOf(field.Row, SignalKind.Text);
        metric = channel.Length > 0 ? metric with { Channel = channel } : metric;
        string before = _texts.GetValueOrDefault(metric, string.Empty);
        if (before == text)
        {
            return;
        }

        _texts[metric] = text;
        Describe(metric, output);
        output.Report(new DeviceEvent.Text(metric, text)
        {
            Code = (uint)field.Row.Number,
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

    /// <summary>The first word is the model, the rest the serial number. A 980 may call itself 840 (sheet 3).</summary>
    private void TakeIdentity(Reply reply, FieldTable table, IDriverOutput output)
    {
        string said = Find(reply, table, FieldRole.Identity);
        if (said.Length == 0 || said == _identity)
        {
            return;
        }

        if (_identity.Length > 0)
        {
            _alarms.EndAll(ReplyKind.Basic, output);
            _alarms.EndAll(ReplyKind.Extended, output);
            _manoeuvres.Clear();
            _wall.Forget();
        }

        _identity = said;
        string[] words = said.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        output.Report(new DeviceEvent.Identity(new DeviceIdentity
        {
            Manufacturer = "Puritan Bennett",
            Model = words[0],
            SerialNumber = words.Length > 1 ? words[1] : string.Empty,
            Protocol = $"DCI {(reply.Kind == ReplyKind.Basic ? "MISCA" : "MISCF")}, {reply.Fields.Count} fields",
        }));
    }

    private void TakeTime(Reply reply, FieldTable table, long offset, MonotonicInstant now, IDriverOutput output)
    {
        string time = Find(reply, table, FieldRole.Time);
        string date = Find(reply, table, FieldRole.Date);
        if ((time.Length > 0 || date.Length > 0) && !_wall.Take(time, date, now, output) && _refused.Add("clock"))
        {
            output.Report(new DeviceEvent.Fault($"the ventilator's time and date read '{time}' and '{date}'", offset));
        }
    }

    private void TakeSilence(Reply reply, FieldTable table, bool secondary, IDriverOutput output)
    {
        if (!secondary)
        {
            _alarms.Silence(Find(reply, table, FieldRole.Silence) == "ON", output);
        }
    }

    private static string Find(Reply reply, FieldTable table, FieldRole role)
    {
        int place = table.Rows.Select(row => row.Role).TakeWhile(one => one != role).Count();
        return place < reply.Fields.Count ? reply.Fields[place] : string.Empty;
    }

    /// <summary>A field that makes no sense is told once for each of its texts' kinds of nonsense, not with every reply.</summary>
    private void Refuse(Field field, string what, IDriverOutput output)
    {
        string code = field.Table.CodeOf(field.Row);
        if (_refused.Count < FieldTable.Extended.Rows.Count * 2 && _refused.Add($"{code} {field.Text}"))
        {
            output.Report(new DeviceEvent.Fault($"field {code} reads '{field.Text}', which is {what}", field.Offset));
        }
    }

    private readonly record struct Field(Reply Reply, FieldTable Table, FieldRow Row, string Text, long Offset);
}
