using Bedside.Model;

namespace Bedside.Extract.Arrow;

/// <summary>What the files of an export say of themselves: pairs under keys that begin with <c>bedside.</c> (ARROW.md, section 5).</summary>
internal static class ArrowDescription
{
    private const string Version = "1";

    private static readonly string ValidityBits = string.Join(
        ", ", Enumerable.Range(0, 16).Select(bit => (Validity)(0x8000 >> bit)).Select(one => $"0x{(ushort)one:X4} {one.Names()[0]}"));

    /// <summary>Of one of the tables that every export has.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string table, ExportRequest request) =>
    [
        .. Beginning(table, request),
        Pair("nulls", "null = no value, or not known; in validity: valid"),
        .. table switch
        {
            "numerics" => [Dictionary(request, SignalKind.Numeric, SignalKind.Setting), Pair("value", "value = value_mantissa * 10 ^ value_exponent, with the decimals that the device showed")],
            "texts" => [Dictionary(request, SignalKind.Text)],
            _ => Array.Empty<KeyValuePair<string, string>>(),
        },
    ];

    /// <summary>Of the waves of one device and one rate.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(WaveGroup group, ExportRequest request) =>
    [
        .. Beginning("waves", request),
        Pair("device", group.Device),
        Pair("experimental", request.Experimental.Contains(group.Device) ? "true" : "false"),
        Pair("period_s", $"{Spelling.Of(group.Period.Numerator)}/{Spelling.Of(group.Period.Denominator)}"),
        Pair("rate_hz", WfdbRate.ToText(group.Period)),
        Pair("nulls", "NAME.raw null = no sample at this time; NAME null = no sample, or one that the device called unusable, or without calibration; rows that are not there are gaps, and gaps.arrow says why; nothing is ever filled in"),
        Pair("validity_bits", ValidityBits),
        Pair("dictionary", SignalDictionary.Json(group.Tracks.Select(track => track.Signal).Distinct(), request)),
    ];

    /// <summary>The three columns of a track, in the order in which its samples are written.</summary>
    public static IEnumerable<ArrowField> Fields(string name, Track track, ExportRequest request)
    {
        KeyValuePair<string, string>[] scale = track.Scale is Scale known
            ? [Pair("scale", "value = raw * gain + offset"), Pair("gain", Spelling.Of(known.Gain)), Pair("offset", Spelling.Of(known.Offset))]
            : [Pair("scale", "none: the device told no calibration")];
        KeyValuePair<string, string>[] dictionary = [.. SignalDictionary.Of(track.Signal, request).Select(pair => Pair(pair.Key, pair.Value))];
        yield return new ArrowField(name, ArrowKind.Float64, IsNullable: true, [Pair("role", "value"), .. dictionary, .. scale]);
        yield return new ArrowField($"{name}.raw", ArrowKind.Int32, IsNullable: true, [Pair("role", "raw"), .. dictionary, .. scale]);
        yield return new ArrowField($"{name}.validity", ArrowKind.UInt16, IsNullable: true, [Pair("role", "validity"), .. dictionary]);
    }

    private static KeyValuePair<string, string>[] Beginning(string table, ExportRequest request) =>
        [Pair("format", Version), Pair("table", table), Pair("from_utc", request.From.ToString()), Pair("to_utc", request.To.ToString())];

    private static KeyValuePair<string, string> Dictionary(ExportRequest request, params ReadOnlySpan<SignalKind> kinds)
    {
        SignalKind[] wanted = [.. kinds];
        return Pair("dictionary", SignalDictionary.Json(request.Signals.Where(signal => wanted.Contains(signal.Metric.Kind)), request));
    }

    private static KeyValuePair<string, string> Pair(string key, string value) => new($"bedside.{key}", value);
}
