using Bedside.Extract.Privacy;
using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Tests.Extract.Privacy;

/// <summary>Stays and requests made of a seed.</summary>
internal static class Cohorts
{
    public const long Hour = 3_600_000_000_000;

    public static readonly CohortRules Anybody = new([], [], 0, []);

    private static readonly UtcInstant Begin = new(1_800_000_000_000_000_000);

    public static SubjectStay Stay(int number, int subject, int? age = 65, string sex = "F", double hours = 100, int admitted = 9) => new()
    {
        Patient = $"patient{subject:x8}",
        Stay = $"stay{number * 0x9E3779B1L:x16}",
        AgeYears = age,
        Sex = sex,
        From = Begin.Add(number * Hour),
        To = Begin.Add((number * Hour) + (long)(hours * Hour)),
        AdmissionHour = admitted,
        ShiftNanoseconds = 0,
        Subject = (UInt128)subject * 7919,
        Source = new StayId((UInt128)number + 1),
    };

    /// <summary>From none to some hundred stays, of a ward that is now mixed and now all alike; a patient may come many times.</summary>
    public static IReadOnlyList<SubjectStay> Any(Random random)
    {
        int stays = random.Next(10) == 0 ? random.Next(25) : random.Next(20, 300);
        int patients = random.Next(4) == 0 ? Math.Max(1, stays / 4) : Math.Max(1, stays - random.Next(20));
        bool hasChildren = random.Next(5) == 0;
        int spread = random.Next(1, 60);
        double longest = Math.Pow(10, random.NextDouble() * 3.2);
        int sexes = random.Next(1, 30);
        return
        [
            .. Enumerable.Range(0, stays).Select(i =>
            {
                int subject = random.Next(patients);
                var of = new Random(subject);
                int? age = of.Next(60) == 0 ? null : hasChildren && of.Next(6) == 0 ? of.Next(18) : Math.Clamp(65 + of.Next(-spread, spread + 1), 18, 103);
                string sex = of.Next(80) == 0 ? string.Empty : of.Next(sexes) == 0 ? "F" : "M";
                return Stay(i, subject, age, sex, 1 + (random.NextDouble() * longest), random.Next(24));
            }),
        ];
    }

    public static CohortRules Rules(Random random)
    {
        string[] ages = [.. AgeBand.All.Where(_ => random.Next(2) == 0)];
        return new CohortRules(
            random.Next(2) == 0 ? [] : ages,
            random.Next(4) switch { 0 => ["F"], 1 => ["M"], 2 => ["F", "M"], _ => [] },
            random.Next(3) == 0 ? random.Next(72) : 0,
            []);
    }

    public static SubjectStay[] Shuffled(IEnumerable<SubjectStay> stays, Random random)
    {
        SubjectStay[] all = [.. stays];
        random.Shuffle(all);
        return all;
    }
}
