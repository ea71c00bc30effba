using Bedside.Model;
using Bedside.Model.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Settings;

/// <summary><c>/checks</c>: signals held against the monitor's own display, and what was found.</summary>
internal static class SignalCheckEndpoint
{
    private const int MostSignals = 200;
    private const int LongestText = 120;
    private static readonly TimeSpan LongestAgo = TimeSpan.FromHours(1);
    private static readonly string[] Points = ["label", "unit", "polarity", "range", "plausible"];

    public static void MapSignalChecks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/checks", (SignalCheckBook book) => TypedResults.Ok(book.Checks))
            .WithName("checks").WithTags("settings").WithSummary("Checks of signals against the display of their device, newest first, 64 at most.")
            .Produces<IReadOnlyList<SignalCheckAnswer>>();
        api.MapGet("/checks/rates", (string device, BedView view, TimeProvider time) => TypedResults.Ok(SignalRates.Measure(view.Store, device, time.Instant())))
            .WithName("check-rates").WithTags("settings").WithSummary("Rates of a device's signals, measured over the last minute at most.")
            .Produces<SignalRatesAnswer>();
        api.MapPost("/checks", StoreAsync)
            .WithName("store-check").WithTags("settings").WithSummary("Stores a check; answered when it is on disk.")
            .Accepts<NewSignalCheck>("application/json")
            .Produces<SignalCheckAnswer>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(415).ProducesProblem(503);
    }

    private static async Task<IResult> StoreAsync(
        NewSignalCheck check, SignalCheckBook book, BedView view, IOptions<ViewerOptions> options, ActJournal journal, TimeProvider time, CancellationToken cancel)
    {
        if (view.Devices().FirstOrDefault(device => device.Device == check.Device) is not { } device)
        {
            return Problems.NotFound("There is no such device; /api/v1/devices lists those there are.");
        }

        CheckedSignal[] signals = [.. (check.Signals ?? []).OfType<CheckedSignal>()];
        UtcInstant now = time.Instant();
        if (Math.Abs(now.Since(check.At ?? now)) > LongestAgo.Nanoseconds())
        {
            return Problems.BadRequest("'at' must lie within the last hour.");
        }

        if (Fault(check, signals, device.Device, view) is { } fault)
        {
            return fault;
        }

        if (journal.Refusal(ActJournal.AtScreen(AuditAct.CheckStore, AuditFact.Of(AuditFactKind.Signals, signals.Length))) is { } refusal)
        {
            return refusal;
        }

        SignalCheckAnswer stored = await book.StoreAsync(
            new SignalCheckAnswer(
                string.Empty,
                check.At ?? now,
                options.Value.Build,
                device.Device,
                device.Manufacturer,
                device.Model,
                device.SerialNumber,
                device.Firmware,
                device.Protocol,
                device.Clock?.OffsetMs,
                signals),
            now,
            cancel);
        return TypedResults.Created("/api/v1/checks", stored);
    }

    private static ProblemHttpResult? Fault(NewSignalCheck check, CheckedSignal[] signals, string device, BedView view)
    {
        if (signals.Length is 0 or > MostSignals || signals.Length != check.Signals?.Count)
        {
            return Problems.BadRequest($"'signals' must be 1 to {MostSignals} signals.");
        }

        if (signals.Any(signal => signal.Label?.Length > LongestText || signal.Unit?.Length > LongestText || signal.Shown?.Length > LongestText))
        {
            return Problems.BadRequest($"Each text may have {LongestText} characters at most.");
        }

        if (signals.Any(signal => signal.Hertz is { } hertz && !double.IsFinite(hertz)))
        {
            return Problems.BadRequest("'hertz' is a number, or null.");
        }

        if (signals.Any(signal => (signal.Right ?? []).Concat(signal.Wrong ?? []).GroupBy(point => point).Any(point => point.Skip(1).Any() || !Points.Contains(point.Key))))
        {
            return Problems.BadRequest($"'right' and 'wrong' are of {string.Join(", ", Points)}, each once.");
        }

        return Array.Find(signals, signal => signal.Id is null || view.Find(signal.Id) is not { } known || known.Device != device) is { } strange
            ? Problems.BadRequest($"'{strange.Id?[..Math.Min(LongestText, strange.Id.Length)]}' is no signal of this device.")
            : null;
    }
}
