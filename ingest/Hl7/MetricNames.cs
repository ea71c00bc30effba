using System.Collections.Frozen;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What a code of OBX-3 is.</summary>
/// <param name="Id">Of the nomenclature, or <c>raw/SYSTEM/CODE/NAME</c>.</param>
/// <param name="Entry">Row of the nomenclature; null = none.</param>
/// <param name="Code">MDC; 0 = none is confirmed.</param>
/// <param name="Name">As it was sent.</param>
/// <param name="DeviceCode">System and code on the wire.</param>
/// <param name="Conflict">Number and name are of two signals: nothing is guessed.</param>
internal sealed record MetricName(string Id, NomenclatureEntry? Entry, uint Code, string Name, string DeviceCode, bool Conflict = false)
{
    /// <summary>The nomenclature has a number under this id.</summary>
    public bool IsNumber => Entry?.Kind == "numeric" || Entry?.Kind == "setting";

    /// <summary>The nomenclature has a curve under this id.</summary>
    public bool IsWave => Entry?.Kind == "waveform";
}

/// <summary>
/// OBX-3 to signals by the rule of trust (sheet 5.5): number and name must not contradict each other. A name in the form of a reference identifier that is
/// not the number's is a contradiction; a plain label is not.
/// </summary>
internal static class MetricNames
{
    private const string Mdc = "MDC";
    private const string Mdil = "MDIL";
    private const uint FirstPrivateTerm = 0xF000;
    private const int MostName = 64;

    private static readonly FrozenDictionary<string, uint> Synonyms = new Dictionary<string, uint>(StringComparer.Ordinal)
    {
        ["MDC_ECG_CARD_BEAT_RATE"] = 147842,
        ["MDC_ECG_HEART_RATE"] = 147842,
        ["MDC_ECG_LEAD_I"] = 131329,
        ["MDC_ECG_LEAD_II"] = 131330,
        ["MDC_ECG_LEAD_III"] = 131389,
        ["MDC_TTHOR_RESP_RATE"] = 151578,
        ["MDC_RESP_RATE"] = 151562,
        ["MDC_TEMP_AXILLA"] = 188452,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, uint> Names = Nomenclature.Shipped.Entries
        .Where(entry => entry.Code != 0 && entry.CodeName.Length > 0)
        .GroupBy(entry => entry.CodeName, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.First().Code, StringComparer.Ordinal);

    /// <summary>Whether codes of this system come from devices; others are of laboratories and the like.</summary>
    public static bool IsDevice(string system) => system == Mdc || system == Mdil || system == "99MNDRY" || system == "99BEDSIDE" || system == "MDIL-ALERT" || system.StartsWith("MDCX", StringComparison.Ordinal);

    public static MetricName Of(Hl7Value identifier)
    {
        string code = Cut(identifier.Component(1).Text);
        string name = Cut(identifier.Component(2).Text);
        string system = Cut(identifier.Component(3).Text);
        if (system == Mdil)
        {
            return OfPhilips(code, name);
        }

        if (system != Mdc || !uint.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) || number == 0)
        {
            return Raw(system.Length == 0 ? "hl7" : system, code, name);
        }

        NomenclatureEntry? entry = Nomenclature.Shipped.ByCode(number);
        bool isReference = name.StartsWith("MDC_", StringComparison.Ordinal);
        uint named = Synonyms.TryGetValue(name, out uint synonym) ? synonym : Names.GetValueOrDefault(name);
        bool agrees = named == number || (named == 0 && entry is null) || !isReference || (entry is { CodeName.Length: 0 } && named == 0);
        string wire = string.Create(CultureInfo.InvariantCulture, $"mdc:{number}");
        if (!agrees)
        {
            return new MetricName(Path("mdc-conflict", code, name), Entry: null, 0, name, wire, Conflict: true);
        }

        return entry is null
            ? new MetricName(Path("mdc", code, name), Entry: null, number, name, wire)
            : new MetricName(entry.Id, entry, number, name.Length == 0 ? entry.CodeName : name, wire);
    }

    /// <summary><c>raw/SYSTEM/CODE/NAME</c> of the same signal, for a value that is not of the kind that the nomenclature has.</summary>
    public static MetricName AsRaw(MetricName name, string code) => name with { Id = Path("mdc", code, name.Name), Entry = null };

    /// <summary>Partition and term in hexadecimal; the label is localised and proves nothing.</summary>
    private static MetricName OfPhilips(string code, string label)
    {
        string[] parts = code.Split('-');
        bool first = uint.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint partition);
        bool second = uint.TryParse(parts[^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint term);
        if (parts.Length != 2 || !first || !second || partition > 0xFF || term >= FirstPrivateTerm)
        {
            return Raw("mdil", code, label);
        }

        uint number = (partition << 16) + term;
        return Nomenclature.Shipped.ByCode(number) is { } entry
            ? new MetricName(entry.Id, entry, number, label, $"mdil:{code}")
            : Raw("mdil", code, label) with { Code = number };
    }

    private static MetricName Raw(string system, string code, string name) =>
        new(Path(system.ToLowerInvariant(), code, name), Entry: null, 0, name, $"{system.ToLowerInvariant()}:{code}");

    private static string Path(string system, string code, string name) => $"raw/{Plain(system)}/{Plain(code)}/{Plain(name)}";

    /// <summary>Letters, digits and dots stay; runs of anything else become one hyphen.</summary>
    private static string Plain(string text)
    {
        IEnumerable<char> kept = text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '+' or '_' ? letter : '-');
        string joined = string.Join('-', string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return joined.Length == 0 ? "0" : joined;
    }

    private static string Cut(string text) => text.Length <= MostName ? text : text[..MostName];
}
