using System.Globalization;

namespace Bedside.Simulators.Philips;

/// <summary>Who lies in the bed according to the monitor (sheet, section 12). Invented, always.</summary>
internal sealed record Demographics
{
    public const ushort Handle = 80;

    private const ushort EmptyStatus = 0;
    private const ushort AdmittedStatus = 2;
    private const ushort DischargedStatus = 8;
    private const ushort Adult = 1;

    public static readonly Demographics Empty = new();

    public ushort Status { get; init; } = EmptyStatus;

    public string GivenName { get; init; } = string.Empty;

    public string FamilyName { get; init; } = string.Empty;

    public string PatientId { get; init; } = string.Empty;

    /// <summary>0 unknown, 1 male, 2 female.</summary>
    public ushort Sex { get; init; }

    public DateOnly? BirthDate { get; init; }

    /// <summary>Years; NaN when not entered, as the three that follow: cm, kg, m2.</summary>
    public double Age { get; init; } = double.NaN;

    public double Height { get; init; } = double.NaN;

    public double Weight { get; init; } = double.NaN;

    public double SurfaceArea { get; init; } = double.NaN;

    /// <summary>FAMILY,GIVEN,ID[,YYYY-MM-DD[,m|f]].</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static Demographics Admitted(string text, DateOnly today)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        if (words.Length is < 3 or > 5)
        {
            throw new UsageException($"--admit needs FAMILY,GIVEN,ID[,YYYY-MM-DD[,m|f]], not '{text}'");
        }

        DateOnly? born = null;
        if (words.Length > 3)
        {
            bool read = DateOnly.TryParseExact(words[3], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date);
            born = read ? date : throw new UsageException($"'{words[3]}' is not a date such as 1960-07-04");
        }

        return new Demographics
        {
            Status = AdmittedStatus,
            FamilyName = words[0],
            GivenName = words[1],
            PatientId = words[2],
            BirthDate = born,
            Age = born is { } day ? today.Year - day.Year - (today.DayOfYear < day.DayOfYear ? 1 : 0) : double.NaN,
            Sex = words.Length < 5 ? (ushort)0 : words[4] == "m" ? (ushort)1 : (ushort)2,
        };
    }

    /// <summary>The same patient, gone.</summary>
    public Demographics Discharged() => this with { Status = DischargedStatus };

    public Observation Observe()
    {
        AttributeList attributes = new AttributeList()
            .U16(AttributeId.Handle, Handle)
            .U16(AttributeId.PatientStatus, Status)
            .U16(AttributeId.PatientType, Status == EmptyStatus ? 0 : Adult)
            .U16(AttributeId.PacedMode, 0)
            .Text(AttributeId.GivenName, Terminated(GivenName))
            .Text(AttributeId.FamilyName, Terminated(FamilyName))
            .Text(AttributeId.PatientId, Terminated(PatientId))
            .U16(AttributeId.Sex, Sex)
            .Add(AttributeId.BirthDate, WriteBirthDate)
            .Add(AttributeId.Age, w => w.U32(FloatValue.Of(Age, 0).Bits).U16(Unit.Year))
            .Add(AttributeId.Height, w => w.U32(FloatValue.Of(Height, 1).Bits).U16(Unit.Centimetre))
            .Add(AttributeId.Weight, w => w.U32(FloatValue.Of(Weight, 1).Bits).U16(Unit.Kilogram))
            .Add(AttributeId.SurfaceArea, w => w.U32(FloatValue.Of(SurfaceArea, 2).Bits).U16(Unit.SquareMetre));
        return new Observation(BedsideObjects.Monitor, Handle, attributes);
    }

    /// <summary>Strings end with NUL; an empty one is the NUL alone.</summary>
    private static string Terminated(string text) => text + '\0';

    /// <summary>AbsoluteTime of the day, all zero when not set.</summary>
    private void WriteBirthDate(MessageWriter writer)
    {
        if (BirthDate is { } born)
        {
            MonitorClock.WriteAbsolute(writer, new DateTimeOffset(born, TimeOnly.MinValue, TimeSpan.Zero));
        }
        else
        {
            _ = writer.U32(0).U32(0);
        }
    }
}
