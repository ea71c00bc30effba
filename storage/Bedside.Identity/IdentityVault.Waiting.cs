using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Identity;

/// <summary>
/// Events of visits that have not touched this bed: tokens and times, no name. They are kept for <see cref="WaitsFor"/>, so that a patient who comes here brings their history, and are gone
/// afterwards: who lies in other beds is none of this box's business.
/// </summary>
public sealed partial class IdentityVault
{
    /// <summary>Keeps an event; one with the same content is not kept twice.</summary>
    public void Wait(StayEvent said)
    {
        lock (_gate)
        {
            if (said.Content != 0 && _content.Waiting.Exists(one => one.Content == said.Content))
            {
                return;
            }

            _content.Waiting.Add(said);
            _additions.Add(VaultContent.OfWaiting(said));
            if (_content.Waiting.Count > MostWaiting)
            {
                _content.Waiting.RemoveRange(0, _content.Waiting.Count - MostWaiting);
            }
        }
    }

    /// <summary>What waits of a visit and of a person, whose other visits and names (by merges that wait) are found on the way; in the order of arrival.</summary>
    public IReadOnlyList<StayEvent> WaitingFor(VisitToken visit, PersonToken person, bool allVisits)
    {
        lock (_gate)
        {
            HashSet<VisitToken> visits = [];
            HashSet<PersonToken> persons = person.IsKnown ? SameLocked(person) : [];
            if (visit.IsKnown)
            {
                _ = visits.Add(visit);
            }

            for (bool grew = true; grew;)
            {
                grew = false;
                foreach (StayEvent said in _content.Waiting)
                {
                    grew |= said.Kind == StayEventKind.MergePersons && Join(persons, said.Person, said.OtherPerson);
                    grew |= said.Kind is StayEventKind.MergeVisits or StayEventKind.MoveVisit && Join(visits, said.Visit, said.OtherVisit);
                    grew |= allVisits && persons.Contains(said.Person) && Add(visits, said.Visit);
                }
            }

            return
            [
                .. _content.Waiting.Where(said => visits.Contains(said.Visit) || visits.Contains(said.OtherVisit)
                    || ((!said.Visit.IsKnown || said.Kind == StayEventKind.MergePersons) && (persons.Contains(said.Person) || persons.Contains(said.OtherPerson)))),
            ];
        }
    }

    /// <summary>These do not wait any more.</summary>
    public void Release(IReadOnlyList<StayEvent> said)
    {
        lock (_gate)
        {
            var gone = new HashSet<StayEvent>(said, ReferenceEqualityComparer.Instance);
            if (_content.Waiting.RemoveAll(gone.Contains) > 0)
            {
                _isSaved = false;
            }
        }
    }

    /// <summary>Lets go of what waited for <see cref="WaitsFor"/>; to be called once an hour, and durable after <see cref="Save"/>. Returns how many went.</summary>
    public int Expire(UtcInstant now)
    {
        lock (_gate)
        {
            int gone = _content.Waiting.RemoveAll(said => now.Since(said.Arrived) > WaitsFor.Ticks * 100);
            _isSaved &= gone == 0;
            return gone;
        }
    }

    /// <summary>Who knows one of the two knows both; true = one was new.</summary>
    private static bool Join<T>(HashSet<T> set, T one, T other)
        where T : struct
    {
        if (!set.Contains(one) && !set.Contains(other))
        {
            return false;
        }

        int before = set.Count;
        _ = Add(set, one);
        _ = Add(set, other);
        return set.Count > before;
    }

    private static bool Add<T>(HashSet<T> set, T value)
        where T : struct => !value.Equals(default(T)) && set.Add(value);
}
