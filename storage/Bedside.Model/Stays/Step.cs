namespace Bedside.Model.Stays;

internal enum StepKind
{
    /// <summary>The visit is in this bed.</summary>
    Arrive,

    /// <summary>It is in another, or over.</summary>
    Depart,
    Update,
    Confirm,
    LeaveBegins,
    LeaveEnds,
}

/// <summary>One event of one visit, as far as it concerns this bed. A swap makes two.</summary>
/// <param name="Place">Where the visit is then.</param>
/// <param name="Before">Where it was, as far as the event says.</param>
internal sealed record Step(StepKind Kind, Said Said, VisitKey Key, Place Place, Place Before)
{
    public UtcInstant At => Said.At;

    public long Number => Said.Number;

    public bool EndsVisit => Said.Event.Kind == StayEventKind.Discharge;

    /// <summary>All steps up to a time, ascending; visits that were deleted made none before that was said.</summary>
    public static IReadOnlyList<Step> Of(IReadOnlyList<Said> all, StayAliases aliases, UtcInstant horizon)
    {
        var deleted = new Dictionary<VisitKey, UtcInstant>();
        foreach (Said said in all.Where(said => said.Event.Kind == StayEventKind.DeleteVisit))
        {
            deleted[aliases.KeyOf(said.Event)] = said.Stated;
        }

        var steps = new List<Step>();
        foreach (Said said in all.Where(said => said.At <= horizon).Order(Comparer<Said>.Create(InWalk)))
        {
            steps.AddRange(Of(said, aliases).Where(step => step.Kind == StepKind.Confirm || !deleted.TryGetValue(step.Key, out UtcInstant stated) || said.Stated > stated));
        }

        return steps;
    }

    /// <summary>What a person says of an instant comes after what others do.</summary>
    private static int InWalk(Said left, Said right)
    {
        int order = left.At.CompareTo(right.At);
        order = order != 0 ? order : (left.Event.Source == StaySource.Person).CompareTo(right.Event.Source == StaySource.Person);
        return order != 0 ? order : Said.ByTime(left, right);
    }

    private static IEnumerable<Step> Of(Said said, StayAliases aliases)
    {
        StayEvent e = said.Event;
        VisitKey key = aliases.KeyOf(e);
        bool isNamed = e.Visit.IsKnown || e.Person.IsKnown;
        switch (e.Kind)
        {
            case StayEventKind.Admit or StayEventKind.Transfer when isNamed && PlaceOf(e) is var place && place != Place.Unstated:
                yield return new Step(place == Place.Here ? StepKind.Arrive : StepKind.Depart, said, key, place, e.Before);
                break;
            case StayEventKind.Discharge when isNamed:
                yield return new Step(StepKind.Depart, said, key, Place.Elsewhere, e.Place);
                break;
            case StayEventKind.Update when isNamed && e.Place != Place.Unstated:
                yield return new Step(StepKind.Update, said, key, e.Place, Place.Unstated);
                break;
            case StayEventKind.Swap:
                foreach (Step step in Swapped(said, key, aliases))
                {
                    yield return step;
                }

                break;
            case StayEventKind.LeaveBegins or StayEventKind.LeaveEnds when isNamed:
                yield return new Step(e.Kind == StayEventKind.LeaveBegins ? StepKind.LeaveBegins : StepKind.LeaveEnds, said, key, e.Place, e.Before);
                break;
            case StayEventKind.Confirmed:
                yield return new Step(StepKind.Confirm, said, key, Place.Here, Place.Unstated);
                break;
        }
    }

    /// <summary>Who left this bed for an unnamed place left it all the same.</summary>
    private static Place PlaceOf(StayEvent e) =>
        e.Place == Place.Unstated && e.Kind == StayEventKind.Transfer && e.Before == Place.Here ? Place.Elsewhere : e.Place;

    /// <summary>Both at once; the one who leaves goes first. Where one of the places is unstated the other says it: they are exchanged.</summary>
    private static IEnumerable<Step> Swapped(Said said, VisitKey key, StayAliases aliases)
    {
        StayEvent e = said.Event;
        VisitKey other = aliases.KeyOf(e.OtherVisit, e.OtherPerson);
        Place place = e.Place != Place.Unstated ? e.Place : e.OtherPlace == Place.Here ? Place.Elsewhere : Place.Unstated;
        Place otherPlace = e.OtherPlace != Place.Unstated ? e.OtherPlace
            : e.Place == Place.Here || (e.Place == Place.Elsewhere && e.Before != Place.Here) ? Place.Elsewhere
            : e.Place == Place.Elsewhere ? Place.Here
            : Place.Unstated;
        Step?[] both = [One(said, key, place, otherPlace), One(said, other, otherPlace, place)];
        return both.OfType<Step>().OrderBy(step => step.Kind == StepKind.Arrive);
    }

    private static Step? One(Said said, VisitKey key, Place place, Place before) => place == Place.Unstated || key == default
        ? null
        : new Step(place == Place.Here ? StepKind.Arrive : StepKind.Depart, said, key, place, before);
}
