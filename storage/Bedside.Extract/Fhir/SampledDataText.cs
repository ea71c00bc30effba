using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>Writes a piece of a wave as SampledData of R4: raw integers, factor and origin, so that physical = origin + factor × raw, and the period in milliseconds.</summary>
internal static class SampledDataText
{
    private const int PeriodDigits = 12;
    private const int LongestNumber = 21;

    /// <summary>The value of <c>valueSampledData</c>.</summary>
    public static void Write(Utf8JsonWriter json, WaveChunk chunk, string unit)
    {
        json.WriteStartObject();
        json.WriteStartObject("origin"u8);
        json.WritePropertyName("value"u8);
        json.WriteRawValue(DecimalOf(chunk.Scale?.Offset ?? 0), skipInputValidation: true);
        if (chunk.Scale is not null)
        {
            WriteUnit(json, unit);
        }

        json.WriteEndObject();
        json.WritePropertyName("period"u8);
        json.WriteRawValue(PeriodOf(chunk.Period), skipInputValidation: true);
        if (chunk.Scale is { } scale)
        {
            json.WritePropertyName("factor"u8);
            json.WriteRawValue(DecimalOf(scale.Gain), skipInputValidation: true);
        }

        json.WriteNumber("dimensions"u8, 1);
        WriteData(json, chunk.Samples);
        json.WriteEndObject();
    }

    /// <summary>Unit, system and code of a quantity; text alone where the unit is no UCUM code we know.</summary>
    public static void WriteUnit(Utf8JsonWriter json, string unit)
    {
        if (UnitCodes.IsUcum(unit))
        {
            json.WriteString("unit"u8, unit);
            json.WriteString("system"u8, FhirCoding.Ucum);
            json.WriteString("code"u8, unit);
        }
        else if (unit.Length > 0)
        {
            json.WriteString("unit"u8, unit);
        }
    }

    /// <summary>Milliseconds between samples: exact where twelve digits are enough, else rounded to twelve.</summary>
    public static string PeriodOf(SamplePeriod period)
    {
        decimal exact = 1000m * period.Numerator / period.Denominator;
        int whole = exact < 1 ? 0 : (int)Math.Floor(Math.Log10((double)exact)) + 1;
        return Plain(Math.Round(exact, Math.Clamp(PeriodDigits - whole, 0, 28)));
    }

    /// <summary>The shortest decimal that is this number, without an exponent where that is possible.</summary>
    public static string DecimalOf(double number)
    {
        string shortest = number.ToString("R", CultureInfo.InvariantCulture);
        return decimal.TryParse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) && (double)exact == number ? Plain(exact) : shortest;
    }

    private static string Plain(decimal number)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        text = text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
        return text == "-0" ? "0" : text;
    }

    private static void WriteData(Utf8JsonWriter json, IReadOnlyList<long> samples)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent((samples.Count * LongestNumber) + 1);
        try
        {
            int at = 0;
            for (int i = 0; i < samples.Count; i++)
            {
                if (i > 0)
                {
                    text[at++] = (byte)' ';
                }

                if (samples[i] == WaveChunk.Missing)
                {
                    text[at++] = (byte)'E';
                }
                else if (Utf8Formatter.TryFormat(samples[i], text.AsSpan(at), out int written))
                {
                    at += written;
                }
            }

            json.WriteString("data"u8, text.AsSpan(0, at));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}
