using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Hl7.Admissions;

/// <summary>PID, MRG and the times of the admissions, field by field (HL7 v2 inbound sheet, sections 2, 9 and 10). Never throws.</summary>
internal static class PersonReader
{
    private const int MostNumbers = 16;

    /// <summary>Some systems write this for a birth date that is not known.</summary>
    private const string NoBirthDate = "18991230";

    public static PersonSaid Read(Hl7Value pid)
    {
        List<NumberSaid> numbers = Numbers(pid.Field(3));
        Hl7Value name = NameOf(pid.Field(5));
        bool deleted = pid.Field(5).IsNull;
        return new PersonSaid
        {
            Numbers = numbers.Count > 0 ? numbers : [.. Numbers(pid.Field(2)).Concat(Numbers(pid.Field(4))).Take(1)],
            Family = deleted ? new SaidText(string.Empty, IsDeleted: true) : FamilyOf(name.Component(1)),
            Given = deleted ? new SaidText(string.Empty, IsDeleted: true) : SaidText.Of(name.Component(2)),
            BirthDate = BirthDate(pid.Field(7)),
            Sex = SaidText.Of(pid.Field(8).Component(1)),
        };
    }

    public static FormerNumbers ReadFormer(Hl7Value mrg)
    {
        List<NumberSaid> persons = Numbers(mrg.Field(1));
        return new FormerNumbers
        {
            Persons = persons.Count > 0 ? persons : Numbers(mrg.Field(4)),
            Account = NumberSaid.Of(mrg.Field(3)),
            Visit = NumberSaid.Of(mrg.Field(5)),
        };
    }

    /// <summary>Null when there is no time, or only a year or a month of one. Dates alone are within a day.</summary>
    public static StatedTime? Time(Hl7Value value, TimeZoneInfo zone, UtcInstant arrival)
    {
        Hl7Time? read = Hl7Time.Read(value) ?? Coarse(value.Component(1).Bytes.Trim((byte)' '));
        return read is { } time ? new StatedTime(time.ToUtc(zone, arrival), time.Precision) : null;
    }

    private static List<NumberSaid> Numbers(Hl7Value field)
    {
        var numbers = new List<NumberSaid>();
        for (int i = 0; i < Math.Min(field.Repetitions, MostNumbers); i++)
        {
            if (NumberSaid.Of(field.Repetition(i)) is { } number)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    /// <summary>The legal name (type L), else the first.</summary>
    private static Hl7Value NameOf(Hl7Value field)
    {
        for (int i = 0; i < Math.Min(field.Repetitions, MostNumbers); i++)
        {
            if (field.Repetition(i).Component(7).Text == "L")
            {
                return field.Repetition(i);
            }
        }

        return field.Repetition(0);
    }

    private static SaidText FamilyOf(Hl7Value family) => family.IsNull ? SaidText.Of(family) : SaidText.Of(family.Sub(1));

    private static SaidText BirthDate(Hl7Value field)
    {
        if (field.IsNull)
        {
            return new SaidText(string.Empty, IsDeleted: true);
        }

        string text = field.Component(1).Text;
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        string told = text[..Math.Min(digits, NoBirthDate.Length)];
        bool isDate = told.Length switch
        {
            8 => told != NoBirthDate && DateOnly.TryParseExact(told, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            6 => DateOnly.TryParseExact(told + "01", "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            4 => told != "0000",
            _ => false,
        };
        string date = told.Length switch { 8 => $"{told[..4]}-{told[4..6]}-{told[6..]}", 6 => $"{told[..4]}-{told[4..]}", _ => told };
        return isDate ? new SaidText(date, IsDeleted: false) : SaidText.Nothing;
    }

    /// <summary>A date, or a date and an hour.</summary>
    private static Hl7Time? Coarse(ReadOnlySpan<byte> text)
    {
        const int Day = 8;
        const int Hour = 10;
        if (text.Length is not (Day or Hour) || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        Span<byte> whole = stackalloc byte[12];
        whole.Fill((byte)'0');
        text.CopyTo(whole);
        return Hl7Time.Read(whole) is { } time ? time with { Precision = text.Length == Day ? TimeSpan.FromDays(1) : TimeSpan.FromHours(1) } : null;
    }
}
