using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer;

/// <summary><c>/signals</c> and <c>/numerics</c>: what there is, and how fresh.</summary>
internal static class SignalsEndpoint
{
    public static void MapSignals(this IEndpointRouteBuilder api)
    {
        api.MapGet("/signals", (BedView view, HttpContext context) => TypedResults.Ok(AmbientWindow.Cut(view.Signals(), AmbientWindow.Of(context))))
            .WithName("signals").WithTags("signals").WithSummary("Every signal of the bed: what it is, how to draw it, its newest value and how fresh that is.")
            .Produces<IReadOnlyList<SignalAnswer>>();
        api.MapGet("/numerics", (BedView view, HttpContext context) => TypedResults.Ok(AmbientWindow.Cut(view.Numerics(), AmbientWindow.Of(context))))
            .WithName("numerics").WithTags("signals").WithSummary("Last value and age of everything but waves: ask once a second where WebSocket is blocked.")
            .Produces<NumericsAnswer>();
    }
}
