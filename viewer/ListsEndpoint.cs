using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Context;
using Bedside.Viewer.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>/alerts</c>, <c>/gaps</c> and <c>/events</c>: what happened in a range of time.</summary>
internal static class ListsEndpoint
{
    /// <summary>How far before and after the range the beginning and the end of an alert are looked for.</summary>
    private static readonly TimeSpan AlertReach = TimeSpan.FromDays(1);

    public static void MapLists(this IEndpointRouteBuilder api)
    {
        api.MapGet("/alerts", (string? from, string? to, ListReader lists) => lists.Read(from, to, Alerts))
            .WithName("alerts").WithTags("lists").WithSummary("Alerts the devices raised, one interval each.")
            .Produces<IReadOnlyList<AlertAnswer>>().ProducesProblem(400).ProducesProblem(413);
        api.MapGet("/gaps", (string? from, string? to, ListReader lists) => lists.Read(from, to, Gaps))
            .WithName("gaps").WithTags("lists").WithSummary("When nothing is stored of a signal or device, and why.")
            .Produces<IReadOnlyList<GapAnswer>>().ProducesProblem(400).ProducesProblem(413);
        api.MapGet("/events", (string? from, string? to, ListReader lists) => lists.Read(from, to, Events))
            .WithName("events").WithTags("lists").WithSummary("What the devices reported of themselves, and changes of their state and clock.")
            .Produces<IReadOnlyList<EventAnswer>>().ProducesProblem(400).ProducesProblem(413);
    }

    private static IEnumerable<AlertAnswer> Alerts(BedView view, TimeRange range)
    {
        var intervals = new AlertIntervals();
        long reach = AlertReach.Nanoseconds();
        foreach (Block block in view.Store.ReadBed(range.From.Add(-reach), range.To.Add(reach)))
        {
            intervals.Observe(block);
        }

        return intervals.All.Where(alert => alert.Since < range.To && (alert.Until is not UtcInstant until || until >= range.From));
    }

    private static IEnumerable<GapAnswer> Gaps(BedView view, TimeRange range)
    {
        var signals = view.Store.Signals.ToDictionary(signal => signal.Number);
        return view.Store.ReadBed(range.From, range.To)
            .OfType<GapBlock>()
            .Where(gap => gap.Start < range.To && gap.Until > range.From)
            .Select(gap =>
            {
                Signal? signal = signals.GetValueOrDefault(gap.Signal);
                return new GapAnswer(signal?.Id, gap.Signal.Value, signal?.Device ?? gap.Device, gap.Start, gap.Until, gap.Cause, gap.Missing);
            });
    }

    private static IEnumerable<EventAnswer> Events(BedView view, TimeRange range)
    {
        IEnumerable<EventAnswer> ofBed = view.Store.ReadBed(range.From, range.To).Select(ToEvent).OfType<EventAnswer>();
        IEnumerable<EventAnswer> ofTexts = view.Store.Signals
            .Where(signal => signal.Metric.Kind == SignalKind.Text)
            .SelectMany(signal => view.Store.Read(signal.Number, range.From, range.To).OfType<TextBlock>()
                .Select(text => new EventAnswer(text.Start, Until: null, "text", signal.Device, signal.Id, text.Text, Key: null)));
        return ofBed.Concat(ofTexts)
            .Where(one => one.Time < range.To && (one.Until ?? one.Time) >= range.From)
            .OrderBy(one => one.Time);
    }

    private static EventAnswer? ToEvent(Block block) => block switch
    {
        DeviceBlock device => new EventAnswer(device.Start, Until: null, "device-state", device.Device, Signal: null, StateText(device), Key: null),
        ClockBlock clock => new EventAnswer(clock.Start, Until: null, "clock", clock.Device, Signal: null, clock.Reason, Key: null),
        AnnotationBlock { Kind: SignalCheckBook.Kind, Source: SignalCheckBook.Source } check =>
            new EventAnswer(check.Start, Until: null, check.Kind, check.Source, Signal: null, string.Empty, check.Key),
        AnnotationBlock { Source: not AnnotationBook.Person, Withdrawn: false } mark when ContextCatalog.Shipped.Find(mark.Kind) is null =>
            new EventAnswer(mark.Start, mark.Until, mark.Kind, mark.Source, Signal: null, mark.Text, mark.Key),
        _ => null,
    };

    private static string StateText(DeviceBlock device)
    {
        string state = JsonNamingPolicy.KebabCaseLower.ConvertName(device.State.ToString());
        return device.Reason.Length > 0 ? $"{state}: {device.Reason}" : state;
    }
}

/// <summary>Reads a range, then a list in it, and refuses what is too long.</summary>
internal sealed class ListReader(BedView view, TimeProvider time, IOptions<ViewerOptions> options)
{
    public IResult Read<T>(string? from, string? to, Func<BedView, TimeRange, IEnumerable<T>> list)
    {
        if (!TimeRange.TryRead(from, to, time.Instant(), out TimeRange range, out ProblemHttpResult problem))
        {
            return problem;
        }

        int most = options.Value.MostItems;
        List<T> items = [.. list(view, range).Take(most + 1)];
        return items.Count > most ? Problems.TooManyItems(most) : TypedResults.Ok<IReadOnlyList<T>>(items);
    }
}
