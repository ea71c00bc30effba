namespace Bedside.Model.Context;

/// <summary>A mark as it holds: what a reader may rely on from when to when.</summary>
/// <param name="Mark">The newest version of it.</param>
/// <param name="HeldUntil">End of what it says: of an event its own time, of a range the end that was told, of a state the next of its series on the same sensor; null = it holds on, or nobody told.</param>
public sealed record HeldMark(AnnotationBlock Mark, UtcInstant? HeldUntil);

/// <summary>Makes of versions of marks what held when: pure, the same from the same marks in whatever order they came.</summary>
public static class ContextTimeline
{
    /// <summary>The newest version of each mark that is not withdrawn, ascending, with the end of what it says.</summary>
    /// <param name="marks">All versions, also of before the range that is asked for: a state holds until another is said.</param>
    /// <param name="signals">The signals of the store, to know which share a sensor.</param>
    public static IReadOnlyList<HeldMark> Of(IEnumerable<AnnotationBlock> marks, IReadOnlyDictionary<SignalNumber, Signal> signals)
    {
        List<AnnotationBlock> valid = [.. Newest(marks).Where(mark => !mark.Withdrawn).OrderBy(mark => mark.Start).ThenBy(mark => mark.Key, StringComparer.Ordinal)];
        var next = new Dictionary<(string Source, string Series, string Sensor), UtcInstant>();
        var held = new HeldMark[valid.Count];
        for (int i = valid.Count - 1; i >= 0; i--)
        {
            AnnotationBlock mark = valid[i];
            ContextKind? kind = ContextCatalog.Shipped.Find(mark.Kind);
            if (kind?.Form != ContextForm.State)
            {
                held[i] = new HeldMark(mark, mark.Until ?? (kind?.Form == ContextForm.Range ? null : mark.Start));
                continue;
            }

            (string, string, string) key = (mark.Source, kind.Series, SensorOf(mark, signals));
            UtcInstant? following = next.TryGetValue(key, out UtcInstant at) ? at : null;
            held[i] = new HeldMark(mark, mark.Until is { } until && !(following < until) ? until : following);
            next[key] = mark.Start;
        }

        return held;
    }

    /// <summary>The version of each key with the greatest number; of equal ones the later in the list.</summary>
    public static IEnumerable<AnnotationBlock> Newest(IEnumerable<AnnotationBlock> marks)
    {
        var newest = new Dictionary<string, AnnotationBlock>(StringComparer.Ordinal);
        foreach (AnnotationBlock mark in marks)
        {
            if (!newest.TryGetValue(mark.Key, out AnnotationBlock? former) || mark.Version >= former.Version)
            {
                newest[mark.Key] = mark;
            }
        }

        return newest.Values;
    }

    /// <summary>How long after its beginning a range that nobody ended still says something: a shift. Its end stays unknown.</summary>
    public static readonly TimeSpan LongestOpen = TimeSpan.FromHours(8);

    /// <summary>True for a mark that says something of [<paramref name="from"/>, <paramref name="to"/>): a state that nobody followed holds on, a range that nobody ended for <see cref="LongestOpen"/>.</summary>
    public static bool Touches(this HeldMark held, UtcInstant from, UtcInstant to)
    {
        UtcInstant? last = held.HeldUntil ?? (ContextCatalog.Shipped.Find(held.Mark.Kind)?.Form == ContextForm.Range ? held.Mark.Start.Add(LongestOpen.Ticks * 100) : null);
        return held.Mark.Start < to && (held.Mark.Start >= from || last is not { } until || until >= from);
    }

    private static string SensorOf(AnnotationBlock mark, IReadOnlyDictionary<SignalNumber, Signal> signals) =>
        mark.Signal == SignalNumber.None ? "bed" : signals.TryGetValue(mark.Signal, out Signal? signal) ? Measured.SensorOf(signal) : $"{mark.Signal.Value}";
}
