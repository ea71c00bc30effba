using System.Buffers.Binary;
using System.Text;

namespace Bedside.Ingest.Drivers.Capnostream20;

/// <summary>Codes of the messages that the device sends and that the sheet describes.</summary>
internal static class DeviceCode
{
    public const byte Wave = 0;
    public const byte Numerics = 1;
    public const byte Identification = 4;
}

/// <summary>Every message that may leave the box, byte by byte. None changes a setting: code 60 is not among them.</summary>
internal static class Outgoing
{
    private const int HostNameLength = 17;

    /// <summary>The device answers with its identification within 1.5 s.</summary>
    public static byte[] Enable { get; } = Frame.Write(1, []);

    public static byte[] Disable { get; } = Frame.Write(2, []);

    /// <summary>CO2 wave and numerics, until they are stopped.</summary>
    public static byte[] StartRealtime { get; } = Frame.Write(4, []);

    public static byte[] StopRealtime { get; } = Frame.Write(5, []);

    /// <summary>Every five seconds, or the device takes its host for lost.</summary>
    public static byte[] LinkActive { get; } = Frame.Write(6, []);

    /// <summary>Who the host is: it goes with <see cref="LinkActive"/>.</summary>
    public static byte[] HostName { get; } = Frame.Write(7, Encoding.ASCII.GetBytes("Bedside".PadRight(HostNameLength)));

    public static IReadOnlyList<AllowedMessage> All { get; } =
    [
        new("enable communication", Enable),
        new("disable communication", Disable),
        new("start the CO2 wave and the numerics", StartRealtime),
        new("stop the CO2 wave and the numerics", StopRealtime),
        new("the link is in use", LinkActive),
        new("name of the host", HostName),
    ];
}

/// <summary>One sample of the CO2 wave, twenty a second.</summary>
/// <param name="Sequence">Counts samples.</param>
/// <param name="Counts">256 of a mmHg, 2560 of a kPa or a %.</param>
/// <param name="Status">Bits of <see cref="CapnostreamNomenclature.FastBits"/>.</param>
internal readonly record struct WaveSample(byte Sequence, int Counts, byte Status)
{
    private const int Bytes = 4;

    /// <summary>Null unless the payload has this form.</summary>
    public static WaveSample? Read(ReadOnlySpan<byte> payload) =>
        payload.Length == Bytes ? new WaveSample(payload[0], (payload[1] << 8) | payload[2], payload[3]) : null;
}

/// <summary>The numbers of one moment, a byte each; FF = none.</summary>
internal sealed class Numerics
{
    public const int LeastBytes = 27;
    private const byte None = 0xFF;
    private const byte MostPercent = 100;

    private readonly byte[] _payload;

    private Numerics(byte[] payload, UnitRow unit) => (_payload, Unit) = (payload, unit);

    /// <summary>In which CO2 is told.</summary>
    public UnitRow Unit { get; }

    /// <summary>Of the device's clock, which has no zone.</summary>
    public DateTime Wall => DateTime.UnixEpoch.AddSeconds(BinaryPrimitives.ReadUInt32BigEndian(_payload));

    /// <summary>A byte by its place.</summary>
    public byte this[int place] => _payload[place];

    public ReadOnlySpan<byte> Part(int place, int length) => _payload.AsSpan(place, length);

    /// <summary>A value by its place; null = none.</summary>
    public byte? Value(int place) => _payload[place] == None ? null : _payload[place];

    /// <summary>
    /// Null with a reason where the payload is no such message. Devices were seen to send some whose bytes had moved by one: then no unit stands in the unit's place.
    /// </summary>
    public static Numerics? Read(ReadOnlySpan<byte> payload, out string reason)
    {
        reason = string.Empty;
        if (payload.Length < LeastBytes)
        {
            reason = $"a message of numbers has {payload.Length} bytes, {LeastBytes} are the least";
            return null;
        }

        byte saturation = payload[CapnostreamNomenclature.SaturationAt];
        if (CapnostreamNomenclature.UnitOf(payload[CapnostreamNomenclature.UnitAt]) is not { } unit || saturation is > MostPercent and not None)
        {
            reason = "the bytes of a message of numbers are not in their places";
            return null;
        }

        return new Numerics(payload.ToArray(), unit);
    }
}

/// <summary>What the device says of itself: <c>V</c>, version, date and serial number, with blanks between.</summary>
internal sealed record Identification(string Version, string Date, string Serial)
{
    private const int VersionLength = 5;
    private const int DateAt = 7;
    private const int DateLength = 10;
    private const int SerialAt = 18;
    private const int SerialLength = 10;

    /// <summary>Whose oximeter is in it, as the serial number begins; empty = not known.</summary>
    public string Oximetry =>
        Serial.StartsWith("B3", StringComparison.Ordinal) || Serial.StartsWith("B5", StringComparison.Ordinal) ? "Masimo"
        : Serial.StartsWith("B2", StringComparison.Ordinal) ? "Nellcor" : string.Empty;

    /// <summary>Null unless the payload has this form.</summary>
    public static Identification? Read(ReadOnlySpan<byte> payload)
    {
        bool sound = payload.Length >= SerialAt + SerialLength
            && payload[0] == (byte)'V'
            && payload[DateAt - 1] == (byte)' '
            && payload[SerialAt - 1] == (byte)' '
            && !payload.ContainsAnyExceptInRange((byte)' ', (byte)'~');
        return !sound ? null : new Identification(
            Encoding.ASCII.GetString(payload.Slice(1, VersionLength)).Trim(),
            Encoding.ASCII.GetString(payload.Slice(DateAt, DateLength)).Trim(),
            Encoding.ASCII.GetString(payload.Slice(SerialAt, SerialLength)).Trim());
    }
}
