using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>/help/devices</c>: how each device is connected.</summary>
internal static class HelpEndpoint
{
    public static void MapHelp(this IEndpointRouteBuilder api)
    {
        api.MapGet("/help/devices", (IOptions<ViewerOptions> options) => TypedResults.Ok<IReadOnlyList<HelpEntry>>([.. options.Value.Help.Select(HelpEntry.Of)]))
            .WithName("helpList").WithTags("help").WithSummary("The devices the box knows, with what matters most of connecting them.")
            .Produces<IReadOnlyList<HelpEntry>>();
        api.MapGet("/help/devices/{driver}", Answer)
            .WithName("help").WithTags("help").WithSummary("How a device is connected: cable, pins, null modem, menu, line settings, listening only, and what is not known.")
            .Produces<HelpPage>().ProducesProblem(404);
    }

    private static Results<Ok<HelpPage>, ProblemHttpResult> Answer(string driver, IOptions<ViewerOptions> options) =>
        options.Value.Help.FirstOrDefault(one => one.Driver == driver) is { } page
            ? TypedResults.Ok(page)
            : Problems.NotFound("There is no page of that device; /api/v1/help/devices lists those there are.");
}

/// <summary>A page in the list of them.</summary>
internal sealed record HelpEntry(string Driver, string Manufacturer, string Devices, string Quality, IReadOnlyList<string> Tried, NameAnswer Title, NameAnswer Lead, HelpVerdict NullModem, HelpVerdict ListenOnly)
{
    public static HelpEntry Of(HelpPage page) => new(
        page.Driver,
        page.Manufacturer,
        page.Devices,
        page.Quality,
        page.Tried,
        new NameAnswer(page.French.Title, page.English.Title),
        new NameAnswer(page.French.Lead, page.English.Lead),
        page.English.Of(HelpTopic.NullModem).Verdict,
        page.English.Of(HelpTopic.ListenOnly).Verdict);
}
