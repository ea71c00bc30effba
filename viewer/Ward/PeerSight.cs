using Bedside.Model;

namespace Bedside.Viewer.Ward;

/// <summary>A bed at one moment: every age and state by the same clock, the worst of link, device and parameter.</summary>
/// <param name="Now">This box's time.</param>
/// <param name="Steady">The same on the clock that never jumps, nanoseconds.</param>
/// <param name="Heard">When the box last spoke, on that clock; null = never.</param>
internal sealed record PeerSight(
    UtcInstant Now, long Steady, PeerLinkState Link, long? Heard, IReadOnlyList<PeerDevice> Devices, IReadOnlyDictionary<string, long> DeviceData, IReadOnlyDictionary<uint, AgedReading> Values)
{
    /// <summary>Waves come in blocks of up to a second: late after 2.5 s, as on a bed's own screen.</summary>
    private static readonly TimeSpan WaveExpected = TimeSpan.FromMilliseconds(1250);

    private static readonly string[] Priorities = ["none", "low", "medium", "high"];

    public Freshness LinkState => Heard is { } heard ? FreshnessRules.Of(InstantOf(heard), Now, TimeSpan.Zero) : Freshness.Lost;

    public static string NameOf(AlertPriority priority) => Priorities[Math.Clamp((int)priority, 0, Priorities.Length - 1)];

    public UtcInstant? TimeOf(long? steady) => steady is { } at ? InstantOf(at) : null;

    public WardDeviceAnswer Device(PeerDevice one) =>
        new(one.Name, one.Manufacturer, one.Model, one.IsExperimental, one.State, DeviceData.TryGetValue(one.Name, out long last) ? InstantOf(last) : null);

    public WardSlotAnswer Slot(TileSlot slot) => new(slot.Key, [.. slot.Parts.Select(one => Describe(one, one.Number, StateOf(one, ExpectedOf(one))))]);

    public WardSignalAnswer Wave(PeerSignal wave, uint number) => Describe(wave, number, StateOf(wave, WaveExpected));

    /// <summary>The highest priority, the newest of those; what has none counts only as a technical one.</summary>
    public PeerAlert? Worst(IEnumerable<PeerAlert> alerts) => alerts
        .Where(one => (one.Priority != "none" || one.IsTechnical) && DeviceStateOf(one.Device) != Freshness.Lost)
        .OrderByDescending(one => Array.IndexOf(Priorities, one.Priority))
        .ThenByDescending(one => one.Since)
        .FirstOrDefault();

    private static TimeSpan? ExpectedOf(PeerSignal signal) => signal.ExpectedSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400)) : null;

    private UtcInstant InstantOf(long steady) => Now.Add(steady - Steady);

    private Freshness StateOf(PeerSignal signal, TimeSpan? expected)
    {
        if (!Values.TryGetValue(signal.Number, out AgedReading value))
        {
            return Freshness.Lost;
        }

        Freshness device = DeviceStateOf(signal.Device);
        Freshness own = expected is { } due ? FreshnessRules.Of(InstantOf(value.TakenAt), Now, due) : device;
        PeerDevice? told = Devices.FirstOrDefault(one => one.Name == signal.Device);
        bool isReceiving = told is null || told.State == "receiving";
        Freshness judged = isReceiving ? own : Worse(own, device);
        return Worse(judged, LinkState);
    }

    private Freshness DeviceStateOf(string name)
    {
        PeerDevice? device = Devices.FirstOrDefault(one => one.Name == name);
        UtcInstant? last = DeviceData.TryGetValue(name, out long at) ? InstantOf(at) : null;
        return device is null ? Freshness.Lost : FreshnessRules.OfAperiodic(device.State == "receiving" ? DeviceState.Receiving : DeviceState.Silent, last, Now);
    }

    private static Freshness Worse(Freshness one, Freshness other) => one > other ? one : other;

    /// <summary>Nothing lost keeps its value: whoever reads this cannot show it by mistake.</summary>
    private WardSignalAnswer Describe(PeerSignal signal, uint number, Freshness state)
    {
        LastAnswer? last = null;
        int? decimals = null;
        if (Values.TryGetValue(signal.Number, out AgedReading value))
        {
            bool isShown = state != Freshness.Lost && value.Reading.Validity.IsUsable();
            last = new LastAnswer(InstantOf(value.TakenAt), isShown ? value.Reading.Value : null, isShown ? value.Reading.Text : null, value.Reading.Validity.Names());
            decimals = value.Reading.Decimals;
        }

        return new WardSignalAnswer(
            number, signal.Id, signal.Kind, new NameAnswer(signal.French, signal.English), signal.Short, signal.Unit, signal.Device, signal.Colour, signal.Group, signal.DisplayMin, signal.DisplayMax, signal.ExpectedSeconds, decimals, last, state);
    }
}
