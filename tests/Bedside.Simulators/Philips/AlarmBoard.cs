using System.Globalization;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Philips;

/// <summary>One entry of an alarm list (sheet, section 11).</summary>
internal sealed record Alarm(ushort Source, ushort Code, ushort Type, string Text)
{
    public const ushort Yellow = 0x0200;
    public const ushort Red = 0x0400;
    public const ushort TechnicalLow = 0x0001;
    public const ushort TechnicalMedium = 0x0002;

    public const ushort New = 0x0008;
    public const ushort Demo = 0x0100;
    public const ushort Silenced = 0x1000;
    public const ushort Latched = 0x2000;
    public const ushort Suspended = 0x4000;

    public const ushort WithoutText = 0x0201;
    public const ushort WithText = 0x0204;

    public bool Patient => Type >= 0x0100;

    /// <summary>Context and handle of the object it is about.</summary>
    public (ObjectClass Class, ushort Context, ushort Handle) Object { get; init; } = (ObjectClass.Numeric, BedsideObjects.HeartRate.Context, BedsideObjects.HeartRate.Handle);

    public ushort State { get; init; }

    public ushort Instance { get; init; }

    public ushort InfoId { get; init; } = WithText;

    /// <summary>0x4000 audible at the bedside, 0x1000 latching on the screen.</summary>
    public ushort Flags { get; init; } = 0x4000;

    public void WriteTo(MessageWriter writer)
    {
        int opened = writer.U16(Source).U16(Code).U16(Type).U16(State).Object(Object.Class, Object.Context, Object.Handle).U16(InfoId).Open();
        _ = writer.U16(Instance).U32(0x00020000u | Source).U16(Patient ? Type >> 8 : Type).U16(Flags);
        if (InfoId == WithText)
        {
            // Padded to an even number of characters, then NUL.
            _ = writer.Text(Text.PadRight((Text.Length + 1) & ~1) + '\0');
        }

        writer.Close(opened);
    }
}

/// <summary>The monitor's alarms: limits on the numbers, now and then a noisy ECG, and what a scenario adds.</summary>
internal sealed class AlarmBoard(ISignalSource source, Language language, bool demo, AlarmScenario scenario)
{
    public const ushort Handle = 33793;

    /// <summary>How long an alarm is called new, ticks.</summary>
    private const long NewFor = 5 * 8000;

    private static readonly Limit[] Limits =
    [
        new(BedsideObjects.HeartRate, PatientValue.HeartRate, 50, 120),
        new(BedsideObjects.OxygenSaturation, PatientValue.Spo2, 90, double.MaxValue),
        new(BedsideObjects.ArterialPressure, PatientValue.AbpSystolic, 90, 160),
        new(BedsideObjects.EndTidalCo2, PatientValue.EndTidalCo2, 30, 50),
        new(BedsideObjects.Respiration, PatientValue.RespirationRate, 8, 30),
    ];

    private readonly Dictionary<(ushort Source, ushort Code), (ushort Instance, long Since)> _active = [];
    private ushort _instances = 16;
    private ushort _changes = 0x0607;

    private sealed record Limit(NumericObject Numeric, PatientValue Value, double Low, double High);

    public IReadOnlyList<Alarm> Active { get; private set; } = [];

    /// <summary>Looks at the numbers once a cycle; <paramref name="also"/> are alarms of things that went wrong.</summary>
    public void Update(long tick, IEnumerable<Alarm> also)
    {
        Alarm[] found = scenario is AlarmScenario.None ? [] : [.. FromLimits(tick), .. AlarmScenarios.At(scenario, tick, language), .. also];
        foreach ((ushort Source, ushort Code) gone in _active.Keys.Where(key => !found.Any(a => (a.Source, a.Code) == key)).ToArray())
        {
            _ = _active.Remove(gone);
            _changes++;
        }

        foreach (Alarm alarm in found)
        {
            if (_active.TryAdd((alarm.Source, alarm.Code), ((ushort)(_instances + 1), tick)))
            {
                _instances++;
                _changes++;
            }
        }

        Active = [.. found.Select(alarm => Dated(alarm, tick))];
    }

    public bool IsInAlarm(MeasuredObject measured) => Active.Any(a => a.Object.Handle == measured.Handle && a.Object.Context == measured.Context && a.Patient);

    /// <summary>The alarm object; in two halves when its lists would not fit into one message.</summary>
    public IReadOnlyList<Observation> Observe(int room)
    {
        Alarm[] patient = [.. Active.Where(a => a.Patient)];
        Alarm[] technical = [.. Active.Where(a => !a.Patient)];
        AttributeList whole = List(Condition(), AttributeId.PatientAlarms, patient);
        AttributeList both = List(whole, AttributeId.TechnicalAlarms, technical);
        if (both.Size <= room)
        {
            return [new Observation(BedsideObjects.Monitor, Handle, both)];
        }

        AttributeList first = List(Condition(), AttributeId.PatientAlarms, Fitting(patient, room));
        AttributeList second = List(new AttributeList(), AttributeId.TechnicalAlarms, Fitting(technical, room));
        return [new Observation(BedsideObjects.Monitor, Handle, first), new Observation(BedsideObjects.Monitor, Handle, second)];
    }

    private IEnumerable<Alarm> FromLimits(long tick)
    {
        foreach (Limit limit in Limits)
        {
            double value = Math.Round(source.Read(limit.Value, tick), MidpointRounding.ToEven);
            bool low = value < limit.Low;
            if (!low && !(value > limit.High))
            {
                continue;
            }

            double bound = low ? limit.Low : limit.High;
            string text = string.Create(CultureInfo.InvariantCulture, $"** {language.Of(limit.Numeric.Text)} {value:F0}{(low ? '<' : '>')}{bound:F0}");
            yield return new Alarm(limit.Numeric.Parts[0].PhysioId, (ushort)(low ? 62 : 40), Alarm.Yellow, text)
            {
                Object = (ObjectClass.Numeric, limit.Numeric.Context, limit.Numeric.Handle),
            };
        }
    }

    private Alarm Dated(Alarm alarm, long tick)
    {
        (ushort instance, long since) = _active[(alarm.Source, alarm.Code)];
        int state = alarm.State | (tick - since < NewFor ? Alarm.New : 0) | (demo ? Alarm.Demo : 0);
        return alarm with { Instance = instance, State = (ushort)state };
    }

    /// <summary>DEV_AL_COND: state, how often something changed, and the highest of each kind.</summary>
    private AttributeList Condition()
    {
        int patient = Active.Where(a => a.Patient).Select(a => (int)a.Type).DefaultIfEmpty(0).Max();
        int technical = Active.Where(a => !a.Patient).Select(a => (int)a.Type).DefaultIfEmpty(0).Max();
        int audible = Active.Where(a => (a.Flags & 0x4000) != 0 && (a.State & Alarm.Silenced) == 0).Select(a => (int)a.Type).DefaultIfEmpty(0).Max();
        return new AttributeList().Add(AttributeId.AlertCondition, w => w.U16(demo ? Alarm.Demo : 0).U16(_changes).U16(patient).U16(technical).U16(audible));
    }

    private static AttributeList List(AttributeList attributes, ushort id, Alarm[] alarms) => attributes.Add(id, w =>
    {
        int opened = w.U16(alarms.Length).Open();
        foreach (Alarm alarm in alarms)
        {
            alarm.WriteTo(w);
        }

        w.Close(opened);
    });

    private static Alarm[] Fitting(Alarm[] alarms, int room)
    {
        int count = alarms.Length;
        while (count > 0 && List(new AttributeList(), AttributeId.PatientAlarms, alarms[..count]).Size + 20 > room)
        {
            count--;
        }

        return alarms[..count];
    }
}
