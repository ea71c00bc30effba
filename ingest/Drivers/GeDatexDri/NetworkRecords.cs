using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// Records that a monitor sends on its network only (sheet 9): who it is and who lies in the bed. They are read in
/// recordings; over a serial line none come.
/// </summary>
internal static class NetworkRecords
{
    public const byte Login = 0;
    public const byte Patient = 6;

    private const int LoginBytes = 30;
    private const int PatientBytes = 350;

    private static readonly Dictionary<int, string> Models = new()
    {
        [2] = "anaesthesia monitor",
        [3] = "anaesthesia monitor with record keeper",
        [9] = "Light Monitor",
        [10] = "intensive care monitor",
        [13] = "Cardiocap/5",
        [27] = "FM, B20, B30, B40, B105 or B125",
        [35] = "FM Light",
        [36] = "CARESCAPE, anaesthesia",
        [37] = "CARESCAPE, intensive care",
        [38] = "CARESCAPE, neonatal intensive care",
        [39] = "CARESCAPE, recovery",
        [40] = "CARESCAPE, emergency",
    };

    /// <summary>The kind of monitor that logs in; null when the subrecord is too short.</summary>
    public static string? ReadLogin(ReadOnlySpan<byte> subrecord)
    {
        if (subrecord.Length < LoginBytes)
        {
            return null;
        }

        int type = BinaryPrimitives.ReadInt16LittleEndian(subrecord[6..]);
        return Models.TryGetValue(type, out string? model) ? model : string.Create(CultureInfo.InvariantCulture, $"monitor of type {type}");
    }

    /// <summary>Goes to the identity vault and nowhere else; null when the subrecord is too short.</summary>
    public static ImmutableSortedDictionary<string, string>? ReadPatient(ReadOnlySpan<byte> subrecord)
    {
        if (subrecord.Length < PatientBytes)
        {
            return null;
        }

        ImmutableSortedDictionary<string, string>.Builder fields = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        AddText(fields, "given-name", subrecord[..30]);
        AddText(fields, "family-name", subrecord.Slice(30, 40));
        AddText(fields, "id", subrecord.Slice(70, 40));
        AddText(fields, "middle-name", subrecord.Slice(110, 30));
        AddText(fields, "location", subrecord.Slice(166, 32));
        AddText(fields, "issuer", subrecord.Slice(198, 32));
        const int Numbers = 140;
        Span<short> numbers = stackalloc short[13];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt16LittleEndian(subrecord[(Numbers + (2 * i))..]);
        }

        if (numbers[0] is 1 or 2)
        {
            fields["sex"] = numbers[0] == 1 ? "male" : "female";
        }

        AddNumber(fields, "height", numbers[4], "mm", 1);
        AddNumber(fields, "weight", numbers[6], "kg", 10);
        AddNumber(fields, "bsa", numbers[12], "m2", 100);
        (int year, int month, int day) = (numbers[8], numbers[9], numbers[10]);
        if (year is > 1850 and < 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month))
        {
            fields["birth-date"] = new DateOnly(year, month, day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return fields.ToImmutable();
    }

    private static void AddText(ImmutableSortedDictionary<string, string>.Builder fields, string name, ReadOnlySpan<byte> bytes)
    {
        if (DriText.Read(bytes) is { Length: > 0 } text)
        {
            fields[name] = text;
        }
    }

    private static void AddNumber(ImmutableSortedDictionary<string, string>.Builder fields, string name, short value, string unit, int parts)
    {
        if (value > 0)
        {
            fields[name] = string.Create(CultureInfo.InvariantCulture, $"{(decimal)value / parts} {unit}");
        }
    }
}
