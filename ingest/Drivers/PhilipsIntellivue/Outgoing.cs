namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Every message that may go to the monitor. Invoke ids and poll numbers are fixed, so all of them are constants; only the
/// answer to the monitor's introduction repeats an id that the monitor chose.
/// </summary>
internal static class Outgoing
{
    public const ushort SystemId = 1;
    public const ushort ClockId = 2;
    public const ushort PatientId = 3;
    public const ushort NumericsId = 4;
    public const ushort AlarmsId = 5;
    public const ushort EnumerationsId = 6;
    public const ushort WavesId = 7;
    public const ushort GetWaveListId = 8;
    public const ushort SetWaveListId = 9;
    public const ushort SingleNumericsId = 10;

    /// <summary>
    /// Added to the id of a periodic poll every other time: the last results of the old poll come among the first of the
    /// new one, and are told apart by this.
    /// </summary>
    public const ushort Renewal = 10;

    private const uint Abp = 0x00024A14;
    private const uint Art = 0x00024A10;
    private const uint Pleth = 0x00024BB4;
    private const uint Resp = 0x00025000;

    /// <summary>60 s: a renewal may be lost twice.</summary>
    private const uint ActiveTicks = 60 * RelativeTime.TicksPerSecond;

    /// <summary>Labels of waves beside the ECG, best first; the monitor takes up to eight of them and drops what it does not have.</summary>
    private static readonly uint[] OtherWaves =
    [
        Abp, Art, Pleth, 0x000250AC, Resp, 0x00024A1C, 0x00024A44, 0x00025808, 0x000250F0, 0x000250D4,
        0x00024A0C, 0x00024A28, 0x00024A00, 0x0002592C, 0x00024A30, 0x00024A34, 0x00024A48, 0x0002F0A4, 0x0002F0A8,
    ];

    /// <summary>II, V and I at 500 samples a second, where the monitor has no compound ECG.</summary>
    private static readonly uint[] SingleLeads = [0x00020102, 0x00020143, 0x00020101];

    /// <summary>What 19 200 bit/s carry beside the numerics: no ECG (section 2.4). The first whose pressure is there is taken.</summary>
    private static readonly uint[][] SlowWaves = [[Pleth, Abp], [Pleth, Art], [Pleth, Resp]];

    private static readonly byte[] CompoundWaveList = Requests.SetWaveList(SetWaveListId, [WaveContext.CompoundLabel, .. OtherWaves]);

    private static readonly byte[] LeadWaveList = Requests.SetWaveList(SetWaveListId, [.. SingleLeads, .. OtherWaves]);

    private static readonly byte[][] SlowWaveLists = [.. SlowWaves.Select(list => Requests.SetWaveList(SetWaveListId, list))];

    public static byte[] AssociationLan { get; } = Requests.Associate(Requests.MtuLan);

    public static byte[] AssociationSerial { get; } = Requests.Associate(Requests.MtuSerial);

    public static byte[] System { get; } = Requests.SinglePoll(SystemId, SystemId, ObjectClass.System, Group.All);

    /// <summary>Clock anchor, mode and bed, and what keeps the association alive.</summary>
    public static byte[] Clock { get; } = Requests.SinglePoll(ClockId, ClockId, ObjectClass.System, Group.SystemApplication);

    public static byte[] Patient { get; } = Requests.SinglePoll(PatientId, PatientId, ObjectClass.Patient, Group.Patient);

    public static byte[][] Numerics { get; } = Periodic(NumericsId, ObjectClass.Numeric, Group.All);

    public static byte[][] NumericValues { get; } = Periodic(NumericsId, ObjectClass.Numeric, Group.MetricValue);

    public static byte[] SingleNumerics { get; } = Requests.SinglePoll(SingleNumericsId, SingleNumericsId, ObjectClass.Numeric, Group.All);

    public static byte[][] Alarms { get; } = Periodic(AlarmsId, ObjectClass.AlarmMonitor, Group.AlarmMonitor);

    public static byte[] SingleAlarms { get; } = Requests.SinglePoll(AlarmsId, AlarmsId, ObjectClass.AlarmMonitor, Group.AlarmMonitor);

    public static byte[][] Enumerations { get; } = Periodic(EnumerationsId, ObjectClass.Enumeration, Group.All);

    public static byte[] SingleEnumerations { get; } = Requests.SinglePoll(EnumerationsId, EnumerationsId, ObjectClass.Enumeration, Group.All);

    public static byte[][] Waves { get; } = Periodic(WavesId, ObjectClass.Wave, Group.All);

    public static byte[] GetWaveList { get; } = Requests.GetWaveList(GetWaveListId);

    /// <summary>
    /// The list to set; null = leave the monitor's own, which is everything it has: a network carries that. A serial line is asked for what it
    /// can carry (section 2.4). <paramref name="available"/> is what the monitor said it has, null when it did not say.
    /// </summary>
    public static byte[]? WaveList(bool serial, bool slow, IReadOnlyCollection<uint>? available)
    {
        if (slow)
        {
            int fits = Array.FindIndex(SlowWaves, list => available is not null && list.All(available.Contains));
            return SlowWaveLists[fits >= 0 ? fits : SlowWaves.Length - 1];
        }

        if (!serial && available is { Count: > 0 })
        {
            return null;
        }

        bool leadsOnly = available?.Contains(WaveContext.CompoundLabel) == false && SingleLeads.Any(available.Contains);
        return leadsOnly ? LeadWaveList : CompoundWaveList;
    }

    public static IReadOnlyList<AllowedMessage> All { get; } = [.. Plain().SelectMany(BothWays), .. MdsCreateResults()];

    public static IReadOnlyList<ReadOnlyMemory<byte>> SerialProbes { get; } = [Frame.Encode(AssociationSerial)];

    public static IReadOnlyList<ReadOnlyMemory<byte>> LanProbes { get; } = [AssociationLan];

    private static byte[][] Periodic(ushort id, ushort objectClass, ushort group) =>
    [
        Requests.ExtendedPoll(id, id, objectClass, group, ActiveTicks),
        Requests.ExtendedPoll((ushort)(id + Renewal), (ushort)(id + Renewal), objectClass, group, ActiveTicks),
    ];

    private static IEnumerable<AllowedMessage> Plain()
    {
        yield return new AllowedMessage("release an association", Requests.Release);
        yield return new AllowedMessage("answer a release", Requests.ReleaseResponse);
        yield return new AllowedMessage("abort an association", Requests.Abort);
        yield return new AllowedMessage("poll the monitor's identity", System);
        yield return new AllowedMessage("poll the monitor's clock", Clock);
        yield return new AllowedMessage("poll demographics", Patient);
        yield return new AllowedMessage("poll numerics once", SingleNumerics);
        yield return new AllowedMessage("poll alarms once", SingleAlarms);
        yield return new AllowedMessage("ask for the list of waves", GetWaveList);
        yield return new AllowedMessage("choose the waves this client gets", CompoundWaveList);
        yield return new AllowedMessage("choose the waves this client gets, lead by lead", LeadWaveList);
        yield return new AllowedMessage("poll states once", SingleEnumerations);
        foreach (byte[] poll in (byte[][])[.. Numerics, .. NumericValues, .. Alarms, .. Enumerations, .. Waves])
        {
            yield return new AllowedMessage("poll periodically", poll);
        }

        foreach (byte[] list in SlowWaveLists)
        {
            yield return new AllowedMessage("choose the waves this client gets on a slow line", list);
        }
    }

    private static IEnumerable<AllowedMessage> BothWays(AllowedMessage plain) =>
        [plain, new AllowedMessage(plain.Purpose, Frame.Encode(plain.Bytes.Span))];

    /// <summary>
    /// The answer to the introduction, with the two bytes of the monitor's invoke id left open. In a frame the two
    /// bytes of the id and the two of the checksum may each be escaped, which makes sixteen forms.
    /// </summary>
    private static IEnumerable<AllowedMessage> MdsCreateResults()
    {
        const string Purpose = "confirm the monitor's introduction";
        const int IdAt = 8;
        yield return new AllowedMessage("ask for an association", AssociationLan);
        yield return new AllowedMessage("ask for an association", Frame.Encode(AssociationSerial));
        byte[] result = Requests.MdsCreateResult(0);
        byte[] mask = Enumerable.Repeat((byte)0xFF, result.Length).ToArray();
        (mask[IdAt], mask[IdAt + 1]) = (0, 0);
        yield return new AllowedMessage(Purpose, result, mask);
        for (int form = 0; form < 16; form++)
        {
            List<byte> bytes = [Frame.Begin, Frame.ProtocolId, Frame.MessageKind, 0, (byte)result.Length, .. result[..IdAt]];
            List<byte> open = [.. Enumerable.Repeat((byte)0xFF, bytes.Count)];
            AddOpen(bytes, open, (form & 1) != 0);
            AddOpen(bytes, open, (form & 2) != 0);
            bytes.AddRange(result[(IdAt + 2)..]);
            open.AddRange(Enumerable.Repeat((byte)0xFF, result.Length - IdAt - 2));
            AddOpen(bytes, open, (form & 4) != 0);
            AddOpen(bytes, open, (form & 8) != 0);
            bytes.Add(Frame.End);
            open.Add(0xFF);
            yield return new AllowedMessage(Purpose, bytes.ToArray(), open.ToArray());
        }
    }

    private static void AddOpen(List<byte> bytes, List<byte> open, bool escaped)
    {
        if (escaped)
        {
            bytes.Add(Frame.Escape);
            open.Add(0xFF);
        }

        bytes.Add(0);
        open.Add(0);
    }
}
