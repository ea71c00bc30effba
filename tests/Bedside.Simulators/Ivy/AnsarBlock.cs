using System.Globalization;
using System.Text;

namespace Bedside.Simulators.Ivy;

/// <summary>
/// The Ansar-B block: FF, eight letters, 400 bytes of waves, lines of text that end with CR, FE. 200 bytes of ECG, then 50 each of respiration,
/// pleth and two pressures; FB throughout is a channel that is off.
/// </summary>
public sealed class AnsarBlock
{
    public const byte Off = 0xFB;
    public const int EcgSamples = 200;
    public const int SlowSamples = 50;

    private const int LargestSample = 250;

    private readonly StringBuilder _text = new();
    private readonly List<byte> _waves = [];

    /// <summary>Adds the next wave; null = the channel is off. Counts are limited to what a byte of a wave may be.</summary>
    public void Wave(int samples, Func<int, double>? count)
    {
        for (int i = 0; i < samples; i++)
        {
            _waves.Add(count is null ? Off : (byte)Math.Clamp(Math.Round(count(i)), 0, LargestSample));
        }
    }

    /// <summary>Adds a line: name, status, values (null = blank), label, and an alarm if there is one.</summary>
    public void Line(string name, int status, double?[] values, string label, string alarm = "")
    {
        _text.Append(CultureInfo.InvariantCulture, $"{name}={status};");
        foreach (double? value in values)
        {
            _text.Append(value is { } number ? Math.Round(number).ToString("F0", CultureInfo.InvariantCulture) : string.Empty).Append(';');
        }

        _text.Append(label).Append(';').Append(alarm.Length > 0 ? alarm + ";" : string.Empty).Append('\r');
    }

    public byte[] ToBytes(bool withEnd = true) => [0xFF, .. "ANSAR-B "u8, .. _waves, .. Encoding.ASCII.GetBytes(_text.ToString()), .. withEnd ? [0xFE] : Array.Empty<byte>()];
}
