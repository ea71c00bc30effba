using Bedside.Extract.Arrow;
using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Extract.Package;

/// <summary>
/// How the instants of a stay are told: since admission, or as a wall clock moved by whole weeks. The wall clock is read once, at admission, and runs evenly from there, so that no hour of a
/// stay is bent where the ward's clocks are changed.
/// </summary>
internal sealed class StayTime
{
    private readonly long _added;

    public StayTime(PackageStay stay, TimeForm form, TimeZoneInfo zone)
    {
        IsWall = form == TimeForm.ShiftedWeeks;
        _added = IsWall ? (zone.GetUtcOffset(stay.Admitted.ToDateTime()).Ticks * TimeSpan.NanosecondsPerTick) + stay.ShiftNanoseconds : -stay.Admitted.UnixNanoseconds;
    }

    /// <summary>True = a moved wall clock, false = since admission.</summary>
    public bool IsWall { get; }

    /// <summary>The column of time in Arrow files.</summary>
    public ArrowField Field => IsWall ? new ArrowField("t", ArrowKind.Nanoseconds, isNullable: false) : new ArrowField("t_ns", ArrowKind.Int64, isNullable: false);

    /// <summary>A column of time in CSV files: <c>from_s</c> in seconds since admission, <c>from</c> as a wall clock.</summary>
    public static string Column(string name, TimeForm form) => form == TimeForm.ShiftedWeeks ? name : $"{name}_s";

    /// <summary>Nanoseconds since admission, or since 1970-01-01T00:00:00 of the moved wall clock.</summary>
    public long Of(UtcInstant instant) => checked(instant.UnixNanoseconds + _added);

    /// <summary>As it stands in CSV files: seconds with nine decimals, or a date and time without a zone.</summary>
    public string Text(UtcInstant instant) => TextOf(Of(instant), IsWall);

    /// <summary>The same from the numbers of an Arrow file.</summary>
    public static string TextOf(long time, bool isWall) => isWall ? new UtcInstant(time).ToString()[..^1] : Spelling.Seconds(time);
}
