namespace Bedside.Model.Stays;

/// <summary>What a patient said of research.</summary>
/// <param name="IsRefused">Nothing of the patient goes to research, of this stay or of another.</param>
/// <param name="At">By the box's clock.</param>
/// <param name="By">The account that took it down; empty = somebody at the bed.</param>
public sealed record ResearchWish(bool IsRefused, UtcInstant At, string By, long Number);

/// <summary>Somebody asks that a stay be erased, and nobody else agreed yet.</summary>
/// <param name="Reason">One of <see cref="StayWishes.ErasureReasons"/>.</param>
public sealed record ErasureWish(StayId Stay, UtcInstant At, string By, string Reason, long Number);

/// <summary>
/// What patients want of their data, read out of the book of stays. A no to research is the patient's: it holds for every stay that is known to be theirs, whenever that became known, and where
/// it is doubtful whose stay it was, it holds too.
/// </summary>
public static class StayWishes
{
    /// <summary>The patient wants it; the record is somebody else's; a court or the law demands it.</summary>
    public static IReadOnlyList<string> ErasureReasons { get; } = ["patient-asked", "wrong-record", "law"];

    /// <summary>A question that nobody agreed to is over after that time.</summary>
    public static TimeSpan ErasureLife { get; } = TimeSpan.FromDays(14);

    public static bool Is(StayEventKind kind) => kind >= StayEventKind.ResearchRefused;

    /// <summary>The last word on research of whoever had that stay; null = none was ever said.</summary>
    /// <param name="wishes">In the order in which they were said.</param>
    public static ResearchWish? ResearchOf(StayId stay, IReadOnlyList<StaySpan> spans, IReadOnlyList<StayEvent> wishes)
    {
        HashSet<PersonToken> persons = PersonsOf(stay.ToString(), spans);
        ResearchWish? last = null;
        foreach (StayEvent said in wishes.Where(said => said.Kind is StayEventKind.ResearchRefused or StayEventKind.ResearchAllowed))
        {
            bool isTheirs = said.Task == stay.ToString() || (said.Person.IsKnown && persons.Contains(said.Person)) || persons.Overlaps(PersonsOf(said.Task, spans));
            if (isTheirs)
            {
                last = new ResearchWish(said.Kind == StayEventKind.ResearchRefused, said.Arrived, said.By, said.Number);
            }
        }

        return last;
    }

    /// <summary>Everybody who refuses research by now, also where nothing of their stay is left. Whoever a refused stay may have been of is among them.</summary>
    /// <param name="wishes">In the order in which they were said.</param>
    public static IReadOnlySet<PersonToken> Refusing(IReadOnlyList<StaySpan> spans, IReadOnlyList<StayEvent> wishes)
    {
        var refusing = new HashSet<PersonToken>();
        foreach (StayEvent said in wishes.Where(said => said.Kind is StayEventKind.ResearchRefused or StayEventKind.ResearchAllowed))
        {
            HashSet<PersonToken> theirs = PersonsOf(said.Task, spans);
            if (said.Person.IsKnown)
            {
                theirs.Add(said.Person);
            }

            if (said.Kind == StayEventKind.ResearchRefused)
            {
                refusing.UnionWith(theirs);
            }
            else
            {
                refusing.ExceptWith(theirs);
            }
        }

        return refusing;
    }

    /// <summary>The question of erasing that waits for a second person; null = there is none, or it is over.</summary>
    public static ErasureWish? ErasureOf(StayId stay, IReadOnlyList<StayEvent> wishes, UtcInstant now)
    {
        StayEvent? last = wishes.LastOrDefault(said => said.Kind >= StayEventKind.ErasureAsked && said.Task == stay.ToString());
        return last is { Kind: StayEventKind.ErasureAsked } && now.Since(last.Arrived) < ErasureLife.Ticks * TimeSpan.NanosecondsPerTick
            ? new ErasureWish(stay, last.Arrived, last.By, last.Choice, last.Number)
            : null;
    }

    /// <summary>Two people wanted it. Nothing else is said of a stay after that.</summary>
    public static bool IsErasureAgreed(StayId stay, IReadOnlyList<StayEvent> wishes) => wishes.Any(said => said.Kind == StayEventKind.ErasureAgreed && said.Task == stay.ToString());

    private static HashSet<PersonToken> PersonsOf(string stay, IReadOnlyList<StaySpan> spans) =>
        [.. spans.Where(span => span.Person.IsKnown && span.Stay.ToString() == stay).Select(span => span.Person)];
}
