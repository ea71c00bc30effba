using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>One OBX, its fields where they are and where some senders put them one field early.</summary>
internal sealed class Observation
{
    private const int MostLevels = 6;

    public Observation(Hl7Value segment, int sequence)
    {
        (Segment, Sequence) = (segment, sequence);
        Type = segment.Field(2).Text;
        Identifier = segment.Field(3);
        System = Identifier.Component(3).Text;
        Value = segment.Field(5);
        Levels = LevelsOf(segment.Field(4).Text);
        string early = segment.Field(10).Text;
        Status = segment.Field(11).HasValue ? segment.Field(11).Text : early.Length == 1 && "RFX".Contains(early, StringComparison.Ordinal) ? early : string.Empty;
        string access = segment.Field(13).Text;
        Time = Hl7Time.Read(segment.Field(14)) ?? Hl7Time.Read(segment.Field(13));
        IsAperiodic = access == "APERIODIC" || segment.Field(17).Component(2).Text == "APERIODIC" || segment.Field(17).Component(1).Text == "APERIODIC";
        IsSetting = access == "SETTING" || access == "CONFIGURATION";
        Validity = ValidityOf(segment.Field(8), Status, Value.HasValue);
    }

    public Hl7Value Segment { get; }

    /// <summary>Which OBX of the message, from 1.</summary>
    public int Sequence { get; }

    public string Type { get; }

    public Hl7Value Identifier { get; }

    public string System { get; }

    public Hl7Value Value { get; }

    /// <summary>MDS, VMD, channel, metric, facet; empty = not told, or not dotted numbers.</summary>
    public IReadOnlyList<ulong> Levels { get; }

    public string Status { get; }

    public Hl7Time? Time { get; }

    public bool IsAperiodic { get; }

    public bool IsSetting { get; }

    public Validity Validity { get; }

    /// <summary>A device, a VMD or a channel: no value, zeros from the right.</summary>
    public bool IsPart => Levels.Count is > 1 and < 5 && Levels[^1] == 0;

    /// <summary>An attribute of another metric.</summary>
    public bool IsFacet => Levels.Count == 5 && Levels[^1] != 0;

    /// <summary>Where in the device: MDS, VMD and channel; empty = not told.</summary>
    public string Place => Levels.Count >= 4 ? Join(3) : string.Empty;

    /// <summary>The metric that it is or is an attribute of; empty = not told.</summary>
    public string Object => Levels.Count >= 4 ? Join(4) : string.Empty;

    /// <summary>A code with a label.</summary>
    public bool IsCoded => Type == "CWE" || Type == "CE" || Type == "CNE";

    /// <summary>Arrays, bytes and pointers: no single value.</summary>
    public bool IsBulk => Type == "NA" || Type == "MA" || Type == "ED" || Type == "RP";

    /// <summary>Deleted, or withdrawn.</summary>
    public bool IsDeleted => Status == "D";

    /// <summary>A number as it stands; null with <paramref name="isNumber"/> false = it is none.</summary>
    public static Fixed? NumberOf(string type, Hl7Value value, out bool isNumber, out bool beyond)
    {
        (isNumber, beyond) = (true, false);
        Hl7Value first = value.Repetition(0);
        string text = first.Text;
        if (type == "SN")
        {
            beyond = first.Component(1).Text is ['<' or '>', ..];
            text = first.Component(3).HasValue ? string.Empty : first.Component(2).Text;
            isNumber = !first.Component(3).HasValue;
        }

        if (text.Length > 1 && text[0] is '<' or '>')
        {
            (beyond, text) = (true, text[1..].TrimStart('='));
        }

        if (text.Contains(',', StringComparison.Ordinal) && text.IndexOf(',', StringComparison.Ordinal) == text.LastIndexOf(',') && !text.Contains('.', StringComparison.Ordinal))
        {
            text = text.Replace(',', '.');
        }

        if (text.Length == 0 || text.All(letter => letter == '-') || text == "NULL")
        {
            return null;
        }

        bool read = Fixed.TryParse(text, out Fixed number);
        isNumber &= read;
        return read ? number : null;
    }

    private static Validity ValidityOf(Hl7Value flags, string status, bool hasValue)
    {
        Validity validity = Validity.Valid;
        for (int i = 0; i < flags.Repetitions && i < 16; i++)
        {
            validity |= flags.Repetition(i).Component(1).Text switch
            {
                "INV" => Validity.Invalid,
                "QUES" => Validity.Questionable,
                "NAV" or "NI" or "OFF" => Validity.NotAvailable,
                "CAL" => Validity.CalibrationOngoing,
                "TEST" => Validity.TestData,
                "DEMO" => Validity.DemoData,
                "VAL" => Validity.ValidatedData,
                "EARLY" => Validity.EarlyIndication,
                "BUSY" => Validity.MeasurementOngoing,
                "ALACT" => Validity.InAlarm,
                "ALINH" => Validity.AlarmInhibited,
                ">" or "<" => Validity.Saturated,
                _ => Validity.Valid,
            };
        }

        return validity | (status == "X" && !hasValue ? Validity.NotAvailable : Validity.Valid) | (status == "F" ? Validity.ValidatedData : Validity.Valid);
    }

    private static ulong[] LevelsOf(string text)
    {
        string[] parts = text.Split('.');
        if (text.Length == 0 || parts.Length > MostLevels)
        {
            return [];
        }

        ulong[] levels = new ulong[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!ulong.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out levels[i]))
            {
                return [];
            }
        }

        return levels;
    }

    private string Join(int count) => string.Join('.', Levels.Take(count).Select(level => level.ToString(CultureInfo.InvariantCulture)));
}
