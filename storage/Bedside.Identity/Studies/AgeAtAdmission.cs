using System.Globalization;
using Bedside.Model.Research;

namespace Bedside.Identity.Studies;

/// <summary>A patient's age on a day.</summary>
internal static class AgeAtAdmission
{
    /// <summary>Nobody is older: such a date stands for one that nobody knew.</summary>
    private const int MostYears = 120;

    /// <summary>
    /// Whole years; null = not known. Of a year or a month of birth the least age that it can be, where all that it can be are one band of <see cref="AgeBand"/>; null where they are two.
    /// </summary>
    /// <param name="birth"><c>yyyy</c>, <c>yyyy-MM</c>, <c>yyyy-MM-dd</c> or empty.</param>
    /// <param name="day">Of the ward's calendar.</param>
    public static int? Of(string birth, DateOnly day)
    {
        if (Days(birth) is not { } born)
        {
            return null;
        }

        (int oldest, int youngest) = (Years(born.First, day), Years(born.Last, day));
        if (oldest is < 0 or > MostYears || born.First > day)
        {
            return null;
        }

        youngest = Math.Max(0, youngest);
        return AgeBand.IndexOf(youngest) == AgeBand.IndexOf(oldest) ? youngest : null;
    }

    private static int Years(DateOnly born, DateOnly day) => day.Year - born.Year - ((day.Month, day.Day).CompareTo((born.Month, born.Day)) < 0 ? 1 : 0);

    /// <summary>The first and the last day that a text can mean.</summary>
    private static (DateOnly First, DateOnly Last)? Days(string birth)
    {
        string first = birth.Length switch { 4 => $"{birth}-01-01", 7 => $"{birth}-01", _ => birth };
        if (!DateOnly.TryParseExact(first, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return null;
        }

        return (day, birth.Length switch { 4 => new DateOnly(day.Year, 12, 31), 7 => new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month)), _ => day });
    }
}
