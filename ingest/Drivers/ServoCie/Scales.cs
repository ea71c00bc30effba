using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// A channel as the ventilator itself describes it: value = raw × gain − offset. The offset is subtracted (sheet 6). Null gain = a switch
/// or an alarm, which has no number.
/// </summary>
internal sealed record ChannelScale(int Channel, Fixed? Gain, Fixed Offset, string Unit, string Type)
{
    private const int FieldsPerChannel = 6;
    private const int MostChannels = 400;

    private static readonly string[] Units =
    [
        "", "mL", "mL/s", "mL/min", "cm[H2O]", "mL/cm[H2O]", "/min", "%", "L/min", "cm[H2O].s/L", "mm[Hg]", "kPa", "mbar", "mV", "s", "L/s", "cm[H2O]/L", "L", "J/L", "uV", "1",
        "cm[H2O]/uV", "/min/L", "min",
    ];

    /// <summary>For curves: raw × gain + offset.</summary>
    public Scale? Linear => Gain is { } gain ? new Scale(gain.ToDouble(), 0 - Offset.ToDouble()) : null;

    /// <summary>The value of a raw number, exactly.</summary>
    public Fixed ValueOf(int raw)
    {
        Fixed gain = Gain ?? new Fixed(1, 0);
        int exponent = Math.Min(gain.Exponent, Offset.Mantissa == 0 ? gain.Exponent : Offset.Exponent);
        long scaled = raw * gain.Mantissa * PowerOfTen(gain.Exponent - exponent);
        long offset = Offset.Mantissa == 0 ? 0 : Offset.Mantissa * PowerOfTen(Offset.Exponent - exponent);
        return new Fixed(scaled - offset, (sbyte)exponent);
    }

    /// <summary>
    /// Reads <c>020;100,+2713E-004,+3333E+000,02,CU,FFFF;…</c>: the sampling time in ms, then the channels. Null = it is not of that form; single channels
    /// that cannot be read are counted in <paramref name="unread"/>.
    /// </summary>
    public static (int SampleMilliseconds, IReadOnlyDictionary<int, ChannelScale> Channels)? ReadAll(string body, out int unread)
    {
        unread = 0;
        string[] parts = body.Split(';', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > MostChannels || !TryNumber(parts[0], 3, out int sampling))
        {
            return null;
        }

        var channels = new Dictionary<int, ChannelScale>();
        foreach (string part in parts.Skip(1))
        {
            if (Read(part) is { } channel)
            {
                channels[channel.Channel] = channel;
            }
            else
            {
                unread++;
            }
        }

        return (sampling, channels);
    }

    /// <summary>Digits only, exactly so many.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, int digits, out int number)
    {
        number = 0;
        return text.Length == digits && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static ChannelScale? Read(string part)
    {
        string[] field = part.Split(',', StringSplitOptions.TrimEntries);
        if (field.Length != FieldsPerChannel || !TryNumber(field[0], 3, out int channel))
        {
            return null;
        }

        bool hasGain = TryFactor(field[1], out Fixed gain);
        bool hasOffset = TryFactor(field[2], out Fixed offset);
        bool isSwitch = field[1].StartsWith('-') && field[1].Length == 1;
        if (!hasGain && !isSwitch)
        {
            return null;
        }

        string unit = int.TryParse(field[3], NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code < Units.Length ? Units[code] : string.Empty;
        return new ChannelScale(channel, hasGain ? gain : null, hasOffset ? offset : default, unit, field[4]);
    }

    /// <summary><c>±XXXXE±YYY</c>, XXXX × 10^YYY, without the zeros that say nothing: so that 16.7 stays 16.7.</summary>
    private static bool TryFactor(string text, out Fixed factor)
    {
        factor = default;
        int e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 1
            || !int.TryParse(text.AsSpan(0, e), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int mantissa)
            || !int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent)
            || Math.Abs(exponent) > 6
            || Math.Abs(mantissa) > 99_999)
        {
            return false;
        }

        while (mantissa != 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            exponent++;
        }

        // Whole numbers are written out: 2E+003 is 2000.
        while (exponent > 0)
        {
            mantissa *= 10;
            exponent--;
        }

        factor = new Fixed(mantissa, (sbyte)exponent);
        return true;
    }

    private static long PowerOfTen(int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
