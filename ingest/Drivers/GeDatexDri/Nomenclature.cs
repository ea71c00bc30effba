using System.Collections.Immutable;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>One value of a group.</summary>
/// <param name="Index">Position among the group's values, from 0.</param>
/// <param name="Exponent">Power of ten of a count, in <paramref name="Unit"/>.</param>
/// <param name="Id">Of the nomenclature, perhaps with /channel; a word that begins with @ is a rule; empty = it has none.</param>
/// <param name="Episode">What measures it now and then; empty = it is measured all the time.</param>
internal sealed record ValueRow(string Name, int Index, sbyte Exponent, string Unit, string Id, string Label, string Episode);

/// <summary>One state of a group, in the bits of its status or of its label.</summary>
internal sealed record StateRow(bool InLabel, int Shift, int Bits, int FirstLevel, ImmutableArray<string> Words, Validity Effect)
{
    /// <summary>The word for what the group says now; empty = nothing to say.</summary>
    public string WordOf(uint status, ushort label)
    {
        int code = (int)(((InLabel ? label : status) >> Shift) & ((1u << Bits) - 1));
        if (Words.Length == 1)
        {
            return code == 1 ? Words[0] : string.Empty;
        }

        return code < Words.Length ? Words[code] : string.Create(CultureInfo.InvariantCulture, $"{(InLabel ? "label" : "state")} {code}");
    }
}

/// <summary>A group of values with one status and one label.</summary>
internal sealed record GroupRow(DataClass Class, string Name, int Offset, int FirstLevel, string Channel, ImmutableArray<ValueRow> Values, ImmutableArray<StateRow> States)
{
    private const int UsualHeader = 6;

    /// <summary>ecg-extra follows the group ecg without a header.</summary>
    public int HeaderBytes => Name == "ecg-extra" ? 0 : UsualHeader;

    /// <summary>As device codes and raw ids have it.</summary>
    public string Code => $"{DatexNomenclature.WordOf(Class)}.{Name}";
}

/// <summary>The tables, and the names that signals get from them.</summary>
internal static class DatexNomenclature
{
    private static readonly ImmutableArray<GroupRow>[] ByClass = Read();

    /// <summary>Groups of a class, in the order of the wire; none for a class that is not known.</summary>
    public static ImmutableArray<GroupRow> Groups(int dataClass) => dataClass >= 0 && dataClass < ByClass.Length ? ByClass[dataClass] : [];

    public static string WordOf(DataClass dataClass) => dataClass == DataClass.Basic ? "basic" : string.Create(CultureInfo.InvariantCulture, $"ext{(int)dataClass}");

    /// <summary>A metric with what the nomenclature knows of <paramref name="id"/>.</summary>
    /// <param name="code">On the wire, after <c>datex:</c>; raw ids are made of it where <paramref name="id"/> is empty.</param>
    public static Metric Metric(string id, SignalKind kind, string code, string label, string unit = "", string channel = "")
    {
        NomenclatureEntry? entry = Nomenclature.Shipped.ById(id);
        return new Metric
        {
            SignalId = id.Length > 0 ? id : RawId(code, label),
            Kind = kind,
            Code = entry?.Code ?? 0,
            CodeName = string.IsNullOrEmpty(entry?.CodeName) ? label : entry.CodeName,
            Unit = unit,
            Channel = channel,
            Label = label,
            DeviceCode = $"datex:{code}",
        };
    }

    /// <summary>Letters, digits and dots of the name stay; runs of anything else become one hyphen.</summary>
    private static string RawId(string code, string name)
    {
        IEnumerable<char> kept = name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '+' ? letter : '-');
        string joined = string.Join('-', string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return $"raw/datex/{code}/{joined}";
    }

    private static ImmutableArray<GroupRow>[] Read()
    {
        ILookup<string, string[]> values = Lines(BasicTables.Values).Concat(Lines(ExtensionTables.Values)).ToLookup(field => field[0]);
        ILookup<string, string[]> states = Lines(StateTables.Rows).ToLookup(field => field[0]);
        GroupRow[] groups = [.. Lines(BasicTables.Groups).Select(field => new GroupRow(
            (DataClass)Number(field[0]),
            field[1],
            Number(field[2]),
            Number(field[3]),
            field[5],
            [.. values[field[4]].Select(ValueOf)],
            [.. states[field[4]].Select(StateOf)]))];
        return [.. Enum.GetValues<DataClass>().Select(one => groups.Where(group => group.Class == one).ToImmutableArray())];
    }

    private static ValueRow ValueOf(string[] field, int index) =>
        new(field[1], index, (sbyte)Number(field[2]), field[3], field[4], field[5], field[6]);

    private static StateRow StateOf(string[] field)
    {
        string[] bits = field[2].Split(':');
        Validity effect = field[5] switch
        {
            "questionable" => Validity.Questionable,
            "calibration" => Validity.CalibrationOngoing,
            "ongoing" => Validity.MeasurementOngoing,
            _ => Validity.Valid,
        };
        return new StateRow(field[1] == "L", Number(bits[0]), Number(bits[1]), Number(field[3]), [.. field[4].Split('/')], effect);
    }

    private static IEnumerable<string[]> Lines(string table) => table.Split('\n').Select(line => line.Split('|'));

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
