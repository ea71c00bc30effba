namespace Bedside.Viewer.Ward;

/// <summary>One row of a tile: one signal, or systolic, diastolic and mean.</summary>
internal sealed record TileSlot(string Key, IReadOnlyList<PeerSignal> Parts);

/// <summary>
/// Which numbers and which wave of a bed stand on its tile: always in one order, the first kind of each row of which anything came within the last hour, so that a row changes its kind seldom.
/// What a device only announced is chosen last.
/// </summary>
internal static class TileChoice
{
    private const int MostSlots = 4;
    private const long Recent = 3_600_000_000_000;

    private static readonly string[] Rows =
    [
        "hr|pulse|pr-spo2|pr-art",
        "abp|art|ibp|nibp",
        "spo2",
        "resp-rate|resp-rate-impedance|resp-rate-co2|resp-rate-airway|vent-rate-total|vent-rate",
        "etco2", "pip|ppeak", "mv|mv-exp", "peep", "vt|vt-exp", "icp-mean", "temp|temp-core|temp-blood|temp-bladder",
    ];

    private static readonly string[] Waves =
    [
        "ecg-ii", "ecg-i", "ecg-iii", "ecg-avr", "ecg-avl", "ecg-avf", "ecg-v", "ecg-v1", "ecg-v2", "ecg-v3", "ecg-v4", "ecg-v5", "ecg-v6", "ecg-mcl", "ecg-unspecified",
        "abp", "art", "pleth", "pleth-2", "resp-impedance", "co2", "paw", "airway-flow",
    ];

    /// <summary>Four rows at most, in the order of the page.</summary>
    /// <param name="ageOf">Age of the newest value of a signal in nanoseconds; null = it never had one.</param>
    public static IReadOnlyList<TileSlot> Slots(IReadOnlyList<PeerSignal> signals, Func<PeerSignal, long?> ageOf)
    {
        ILookup<string, PeerSignal> byId = signals.Where(one => one.Kind == "numeric").OrderBy(one => one.Id.Contains('@', StringComparison.Ordinal)).ToLookup(one => one.BaseId, StringComparer.Ordinal);
        return [.. Rows.Select(row => SlotOf(row, byId, ageOf)).OfType<TileSlot>().Take(MostSlots)];
    }

    /// <summary>Null = the bed has no wave.</summary>
    public static PeerSignal? Wave(IReadOnlyList<PeerSignal> signals, Func<PeerSignal, long?> ageOf) =>
        signals.Where(one => one.Kind == "waveform" && ageOf(one) is not null)
            .OrderBy(one => ageOf(one) > Recent)
            .ThenBy(one => Array.IndexOf(Waves, one.BaseId) is >= 0 and var place ? place : Waves.Length)
            .ThenBy(one => one.Id.Contains('@', StringComparison.Ordinal))
            .ThenBy(one => one.Number)
            .FirstOrDefault();

    private static TileSlot? SlotOf(string row, ILookup<string, PeerSignal> byId, Func<PeerSignal, long?> ageOf)
    {
        TileSlot[] kinds = [.. row.Split('|').Select(kind => KindOf(kind, byId, ageOf)).OfType<TileSlot>()];
        return kinds.FirstOrDefault(slot => ageOf(slot.Parts[0]) <= Recent) ?? kinds.FirstOrDefault(slot => ageOf(slot.Parts[0]) is not null);
    }

    private static TileSlot? KindOf(string kind, ILookup<string, PeerSignal> byId, Func<PeerSignal, long?> ageOf)
    {
        if (kind is not ("abp" or "art" or "ibp" or "nibp"))
        {
            return First(byId[kind], ageOf) is { } one ? new TileSlot(kind, [one]) : null;
        }

        PeerSignal? mean = First(byId[kind + "-mean"], ageOf);
        string? device = mean?.Device;
        PeerSignal? systolic = byId[kind + "-sys"].FirstOrDefault(signal => signal.Device == device && signal.Unit == mean?.Unit);
        PeerSignal? diastolic = byId[kind + "-dia"].FirstOrDefault(signal => signal.Device == device && signal.Unit == mean?.Unit);
        return mean is null ? null : systolic is null || diastolic is null ? new TileSlot(kind + "-mean", [mean]) : new TileSlot(kind, [systolic, diastolic, mean]);
    }

    private static PeerSignal? First(IEnumerable<PeerSignal> claims, Func<PeerSignal, long?> ageOf)
    {
        PeerSignal[] all = [.. claims];
        return Array.Find(all, one => ageOf(one) <= Recent) ?? all.FirstOrDefault();
    }
}
