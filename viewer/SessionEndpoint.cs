using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer;

/// <summary><c>/session</c>: which box, which run, what time.</summary>
internal static class SessionEndpoint
{
    public static void MapSession(this IEndpointRouteBuilder api) =>
        api.MapGet("/session", (BedView view) => TypedResults.Ok(view.Session()))
            .WithName("session").WithTags("box").WithSummary("Which box this is, in which run, and what time it has.")
            .Produces<SessionAnswer>();
}
