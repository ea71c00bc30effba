using System.Globalization;
using Bedside.Model;

namespace Bedside.Simulators.Ward;

/// <summary>A patient of the ward who never lived.</summary>
/// <param name="Number">From 1; also which physiology they have.</param>
public sealed record WardPerson(int Number, string Sex, DateOnly Born);

/// <summary>One stay in one bed.</summary>
/// <param name="Number">From 1, over the whole ward.</param>
/// <param name="Box">From 1.</param>
public sealed record WardStay(int Number, int Box, WardPerson Person, UtcInstant From, UtcInstant To);

/// <summary>
/// Who lay where in a ward, from a seed: beds one after the other without overlap, lengths of stay as intensive care has them (most short, few of weeks), ages from 18 to 95, some patients who come back to
/// another bed.
/// </summary>
public static class WardStory
{
    private const int ComesBack = 12;
    private const long Hour = 3_600_000_000_000;

    /// <summary>Ascending by box, then by time.</summary>
    public static IReadOnlyList<WardStay> Of(WardOptions ward)
    {
        var random = new Random(unchecked((int)ward.Seed));
        var persons = new List<WardPerson>();
        UtcInstant[] free = [.. Enumerable.Range(0, ward.Boxes).Select(_ => ward.From.Add(Hour * random.Next(1, 48)))];
        var stays = new List<WardStay>();
        for (int number = 1; number <= ward.Stays; number++)
        {
            int box = (number - 1) % ward.Boxes;
            WardPerson person = number % ComesBack == 0 && Gone(stays, box, free[box]) is { } back ? back : New(persons, random, ward.From);
            UtcInstant to = free[box].Add((Hour * Hours(random)) + random.NextInt64(Hour));
            stays.Add(new WardStay(number, box + 1, person, free[box], to));
            free[box] = to.Add((Hour * random.Next(2, 40)) + random.NextInt64(Hour));
        }

        return [.. stays.OrderBy(stay => stay.Box).ThenBy(stay => stay.From)];
    }

    /// <summary>Somebody who has left another bed by then, and did not come back yet.</summary>
    private static WardPerson? Gone(List<WardStay> stays, int box, UtcInstant by) =>
        stays.Find(stay => stay.Box != box + 1 && stay.To < by && stays.Count(other => other.Person == stay.Person) == 1)?.Person;

    private static WardPerson New(List<WardPerson> persons, Random random, UtcInstant day)
    {
        // The mean of two throws: most are between 40 and 80.
        int age = 18 + ((random.Next(78) + random.Next(78)) / 2);
        DateOnly born = DateOnly.FromDateTime(day.ToDateTime().DateTime).AddYears(-age).AddDays(-random.Next(365));
        var person = new WardPerson(persons.Count + 1, random.Next(2) == 0 ? "F" : "M", born);
        persons.Add(person);
        return person;
    }

    private static int Hours(Random random) => random.Next(100) switch
    {
        < 35 => random.Next(6, 48),
        < 70 => random.Next(49, 168),
        < 92 => random.Next(170, 500),
        _ => random.Next(510, 900),
    };

    /// <summary>As the admissions write a box's bed: two digits.</summary>
    public static string BedOf(int box) => box.ToString("D2", CultureInfo.InvariantCulture);
}
