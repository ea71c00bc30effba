using Bedside.Model;
using Bedside.Model.Context;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer;

/// <summary><c>/context</c>: every kind of mark with its names, and what of this bed it can be said of.</summary>
internal static class ContextEndpoint
{
    public static void MapContext(this IEndpointRouteBuilder api) =>
        api.MapGet("/context", (BedView view) => TypedResults.Ok(Answer([.. view.Store.Signals])))
            .WithName("context").WithTags("lists").WithSummary("The kinds of marks, their names and values, and what of this bed each can be said of.");

    private static ContextAnswer Answer(IReadOnlyList<Signal> signals) => new([.. ContextCatalog.Shipped.Kinds.Select(kind => new ContextKindAnswer(
        kind.Code,
        kind.Form,
        kind.Series,
        kind.IsOffered,
        kind.IsOfBed,
        new Sentence(kind.French, kind.English),
        [.. signals.Where(kind.Fits).Select(signal => signal.Number.Value)],
        [.. kind.Attributes.Select(attribute => new ContextAttributeAnswer(
            attribute.Code, new Sentence(attribute.French, attribute.English), attribute.IsRequired,
            [.. attribute.Values.Select(value => new ContextValueAnswer(value.Code, new Sentence(value.French, value.English)))]))]))]);
}
