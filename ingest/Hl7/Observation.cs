using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>One OBX, its fields where they are and where some senders put them one field early.</summary>
internal sealed class Observation
{
    private const int MostFields = 20;
    private const int MostFlags = 16;
    private const int MostDigits = 24;

    public Observation(Hl7Value segment, int sequence, RowShapes shapes)
    {
        (Segment, Sequence) = (segment, sequence);
        Span<int> starts = stackalloc int[MostFields + 2];
        int count = segment.FieldStarts(starts);
        Shape = shapes.Of(segment, starts, count);
        Value = RowShapes.Field(segment, starts, count, 5);
        Hl7Value flags = RowShapes.Field(segment, starts, count, 8);
        Status = StatusOf(RowShapes.Field(segment, starts, count, 11), RowShapes.Field(segment, starts, count, 10));
        Hl7Value access = RowShapes.Field(segment, starts, count, 13);
        Time = Hl7Time.Read(RowShapes.Field(segment, starts, count, 14)) ?? Hl7Time.Read(access);
        ReadOnlySpan<byte> word = access.Bytes.Trim((byte)' ');
        Hl7Value method = RowShapes.Field(segment, starts, count, 17);
        IsAperiodic = word.SequenceEqual("APERIODIC"u8)
            || (!method.IsEmpty && (method.Component(2).Text == "APERIODIC" || method.Component(1).Text == "APERIODIC"));
        IsSetting = word.SequenceEqual("SETTING"u8) || word.SequenceEqual("CONFIGURATION"u8);
        Validity = ValidityOf(flags, Status, Value.HasValue);
    }

    public Hl7Value Segment { get; }

    /// <summary>Which OBX of the message, from 1.</summary>
    public int Sequence { get; }

    public RowShape Shape { get; }

    public string Type => Shape.Type;

    public string System => Shape.System;

    public Hl7Value Value { get; }

    /// <summary>MDS, VMD, channel, metric, facet; empty = not told, or not dotted numbers.</summary>
    public IReadOnlyList<ulong> Levels => Shape.Levels;

    /// <summary>OBX-11; <c>?</c> = something longer, 0 = nothing.</summary>
    public char Status { get; }

    public Hl7Time? Time { get; }

    public bool IsAperiodic { get; }

    public bool IsSetting { get; }

    public Validity Validity { get; }

    /// <summary>A device, a VMD or a channel: no value, zeros from the right.</summary>
    public bool IsPart => Levels.Count is > 1 and < 5 && Levels[^1] == 0;

    /// <summary>An attribute of another metric.</summary>
    public bool IsFacet => Levels.Count == 5 && Levels[^1] != 0;

    /// <summary>Where in the device: MDS, VMD and channel; empty = not told.</summary>
    public string Place => Shape.Place;

    /// <summary>The metric that it is or is an attribute of; empty = not told.</summary>
    public string Object => Shape.Object;

    /// <summary>A code with a label.</summary>
    public bool IsCoded => Type == "CWE" || Type == "CE" || Type == "CNE";

    /// <summary>Arrays, bytes and pointers: no single value.</summary>
    public bool IsBulk => Type == "NA" || Type == "MA" || Type == "ED" || Type == "RP";

    /// <summary>Deleted, or withdrawn.</summary>
    public bool IsDeleted => Status == 'D';

    /// <summary>A number as it stands; null with <paramref name="isNumber"/> false = it is none.</summary>
    public static Fixed? NumberOf(string type, Hl7Value value, out bool isNumber, out bool beyond)
    {
        (isNumber, beyond) = (true, false);
        Hl7Value first = value.Repetition(0);
        if (type != "SN" && TryPlain(first.Bytes, out Fixed plain))
        {
            return plain;
        }

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

    /// <summary>Digits with a sign and a dot, which need no text made of them.</summary>
    private static bool TryPlain(ReadOnlySpan<byte> bytes, out Fixed number)
    {
        number = default;
        if (bytes.IsEmpty || bytes.Length > MostDigits)
        {
            return false;
        }

        Span<char> text = stackalloc char[MostDigits];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] is not ((>= (byte)'0' and <= (byte)'9') or (byte)'.' or (byte)'-' or (byte)'+'))
            {
                return false;
            }

            text[i] = (char)bytes[i];
        }

        return Fixed.TryParse(text[..bytes.Length], out number);
    }

    private static char StatusOf(Hl7Value told, Hl7Value fieldBefore)
    {
        if (told.HasValue)
        {
            return told.Bytes.Trim((byte)' ') is [var one] ? (char)one : '?';
        }

        return fieldBefore.Bytes.Trim((byte)' ') is [((byte)'R' or (byte)'F' or (byte)'X') and var early] ? (char)early : '\0';
    }

    private static Validity ValidityOf(Hl7Value flags, char status, bool hasValue)
    {
        Validity validity = Validity.Valid;
        for (int i = 0; i < flags.Repetitions && i < MostFlags; i++)
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

        return validity | (status == 'X' && !hasValue ? Validity.NotAvailable : Validity.Valid) | (status == 'F' ? Validity.ValidatedData : Validity.Valid);
    }
}
