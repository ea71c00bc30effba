using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Bedside.Model;

/// <summary>A row of <c>nomenclature.csv</c>: one signal by its canonical id.</summary>
public sealed record NomenclatureEntry
{
    /// <summary>Canonical kebab-case id; never renamed once shipped.</summary>
    public required string Id { get; init; }

    /// <summary><c>waveform</c>, <c>numeric</c>, <c>setting</c> or <c>event</c>.</summary>
    public required string Kind { get; init; }

    public required string French { get; init; }

    public required string English { get; init; }

    /// <summary>At most 8 characters, not unique.</summary>
    public required string ShortLabel { get; init; }

    /// <summary>IEEE 11073-10101 code; 0 = not verified.</summary>
    public required uint Code { get; init; }

    public required string CodeName { get; init; }

    public required string Loinc { get; init; }

    /// <summary>UCUM.</summary>
    public required string Unit { get; init; }

    /// <summary>Axis default; not an alarm limit.</summary>
    public required double? TypicalMin { get; init; }

    public required double? TypicalMax { get; init; }

    /// <summary>Outside = technical implausibility: keep, mark.</summary>
    public required double? PlausibleMin { get; init; }

    public required double? PlausibleMax { get; init; }

    /// <summary>Hz; null = episodic.</summary>
    public required double? TypicalRate { get; init; }

    /// <summary>Colour convention group (nomenclature sheet, section 6).</summary>
    public required string ColourGroup { get; init; }
}

/// <summary>The signals that have a canonical id, from the file shipped with the product.</summary>
public sealed class Nomenclature
{
    private const string Columns =
        "id,kind,display_fr,display_en,short_label,mdc_code,mdc_name,loinc,ucum,typical_min,typical_max,plausible_min,plausible_max,typical_sample_rate_hz,color_group,mdc_evidence";

    private readonly FrozenDictionary<string, NomenclatureEntry> _byId;
    private readonly FrozenDictionary<uint, NomenclatureEntry> _byCode;

    private Nomenclature(IReadOnlyList<NomenclatureEntry> entries)
    {
        Entries = entries;
        _byId = entries.ToFrozenDictionary(entry => entry.Id);
        _byCode = entries.Where(entry => entry.Code != 0).ToFrozenDictionary(entry => entry.Code);
    }

    /// <summary>The file this build was shipped with.</summary>
    public static Nomenclature Shipped { get; } = ReadShipped();

    public IReadOnlyList<NomenclatureEntry> Entries { get; }

    public NomenclatureEntry? ById(string id) => _byId.GetValueOrDefault(id);

    /// <summary>By 32-bit IEEE 11073-10101 code.</summary>
    public NomenclatureEntry? ByCode(uint code) => _byCode.GetValueOrDefault(code);

    /// <summary>The nomenclature's entry for a stored signal: its id up to <c>@</c>.</summary>
    public NomenclatureEntry? Of(Signal signal) => ById(signal.Metric.SignalId);

    /// <summary>Reads the columns of the shipped file; throws <see cref="FormatException"/> on an unknown column or a double id or code.</summary>
    public static Nomenclature Parse(string csv)
    {
        string[] lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0 || lines[0] != Columns)
        {
            throw new FormatException($"nomenclature: the first line must be {Columns}");
        }

        NomenclatureEntry[] entries = [.. lines.Skip(1).Select(ParseLine)];
        string? twice = entries.GroupBy(entry => entry.Id).FirstOrDefault(group => group.Skip(1).Any())?.Key
            ?? entries.Where(entry => entry.Code != 0).GroupBy(entry => entry.Code).FirstOrDefault(group => group.Skip(1).Any())?.First().CodeName;
        return twice is null ? new Nomenclature(entries) : throw new FormatException($"nomenclature: {twice} stands twice");
    }

    private static Nomenclature ReadShipped()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("nomenclature.csv")
            ?? throw new InvalidOperationException("nomenclature.csv is not in this build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(reader.ReadToEnd());
    }

    private static NomenclatureEntry ParseLine(string line)
    {
        List<string> fields = Fields(line);
        if (fields.Count != Columns.Count(letter => letter == ',') + 1)
        {
            throw new FormatException($"nomenclature: {fields.Count} fields in: {line}");
        }

        return new NomenclatureEntry
        {
            Id = fields[0],
            Kind = fields[1],
            French = fields[2],
            English = fields[3],
            ShortLabel = fields[4],
            Code = fields[5].Length == 0 ? 0 : uint.Parse(fields[5], CultureInfo.InvariantCulture),
            CodeName = fields[6],
            Loinc = fields[7],
            Unit = fields[8],
            TypicalMin = Number(fields[9]),
            TypicalMax = Number(fields[10]),
            PlausibleMin = Number(fields[11]),
            PlausibleMax = Number(fields[12]),
            TypicalRate = Number(fields[13]),
            ColourGroup = fields[14],
        };
    }

    private static double? Number(string field) =>
        field.Length == 0 ? null : double.Parse(field, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[++i]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
