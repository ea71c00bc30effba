namespace Bedside.Model.Stays;

/// <summary>A cancel that named nothing that ever came, and what it was taken to mean.</summary>
internal sealed record CancelGuess(Said Cancel, Said Cancelled);

/// <summary>
/// Pairs cancels with what they cancel: the same visit, kind and EVN-6, as far as it was said before; if there is none, the latest of that kind; if there is none,
/// nothing. Said again after its cancel, an event stands. Sheet, section 10.1.
/// </summary>
internal sealed class CancelMatching(StayAliases aliases)
{
    private readonly List<CancelGuess> _guesses = [];

    public IReadOnlyList<CancelGuess> Guesses => _guesses;

    /// <summary>What was cancelled: it did not happen, but it says where the visit was.</summary>
    public IReadOnlyList<Said> Cancelled { get; private set; } = [];

    /// <summary>What is left of events in the order of their statements.</summary>
    public List<Said> Apply(IReadOnlyList<Said> all)
    {
        var byVisit = new Dictionary<(VisitKey, StayEventKind), List<Said>>();
        foreach (Said said in all.Where(said => said.Event.Kind is StayEventKind.Admit or StayEventKind.Transfer or StayEventKind.Discharge))
        {
            Of(byVisit, (aliases.KeyOf(said.Event), said.Event.Kind)).Add(said);
        }

        var gone = new HashSet<Said>(ReferenceEqualityComparer.Instance);
        var pending = new List<(Said Cancel, List<Said> Candidates)>();
        var seen = new HashSet<(VisitKey, StayEventKind, UtcInstant?)>();
        foreach (Said cancel in all)
        {
            if (KindOf(cancel.Event.Kind) is not { } kind)
            {
                continue;
            }

            VisitKey visit = aliases.KeyOf(cancel.Event);
            List<Said> candidates = Of(byVisit, (visit, kind));
            Said[] exact = [.. candidates.Where(said => cancel.Event.Happened is { } happened && said.Event.Happened == happened && said.Stated <= cancel.Stated)];
            gone.UnionWith(exact);
            if (seen.Add((visit, cancel.Event.Kind, cancel.Event.Happened)) && exact.Length == 0)
            {
                pending.Add((cancel, candidates));
            }
        }

        foreach ((Said cancel, List<Said> candidates) in pending)
        {
            Guess(cancel, candidates, gone);
        }

        Cancelled = [.. all.Where(gone.Contains)];
        return [.. all.Where(said => KindOf(said.Event.Kind) is null && !gone.Contains(said))];
    }

    private void Guess(Said cancel, List<Said> candidates, HashSet<Said> gone)
    {
        Said? latest = candidates.Where(said => !gone.Contains(said) && said.Stated <= cancel.Stated).Order(Comparer<Said>.Create(Said.ByTime)).LastOrDefault();
        if (latest is not null)
        {
            _ = gone.Add(latest);
            _guesses.Add(new CancelGuess(cancel, latest));
        }
    }

    private static StayEventKind? KindOf(StayEventKind kind) => kind switch
    {
        StayEventKind.CancelAdmit => StayEventKind.Admit,
        StayEventKind.CancelTransfer => StayEventKind.Transfer,
        StayEventKind.CancelDischarge => StayEventKind.Discharge,
        _ => null,
    };

    private static List<Said> Of(Dictionary<(VisitKey, StayEventKind), List<Said>> all, (VisitKey, StayEventKind) key)
    {
        if (!all.TryGetValue(key, out List<Said>? found))
        {
            all[key] = found = [];
        }

        return found;
    }
}
