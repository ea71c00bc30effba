using System.Globalization;
using Bedside.Host.Options;
using Bedside.Identity;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Hl7.Admissions;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Host.Services;

/// <summary>Turns what the admissions say into events that name nobody: persons, visits and places become tokens of the vault.</summary>
internal sealed class AdmissionTokens(IdentityVault vault, AdmissionSettings settings)
{
    private const string VisitDomain = "visit";
    private const string AccountDomain = "account";

    /// <summary>Types of numbers in the order in which they name a person, where the site says nothing.</summary>
    private static readonly string[] UsualTypes = ["MR", "PI"];

    /// <summary>The number by which a person is known here: that of the site's authority and type; null = there is none.</summary>
    public PersonNumber? NumberOf(IReadOnlyList<NumberSaid> numbers)
    {
        NumberSaid[] allowed = [.. numbers.Where(number => Agrees(number.Authority, settings.PersonAuthority))];
        NumberSaid? chosen = settings.PersonType.Length > 0
            ? Array.Find(allowed, number => Is(number.Type, settings.PersonType)) ?? Array.Find(allowed, number => number.Type.Length == 0)
            : UsualTypes.Select(type => Array.Find(allowed, number => Is(number.Type, type))).FirstOrDefault(number => number is not null) ?? allowed.FirstOrDefault();
        return chosen is null ? null : new PersonNumber(chosen.Number, chosen.Authority.Length > 0 ? chosen.Authority : settings.PersonAuthority, chosen.Type.Length > 0 ? chosen.Type : settings.PersonType);
    }

    public PersonToken PersonOf(PersonSaid said) => NumberOf(said.Numbers) is { } number ? vault.TokenOf(number) : default;

    public static PersonFacts FactsOf(PersonSaid said) => new()
    {
        Numbers = [.. said.Numbers.Select(number => new PersonNumber(number.Number, number.Authority, number.Type))],
        Family = Fact(said.Family),
        Given = Fact(said.Given),
        BirthDate = Fact(said.BirthDate),
        Sex = Fact(said.Sex),
    };

    /// <summary>Neither visit nor person is known of an event whose numbers are missing.</summary>
    public StayEvent EventOf(Admission said, BedPlace bed, UtcInstant arrived, UInt128 content)
    {
        PersonToken person = PersonOf(said.Patient.Person);
        (VisitToken visit, VisitToken formerVisit) = said.Former is { } former ? VisitsOf(said, former, person) : (VisitOf(said.Patient, person), default);
        PersonToken otherPerson = said.Other is { } other ? PersonOf(other.Person) : FormerPersonOf(said);
        return new StayEvent
        {
            Kind = said.Kind,
            Source = StaySource.Admissions,
            Arrived = arrived,
            Happened = said.Happened?.Boundary,
            Recorded = said.Recorded?.Boundary,
            Sent = said.Sent?.Boundary,
            Admitted = said.Patient.Admitted?.Boundary,
            Discharged = said.Patient.Discharged?.Boundary,
            Visit = visit,
            Person = person,
            Place = PlaceOf(said.Patient.Place, bed),
            PlaceMark = said.Patient.Place.HasValue ? vault.PlaceMark(TextOf(said.Patient.Place)) : 0,
            Before = PlaceOf(said.Patient.Before, bed),
            OtherVisit = said.Other is { } second ? VisitOf(second, otherPerson) : formerVisit,
            OtherPerson = otherPerson,
            OtherPlace = said.Other is { } third ? PlaceOf(third.Place, bed) : Place.Unstated,
            Content = content,
        };
    }

    /// <summary>A number that a device made up for itself is nobody's.</summary>
    public static bool IsOfPerson(string number) => number.Any(char.IsAsciiLetterOrDigit) && !Guid.TryParse(number, CultureInfo.InvariantCulture, out _);

    private VisitToken VisitOf(PatientSaid said, PersonToken person) =>
        said.Visit is { } visit ? vault.VisitOf(VisitDomain, Number(visit))
        : said.Account is { } account ? vault.VisitOf(AccountDomain, Number(account))
        : person.IsKnown && said.Admitted is { } admitted ? vault.VisitOf(person, admitted.At.ToString())
        : default;

    /// <summary>The visit that stays and the former one, both by PV1-19 and MRG-5 or both by PID-18 and MRG-3. Of a move that names one number it is the same visit.</summary>
    private (VisitToken Visit, VisitToken Former) VisitsOf(Admission said, FormerNumbers former, PersonToken person)
    {
        PatientSaid patient = said.Patient;
        bool isMove = said.Kind == StayEventKind.MoveVisit;
        if (former.Visit is { } visit)
        {
            VisitToken old = vault.VisitOf(VisitDomain, Like(Number(visit), patient.Visit));
            return (patient.Visit is { } now ? vault.VisitOf(VisitDomain, Number(now)) : isMove ? old : VisitOf(patient, person), old);
        }

        if (former.Account is { } account && (isMove || said.Kind == StayEventKind.MergeVisits))
        {
            VisitToken old = vault.VisitOf(AccountDomain, Like(Number(account), patient.Account));
            return (patient.Account is { } now ? vault.VisitOf(AccountDomain, Number(now)) : isMove ? old : VisitOf(patient, person), old);
        }

        return (VisitOf(patient, person), default);
    }

    /// <summary>MRG-1: what it leaves out (often the type) is as in the number that stays.</summary>
    private PersonToken FormerPersonOf(Admission said)
    {
        if (said.Former is not { Persons.Count: > 0 } former)
        {
            return default;
        }

        PersonNumber? stays = NumberOf(said.Patient.Person.Numbers);
        NumberSaid? same = former.Persons.FirstOrDefault(number => stays is not null && Is(number.Authority, stays.Authority) && Is(number.Type, stays.Type));
        PersonNumber? old = same is null ? NumberOf(former.Persons) : Number(same);
        return old is null ? default : vault.TokenOf(stays is null ? old : new PersonNumber(old.Number, old.Authority.Length > 0 ? old.Authority : stays.Authority, old.Type.Length > 0 ? old.Type : stays.Type));
    }

    private static PersonNumber Like(PersonNumber number, NumberSaid? other) =>
        number.Authority.Length > 0 || other is null ? number : number with { Authority = other.Authority };

    private static PersonNumber Number(NumberSaid said) => new(said.Number, said.Authority, said.Type);

    private static Place PlaceOf(Hl7Value place, BedPlace bed) => !place.HasValue ? Place.Unstated : bed.Is(place) ? Place.Here : Place.Elsewhere;

    /// <summary>Unit, room, bed and facility: what follows them says nothing of where.</summary>
    private static string TextOf(Hl7Value place) => string.Join('^', Enumerable.Range(1, 4).Select(i => place.Component(i).Text.Trim()));

    private static string? Fact(SaidText said) => said.IsDeleted ? string.Empty : said.HasText ? said.Text : null;

    private static bool Agrees(string told, string wanted) => wanted.Length == 0 || told.Length == 0 || Is(told, wanted);

    private static bool Is(string one, string other) => string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}
