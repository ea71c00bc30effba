using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bedside.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Sheet;

/// <summary><c>/sheet</c>: a day of the ward by hours, from the stored readings.</summary>
internal static class SheetEndpoint
{
    private const int MostSignals = 80;
    private const int FirstYear = 1971;
    private const int LastYear = 2198;

    public static void MapSheet(this IEndpointRouteBuilder api) =>
        api.MapGet("/sheet", AnswerAsync)
            .WithName("sheet").WithTags("signals").WithSummary("A day of the ward: median, extremes, count and coverage of each signal in each hour, exact, of usable readings.")
            .Produces<SheetAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413);

    private static async Task<IResult> AnswerAsync(string? day, string? signals, BedView view, SheetBook book, IOptions<ViewerOptions> options, TimeProvider time, CancellationToken cancel)
    {
        WardSettings ward = options.Value.Ward();
        UtcInstant now = time.Instant();
        WardDay shown;
        if (day is null)
        {
            shown = WardDay.Holding(now, ward);
        }
        else if (DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) && date.Year is >= FirstYear and <= LastYear)
        {
            shown = WardDay.Of(date, ward);
        }
        else
        {
            return Problems.BadRequest("'day' must be the local date on which the day begins, like 2026-11-21.");
        }

        string[] asked = signals?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (asked.FirstOrDefault(one => view.Find(one) is null) is string unknown)
        {
            return Problems.NoSignal(unknown);
        }

        Signal[] chosen = [.. (signals is null ? view.Store.Signals : asked.Select(one => view.Find(one)!).Distinct()).Where(signal => signal.Metric.Kind is SignalKind.Numeric or SignalKind.Setting)];
        if (chosen.Length > MostSignals)
        {
            return Problems.TooMuch($"{MostSignals} signals are the most; say which with 'signals'.");
        }

        if (shown.Hours.Count > 0 && chosen.Any(signal => view.Store.MostIn(signal.Number, shown.Hours[0].From, shown.Hours[^1].To) > options.Value.MostSamples))
        {
            return Problems.TooMuch($"A signal has more than {options.Value.MostSamples} readings on that day; ask for its envelope.");
        }

        IReadOnlyList<SheetLine> lines = await book.ReadAsync(chosen, shown.Hours, cancel);
        return TypedResults.Ok(SheetAnswer.Of(options.Value.Box, shown, ward, now, lines));
    }
}

/// <summary><c>/sheet</c>.</summary>
/// <param name="Day">The local date on which it begins.</param>
/// <param name="DayStart">Local time at which it begins, <c>07:00</c>.</param>
/// <param name="At">When it was asked: the hour that holds this is still running, later ones are to come.</param>
/// <param name="Digest">SHA-256 of the values in the form that PROTOCOL.md gives, hexadecimal.</param>
/// <param name="Rows">Signals with a usable reading in these hours, in the order in which they were asked for, else in that of their numbers.</param>
internal sealed record SheetAnswer(
    string Box,
    DateOnly Day,
    string TimeZone,
    string DayStart,
    UtcInstant From,
    UtcInstant To,
    UtcInstant At,
    string Digest,
    IReadOnlyList<SheetHour> Hours,
    IReadOnlyList<SheetRow> Rows)
{
    public static SheetAnswer Of(string box, WardDay day, WardSettings ward, UtcInstant at, IReadOnlyList<SheetLine> lines)
    {
        SheetHour[] hours = [.. day.Hours.Select(hour => new SheetHour(hour.From, hour.To, (int)day.OffsetAt(hour.From).TotalMinutes))];
        SheetLine[] told = [.. lines.Where(line => line.Cells.Any(cell => cell is not null))];
        return new SheetAnswer(
            box,
            day.Date,
            ward.TimeZone,
            ward.DayStart.ToString("HH:mm", CultureInfo.InvariantCulture),
            hours.Length == 0 ? at : hours[0].From,
            hours.Length == 0 ? at : hours[^1].To,
            at,
            DigestOf(box, day, told),
            hours,
            [.. told.Select(line => new SheetRow(line.Signal.Number.Value, line.Signal.Id, line.Signal.Metric.Unit, line.Decimals, line.Demo, line.Cells))]);
    }

    /// <summary>A line for the day and one for each cell; numbers as in the answer, so that whoever has one can check the other.</summary>
    private static string DigestOf(string box, WardDay day, IReadOnlyList<SheetLine> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"bedside sheet 1;{box};{day.Date:yyyy-MM-dd}\n")));
        foreach (SheetLine line in lines)
        {
            for (int i = 0; i < line.Cells.Count; i++)
            {
                if (line.Cells[i] is SheetCell cell)
                {
                    string text = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{line.Signal.Id};{line.Signal.Metric.Unit};{day.Hours[i].From};{cell.Median:R};{cell.Min:R};{cell.Max:R};{cell.Count};{cell.Questionable};{cell.InAlarm}\n");
                    hash.AppendData(Encoding.UTF8.GetBytes(text));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>An hour of the day.</summary>
/// <param name="OffsetMinutes">Local minus UTC at its beginning: what tells the two hours apart that have one name.</param>
internal sealed record SheetHour(UtcInstant From, UtcInstant To, int OffsetMinutes);

/// <summary>A signal through the day.</summary>
/// <param name="Unit">UCUM, as stored.</param>
/// <param name="Decimals">Digits after the decimal point that the device showed.</param>
/// <param name="Demo">True when a reading is of a demonstration or a test.</param>
/// <param name="Cells">As many as hours; null = no usable reading.</param>
internal sealed record SheetRow(uint Number, string Id, string Unit, int Decimals, bool Demo, IReadOnlyList<SheetCell?> Cells);
