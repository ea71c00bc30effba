using System.Text.RegularExpressions;
using Bedside.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer.Screens;

/// <summary><c>/heartbeat</c> of the page at the bed, and <c>/screens</c> for whoever watches it.</summary>
internal static partial class ScreensEndpoint
{
    /// <summary>A heartbeat has some 250 bytes.</summary>
    private const long MostBytes = 1024;
    private const long MostHeap = 1L << 40;
    private const int MostLanes = 1000;
    private const int MostFps = 1000;
    private const int MostRestarts = 1_000_000;
    private const int LongestBuild = 80;

    public static void MapScreens(this IEndpointRouteBuilder api)
    {
        api.MapPost("/heartbeat", Hear)
            .WithName("heartbeat").WithTags("screens").WithSummary("What a watched page says of itself every five seconds; kept in memory, 60 a minute.")
            .Accepts<Heartbeat>("application/json")
            .Produces(204).ProducesProblem(400).ProducesProblem(413).ProducesProblem(415).ProducesProblem(429);
        api.MapGet("/screens", (ScreenBook book, BedView view) => TypedResults.Ok(new ScreensAnswer(Math.Round(book.UpSeconds, 1), AnyWaveLive(view), book.Read())))
            .WithName("screens").WithTags("screens").WithSummary("The watched screens as they were last heard, and whether waves have to move.")
            .Produces<ScreensAnswer>();
    }

    private static IResult Hear(Heartbeat beat, HttpRequest request, ScreenBook book)
    {
        if (request.ContentLength is null or > MostBytes)
        {
            return Problems.TooMuch($"A heartbeat has at most {MostBytes} bytes, and says how many.");
        }

        if (Wrong(beat) is ProblemHttpResult wrong)
        {
            return wrong;
        }

        return book.TryHear(beat) ? TypedResults.NoContent() : Problems.TooOften($"More than {ScreenBook.MostAMinute} heartbeats came in this minute; one every five seconds is enough.");
    }

    private static ProblemHttpResult? Wrong(Heartbeat beat)
    {
        if (beat.Screen is null || !ScreenName.IsMatch(beat.Screen))
        {
            return Problems.BadRequest("'screen' must be 1 to 32 of the characters a-z 0-9 -.");
        }

        if (beat.Beat is not > 0 || beat.Frames is not >= 0 || beat.PageFrames is not >= 0)
        {
            return Problems.BadRequest("'beat', 'frames' and 'pageFrames' must be counts.");
        }

        bool bounded = beat.Checksum is null or (>= 0 and <= uint.MaxValue)
            && beat.Heap is null or (>= 0 and <= MostHeap)
            && beat.Lanes is null or (>= 0 and <= MostLanes)
            && beat.Fps is null or (>= 0 and <= MostFps)
            && beat.Restarts is null or (>= 0 and <= MostRestarts);
        return !bounded ? Problems.BadRequest("'checksum', 'heap', 'lanes', 'fps' or 'restarts' is out of its range.")
            : beat.Build is { } build && !BuildName.IsMatch(build) ? Problems.BadRequest($"'build' may have {LongestBuild} of the characters A-Z a-z 0-9 . _ + - at most.")
            : null;
    }

    private static bool AnyWaveLive(BedView view) => view.Signals().Any(signal => signal is { Kind: SignalKind.Waveform, State: Freshness.Live });

    [GeneratedRegex("^[a-z0-9-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex ScreenName { get; }

    [GeneratedRegex("^[A-Za-z0-9._+-]{0,80}$", RegexOptions.CultureInvariant)]
    private static partial Regex BuildName { get; }
}
