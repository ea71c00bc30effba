using System.Buffers.Binary;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// Every message that may leave the box, byte by byte (sheet 6.1, 7.1, 8, 11). They ask for data or end the asking; the
/// interface has no message that changes a setting of the monitor.
/// </summary>
internal static class Outgoing
{
    /// <summary>The least that the interface allows for displayed values, seconds.</summary>
    public const int DisplayedEvery = 5;

    private const uint Extensions = 0x0E;
    private const short Once = -1;
    private const short StartWaves = 0;
    private const short StopWaves = 1;
    private const short SendAlarmsOnChange = 2;
    private const short StopAlarms = 3;
    private const int WaveRequestBytes = 32;
    private const int WavesInList = 8;

    /// <summary>Displayed values of all classes, once.</summary>
    public static byte[] DisplayedOnce { get; } = Physiological(SubrecordType.Displayed, Once, Extensions);

    public static byte[] DisplayedPeriodically { get; } = Physiological(SubrecordType.Displayed, DisplayedEvery, Extensions);

    public static byte[] StopDisplayed { get; } = Physiological(SubrecordType.Displayed, 0, 0);

    /// <summary>When cuff pressure, cardiac output and wedge pressure were measured.</summary>
    public static byte[] Auxiliary { get; } = Physiological(SubrecordType.Auxiliary, Once, 0);

    /// <summary>ECG, first pressure, pleth and CO2, which every monitor has a place for: makes it speak within a second.</summary>
    public static byte[] FirstWaves { get; } = Waves([1, 4, 8, 9]);

    public static byte[] NoWaves { get; } = Waves(StopWaves, [], []);

    public static byte[] AlarmsOnChange { get; } = Alarms(SendAlarmsOnChange);

    public static byte[] NoAlarms { get; } = Alarms(StopAlarms);

    /// <summary>The driver's allow-list: no mask, every byte counts.</summary>
    public static IReadOnlyList<AllowedMessage> All { get; } =
    [
        new AllowedMessage("ask once for displayed values", DisplayedOnce),
        new AllowedMessage("ask for displayed values every five seconds", DisplayedPeriodically),
        new AllowedMessage("end the displayed values", StopDisplayed),
        new AllowedMessage("ask when the last cuff pressure was measured", Auxiliary),
        new AllowedMessage("end the waves", NoWaves),
        new AllowedMessage("ask for alarms when they change", AlarmsOnChange),
        new AllowedMessage("end the alarms", NoAlarms),
        .. WaveChoice.All.Select(choice => new AllowedMessage("choose the waves", Waves(choice))),
    ];

    /// <summary>Start of the waves, in order of preference; from the ninth on in the list that only level 11 has.</summary>
    public static byte[] Waves(ReadOnlySpan<byte> ids) =>
        Waves(StartWaves, ids[..Math.Min(ids.Length, WavesInList)], ids[Math.Min(ids.Length, WavesInList)..]);

    private static byte[] Physiological(byte type, short interval, uint classes)
    {
        Span<byte> request = stackalloc byte[9];
        request[0] = type;
        BinaryPrimitives.WriteInt16LittleEndian(request[1..], interval);
        BinaryPrimitives.WriteUInt32LittleEndian(request[3..], classes);
        return Frame.Write(DriRecord.Request(MainType.Physiological, request));
    }

    private static byte[] Waves(short command, ReadOnlySpan<byte> first, ReadOnlySpan<byte> more)
    {
        const int MoreInList = 16;
        Span<byte> request = stackalloc byte[WaveRequestBytes];
        BinaryPrimitives.WriteInt16LittleEndian(request, command);
        first.CopyTo(request[4..]);
        if (first.Length < WavesInList)
        {
            request[4 + first.Length] = SubrecordType.EndOfList;
        }

        more.CopyTo(request[(4 + WavesInList)..]);
        if (more.Length is > 0 and < MoreInList)
        {
            request[4 + WavesInList + more.Length] = SubrecordType.EndOfList;
        }

        return Frame.Write(DriRecord.Request(MainType.Wave, request));
    }

    private static byte[] Alarms(short command)
    {
        Span<byte> request = stackalloc byte[12];
        BinaryPrimitives.WriteInt16LittleEndian(request, command);
        return Frame.Write(DriRecord.Request(MainType.Alarm, request));
    }
}
