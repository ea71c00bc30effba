using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Identity;

/// <summary>Persons and visits of this bed.</summary>
public sealed partial class IdentityVault
{
    /// <summary>Whose number that is, as it stands on a wristband: under every authority that was heard of; a number that two persons have is nobody's. Old numbers lead to the person who stayed.</summary>
    public PersonToken PersonOf(string wristband)
    {
        if (string.IsNullOrWhiteSpace(wristband))
        {
            return default;
        }

        lock (_gate)
        {
            return KnownLocked(new PersonNumber(wristband, string.Empty, string.Empty)) is { } known ? SurvivorLocked(known) : default;
        }
    }

    /// <summary>What this box calls the person with a number. One whose authority or type is not told is that of the only person known who can have it; a number that nobody is known by makes a new name.</summary>
    public PersonToken TokenOf(PersonNumber number)
    {
        lock (_gate)
        {
            PersonToken exact = _tokens.Person(number);
            return IsKnownLocked(exact) ? exact : KnownLocked(number) ?? exact;
        }
    }

    /// <summary>The only person of this bed whose family name that is, and whose given name and birth date do not contradict; unknown = none, or several.</summary>
    public PersonToken PersonNamed(string family, string given, string birthDate)
    {
        lock (_gate)
        {
            PersonToken[] found =
            [
                .. _content.Persons.Where(pair => Agree(pair.Value.Family, family) && family.Length > 0 && pair.Value.Family.Length > 0
                        && Agree(pair.Value.Given, given) && Agree(pair.Value.BirthDate, birthDate))
                    .Select(pair => SurvivorLocked(pair.Key)).Distinct(),
            ];
            return found.Length == 1 ? found[0] : default;
        }
    }

    /// <summary>That numbers of this authority and type exist, so that one alone can be looked up among them.</summary>
    public void HearAuthority(PersonNumber number)
    {
        lock (_gate)
        {
            (string, string) pair = (TokenKey.Normal(number.Authority), TokenKey.Normal(number.Type));
            if (_content.Authorities.Count < MostAuthorities && !_content.Authorities.Contains(pair))
            {
                _content.Authorities.Add(pair);
                _isSaved = false;
            }
        }
    }

    /// <summary>Keeps what was said of a person of this bed.</summary>
    public void Keep(PersonToken person, PersonFacts facts, UtcInstant heard)
    {
        lock (_gate)
        {
            PersonRecord before = _content.Persons.GetValueOrDefault(person) ?? new PersonRecord([], string.Empty, string.Empty, string.Empty, string.Empty, heard, heard);
            IEnumerable<PersonNumber> numbers = before.Numbers.Concat(facts.Numbers).DistinctBy(number => (TokenKey.Normal(number.Number), TokenKey.Normal(number.Authority), TokenKey.Normal(number.Type)));
            _content.Persons[person] = new PersonRecord(
                [.. numbers.Take(MostNumbers)],
                facts.Family ?? before.Family,
                facts.Given ?? before.Given,
                facts.BirthDate ?? before.BirthDate,
                facts.Sex ?? before.Sex,
                before.FirstHeard,
                heard);
            _isSaved = false;
            if (_content.Persons.Count > MostPersons)
            {
                _ = _content.Persons.Remove(_content.Persons.MinBy(pair => pair.Value.LastHeard).Key);
            }
        }
    }

    /// <summary>A visit touched this bed.</summary>
    public void KeepVisit(VisitToken visit, PersonToken person, UtcInstant heard)
    {
        lock (_gate)
        {
            PersonToken whose = person.IsKnown ? person : _content.Visits.GetValueOrDefault(visit)?.Person ?? default;
            _content.Visits[visit] = new VisitRecord(whose, heard);
            _isSaved = false;
            if (_content.Visits.Count > MostVisits)
            {
                _ = _content.Visits.Remove(_content.Visits.MinBy(pair => pair.Value.LastHeard).Key);
            }
        }
    }

    /// <summary>Whether a visit ever touched this bed.</summary>
    public bool IsOfBed(VisitToken visit)
    {
        lock (_gate)
        {
            return visit.IsKnown && _content.Visits.ContainsKey(visit);
        }
    }

    /// <summary>Whether a person was ever in this bed, or was named by one of its devices.</summary>
    public bool IsOfBed(PersonToken person)
    {
        lock (_gate)
        {
            return person.IsKnown && SameLocked(person).Any(_content.Persons.ContainsKey);
        }
    }

    /// <summary>The two are the same person, and the second one's name counts. False = that would go in a circle, and nothing is changed.</summary>
    public bool Merge(PersonToken old, PersonToken survivor)
    {
        lock (_gate)
        {
            PersonToken from = SurvivorLocked(old);
            PersonToken to = SurvivorLocked(survivor);
            if (from == to)
            {
                return to != old;
            }

            _content.Merged[from] = to;
            _isSaved = false;
            return true;
        }
    }

    /// <summary>The person as whom this one is known now.</summary>
    public PersonToken SurvivorOf(PersonToken person)
    {
        lock (_gate)
        {
            return SurvivorLocked(person);
        }
    }

    /// <summary>Who it is; null = the vault does not know, or it was forgotten. For those who may see it only: the caller writes to the audit.</summary>
    public PersonDescription? Describe(PersonToken person)
    {
        lock (_gate)
        {
            PersonToken survivor = SurvivorLocked(person);
            PersonRecord[] records = [.. SameLocked(person).OrderByDescending(one => one == survivor).Select(_content.Persons.GetValueOrDefault).OfType<PersonRecord>()];
            return records.Length == 0 ? null : new PersonDescription(
                survivor,
                [.. records.SelectMany(record => record.Numbers).Distinct()],
                First(record => record.Family),
                First(record => record.Given),
                First(record => record.BirthDate),
                First(record => record.Sex),
                new UtcInstant(records.Min(record => record.FirstHeard.UnixNanoseconds)),
                new UtcInstant(records.Max(record => record.LastHeard.UnixNanoseconds)));

            string First(Func<PersonRecord, string> part) => records.Select(part).FirstOrDefault(text => text.Length > 0) ?? string.Empty;
        }
    }

    /// <summary>Whom a device named last; null = it never did.</summary>
    public NamedOnDevice? NamedOn(string device)
    {
        lock (_gate)
        {
            return _content.Monitors.GetValueOrDefault(device);
        }
    }

    /// <summary>Whether a device names the person at present.</summary>
    public bool IsNamedNow(PersonToken person)
    {
        lock (_gate)
        {
            PersonToken survivor = SurvivorLocked(person);
            return person.IsKnown && _content.Monitors.Values.Any(named => named.Person.IsKnown && SurvivorLocked(named.Person) == survivor);
        }
    }

    public void KeepNamed(string device, NamedOnDevice named)
    {
        lock (_gate)
        {
            if (_content.Monitors.Count < MostDevices || _content.Monitors.ContainsKey(device))
            {
                _content.Monitors[device] = named;
                _isSaved = false;
            }
        }
    }

    private static bool Agree(string one, string other) => one.Length == 0 || other.Length == 0 || Letters.Fold(one) == Letters.Fold(other);

    private bool IsKnownLocked(PersonToken person) =>
        _content.Persons.ContainsKey(person) || _content.Merged.ContainsKey(person) || _content.Waiting.Exists(said => said.Person == person || said.OtherPerson == person);

    /// <summary>The only person known who can have a number, those of this bed before others; null = none, or several.</summary>
    private PersonToken? KnownLocked(PersonNumber number)
    {
        (string authority, string type) = (TokenKey.Normal(number.Authority), TokenKey.Normal(number.Type));
        IEnumerable<(string Authority, string Type)> pairs = _content.Authorities.Append((Authority: string.Empty, Type: string.Empty)).Distinct()
            .Where(pair => CanBe(pair.Authority, authority) && CanBe(pair.Type, type));
        PersonToken[] known = [.. pairs.Select(pair => _tokens.Person(new PersonNumber(number.Number, pair.Authority, pair.Type))).Where(IsKnownLocked)];
        PersonToken[] ofBed = [.. known.Where(person => _content.Persons.ContainsKey(person) || _content.Merged.ContainsKey(person))];
        PersonToken[] candidates = [.. (ofBed.Length > 0 ? ofBed : known).DistinctBy(SurvivorLocked)];
        return candidates.Length == 1 ? candidates[0] : null;

        static bool CanBe(string one, string other) => one.Length == 0 || other.Length == 0 || one == other;
    }

    private PersonToken SurvivorLocked(PersonToken person)
    {
        // Merge refuses circles, so this ends.
        while (_content.Merged.TryGetValue(person, out PersonToken next))
        {
            person = next;
        }

        return person;
    }

    /// <summary>All names of a person.</summary>
    private HashSet<PersonToken> SameLocked(PersonToken person)
    {
        PersonToken survivor = SurvivorLocked(person);
        return [person, survivor, .. _content.Merged.Keys.Where(old => SurvivorLocked(old) == survivor)];
    }
}
