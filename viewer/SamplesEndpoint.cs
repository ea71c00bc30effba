using Bedside.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>/signals/{id}/samples</c>: exactly what is stored, as JSON or as the block bytes themselves.</summary>
internal static class SamplesEndpoint
{
    public const string BlockType = "application/vnd.bedside.block";

    public static void MapSamples(this IEndpointRouteBuilder api) =>
        api.MapGet("/signals/{id}/samples", Answer)
            .WithName("samples").WithTags("signals").WithSummary("Exact samples or readings of a signal; by Accept: application/vnd.bedside.block, its blocks.")
            .Produces<SamplesAnswer>(200, "application/json", BlockType)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413);

    private static IResult Answer(HttpRequest request, string id, string? from, string? to, BedView view, IOptions<ViewerOptions> options, TimeProvider time)
    {
        if (view.Find(id) is not Signal signal)
        {
            return Problems.NoSignal(id);
        }

        if (!TimeRange.TryRead(from, to, time.Instant(), out TimeRange range, out ProblemHttpResult problem))
        {
            return problem;
        }

        long count = view.CountIn(signal, range, options.Value.MostSamples);
        if (count > options.Value.MostSamples)
        {
            return Problems.TooMuch($"That would be {count} samples, {options.Value.MostSamples} are the most; ask for a shorter range, or for the envelope.");
        }

        IEnumerable<Block> blocks = view.Store.Read(signal.Number, range.From, range.To);
        bool wantsBlocks = request.Headers.Accept.Any(accept => accept?.Contains(BlockType, StringComparison.OrdinalIgnoreCase) == true);
        if (wantsBlocks)
        {
            return new BlocksResult(blocks);
        }

        return signal.Metric.Kind == SignalKind.Waveform ? new SamplesResult(signal, blocks, range) : new ReadingsResult(signal, blocks, range);
    }
}
