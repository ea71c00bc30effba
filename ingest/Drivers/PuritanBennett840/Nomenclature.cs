using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>What kind of thing a field is.</summary>
internal enum FieldRole
{
    /// <summary>The ventilator's clock: HH:MM.</summary>
    Time,

    /// <summary>NOV 22 2011.</summary>
    Date,

    /// <summary>Model and serial number.</summary>
    Identity,
    Mode,
    Setting,

    /// <summary>A setting that may also say OFF.</summary>
    Limit,

    /// <summary>Expiratory sensitivity: % but for one type of breath, where it is L/min.</summary>
    Cycle,
    Measured,

    /// <summary>The result of something a person did: zero until it was first done, and then unchanged until it is done again.</summary>
    Manoeuvre,
    Text,

    /// <summary>An alarm about the patient.</summary>
    Alarm,

    /// <summary>An alarm about the ventilator and what feeds it.</summary>
    Fault,

    /// <summary>The one alarm that says ALERT or nothing.</summary>
    Alert,

    /// <summary>ON while alarms are silenced.</summary>
    Silence,

    /// <summary>Not used by the vendor's document, or beyond it: kept as it comes, and never interpreted.</summary>
    Reserved,
}

/// <summary>What a field stands for. <paramref name="Width"/> is in characters; <paramref name="Id"/> is empty where the nomenclature has none.</summary>
internal sealed record FieldRow(int Number, int Width, FieldRole Role, string Name, string Unit, string Id, string Channel)
{
    public bool IsAlarm => Role is FieldRole.Alarm or FieldRole.Fault or FieldRole.Alert;
}

/// <summary>The fields of one kind of reply, and the names that signals get from them.</summary>
internal sealed class FieldTable
{
    private readonly FieldRow[] _rows;

    private FieldTable(string letter, string rows)
    {
        Letter = letter;
        _rows = [.. rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RowOf)];
        Bytes = _rows.Sum(row => row.Width + 1);
    }

    public static FieldTable Basic { get; } = new("A", BasicFields.Fields);

    public static FieldTable Extended { get; } = new("F", ExtendedFields.Fields);

    /// <summary>The letter that the vendor puts after a field's number: 35A, 71F.</summary>
    public string Letter { get; }

    /// <summary>The count of bytes in the recordings.</summary>
    public int Bytes { get; }

    public IReadOnlyList<FieldRow> Rows => _rows;

    public static FieldTable Of(ReplyKind kind) => kind == ReplyKind.Basic ? Basic : Extended;

    /// <summary>The row at a place, 0 being field 5; what lies beyond the table is reserved.</summary>
    public FieldRow RowAt(int place) =>
        place < _rows.Length
            ? _rows[place]
            : new FieldRow(place + Reply.FirstNumber, 0, FieldRole.Reserved, "not in the tables", string.Empty, string.Empty, string.Empty);

    public bool HasWidths(IReadOnlyList<int> widths) => widths.Count == _rows.Length && _rows.Select(row => row.Width).SequenceEqual(widths);

    /// <summary>The code of a field as the vendor's documents write it.</summary>
    public string CodeOf(FieldRow row) => $"{row.Number}{Letter}";

    /// <summary>
    /// The metric of a field: its id of the nomenclature, or <c>raw/puritan-bennett/71F/NAME</c>.
    /// </summary>
    public Metric MetricOf(FieldRow row, SignalKind kind)
    {
        bool named = row.Id.Length > 0 && !row.IsAlarm;
        string id = named ? row.Id : RawId(CodeOf(row), row.Name);
        NomenclatureEntry? entry = Nomenclature.Shipped.ById(id);
        return new Metric
        {
            SignalId = id,
            Kind = kind,
            Code = entry?.Code ?? 0,
            CodeName = string.IsNullOrEmpty(entry?.CodeName) ? row.Name : entry.CodeName,
            Unit = kind == SignalKind.Text ? string.Empty : row.Unit,
            Channel = named ? row.Channel : string.Empty,
            Label = row.Name,
            DeviceCode = $"puritan-bennett:{CodeOf(row)}",
        };
    }

    /// <summary>Letters, digits, dots and plus signs of the name stay; runs of anything else become one hyphen.</summary>
    private static string RawId(string code, string name)
    {
        IEnumerable<char> kept = name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '+' ? letter : '-');
        string joined = string.Join('-', string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return $"raw/puritan-bennett/{code}/{joined}";
    }

    private static FieldRow RowOf(string line)
    {
        string[] field = line.Split('|');
        string[] id = field[5].Split('/');
        return new FieldRow(
            int.Parse(field[0], CultureInfo.InvariantCulture),
            int.Parse(field[1], CultureInfo.InvariantCulture),
            Enum.Parse<FieldRole>(field[2], ignoreCase: true),
            field[3],
            field[4],
            id[0],
            id.Length > 1 ? id[1] : string.Empty);
    }
}
