using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Viewer.Stays;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Bedside.Viewer.Rights;

/// <summary>What anybody at the bed may see of the past: the last 60 minutes, of the present stay alone. Nothing of it is kept in the page: the box cuts what is asked.</summary>
internal sealed class AmbientWindow(StayView stays, TimeProvider time, IOptions<ViewerOptions> options)
{
    /// <summary>Nothing before it is shown. A bed that somebody left shows nothing of them.</summary>
    public UtcInstant From()
    {
        UtcInstant now = time.Instant();
        UtcInstant from = now.Add(-options.Value.People.Ambient.Nanoseconds());
        if (stays.Desk is not { } desk)
        {
            return from;
        }

        IReadOnlyList<StaySpan> spans = desk.Spans;
        UtcInstant began = from;
        if (stays.SpanAt(now) is { } present)
        {
            began = spans.First(span => span.Stay == present.Stay).From;
        }
        else if (spans.LastOrDefault(span => span.To <= now) is { To: UtcInstant left })
        {
            began = left;
        }

        return began > from ? began : from;
    }

    /// <summary>Moves <c>from</c> of the question to where it may begin. Not null: nothing of what is asked may be shown.</summary>
    public ProblemHttpResult? Cut(HttpContext context)
    {
        UtcInstant least = From();
        context.Items[typeof(AmbientWindow)] = least;
        IQueryCollection query = context.Request.Query;
        if (query["to"] is [{ } end] && InstantText.TryRead(end, out UtcInstant to) && to <= least)
        {
            return Refusal;
        }

        var cut = new Dictionary<string, StringValues>(query, StringComparer.OrdinalIgnoreCase);

        // Columns of whole cells may begin before the range.
        cut.Remove("columns");

        // What cannot be read is refused by the endpoint, which says why.
        if (query["from"] is not [{ } begin] || (InstantText.TryRead(begin, out UtcInstant from) && from < least))
        {
            cut["from"] = least.ToString();
        }

        context.Request.QueryString = QueryString.Create(cut);
        return null;
    }

    /// <summary>Null = everything may be shown.</summary>
    public static UtcInstant? Of(HttpContext context) => context.Items.TryGetValue(typeof(AmbientWindow), out object? from) ? (UtcInstant)from! : null;

    /// <summary>Signals without a last value from before that; null = all of them.</summary>
    public static IReadOnlyList<SignalAnswer> Cut(IReadOnlyList<SignalAnswer> signals, UtcInstant? least) =>
        least is null ? signals : [.. signals.Select(signal => signal.Last?.Time < least ? signal with { Last = null } : signal)];

    public static SnapshotAnswer Cut(SnapshotAnswer snapshot, UtcInstant? least) => least is null ? snapshot : snapshot with { Signals = Cut(snapshot.Signals, least) };

    public static NumericsAnswer Cut(NumericsAnswer numerics, UtcInstant? least) => least is null
        ? numerics
        : numerics with { Numerics = [.. numerics.Numerics.Select(one => one.Time < least ? one with { Time = null, AgeS = null, Value = null, Text = null, Validity = [] } : one)] };

    public static ProblemHttpResult Refusal => Problems.NeedsPerson("Without a person signed in the box shows the last 60 minutes of this stay.");
}
