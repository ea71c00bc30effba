using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Alarms. Each result holds complete lists of what is active, so what is new starts, what differs is updated, and what
/// is gone has ended (DEI sheet, section 11).
/// </summary>
internal sealed class AlertDecoder
{
    private const int MostLists = 16;
    private const int MostEntries = 128;
    private const ushort InfoWithoutText = 513;
    private const ushort InfoWithText = 516;
    private const ushort Inhibited = 0x8000 | 0x4000;
    private const ushort Latched = 0x2000;
    private const ushort Silenced = 0x1000;
    /// <summary>A monitor has one alarm object (SYS_SPECN). Its handle may differ after a new association, and its alerts must still end.</summary>
    private readonly Dictionary<(ushort Context, bool Technical), Dictionary<string, Alert>> _active = [];

    public void Take(PollReply reply, Observation observation, IDriverOutput output)
    {
        TakeList(reply, observation, technical: false, output);
        TakeList(reply, observation, technical: true, output);
    }

    private void TakeList(PollReply reply, Observation observation, bool technical, IDriverOutput output)
    {
        ushort id = technical ? AttributeId.AlarmListTechnical : AttributeId.AlarmListPatient;
        if (!observation.Attributes.TryGet(id, out ReadOnlySpan<byte> value) || Read(value, technical) is not { } now)
        {
            return;
        }

        Dictionary<string, Alert> before = ActiveOf(observation, technical);
        var at = new DeviceTicks(reply.Time);
        foreach ((string key, Alert alert) in now)
        {
            bool known = before.TryGetValue(key, out Alert? last);
            if (!known || last != alert)
            {
                AlertPhase phase = known ? AlertPhase.Update : AlertPhase.Start;
                output.Report(new DeviceEvent.AlertSaid(alert with { Phase = phase }) { At = at });
            }
        }

        foreach ((string key, Alert alert) in before)
        {
            if (!now.ContainsKey(key))
            {
                output.Report(new DeviceEvent.AlertSaid(alert with { Phase = AlertPhase.End }) { At = at });
            }
        }

        before.Clear();
        foreach ((string key, Alert alert) in now)
        {
            before[key] = alert;
        }
    }

    private Dictionary<string, Alert> ActiveOf(Observation observation, bool technical)
    {
        (ushort, bool) key = (observation.Context, technical);
        if (_active.TryGetValue(key, out Dictionary<string, Alert>? active))
        {
            return active;
        }

        if (_active.Count >= MostLists)
        {
            _active.Clear();
        }

        active = [];
        _active[key] = active;
        return active;
    }

    /// <summary><c>list{ DevAlarmEntry }</c>; null when its lengths do not agree, for half a list would end alerts that last.</summary>
    private static Dictionary<string, Alert>? Read(ReadOnlySpan<byte> value, bool technical)
    {
        var alerts = new Dictionary<string, Alert>();
        var reader = new WireReader(value);
        int count = reader.U16();
        int length = reader.U16();
        if (reader.Failed || length != reader.Left || count > MostEntries)
        {
            return null;
        }

        for (int i = 0; i < count; i++)
        {
            Alert alert = ReadEntry(ref reader, technical);
            if (reader.Failed)
            {
                return null;
            }

            alerts[alert.Key] = alert;
        }

        return alerts;
    }

    /// <summary>
    /// <code>
    /// u16 source, u16 code, u16 type, u16 state, object { u16 class, u16 context, u16 handle }, u16 info id, u16 length,
    /// info { u16 instance, u32 text id, u16 priority, u16 flags [, String] }
    /// </code> The lowest bit of the code tells what the
    /// source is: 0 a physio id, 1 an object; it is not part of the event (trap 25).
    /// </summary>
    private static Alert ReadEntry(ref WireReader reader, bool technical)
    {
        ushort source = reader.U16();
        ushort code = reader.U16();
        ushort type = reader.U16();
        ushort state = reader.U16();
        ushort objectClass = reader.U16();
        ushort context = reader.U16();
        ushort handle = reader.U16();
        ushort infoId = reader.U16();
        var info = new WireReader(reader.Take(reader.U16()));
        bool known = infoId is InfoWithoutText or InfoWithText;
        ushort instance = known ? info.U16() : (ushort)0;
        info.U32();
        info.U32();
        string text = infoId == InfoWithText && !info.Failed ? WireFields.Text(info.Take(info.Left)) : string.Empty;
        ushort eventCode = (ushort)(code & ~1);
        string about = (code & 1) == 0 ? Meanings.SourceOf(source) : $"philips:object-0x{source:X4}";
        return new Alert
        {
            Key = $"{(technical ? "T" : "P")}/{source:X4}/{code:X4}/{objectClass:X4}.{context:X4}.{handle:X4}/{instance}",
            Phase = AlertPhase.Start,
            Priority = PriorityOf(type),
            Technical = technical,
            Text = text.Length > 0 ? text : $"{Events.WordsOf(eventCode)} ({about})",
            Code = Events.CodeOf(eventCode),
            CodeName = Events.SymbolOf(eventCode),
            Source = about,
            Inhibited = (state & Inhibited) != 0,
            Latched = (state & Latched) != 0,
            Silenced = (state & Silenced) != 0,
        };
    }

    /// <summary>Technical alarms have 1, 2, 4 and patient alarms 0x0100, 0x0200, 0x0400 for low, medium, high.</summary>
    private static AlertPriority PriorityOf(ushort type) => ((type >> 8) | type) switch
    {
        int bits when (bits & 4) != 0 => AlertPriority.High,
        int bits when (bits & 2) != 0 => AlertPriority.Medium,
        int bits when (bits & 1) != 0 => AlertPriority.Low,
        _ => AlertPriority.None,
    };
}
