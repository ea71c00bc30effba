using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model;

namespace Bedside.Storage.Coding;

/// <summary>How the types of <see cref="JsonPayload"/> stand in JSON: camelCase, kebab-case names, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters =
    [
        typeof(KebabConverter<AlertPhase>),
        typeof(KebabConverter<AlertPriority>),
        typeof(KebabConverter<SignalKind>),
        typeof(KebabConverter<DeviceState>),
        typeof(KebabConverter<GapCause>),
        typeof(ValidityConverter),
        typeof(SecondsConverter),
    ])]
[JsonSerializable(typeof(AlertWords))]
[JsonSerializable(typeof(SignalWords))]
[JsonSerializable(typeof(DeviceWords))]
[JsonSerializable(typeof(ClockWords))]
[JsonSerializable(typeof(GapWords))]
[JsonSerializable(typeof(AnnotationWords))]
[JsonSerializable(typeof(TextWords))]
internal sealed partial class JsonWords : JsonSerializerContext;

/// <summary>Small conversions between the words of the model and the words of JSON.</summary>
internal static class Text
{
    private const int WholeSecondsLength = 19;
    private const int FractionDigits = 9;
    private const long NanosecondsOfSecond = 1_000_000_000;

    public static string? OrNull(string text) => text.Length == 0 ? null : text;

    public static string Or(string? text) => text ?? string.Empty;

    public static T Need<T>(T? part, string name)
        where T : class => part ?? throw new BlockFormatException($"the payload has no {name}");

    /// <summary>A payload that leaves out a value which has no neutral one is refused.</summary>
    public static T Named<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value) ? value : throw new BlockFormatException($"the payload has no {typeof(T).Name}");

    public static string OfInstant(UtcInstant instant) => instant.ToString();

    /// <summary>Reads what <see cref="UtcInstant.ToString"/> writes, to the nanosecond.</summary>
    public static UtcInstant ToInstant(string text)
    {
        ReadOnlySpan<char> rest = text;
        bool whole = rest.Length == WholeSecondsLength + FractionDigits + 2 && rest[WholeSecondsLength] == '.' && rest[^1] == 'Z';
        if (!whole
            || !DateTime.TryParseExact(rest[..WholeSecondsLength], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime seconds)
            || !uint.TryParse(rest[(WholeSecondsLength + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out uint fraction))
        {
            throw new BlockFormatException("a time is not ISO 8601 with nine decimals and Z");
        }

        Int128 nanoseconds = ((Int128)((seconds - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond) * NanosecondsOfSecond) + fraction;
        return nanoseconds < long.MinValue || nanoseconds > long.MaxValue
            ? throw new BlockFormatException("a time is outside the years 1677 to 2262")
            : new UtcInstant((long)nanoseconds);
    }

    /// <summary>A 64-bit number as a decimal string, because JSON numbers are exact to 2^53 only.</summary>
    public static string? OfWide(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    public static long ToWide(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new BlockFormatException("a number is not a decimal string of 64 bits");
}

/// <summary>An enumeration as its kebab-case name; numbers are refused in both directions.</summary>
internal sealed class KebabConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>Validity as the list of the names of its set bits, the standard's bit 0 first.</summary>
internal sealed class ValidityConverter : JsonConverter<Validity>
{
    public override Validity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("validity is a list of names");
        }

        Validity validity = Validity.Valid;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            validity |= Bit(reader.GetString());
        }

        return reader.TokenType == JsonTokenType.EndArray ? validity : throw new JsonException("validity is a list of names");
    }

    public override void Write(Utf8JsonWriter writer, Validity value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (string name in value.Names())
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    }

    private static Validity Bit(string? name)
    {
        for (int bit = 0; bit < 16; bit++)
        {
            var one = (Validity)(1 << bit);
            if (one.Names()[0] == name)
            {
                return one;
            }
        }

        throw new JsonException("validity has a name that is not known");
    }
}

/// <summary>A length of time as a number of seconds, exact to 100 ns.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        bool read = reader.TryGetDecimal(out decimal seconds);
        decimal ticks = read && Math.Abs(seconds) < long.MaxValue / TimeSpan.TicksPerSecond
            ? seconds * TimeSpan.TicksPerSecond
            : throw new JsonException("a length of time is a number of seconds");
        return new TimeSpan((long)ticks);
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((decimal)value.Ticks / TimeSpan.TicksPerSecond);
}
