using Bedside.Extract.Privacy;

namespace Bedside.Tests.Extract.Privacy;

public sealed class DifferenceCheckTests
{
    [Fact]
    public void A_cohort_without_one_of_its_patients_is_refused_whoever_it_is()
    {
        UInt128[] all = [.. Subjects(0, 300)];
        Assert.All(all, victim =>
        {
            HashSet<UInt128> without = [.. all.Where(one => one != victim)];
            string refusal = DifferenceCheck.Refusal(without, [Cohort("ST-2026-001", all)]);
            Assert.Contains("ST-2026-001, version 1", refusal, StringComparison.Ordinal);
            Assert.Contains("at least 11", refusal, StringComparison.Ordinal);
            Assert.DoesNotContain(victim.ToString(System.Globalization.CultureInfo.InvariantCulture), refusal, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Any_two_cohorts_may_both_leave_when_they_are_the_same_or_differ_by_11_or_more()
    {
        var random = new Random(5);
        for (int i = 0; i < 10_000; i++)
        {
            int shared = random.Next(40);
            (int ours, int theirs) = (random.Next(13), random.Next(13));
            HashSet<UInt128> cohort = [.. Subjects(0, shared + ours)];
            UInt128[] earlier = [.. Subjects(0, shared), .. Subjects(1_000, theirs)];
            HashSet<UInt128> difference = [.. cohort];
            difference.SymmetricExceptWith(earlier);
            bool isRefused = DifferenceCheck.Refusal(cohort, [Cohort("ST-2026-002", earlier)]).Length > 0;
            Assert.True(isRefused == difference.Count is >= 1 and <= 10, $"{difference.Count} patients differ");
        }
    }

    [Fact]
    public void Every_earlier_package_counts_and_the_sentence_tells_nothing_of_how_many()
    {
        UInt128[] cohort = [.. Subjects(0, 50)];
        ReleasedCohort[] earlier = [Cohort("ST-2026-009", [.. Subjects(500, 80)]), Cohort("ST-2026-004", [.. Subjects(0, 47)]), Cohort("ST-2026-003", [.. Subjects(0, 42)])];
        string refusal = DifferenceCheck.Refusal(cohort.ToHashSet(), earlier);
        Assert.Contains("ST-2026-003", refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, DifferenceCheck.Refusal(cohort.ToHashSet(), earlier.Reverse()));
        Assert.Equal(refusal, DifferenceCheck.Refusal(cohort.ToHashSet(), [Cohort("ST-2026-003", [.. Subjects(0, 49)])]));
        Assert.Contains("au moins 11", DifferenceCheck.Sentence(cohort.ToHashSet(), earlier)!.French, StringComparison.Ordinal);
        Assert.Empty(DifferenceCheck.Refusal(cohort.ToHashSet(), [earlier[0]]));
        Assert.Null(DifferenceCheck.Sentence(cohort.ToHashSet(), []));
    }

    [Fact]
    public void What_a_plan_lets_out_is_what_is_compared()
    {
        SubjectStay[] ward = [.. Enumerable.Range(0, 60).Select(i => Cohorts.Stay(i, i / 2))];
        CohortPlan whole = Generalisation.Of(ward, Cohorts.Anybody);
        CohortPlan without = Generalisation.Of(ward[2..], Cohorts.Anybody);
        CohortPlan fewerStays = Generalisation.Of([.. ward.Where((_, i) => i != 1)], Cohorts.Anybody);
        var released = new ReleasedCohort("ST-2026-005", 2, whole.Subjects);
        Assert.Equal(30, whole.Subjects.Count);
        Assert.NotEmpty(DifferenceCheck.Refusal(without.Subjects, [released]));
        Assert.Empty(DifferenceCheck.Refusal(whole.Subjects, [released]));
        Assert.Empty(DifferenceCheck.Refusal(fewerStays.Subjects, [released]));
    }

    private static ReleasedCohort Cohort(string study, UInt128[] subjects) => new(study, 1, subjects.ToHashSet());

    private static IEnumerable<UInt128> Subjects(int from, int count) => Enumerable.Range(from, count).Select(i => (UInt128)(ulong)i * 1_000_003 + 987_654_321);
}
