using Bedside.Extract.Privacy;
using Bedside.Model.Research;

namespace Bedside.Tests.Extract.Privacy;

/// <summary>What leaves, counted again from the rows that leave.</summary>
public sealed class GeneralisationTests
{
    private const int Cases = 10_000;

    [Fact]
    public void Of_ten_thousand_cohorts_and_requests_no_class_under_11_patients_leaves()
    {
        var seen = new Seen();
        _ = Parallel.For(0, Cases, seed =>
        {
            var random = new Random(seed);
            IReadOnlyList<SubjectStay> stays = Cohorts.Any(random);
            CohortRules rules = Cohorts.Rules(random);
            CohortPlan plan = Generalisation.Of(stays, rules);
            Check(stays, rules, plan, seed);
            seen.Note(plan, stays.Count(stay => IsAsked(stay, rules)));
        });
        Assert.True(seen.Built > 2_000, $"only {seen.Built} of {Cases} could be built: the test shows little");
        Assert.True(seen.Refused > 500, $"only {seen.Refused} were refused");
        Assert.True(seen.RefusedLarge > 10, $"only {seen.RefusedLarge} were refused because a group was too rare");
        Assert.True(seen.Suppressed > 200, $"only {seen.Suppressed} left a stay out");
    }

    [Fact]
    public void The_same_stays_in_any_order_give_the_same_plan_and_the_same_bytes()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            IReadOnlyList<SubjectStay> stays = Cohorts.Any(random);
            CohortRules rules = Cohorts.Rules(random);
            CohortPlan one = Generalisation.Of(stays, rules);
            CohortPlan other = Generalisation.Of(Cohorts.Shuffled(stays, random), rules);
            Assert.Equal(one.Stays.Select(Row), other.Stays.Select(Row));
            Assert.Equal(DisclosureJson.Write(one.Report), DisclosureJson.Write(other.Report));
            Assert.Equal(DisclosureText.Of(one.Report), DisclosureText.Of(other.Report));
            Assert.Equal(one.Refusal, other.Refusal);
        }
    }

    [Fact]
    public void One_patient_with_many_stays_makes_no_class()
    {
        SubjectStay[] many = [.. Enumerable.Range(0, 40).Select(i => Cohorts.Stay(i, subject: 1))];
        SubjectStay[] ten = [.. many, .. Enumerable.Range(40, 9).Select(i => Cohorts.Stay(i, subject: i))];
        Assert.Contains("fewer than 11 patients", Generalisation.Of(many, Cohorts.Anybody).Refusal, StringComparison.Ordinal);
        Assert.Contains("fewer than 11 patients", Generalisation.Of(ten, Cohorts.Anybody).Refusal, StringComparison.Ordinal);
        CohortPlan eleven = Generalisation.Of([.. ten, Cohorts.Stay(60, subject: 60)], Cohorts.Anybody);
        Assert.Empty(eleven.Refusal);
        Assert.Equal(11, Assert.Single(eleven.Report.Classes).Patients);
        Assert.Equal(50, eleven.Report.Stays);
    }

    [Fact]
    public void A_ward_that_is_all_alike_keeps_its_finest_bands()
    {
        CohortPlan plan = Generalisation.Of([.. Enumerable.Range(0, 11).Select(i => Cohorts.Stay(i, i))], Cohorts.Anybody);
        Assert.Equal(["age_band=60-69", "sex=F", "length_band=3-7d", "admission_hour=06-11"], plan.Stays[0].Bands.Select(band => $"{band.Key}={band.Value}"));
        Assert.All(plan.Report.Used, used => Assert.Equal(0, used.Step));
    }

    [Fact]
    public void What_costs_least_is_drawn_together_first()
    {
        // Ten and ten by the hour alone: the hour gives way, age, sex and length stay.
        SubjectStay[] stays = [.. Enumerable.Range(0, 20).Select(i => Cohorts.Stay(i, i, admitted: i < 10 ? 9 : 13))];
        CohortPlan plan = Generalisation.Of(stays, Cohorts.Anybody);
        Assert.Equal(["60-69", "F", "3-7d", "06-17"], plan.Stays[0].Bands.Select(band => band.Value));
        Assert.Equal(20, plan.Stays.Count);
    }

    [Theory]
    [InlineData(17, "0-17")]
    [InlineData(18, "18-29")]
    [InlineData(29, "18-29")]
    [InlineData(30, "30-39")]
    [InlineData(89, "80-89")]
    [InlineData(90, "90+")]
    [InlineData(119, "90+")]
    public void An_age_is_told_as_its_band(int years, string band)
    {
        CohortPlan plan = Generalisation.Of([.. Enumerable.Range(0, 11).Select(i => Cohorts.Stay(i, i, age: years))], new CohortRules([.. AgeBand.All], [], 0, []));
        Assert.All(plan.Stays, stay => Assert.Equal(band, stay.Bands[0].Value));
        Assert.Equal(11, plan.Stays.Count);
    }

    [Theory]
    [InlineData(48, "<=2d")]
    [InlineData(48.1, "3-7d")]
    [InlineData(168, "3-7d")]
    [InlineData(168.1, "8-21d")]
    [InlineData(504, "8-21d")]
    [InlineData(504.1, ">21d")]
    public void A_length_is_told_as_the_days_that_were_begun(double hours, string band) => Assert.All(
        Generalisation.Of([.. Enumerable.Range(0, 11).Select(i => Cohorts.Stay(i, i, hours: hours))], Cohorts.Anybody).Stays,
        stay => Assert.Equal(band, stay.Bands[2].Value));

    [Fact]
    public void Children_and_those_whose_age_nobody_knows_are_in_no_cohort_that_does_not_name_children()
    {
        SubjectStay[] stays = [.. Enumerable.Range(0, 90).Select(i => Cohorts.Stay(i, i, age: i % 3 == 0 ? 7 : i % 3 == 1 ? null : 50))];
        CohortPlan plan = Generalisation.Of(stays, Cohorts.Anybody);
        Assert.All(plan.Stays, stay => Assert.Equal(50, stay.Stay.AgeYears));
        Assert.Equal(30, plan.Stays.Count);
        Assert.Equal(["30", "30", "0", "0", "0"], plan.Report.LeftOut.Select(left => left.Stays));
        CohortPlan children = Generalisation.Of(stays, new CohortRules([AgeBand.Minor], [], 0, []));
        Assert.All(children.Stays, stay => Assert.Equal(7, stay.Stay.AgeYears));
        Assert.Equal(30, children.Stays.Count);
    }

    [Fact]
    public void A_few_children_among_adults_refuse_the_cohort_or_are_left_out_but_never_hidden_among_adults()
    {
        CohortRules everybody = new([.. AgeBand.All], [], 0, []);
        CohortPlan WithChildren(int children) => Generalisation.Of([.. Enumerable.Range(0, 100 + children).Select(i => Cohorts.Stay(i, i, age: i < 100 ? 50 : 3))], everybody);
        Assert.Contains("more than 5 %", WithChildren(10).Refusal, StringComparison.Ordinal);
        Assert.Contains("plus de 5 %", WithChildren(10).Report.Refusal.French, StringComparison.Ordinal);
        Assert.Empty(WithChildren(10).Stays);
        Assert.Equal(100, WithChildren(5).Stays.Count);
        Assert.Equal("<11", WithChildren(5).Report.Suppressed);
        Assert.Equal(111, WithChildren(11).Stays.Count);
        Assert.Equal("0", WithChildren(11).Report.Suppressed);
    }

    [Fact]
    public void Two_stays_of_one_name_are_nobodys_cohort() =>
        Assert.Throws<ArgumentException>(() => Generalisation.Of([Cohorts.Stay(1, 1), Cohorts.Stay(1, 2)], Cohorts.Anybody));

    private static string Row(PlannedStay stay) => $"{stay.Stay.Stay} {string.Join(' ', stay.Bands)}";

    private static bool IsAsked(SubjectStay stay, CohortRules rules)
    {
        double hours = (stay.To.UnixNanoseconds - stay.From.UnixNanoseconds) / (double)Cohorts.Hour;
        return stay.AgeYears is { } age
            && (rules.AgeBands.Count == 0 ? age >= 18 : rules.AgeBands.Any(band => Holds(band, age)))
            && (rules.Sexes.Count == 0 || rules.Sexes.Contains(stay.Sex))
            && hours >= rules.LeastHours;
    }

    /// <summary>Whether a band as it is written holds an age.</summary>
    private static bool Holds(string band, int age)
    {
        string[] ends = band.TrimEnd('+').Split('-');
        return age >= int.Parse(ends[0], System.Globalization.CultureInfo.InvariantCulture)
            && (ends.Length == 1 || age <= int.Parse(ends[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void Check(IReadOnlyList<SubjectStay> stays, CohortRules rules, CohortPlan plan, int seed)
    {
        SubjectStay[] asked = [.. stays.Where(stay => IsAsked(stay, rules))];
        string about = $"seed {seed}";
        Assert.Equal(plan.Refusal, plan.Report.Refusal.English);
        if (plan.Refusal.Length > 0)
        {
            Assert.Empty(plan.Stays);
            Assert.Empty(plan.Report.Classes);
            bool isFew = asked.Select(stay => stay.Subject).Distinct().Count() < 11;
            Assert.True(isFew == plan.Refusal.StartsWith("The cohort has fewer than 11 patients", StringComparison.Ordinal), about);
            return;
        }

        var known = new HashSet<SubjectStay>(asked, ReferenceEqualityComparer.Instance);
        Assert.True(plan.Stays.All(stay => known.Contains(stay.Stay)), about);
        Assert.True((asked.Length - plan.Stays.Count) * 20 <= asked.Length, $"{about}: {asked.Length - plan.Stays.Count} of {asked.Length} are left out");
        Assert.True(plan.Stays.All(Says), about);
        var classes = plan.Stays.GroupBy(stay => string.Join('|', stay.Bands.Select(band => $"{band.Key}={band.Value}"))).ToDictionary(
            one => one.Key, one => (Patients: one.Select(stay => stay.Stay.Subject).Distinct().Count(), Stays: one.Count()));
        Assert.True(classes.Values.All(one => one.Patients >= 11), about);
        Assert.Equal(classes.Values.Min(one => one.Patients), plan.Report.SmallestClass);
        Assert.Equal(classes.Count, plan.Report.Classes.Count);
        Assert.Equal(classes.Values.Order(), plan.Report.Classes.Select(one => (one.Patients, one.Stays)).Order());
        Assert.Equal(1.0 / classes.Values.Min(one => one.Patients), plan.Report.MaximumRisk, 12);
        Assert.Equal(classes.Values.Sum(one => one.Stays * (1.0 / one.Patients)) / plan.Stays.Count, plan.Report.MeanRisk, 12);
        Assert.True(plan.Report.MaximumRisk <= DisclosureReport.RiskGoal, about);
        Assert.Equal(plan.Stays.Select(stay => stay.Stay.Subject).Distinct().Count(), plan.Report.Patients);
    }

    /// <summary>A row says nothing that is not so of its stay.</summary>
    private static bool Says(PlannedStay planned)
    {
        SubjectStay stay = planned.Stay;
        double days = (stay.To.UnixNanoseconds - stay.From.UnixNanoseconds) / (24.0 * Cohorts.Hour);
        var bands = planned.Bands.ToDictionary(band => band.Key, band => band.Value, StringComparer.Ordinal);
        bool age = Holds(bands["age_band"], stay.AgeYears!.Value); // those without are in no cohort
        bool sex = bands["sex"].Length == 0 || bands["sex"] == (stay.Sex.Length == 0 ? "unknown" : stay.Sex);
        bool length = bands["length_band"] switch { "<=2d" => days <= 2, "3-7d" => days is > 2 and <= 7, "8-21d" => days is > 7 and <= 21, ">21d" => days > 21, "<=7d" => days <= 7, ">7d" => days > 7, _ => bands["length_band"].Length == 0 };
        string[] ends = bands["admission_hour"].Split('-');
        bool hour = ends.Length == 1 || IsWithin(stay.AdmissionHour, int.Parse(ends[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(ends[1], System.Globalization.CultureInfo.InvariantCulture));
        return age && sex && length && hour && bands.Count == 4;
    }

    private static bool IsWithin(int hour, int first, int last) => first <= last ? hour >= first && hour <= last : hour >= first || hour <= last;

    /// <summary>What the random cohorts came to: a property that never met its case shows nothing.</summary>
    private sealed class Seen
    {
        private int _built;
        private int _refused;
        private int _refusedLarge;
        private int _suppressed;

        public int Built => _built;

        public int Refused => _refused;

        public int RefusedLarge => _refusedLarge;

        public int Suppressed => _suppressed;

        public void Note(CohortPlan plan, int asked)
        {
            bool isRefused = plan.Refusal.Length > 0;
            _ = Interlocked.Increment(ref isRefused ? ref _refused : ref _built);
            _ = Interlocked.Add(ref _refusedLarge, plan.Refusal.Contains("5 %", StringComparison.Ordinal) ? 1 : 0);
            _ = Interlocked.Add(ref _suppressed, !isRefused && plan.Stays.Count < asked ? 1 : 0);
        }
    }
}
