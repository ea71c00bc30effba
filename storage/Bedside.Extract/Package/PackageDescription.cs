using Bedside.Extract.Arrow;

namespace Bedside.Extract.Package;

/// <summary>Pairs under keys that begin with <c>bedside.</c> that every Arrow file of a package has. Words are of the nomenclature, never of a device.</summary>
internal static class PackageDescription
{
    private const string Format = "package-1";

    public static IReadOnlyList<KeyValuePair<string, string>> Beginning(string table, StayTime time) =>
    [
        Pair("format", Format),
        Pair("table", table),
        Pair("time", time.IsWall ? "t: wall clock at the ward, moved by whole weeks, without a zone; it runs evenly from admission on" : "t_ns: nanoseconds since admission"),
    ];

    public static IReadOnlyList<KeyValuePair<string, string>> Of(PackagedSignal signal) =>
    [
        .. new[]
        {
            Pair("signal", signal.Entry.Id),
            Pair("name_en", signal.Entry.English),
            Pair("name_fr", signal.Entry.French),
            Pair("unit_ucum", signal.Unit),
            Pair("code_11073", signal.Entry.Code == 0 ? string.Empty : Spelling.Of(signal.Entry.Code)),
            Pair("code_name", signal.Entry.CodeName),
            Pair("device", signal.Device.Name),
        }.Where(pair => pair.Value.Length > 0),
    ];

    /// <summary>The table of readings: <see cref="NumericsFile"/>.</summary>
    public static ArrowSchema Numerics(StayTime time) => new(
        [
            time.Field,
            new ArrowField("signal", ArrowKind.Utf8, isNullable: false),
            new ArrowField("device", ArrowKind.Utf8, isNullable: false),
            new ArrowField("value", ArrowKind.Float64),
            new ArrowField("value_mantissa", ArrowKind.Int64),
            new ArrowField("value_exponent", ArrowKind.Int8),
            new ArrowField("unit", ArrowKind.Utf8),
            new ArrowField("validity", ArrowKind.Utf8),
        ],
        [
            .. Beginning("numerics", time),
            Pair("value", "value = value_mantissa * 10 ^ value_exponent, with the decimals that the device showed"),
            Pair("nulls", "null = no value, or not known; in validity: valid"),
        ]);

    private static KeyValuePair<string, string> Pair(string key, string value) => new($"bedside.{key}", value);
}
