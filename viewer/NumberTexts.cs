using System.Globalization;
using System.Text.Json;

namespace Bedside.Viewer;

/// <summary>The last numbers that were written, as text: extremes of a signal are of few values, and the shortest decimal that gives a number back takes a while to find.</summary>
internal sealed class NumberTexts
{
    private const int Bits = 7;

    /// <summary>Bytes for each: its length, and not more than 24 characters.</summary>
    private const int Room = 32;

    /// <summary>2^64 divided by the golden ratio: spreads what differs in a few bits.</summary>
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private readonly double[] _numbers = new double[1 << Bits];
    private readonly byte[] _texts = new byte[Room << Bits];

    public void Write(Utf8JsonWriter json, JsonEncodedText name, double number)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(number);
        int at = (int)((bits * Spread) >> (64 - Bits));
        Span<byte> text = _texts.AsSpan(at * Room, Room);
        if (text[0] == 0 || BitConverter.DoubleToUInt64Bits(_numbers[at]) != bits)
        {
            if (!double.IsFinite(number) || !number.TryFormat(text[1..], out int length, default, CultureInfo.InvariantCulture))
            {
                json.WriteNumber(name, number);
                return;
            }

            _numbers[at] = number;
            text[0] = (byte)length;
        }

        json.WritePropertyName(name);
        json.WriteRawValue(text.Slice(1, text[0]), skipInputValidation: true);
    }
}
