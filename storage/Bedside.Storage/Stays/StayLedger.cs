using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Storage.Stays;

/// <summary>What was told of stays, and under which names: all changes of boundaries, one after the other. Not for several threads.</summary>
internal sealed class StayLedger
{
    private readonly Dictionary<StayId, List<StayPiece>> _told = [];
    private readonly Dictionary<StayId, NamedStay> _named = [];

    /// <summary>Every stay that was ever told of.</summary>
    public IReadOnlyList<NamedStay> Named => [.. _named.Values];

    public void Apply(StayChange change)
    {
        if (!_told.TryGetValue(change.Stay, out List<StayPiece>? pieces))
        {
            _told[change.Stay] = pieces = [];
        }

        if (change.Before is not null)
        {
            _ = pieces.Remove(change.Before);
        }

        if (change.After is { } after)
        {
            pieces.Add(after);
            pieces.Sort((left, right) => left.From.CompareTo(right.From));
        }

        NamedStay? known = _named.GetValueOrDefault(change.Stay);
        (VisitToken, PersonToken)[] identities = known is null ? [] : [.. known.Identities];
        if (change.After is { } now && (identities.Length == 0 || identities[^1] != (now.Visit, now.Person)))
        {
            identities = [.. identities, (now.Visit, now.Person)];
        }

        if (identities.Length > 0)
        {
            _named[change.Stay] = new NamedStay(change.Stay, identities, pieces.Count > 0 || known is null ? [.. pieces.Select(piece => (piece.From, piece.To))] : known.Times);
        }
    }

    /// <summary>What is to be said so that these spans are what was told.</summary>
    public IReadOnlyList<StayChange> ChangesTo(IReadOnlyList<StaySpan> spans, (long First, long Last) because, UtcInstant now)
    {
        Dictionary<StayId, List<StayPiece>> pieces = Pieces(spans);
        var changes = new List<StayChange>();
        foreach (StayId stay in _told.Keys.Union(pieces.Keys).OrderBy(stay => stay.Value))
        {
            List<StayPiece> old = _told.GetValueOrDefault(stay) ?? [];
            List<StayPiece> young = pieces.GetValueOrDefault(stay) ?? [];
            StayPiece[] gone = [.. old.Except(young)];
            StayPiece[] come = [.. young.Except(old)];
            for (int i = 0; i < Math.Max(gone.Length, come.Length); i++)
            {
                changes.Add(new StayChange(stay, gone.ElementAtOrDefault(i), come.ElementAtOrDefault(i), because.First, because.Last, now));
            }
        }

        return changes;
    }

    /// <summary>Spans of one stay that follow each other, whatever their certainty.</summary>
    private static Dictionary<StayId, List<StayPiece>> Pieces(IReadOnlyList<StaySpan> spans)
    {
        var pieces = new Dictionary<StayId, List<StayPiece>>();
        foreach (StaySpan span in spans)
        {
            if (!pieces.TryGetValue(span.Stay, out List<StayPiece>? of))
            {
                pieces[span.Stay] = of = [];
            }

            var piece = new StayPiece(span.Visit, span.Person, span.From, span.To);
            if (of.Count > 0 && of[^1] is var last && last.To == span.From && (last.Visit, last.Person) == (span.Visit, span.Person))
            {
                of[^1] = last with { To = span.To };
            }
            else
            {
                of.Add(piece);
            }
        }

        return pieces;
    }
}
