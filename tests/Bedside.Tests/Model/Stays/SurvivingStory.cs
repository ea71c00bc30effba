using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Model.Stays;

/// <summary>
/// What messages by themselves show to be missing among them, found without the projection. Each visit's messages tell a story: where it was, and where it went. A link of it
/// is broken where a message says that the visit was in this bed, or was not, and the one before says otherwise; from the one to the other nobody can know, and must say so. So
/// must they where two stories are in the bed at once, and behind what a cancel took that named something else; a cancel that finds nothing to take takes back what is lost with it. Wherever
/// the stories are whole, what is lost left no trace: nobody who has only what is left could know. Nor could they know that two visits are one when the merge is lost: between two
/// messages that both say that a visit is here, <see cref="IsHeld"/>, the broken story of another number says nothing of it.
/// </summary>
internal sealed class SurvivingStory
{
    private static readonly long Grace = new StaySettings().Grace.Ticks * 100;
    private readonly List<(VisitToken Visit, UtcInstant From, UtcInstant To)> _broken = [];
    private readonly List<(VisitToken Visit, UtcInstant From, UtcInstant To)> _here = [];
    private readonly List<(VisitToken Visit, UtcInstant From, UtcInstant To)> _held = [];
    private readonly Dictionary<VisitToken, VisitToken> _same = [];

    public SurvivingStory(IReadOnlyList<StayEvent> events)
    {
        foreach (StayEvent merge in events.Where(said => said.Kind == StayEventKind.MergeVisits))
        {
            _same[merge.OtherVisit] = merge.Visit;
        }

        HashSet<StayEvent> gone = Cancelled(events);
        foreach (IGrouping<VisitToken, Sentence> story in events.SelectMany(said => gone.Contains(said) ? WhereItWas(said) : Sentences(said)).GroupBy(sentence => Survivor(sentence.Visit)))
        {
            UtcInstant deleted = events.Where(said => said.Kind == StayEventKind.DeleteVisit && Survivor(said.Visit) == story.Key).Select(said => said.Recorded!.Value).DefaultIfEmpty(new UtcInstant(long.MinValue)).Max();
            Read(story.Key, [.. story.Where(sentence => sentence.Stated > deleted).OrderBy(sentence => sentence.At).ThenBy(sentence => sentence.Stated)]);
        }
    }

    public IEnumerable<UtcInstant> Boundaries => _broken.Concat(_here).SelectMany(part => new[] { part.From, part.To }).Where(at => at.UnixNanoseconds is > 0 and < long.MaxValue);

    public bool IsBroken(UtcInstant at, Func<VisitToken, bool> concerns)
    {
        bool isTorn = _broken.Exists(link => concerns(link.Visit) && link.From <= at && at < link.To);
        VisitToken[] here = [.. _here.Where(part => part.From <= at && at < part.To).Select(part => part.Visit).Distinct()];
        return isTorn || (here.Length > 1 && here.Any(concerns));
    }

    /// <summary>The message before says that the visit is here, and the one after that it still was.</summary>
    public bool IsHeld(UtcInstant at, VisitToken visit) => _held.Exists(link => link.Visit == visit && link.From <= at && at < link.To);

    private VisitToken Survivor(VisitToken visit)
    {
        while (_same.TryGetValue(visit, out VisitToken next))
        {
            visit = next;
        }

        return visit;
    }

    private HashSet<StayEvent> Cancelled(IReadOnlyList<StayEvent> events)
    {
        var gone = new HashSet<StayEvent>(ReferenceEqualityComparer.Instance);
        var lacking = new List<(StayEvent Cancel, StayEvent[] Same)>();
        foreach (StayEvent cancel in events.Where(said => said.Kind is StayEventKind.CancelAdmit or StayEventKind.CancelTransfer or StayEventKind.CancelDischarge))
        {
            StayEventKind kind = cancel.Kind switch { StayEventKind.CancelAdmit => StayEventKind.Admit, StayEventKind.CancelTransfer => StayEventKind.Transfer, _ => StayEventKind.Discharge };
            StayEvent[] same = [.. events.Where(said => said.Kind == kind && Survivor(said.Visit) == Survivor(cancel.Visit) && said.Recorded < cancel.Recorded)];
            if (same.FirstOrDefault(said => said.Happened == cancel.Happened) is { } exact)
            {
                _ = gone.Add(exact);
            }
            else
            {
                lacking.Add((cancel, same));
            }
        }

        foreach ((StayEvent cancel, StayEvent[] same) in lacking)
        {
            if (same.Where(said => !gone.Contains(said)).MaxBy(said => said.Happened) is { } latest)
            {
                UtcInstant next = events.Where(said => Survivor(said.Visit) == Survivor(cancel.Visit) && said.Recorded > cancel.Recorded).Select(said => said.Happened ?? said.Sent!.Value).DefaultIfEmpty(new UtcInstant(long.MaxValue)).Min();
                _broken.Add((Survivor(cancel.Visit), latest.Happened!.Value, next));
            }
        }

        return gone;
    }

    private static IEnumerable<Sentence> Sentences(StayEvent said)
    {
        UtcInstant stated = said.Recorded!.Value;
        switch (said.Kind)
        {
            case StayEventKind.Admit or StayEventKind.Transfer:
                yield return new Sentence(said.Visit, said.Happened!.Value, stated, said.Before, said.Place, IsMove: true);
                break;
            case StayEventKind.Discharge:
                yield return new Sentence(said.Visit, said.Happened!.Value, stated, said.Place, Place.Elsewhere, IsMove: true) { IsEnd = true };
                break;
            case StayEventKind.Update:
                yield return new Sentence(said.Visit, said.Sent!.Value, stated, said.Place, said.Place, IsMove: false);
                break;
            case StayEventKind.Swap:
                yield return new Sentence(said.Visit, said.Happened!.Value, stated, said.OtherPlace, said.Place, IsMove: true);
                yield return new Sentence(said.OtherVisit, said.Happened!.Value, stated, said.Place, said.OtherPlace, IsMove: true);
                break;
        }
    }

    /// <summary>What was cancelled did not happen; where the visit was before, it was and stayed.</summary>
    private static IEnumerable<Sentence> WhereItWas(StayEvent said) => said.Kind is StayEventKind.Transfer or StayEventKind.Discharge
        && (said.Kind == StayEventKind.Transfer ? said.Before : said.Place) is var was
            ? [new Sentence(said.Visit, said.Discharged ?? said.Happened!.Value, said.Recorded!.Value, was, was, IsMove: false) { IsWithdrawn = true }]
            : [];

    private void Read(VisitToken visit, Sentence[] story)
    {
        Place place = Place.Unstated;
        bool isOver = false;
        UtcInstant last = new(long.MinValue);
        UtcInstant moved = new(long.MinValue);
        for (int i = 0; i < story.Length; i++)
        {
            Sentence sentence = story[i];
            if (!sentence.IsMove && ((isOver && !sentence.IsWithdrawn) || sentence.Stated < moved || (place == Place.Here && IsEarly(sentence, story[(i + 1)..]))))
            {
                continue; // It repeats a place from before, or says one a little early.
            }

            if (sentence.Before != Place.Unstated && sentence.Before != place && (place != Place.Unstated || sentence.Before == Place.Here))
            {
                _broken.Add((visit, last, sentence.At));
            }

            if (place == Place.Here)
            {
                _here.Add((visit, last, sentence.At));
                _held.AddRange(sentence.Before == Place.Here ? [_here[^1]] : []);
            }

            moved = sentence.IsMove && sentence.Stated > moved ? sentence.Stated : moved;
            (place, last, isOver) = (sentence.After, sentence.At, sentence.IsEnd);
        }

        if (place == Place.Here)
        {
            _here.Add((visit, last, new UtcInstant(long.MaxValue)));
        }
    }

    /// <summary>Within the grace time the visit leaves this bed as the update said; that it had left and come back before, unseen, nobody could tell from it.</summary>
    private static bool IsEarly(Sentence update, IEnumerable<Sentence> rest) => update.After == Place.Elsewhere && !update.IsWithdrawn
        && rest.FirstOrDefault(next => next.IsMove || next.After == Place.Here) is { IsMove: true, Before: Place.Here, After: Place.Elsewhere } move && move.At.Since(update.At) <= Grace;

    private sealed record Sentence(VisitToken Visit, UtcInstant At, UtcInstant Stated, Place Before, Place After, bool IsMove)
    {
        public bool IsEnd { get; init; }

        public bool IsWithdrawn { get; init; }
    }
}
