using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>An answer in ASCII. <paramref name="Error"/> is the number after ER, or 0.</summary>
internal readonly record struct Answer(string Body, int Error)
{
    private const int ErrorLength = 4;

    /// <summary>Reads an answer to a command; null when its checksum is wrong.</summary>
    public static Answer? Read(string command, string message)
    {
        // In the basic mode, and on the way there, nothing has a checksum.
        if (ErrorOf(message) is int plain)
        {
            return new Answer(message, plain);
        }

        return command == "HO" || (command.Length == 0 && message == "*") ? new Answer(message, 0) : Checked(message);
    }

    private static Answer? Checked(string message) =>
        Frame.Open(message) is { } body ? new Answer(body, ErrorOf(body) ?? 0) : null;

    private static int? ErrorOf(string text) =>
        text.Length == ErrorLength && text.StartsWith("ER", StringComparison.Ordinal) && int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int error)
            ? error
            : null;
}

/// <summary>What the answers to single commands hold.</summary>
internal static class Messages
{
    private const int DigitsPerValue = 4;

    /// <summary>What an error number means (sheet 4); 20 was seen on newer ventilators and is not documented.</summary>
    public static string MeaningOf(int error) => error switch
    {
        10 => "unknown command",
        11 => "syntax or number of parameters",
        12 => "out of range or not supported",
        13 => "no trend values in that period",
        14 => "trend length too long",
        15 => "trend channel undefined",
        16 => "nothing configured",
        17 => "the ventilator is in standby",
        18 => "checksum error",
        19 => "buffer full",
        _ => "not documented",
    };

    /// <summary>Four digits a channel; null where there is no value (9999). Null altogether when it is not that.</summary>
    public static IReadOnlyList<int?>? ReadValues(string body, int count)
    {
        if (body.Length != count * DigitsPerValue || !body.All(char.IsAsciiDigit))
        {
            return null;
        }

        var values = new List<int?>(count);
        for (int at = 0; at < body.Length; at += DigitsPerValue)
        {
            int value = int.Parse(body.AsSpan(at, DigitsPerValue), NumberStyles.None, CultureInfo.InvariantCulture);
            values.Add(value == Readings.MissingDigits ? null : value);
        }

        return values;
    }

    /// <summary>One digit a channel: 0, 1 or 2.</summary>
    public static IReadOnlyList<int>? ReadStates(string body, int count) =>
        body.Length == count && body.All(digit => digit is '0' or '1' or '2') ? [.. body.Select(digit => digit - '0')] : null;

    /// <summary>Two bytes a channel, MSB first.</summary>
    public static IReadOnlyList<int?> ReadBinaryValues(ReadOnlySpan<byte> body)
    {
        var values = new List<int?>(body.Length / 2);
        for (int at = 0; at + 1 < body.Length; at += 2)
        {
            int value = (body[at] << 8) | body[at + 1];
            values.Add(value == BlockReader.Missing ? null : value);
        }

        return values;
    }

    /// <summary>YYMMDDhhmmss; 90 to 99 are of the last century.</summary>
    public static DateTime? ReadTime(string body)
    {
        if (body.Length != 12 || !body.All(char.IsAsciiDigit))
        {
            return null;
        }

        string century = body[0] == '9' ? "19" : "20";
        return DateTime.TryParseExact(century + body, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime wall) ? wall : null;
    }

    /// <summary><c>Servo-i0</c>: the name and whether the ventilator reports an internal communication error.</summary>
    public static (string Name, bool InternalError)? ReadProduct(string body) =>
        body.Length >= "Servo-i0".Length && body.StartsWith("Servo-", StringComparison.Ordinal) && body[^1] is '0' or '1' && body[6..^1].All(char.IsAsciiLetter)
            ? (body[..^1], body[^1] == '1')
            : null;

    /// <summary>A command as it went to the ventilator, without checksum and end; null when its checksum is wrong.</summary>
    public static string? CommandOf(string message) => message.Length == 0 || message == "HO" ? message : Frame.Open(message);

    /// <summary>Trend blocks may begin with a time, and a date: seven bytes from 81 on.</summary>
    public static ReadOnlySpan<byte> WithoutTime(ReadOnlySpan<byte> body) => body.Length % 2 == 1 ? body[7..] : body;

    /// <summary>00 none, otherwise active; 02 silenced.</summary>
    public static IReadOnlyList<int> ReadBinaryStates(ReadOnlySpan<byte> body)
    {
        var states = new List<int>(body.Length);
        foreach (byte state in body)
        {
            states.Add(state == 0xFF ? 1 : state);
        }

        return states;
    }

    public static DeviceIdentity IdentityOf(string product, string serial, int version, bool internalError)
    {
        var identity = new DeviceIdentity
        {
            Manufacturer = "Getinge",
            Model = product,
            SerialNumber = serial == "0" ? string.Empty : serial,
            Protocol = version > 0 ? string.Create(CultureInfo.InvariantCulture, $"CIE {version:D3}") : "CIE",
        };
        bool known = product == "Servo-i" || product == "Servo-s";
        identity = known ? identity : identity.AsExperimental();
        return internalError ? identity with { Properties = identity.Properties.Add("internal-communication", "error") } : identity;
    }
}
