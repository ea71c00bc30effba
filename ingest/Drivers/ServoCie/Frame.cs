using System.Globalization;
using System.Text;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// ASCII messages of the computer interface, both ways (sheet 1, 3):
/// <code>
/// BASIC      text 04
/// EXTENDED   text HH 04     HH: exclusive or of all bytes before it, two upper-case hexadecimal digits
/// </code>
/// </summary>
internal static class Frame
{
    public const byte EndOfTransmission = 0x04;

    /// <summary>Aborts whatever the ventilator is sending.</summary>
    public const byte Escape = 0x1B;

    /// <summary>The longest answer tells the scales of all channels: some 220 of 37 bytes.</summary>
    public const int MostTextBytes = 16_384;

    private const int ChecksumDigits = 2;

    public static byte[] Basic(string text) => [.. Encoding.ASCII.GetBytes(text), EndOfTransmission];

    public static byte[] Extended(string text) => Basic(text + Checksum(text));

    public static string Checksum(string text) => ExclusiveOr(Encoding.ASCII.GetBytes(text)).ToString("X2", CultureInfo.InvariantCulture);

    public static byte ExclusiveOr(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum ^= value;
        }

        return sum;
    }

    /// <summary>The text before its checksum; null when the checksum is not right.</summary>
    public static string? Open(string message) =>
        message.Length >= ChecksumDigits && Checksum(message[..^ChecksumDigits]) == message[^ChecksumDigits..] ? message[..^ChecksumDigits] : null;
}

/// <summary>Collects text up to 04. Bytes that are no text are counted, and make the message worthless.</summary>
internal sealed class TextReader
{
    private readonly byte[] _text = new byte[Frame.MostTextBytes];
    private int _length;
    private bool _spoilt;

    /// <summary>The message just ended, without 04; null when it was none.</summary>
    public string? Message { get; private set; }

    /// <summary>Bytes of a message that has not ended.</summary>
    public int Open => _length;

    /// <summary>True when the byte ended a message.</summary>
    public bool Take(byte value)
    {
        if (value == Frame.EndOfTransmission)
        {
            Message = _spoilt ? null : Encoding.ASCII.GetString(_text, 0, _length);
            Clear();
            return true;
        }

        _spoilt |= value is < 0x20 or > 0x7E || _length == _text.Length;
        _length = Math.Min(_length + 1, _text.Length);
        _text[_length - 1] = value;
        return false;
    }

    public void Clear() => (_length, _spoilt) = (0, false);
}
