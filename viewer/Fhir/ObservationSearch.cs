using System.Globalization;
using Bedside.Extract.Fhir;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Fhir;

/// <summary>Answers searches for Observations page by page, out of the blocks of the store: a page is written while it is read, and reads one Observation more than it has.</summary>
internal sealed class ObservationSearch(FhirBox box, FhirRecord record, FhirLinks links)
{
    private const string Type = "Observation";

    /// <summary>Null = answered; else what is wrong, and nothing was sent.</summary>
    public async Task<FhirProblem?> AnswerAsync(HttpContext context, SearchPairs asked)
    {
        long now = box.Now.UnixNanoseconds;
        PageCursor? cursor = null;
        SearchPairs pairs = asked;
        if (asked.First("_cursor") is { } token)
        {
            cursor = PageCursor.Open(token, box.CursorKey, now);
            if (cursor is not { Type: Type, Position: not null })
            {
                return FhirProblem.Gone("This link to a further page is not known any more; ask the search again.");
            }

            pairs = SearchPairs.Parse(cursor.Search);
            now = cursor.Asked;
        }

        if (!ObservationQuery.TryRead(record, links, pairs, (now, IsPaged: true), out ObservationQuery query, out FhirProblem problem))
        {
            return problem;
        }

        if (cursor is null && CostOf(query, now) is { } tooMuch)
        {
            return tooMuch;
        }

        string self = cursor is null ? links.Search(Type, SearchPairs.ToText(query.Applied)) : links.Search(Type, $"_cursor={asked.First("_cursor")}");
        if (query.IsCount)
        {
            await CountAsync(context, query, now, self);
        }
        else
        {
            await PageAsync(context, query, (cursor, now), self);
        }

        return null;
    }

    /// <summary>What the query asks for, in its order, as far as it was served by then.</summary>
    private IEnumerable<FhirItem> Read(ObservationQuery query, long now, PagePosition? after)
    {
        if (query.Ids is not null)
        {
            return query.Ids.Select(id => record.Find(id, out _))
                .OfType<FhirItem>()
                .Where(item => item.Updated <= now && query.Series.Any(series => series.Number == item.Series.Number) && IsOf(query, item))
                .OrderBy(item => (query.Descending ? -1 : 1) * item.Start);
        }

        (long from, long to) = Range(query, now);
        from = after is not null && !query.Descending ? Math.Max(from, after.Time - PagePosition.Reach) : from;
        to = after is not null && query.Descending ? Math.Min(to, after.Time + PagePosition.Reach) : to;
        return record.Read(query.Series, query.Patients, from, to, query.Descending);
    }

    private (long From, long To) Range(ObservationQuery query, long now) => (query.From, Math.Min(query.To, now - record.Rules.Settle.Nanoseconds() + 1));

    private bool IsOf(ObservationQuery query, FhirItem item) =>
        query.Patients is null || (record.Patients.At(item.Start) is { } patient && query.Patients.Contains(patient.Id));

    private FhirProblem? CostOf(ObservationQuery query, long now)
    {
        if (query.Ids is not null)
        {
            return null;
        }

        (long from, long to) = Range(query, now);
        long rows = record.MostReadings(query.Series, from, to);
        if (rows > box.Limits.MostObservations)
        {
            return FhirProblem.TooCostly(string.Create(
                CultureInfo.InvariantCulture,
                $"That is up to {rows} Observations; {box.Limits.MostObservations} is the most. Ask for fewer codes or a shorter time, with code= and date=."));
        }

        double hours = record.WaveHours(query.Series, from, to);
        return hours <= box.Limits.MostWaveHours ? null : FhirProblem.TooCostly(string.Create(
            CultureInfo.InvariantCulture,
            $"That is {hours:F0} hours of waves; {box.Limits.MostWaveHours} is the most. Ask for fewer codes or a shorter time, with code= and date=."));
    }

    private async Task CountAsync(HttpContext context, ObservationQuery query, long now, string self)
    {
        long total = 0;
        foreach (FhirItem item in Read(query, now, after: null))
        {
            total += item.Updated <= now && query.Fits(item, query.Ids is null ? null : record.IdOf(item)) ? 1 : 0;
            context.RequestAborted.ThrowIfCancellationRequested();
        }

        await using var body = FhirBody.Begin(context);
        var bundle = new BundleWriter(body, links);
        bundle.Begin();
        bundle.End(total, self, next: null);
    }

    private async Task PageAsync(HttpContext context, ObservationQuery query, (PageCursor? Cursor, long Asked) place, string self)
    {
        (PageCursor? cursor, long asked) = place;
        await using var body = FhirBody.Begin(context);
        var bundle = new BundleWriter(body, links);
        var writer = new ObservationWriter(record);
        var metrics = new Dictionary<string, FhirSeries>(StringComparer.Ordinal);
        var recent = new Queue<FhirItem>();
        FhirItem? last = null;
        (int matches, int looked, bool more) = (0, 0, false);
        bundle.Begin();
        foreach (FhirItem item in Read(query, asked, cursor?.Position))
        {
            if (cursor?.Position?.Has(item, query.Descending) == true)
            {
                continue;
            }

            string id = record.IdOf(item);
            bool fits = item.Updated <= asked && query.Fits(item, id);
            if ((fits && matches == query.Count) || looked == box.Limits.MostLookedAt)
            {
                more = true;
                break;
            }

            looked++;
            last = item;
            Keep(recent, item);
            if (fits && record.Patients.At(item.Start) is { } patient)
            {
                matches++;
                metrics[record.Devices.MetricOf(item.Series)] = item.Series;
                await bundle.AddAsync(id, item, patient.Id, writer);
            }
        }

        if (query.IncludesDevice)
        {
            var devices = new DeviceWriter(record);
            foreach ((string id, FhirSeries series) in metrics)
            {
                await bundle.AddAsync("DeviceMetric", id, "include", json => devices.Write(json, series, box.Now));
            }
        }

        if (cursor is null)
        {
            Explain(bundle, query, asked);
        }

        string? next = more && last is not null && query.Ids is null
            ? new PageCursor(Type, SearchPairs.ToText(query.Applied), asked, PagePosition.After(last, recent, cursor?.Position)).Seal(box.CursorKey)
            : null;
        bundle.End(cursor is null && !more ? matches : null, self, next is null ? null : links.Search(Type, $"_cursor={next}"));
    }

    /// <summary>Pieces of waves that begin about when the page ends.</summary>
    private static void Keep(Queue<FhirItem> recent, FhirItem item)
    {
        if (item.SampleIndex is null)
        {
            return;
        }

        recent.Enqueue(item);
        while (Math.Abs(recent.Peek().Start - item.Start) > 2 * PagePosition.Reach)
        {
            recent.Dequeue();
        }
    }

    /// <summary>Says what was left out, where there is something.</summary>
    private void Explain(BundleWriter bundle, ObservationQuery query, long now)
    {
        if (query.Ids is not null)
        {
            return;
        }

        (long from, long to) = Range(query, now);
        ExcludedSpan[] excluded = [.. record.ExcludedIn(query.Series, from, to)];
        if (excluded.Length > 0)
        {
            int conflicts = excluded.Count(span => span.Why == Exclusion.Conflict);
            bundle.AddOutcome("incomplete", string.Create(
                CultureInfo.InvariantCulture,
                $"Left out: {conflicts} intervals in which two sources name two patients, {excluded.Length - conflicts} in which nobody was known to be in the bed."));
        }
    }
}
