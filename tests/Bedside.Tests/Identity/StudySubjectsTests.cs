using Bedside.Identity;
using Bedside.Identity.Studies;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage.Keys;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Identity;

public sealed class StudySubjectsTests : IDisposable
{
    private const long Hour = 3_600_000_000_000;

    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private readonly BoxKey _box = TestVault.Key();
    private readonly IdentityVault _vault = TestVault.Open(new FaultyDisk(new Random(1)));
    private readonly StudyKey _key = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private readonly SubjectKey _subjects;

    public StudySubjectsTests() => _subjects = new SubjectKey(_box);

    public void Dispose()
    {
        _subjects.Dispose();
        _key.Dispose();
        _vault.Dispose();
        _box.Dispose();
    }

    [Fact]
    public void A_closed_stay_of_a_known_patient_has_names_age_sex_and_hour_and_nothing_else_of_them()
    {
        PersonToken person = TestVault.Admit(_vault, "4711", "DUPONT");
        UtcInstant from = At("2026-07-14T23:30:00Z");
        StudySubject found = Assert.Single(Roll([Span(1, person, from, 40), Span(1, person, from.Add(60 * Hour), 10)]).Subjects);
        Assert.Equal(76, found.AgeYears);
        Assert.Equal("F", found.Sex);
        Assert.Equal(1, found.AdmissionHour);
        Assert.Equal((from, from.Add(70 * Hour)), (found.From, found.To));
        Assert.Equal([KeyValuePair.Create(from, from.Add(40 * Hour)), KeyValuePair.Create(from.Add(60 * Hour), from.Add(70 * Hour))], found.Spans);
        Assert.Equal(new StayId(1), found.Source);
        Assert.True(found.IsLinkable);
        Assert.Equal(new StudyNames(_key).Patient(PatientIdentity.OfNumber(TestVault.Number("4711"))), found.Patient);
        Assert.Equal("a stay of a study", found.ToString());
    }

    [Fact]
    public void Stays_that_go_on_that_are_doubtful_or_whose_patient_is_not_known_are_in_no_study()
    {
        PersonToken person = TestVault.Admit(_vault, "1", "ONE");
        PersonToken second = TestVault.Admit(_vault, "2", "TWO");
        UtcInstant from = At("2026-01-01T00:00:00Z");
        StudyRoll roll = Roll(
        [
            Span(1, person, from, 5), Span(1, person, from.Add(6 * Hour), 0) with { To = null },
            Span(2, person, from.Add(10 * Hour), 5) with { Certainty = StayCertainty.Conflict }, Span(2, person, from.Add(15 * Hour), 5),
            Span(3, default, from.Add(30 * Hour), 5) with { Certainty = StayCertainty.NoPatientYet },
            Span(4, person, from.Add(40 * Hour), 5), Span(4, second, from.Add(45 * Hour), 5),
            Span(5, new PersonToken(77), from.Add(60 * Hour), 5),
            Span(6, second, from.Add(70 * Hour), 5) with { Certainty = StayCertainty.Uncertain },
        ]);
        Assert.Equal(new StayId(6), Assert.Single(roll.Subjects).Source);
        Assert.Equal(1, roll.LeftOut[NoStudyReason.Open]);
        Assert.Equal(3, roll.LeftOut[NoStudyReason.NotSure]);
        Assert.Equal(1, roll.LeftOut[NoStudyReason.Unknown]);
    }

    [Fact]
    public void A_no_to_research_takes_every_stay_of_the_patient_out_under_whatever_number_it_was_said()
    {
        PersonToken old = TestVault.Admit(_vault, "1", "ONE");
        PersonToken person = TestVault.Admit(_vault, "2", "ONE");
        PersonToken other = TestVault.Admit(_vault, "3", "THREE");
        UtcInstant from = At("2026-01-01T00:00:00Z");
        StaySpan[] spans = [Span(1, old, from, 5), Span(2, person, from.Add(10 * Hour), 5), Span(3, other, from.Add(20 * Hour), 5)];
        StayEvent no = new() { Kind = StayEventKind.ResearchRefused, Source = StaySource.Person, Arrived = from, Number = 1, Task = new StayId(1).ToString(), Person = old };
        Assert.Equal(3, Roll(spans).Subjects.Count);
        Assert.Equal(2, Roll(spans, no).Subjects.Count);
        Assert.True(_vault.Merge(old, person));
        StudyRoll merged = Roll(spans, no);
        Assert.Equal(new StayId(3), Assert.Single(merged.Subjects).Source);
        Assert.Equal(2, merged.LeftOut[NoStudyReason.Refused]);
        StayEvent yes = no with { Kind = StayEventKind.ResearchAllowed, Number = 2 };
        Assert.Equal(3, Roll(spans, no, yes).Subjects.Count);
    }

    [Fact]
    public void A_no_that_another_box_heard_is_known_by_any_number_that_both_have_of_the_patient()
    {
        PersonNumber shared = TestVault.Number("P77", type: "PI");
        UtcInstant from = At("2026-01-01T00:00:00Z");
        PersonToken here = TestVault.Admit(_vault, "1", "ONE");
        _vault.Keep(here, new PersonFacts { Numbers = [TestVault.Number("1"), shared] }, from);
        PersonToken neighbour = TestVault.Admit(_vault, "2", "TWO");
        StudyRoll roll = Roll([Span(1, here, from, 5), Span(2, neighbour, from.Add(10 * Hour), 5)]);
        StudySubject first = roll.Subjects.Single(subject => subject.Source == new StayId(1));
        StudySubject second = roll.Subjects.Single(subject => subject.Source == new StayId(2));
        Assert.Empty(roll.Refusing);
        Assert.Contains(first.Subject, first.Marks);
        Assert.Equal(2, first.Marks.Count);

        using IdentityVault other = TestVault.Open(new FaultyDisk(new Random(2)), key: 99, seed: 2);
        other.HearAuthority(shared);
        PersonToken there = other.TokenOf(shared);
        other.Keep(there, new PersonFacts { Numbers = [shared], Family = "ONE" }, from);
        StaySpan[] open = [Span(3, there, from.Add(20 * Hour), 0) with { To = null }];
        StayEvent no = new() { Kind = StayEventKind.ResearchRefused, Source = StaySource.Person, Arrived = from, Number = 1, Task = new StayId(3).ToString(), Person = there };
        IReadOnlySet<UInt128> refusing = StudySubjects.Refusing(other, open, [no], _subjects);

        Assert.Contains(first.Marks, refusing.Contains);
        Assert.DoesNotContain(second.Marks, refusing.Contains);

        // As boxes of a unit tell it each other, under the unit's key.
        byte[] unit = [.. Enumerable.Range(0, StudyKey.Bytes).Select(i => (byte)(i * 3))];
        using var unitSubjects = new SubjectKey(unit);
        var elsewhere = new RefusedElsewhere(unit, StudySubjects.Refusing(other, open, [no], unitSubjects));
        StaySpan[] spans = [Span(1, here, from, 5), Span(2, neighbour, from.Add(10 * Hour), 5)];
        StudyRoll rest = StudySubjects.Of(_vault, spans, [], new StudyNames(_key), _subjects, Paris, elsewhere);
        Assert.Equal(new StayId(2), Assert.Single(rest.Subjects).Source);
        Assert.Equal(1, rest.LeftOut[NoStudyReason.Refused]);
        Assert.Equal([new StayId(1)], StudySubjects.Refused(_vault, spans, [new StayId(1), new StayId(2)], elsewhere));
        Assert.Empty(StudySubjects.Refused(_vault, spans, [new StayId(2)], elsewhere));
        Assert.DoesNotContain(refusing, elsewhere.Marks.Contains);

        // Also when nothing of the stay is left there.
        Assert.Equal(refusing, StudySubjects.Refusing(other, [], [no], _subjects));
        Assert.Empty(StudySubjects.Refusing(other, open, [no, no with { Kind = StayEventKind.ResearchAllowed, Number = 2 }], _subjects));
    }

    [Fact]
    public void Merged_numbers_are_one_patient_with_one_name_and_one_shift()
    {
        PersonToken old = TestVault.Admit(_vault, "9", "ONE");
        PersonToken person = TestVault.Admit(_vault, "5", "ONE");
        Assert.True(_vault.Merge(person, old));
        UtcInstant from = At("2026-01-01T00:00:00Z");
        IReadOnlyList<StudySubject> found = Roll([Span(1, old, from, 5), Span(2, person, from.Add(9 * Hour), 5)]).Subjects;
        Assert.Equal(2, found.Count);
        Assert.Single(found.Select(one => (one.Patient, one.Subject, one.ShiftNanoseconds)).Distinct());
        Assert.Equal(2, found.Select(one => one.Stay).Distinct().Count());
        Assert.Equal(new StudyNames(_key).Patient(PatientIdentity.OfNumber(TestVault.Number("9"))), found[0].Patient);
    }

    [Fact]
    public void Another_study_knows_the_same_subjects_under_other_names()
    {
        PersonToken[] people = [.. Enumerable.Range(0, 20).Select(i => TestVault.Keep(_vault, $"N{i}", $"P{i}"))];
        StaySpan[] spans = [.. people.Select((person, i) => Span(i + 1, person, At("2026-01-01T00:00:00Z").Add(i * 10 * Hour), 5))];
        using var otherKey = StudyKey.New();
        StudyRoll one = Roll(spans);
        StudyRoll other = StudySubjects.Of(_vault, spans, [], new StudyNames(otherKey), _subjects, Paris);
        Assert.Equal(one.Subjects.Select(subject => subject.Subject).Order(), other.Subjects.Select(subject => subject.Subject).Order());
        Assert.Equal(20, one.Subjects.Select(subject => subject.Subject).Distinct().Count());
        Assert.Empty(one.Subjects.SelectMany(subject => new[] { subject.Patient, subject.Stay }).Intersect(other.Subjects.SelectMany(subject => new[] { subject.Patient, subject.Stay })));
        Assert.Equal(one.Subjects.Select(subject => subject.Stay).Order(StringComparer.Ordinal), one.Subjects.Select(subject => subject.Stay));
    }

    [Theory]
    [InlineData("1950-02-03", "2026-02-02", 75)]
    [InlineData("1950-02-03", "2026-02-03", 76)]
    [InlineData("2008-02-29", "2026-02-28", 17)]
    [InlineData("2008-02-29", "2026-03-01", 18)]
    [InlineData("1950-06", "2026-06-15", 75)]
    [InlineData("1956-06", "2026-06-15", null)]
    [InlineData("1950", "2026-06-15", 75)]
    [InlineData("1956", "2026-06-15", null)]
    [InlineData("2008", "2026-06-15", null)]
    [InlineData("1930", "2026-06-15", 95)]
    [InlineData("2026", "2026-06-15", 0)]
    [InlineData("2026-06-16", "2026-06-15", null)]
    [InlineData("1900-01-01", "2026-06-15", null)]
    [InlineData("", "2026-06-15", null)]
    [InlineData("unknown", "2026-06-15", null)]
    public void An_age_is_told_where_its_band_is_sure(string birth, string day, int? years) =>
        Assert.Equal(years, AgeAtAdmission.Of(birth, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    private static UtcInstant At(string time) => UtcInstant.TryParse(time, out UtcInstant instant) ? instant : throw new ArgumentException(time);

    private static StaySpan Span(int stay, PersonToken person, UtcInstant from, int hours) =>
        new(new StayId((UInt128)stay), default, person, from, from.Add(hours * Hour), StayCertainty.Sure, []);

    private StudyRoll Roll(IReadOnlyList<StaySpan> spans, params StayEvent[] wishes) => StudySubjects.Of(_vault, spans, wishes, new StudyNames(_key), _subjects, Paris);
}
