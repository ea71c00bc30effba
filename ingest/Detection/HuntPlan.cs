using Bedside.Ingest.Drivers;

namespace Bedside.Ingest.Detection;

/// <summary>One set of line settings and everybody who may be met there.</summary>
/// <param name="Line">Null on a network.</param>
/// <param name="Asking">Drivers that ask here, in the order in which they do: devices that think before they answer come first.</param>
/// <param name="ListenMs">How long is listened here when the line is not silent.</param>
/// <param name="AskMs">From the first question until the last answer is given up.</param>
internal sealed record HuntStop(LineSettings? Line, IReadOnlyList<IDriver> Asking, int ListenMs, int AskMs);

/// <summary>
/// The way a hunt goes, made of what the drivers' traits say. Drivers share a stop where they share line settings: one listens for
/// all, and their questions follow each other <see cref="SpacingMs"/> apart while the answers to the earlier ones are still awaited. So the time grows
/// by a spacing with each driver, and by an answer's time only with each new set of line settings.
/// </summary>
internal sealed class HuntPlan
{
    /// <summary>From one question to the next at the same stop.</summary>
    public const int SpacingMs = 100;

    private const int FirstListenMs = 700;
    private const int LongestFirstListenMs = 1_000;
    private const int ListenMs = 800;
    public const int LongestListenMs = 4_000;
    private const int QuietRoundMs = 9_500;
    private const int AnswerMs = 400;

    /// <summary>Two messages make sure, and the first one that is met may be half over.</summary>
    private const double MessagesListened = 3.1;

    private HuntPlan(IReadOnlyList<HuntStop> stops, int firstListen) => (Stops, FirstListen) = (stops, firstListen);

    /// <summary>In the order of trying.</summary>
    public IReadOnlyList<HuntStop> Stops { get; }

    /// <summary>Milliseconds that it is listened at first, under the first stop's settings, to hear whether the line is silent.</summary>
    public int FirstListen { get; }

    /// <summary>How long a round on a silent line takes, in milliseconds.</summary>
    public int SilentRoundMs => FirstListen + Stops.Sum(stop => stop.AskMs);

    public static HuntPlan Of(HuntOptions options)
    {
        IReadOnlyList<Candidate> candidates = Candidate.Of(options.Drivers, options.Transport, options.KnownGood, options.UsbId);
        IGrouping<LineKey, Candidate>[] groups = [.. candidates.GroupBy(candidate => new LineKey(candidate.Line))];
        var stops = new List<HuntStop>(groups.Length);
        foreach (IGrouping<LineKey, Candidate> group in groups)
        {
            IDriver[] drivers = [.. group.Select(candidate => candidate.Driver).Distinct()];
            IDriver[] asking = options.ListenOnly
                ? []
                : [.. drivers.Where(driver => QuestionsOf(driver, options.Transport).Count > 0)
                    .OrderByDescending(driver => driver == options.KnownGood?.Driver)
                    .ThenByDescending(driver => driver.Traits.AnswersWithin)];
            stops.Add(new HuntStop(group.Key.Line, asking, ListenAt(drivers, options.ListenOnly, groups.Length), AskAt(asking, options.Transport)));
        }

        double seldom = options.Drivers.Select(driver => driver.Traits.SpeaksEvery.TotalMilliseconds).DefaultIfEmpty().Max();
        int first = options.ListenOnly && stops.Count > 0 ? stops[0].ListenMs : (int)Math.Clamp(seldom * 1.2, FirstListenMs, LongestFirstListenMs);
        return new HuntPlan(stops, first);
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> QuestionsOf(IDriver driver, Transport transport) =>
        transport == Transport.Serial ? driver.Traits.Probes : driver.Traits.NetworkProbes;

    /// <summary>How long the driver's device may take to begin its answer, in milliseconds.</summary>
    public static int AnswerOf(IDriver driver) => Math.Max(AnswerMs, (int)driver.Traits.AnswersWithin.TotalMilliseconds);

    private static int ListenAt(IDriver[] drivers, bool listenOnly, int stops)
    {
        double seldom = drivers.Max(driver => driver.Traits.SpeaksEvery.TotalMilliseconds) * MessagesListened;
        int quiet = listenOnly ? QuietRoundMs / stops : ListenMs;
        return (int)Math.Min(LongestListenMs, Math.Max(Math.Max(ListenMs, quiet), seldom));
    }

    private static int AskAt(IDriver[] asking, Transport transport)
    {
        int at = 0;
        int last = 0;
        foreach (IDriver driver in asking)
        {
            at += SpacingMs * QuestionsOf(driver, transport).Count;
            last = Math.Max(last, at - SpacingMs + AnswerOf(driver));
        }

        return last;
    }

    /// <summary>A key that may be null: a network has no settings.</summary>
    private readonly record struct LineKey(LineSettings? Line);
}
