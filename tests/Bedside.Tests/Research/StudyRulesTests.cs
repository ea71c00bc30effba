using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Tests.Research;

/// <summary>Who may take which step when, as a table: every refusal has its reason.</summary>
public sealed class StudyRulesTests
{
    private const long Day = TimeSpan.TicksPerDay * TimeSpan.NanosecondsPerTick;
    private static readonly string Digest = new('a', 64);

    private readonly StudyWalk _walk = new();

    [Fact]
    public void A_study_goes_from_draft_to_destroyed_by_people_who_are_others_each_time()
    {
        Assert.Equal(StudyState.Draft, _walk.State);
        Go(StudyStepKind.Submit, "R1", StudyState.Submitted);
        Go(StudyStepKind.ApproveFirst, "S1", StudyState.ApprovedOnce);
        Go(StudyStepKind.ApproveSecond, "O1", StudyState.Opposition);
        _walk.Pass(15);
        Assert.Equal(StudyState.Ready, _walk.State);
        Go(StudyStepKind.Build, "S1", StudyState.Built);
        Go(StudyStepKind.Release, "A1", StudyState.Released);
        Go(StudyStepKind.Fetch, "R2", StudyState.Released);
        Go(StudyStepKind.Recall, "O1", StudyState.Recalled);
        Go(StudyStepKind.AttestDestruction, "R2", StudyState.Destroyed);
    }

    [Theory]
    [InlineData("R1", "do not decide on their study")]
    [InlineData("R2", "do not decide on their study")]
    [InlineData("O1", "takes the role of steward")]
    [InlineData("A1", "takes the role of steward")]
    public void The_first_agreement_is_a_stewards_who_asked_for_nothing(string who, string why)
    {
        Go(StudyStepKind.Submit, "R1", StudyState.Submitted);
        Refused(StudyStepKind.ApproveFirst, who, why, who[0] == 'R' ? Everything : null);
    }

    [Theory]
    [InlineData("R1", "do not decide on their study")]
    [InlineData("S1", "You gave the first agreement")]
    [InlineData("S2", "takes the role of rights officer")]
    public void The_second_agreement_is_a_rights_officers_who_is_another_person(string who, string why)
    {
        Go(StudyStepKind.Submit, "R1", StudyState.Submitted);
        Go(StudyStepKind.ApproveFirst, "S1", StudyState.ApprovedOnce);
        Refused(StudyStepKind.ApproveSecond, who, why, who == "S2" ? null : Everything);
    }

    [Theory]
    [InlineData("R1", "do not decide on their study")]
    [InlineData("R2", "do not decide on their study")]
    [InlineData("S1", "a third person releases")]
    [InlineData("O1", "a third person releases")]
    [InlineData("S2", "You built the package")]
    [InlineData("C1", "takes the role of steward or rights officer or administrator")]
    public void It_is_released_by_somebody_who_did_nothing_else(string who, string why)
    {
        ToReady();
        Go(StudyStepKind.Build, "S2", StudyState.Built);
        Refused(StudyStepKind.Release, who, why, who == "C1" ? null : Everything);
    }

    [Fact]
    public void Nothing_is_built_before_patients_had_their_time_to_say_no()
    {
        Go(StudyStepKind.Submit, "R1", StudyState.Submitted);
        Go(StudyStepKind.ApproveFirst, "S1", StudyState.ApprovedOnce);
        Go(StudyStepKind.ApproveSecond, "O1", StudyState.Opposition);
        _walk.PassNanoseconds((15 * Day) - 1);
        Refused(StudyStepKind.Build, "S1", "Patients can say no until");
        _walk.PassNanoseconds(1);
        Go(StudyStepKind.Build, "S1", StudyState.Built);
    }

    [Fact]
    public void A_time_to_say_no_that_is_written_shorter_than_the_least_is_not_believed()
    {
        Go(StudyStepKind.Submit, "R1", StudyState.Submitted);
        Go(StudyStepKind.ApproveFirst, "S1", StudyState.ApprovedOnce);
        _walk.Take(StudyStepKind.ApproveSecond, "O1", facts: new() { [StudyFacts.OppositionEnds] = _walk.Moment.Now.Add(Day).ToString() });
        _walk.Pass(14);
        Assert.Equal(StudyState.Opposition, _walk.State);
    }

    [Fact]
    public void An_agreement_to_a_request_that_is_another_by_now_is_refused()
    {
        Go(StudyStepKind.Submit, "R1", StudyState.Submitted);
        Assert.Contains("not the one that was submitted", _walk.Take(StudyStepKind.ApproveFirst, "S1", facts: new() { [StudyFacts.Request] = Digest })!.English, StringComparison.Ordinal);
        _walk.Study = _walk.Study with { Request = _walk.Study.Request with { Outputs = "something else" } };
        Refused(StudyStepKind.ApproveFirst, "S1", "not the one that was submitted");
    }

    [Fact]
    public void A_permission_that_has_expired_allows_nothing_but_to_attest()
    {
        ToReleased();
        Go(StudyStepKind.Fetch, "R2", StudyState.Released);
        _walk.Pass(400);
        Assert.Equal(StudyState.Expired, _walk.State);
        foreach (StudyStepKind kind in Enum.GetValues<StudyStepKind>().Except([StudyStepKind.AttestDestruction, StudyStepKind.Expire]))
        {
            foreach (string who in StudyWalk.Everybody)
            {
                Refused(kind, who, "has expired", Everything);
            }
        }

        Refused(StudyStepKind.Expire, "A1", "The box does that");
        Assert.Null(_walk.Take(StudyStepKind.Expire, StudyCourse.Box));
        Assert.NotNull(_walk.Take(StudyStepKind.Expire, StudyCourse.Box));
        Go(StudyStepKind.AttestDestruction, "R2", StudyState.Destroyed);
    }

    [Fact]
    public void A_permission_holds_until_the_end_of_its_last_day()
    {
        ToReady();
        _walk.Pass(_walk.Study.Request.Expires.DayNumber - _walk.Moment.Today.DayNumber);
        Assert.Equal(StudyState.Ready, _walk.State);
        _walk.Pass(1);
        Assert.Equal(StudyState.Expired, _walk.State);
    }

    [Fact]
    public void A_package_is_fetched_three_times_within_seven_days_by_a_named_person_and_no_more()
    {
        ToReleased();
        Refused(StudyStepKind.Fetch, "R1", "named in the request", Everything);
        Refused(StudyStepKind.Fetch, "A1", "named in the request", Everything);
        for (int i = 0; i < StudyRules.MostFetches; i++)
        {
            Go(StudyStepKind.Fetch, "R2", StudyState.Released);
        }

        Refused(StudyStepKind.Fetch, "R2", "three tries");
        _walk.Pass(7);
        Refused(StudyStepKind.Fetch, "R2", "seven days");
    }

    [Fact]
    public void A_patient_who_says_no_shuts_the_package_and_it_may_be_built_again()
    {
        ToReleased();
        Assert.Null(_walk.Take(StudyStepKind.Objection, StudyCourse.Box));
        Assert.Equal(StudyState.Ready, _walk.State);
        Refused(StudyStepKind.Fetch, "R2", "does not come now");
        Go(StudyStepKind.Build, "S1", StudyState.Built);
        Assert.Equal(2, _walk.Course.Version);
        Go(StudyStepKind.Release, "A1", StudyState.Released);
        Go(StudyStepKind.Fetch, "R2", StudyState.Released);
    }

    [Theory]
    [InlineData("R1")]
    [InlineData("R2")]
    [InlineData("S2")]
    [InlineData("O1")]
    [InlineData("A1")]
    public void Anyone_with_a_role_stops_it_and_it_goes_on_where_it_was(string who)
    {
        ToReady();
        Refused(StudyStepKind.Suspend, who, "The reason is missing", why: string.Empty);
        Refused(StudyStepKind.Suspend, "C1", "takes a role in the study");
        Go(StudyStepKind.Suspend, who, StudyState.Suspended);
        Refused(StudyStepKind.Build, "S1", "suspended");
        Refused(StudyStepKind.Resume, "R1", "do not decide", Everything);
        Refused(StudyStepKind.Resume, "A1", "takes the role of steward or rights officer");
        Go(StudyStepKind.Resume, "S2", StudyState.Ready);
    }

    [Fact]
    public void A_refusal_and_a_recall_need_a_reason_and_end_it()
    {
        ToReleased();
        Refused(StudyStepKind.Recall, "S1", "The reason is missing", why: " ");
        Refused(StudyStepKind.Recall, "S1", "of one line", why: "two\nlines");
        Refused(StudyStepKind.Recall, "A1", "takes the role of");
        Go(StudyStepKind.Recall, "S2", StudyState.Recalled);
        Refused(StudyStepKind.Refuse, "S1", "does not come now");
        Refused(StudyStepKind.Build, "S1", "does not come now");
    }

    [Fact]
    public void Nobody_passes_for_the_box()
    {
        ToReleased();
        Refused(StudyStepKind.Objection, StudyCourse.Box, "the box itself", Everything);
        Refused(StudyStepKind.Build, "S1", "does not come now");
        Assert.NotNull(_walk.Take(StudyStepKind.Release, StudyCourse.Box));
        Assert.NotNull(_walk.Take(StudyStepKind.Fetch, StudyCourse.Box));
    }

    [Fact]
    public void A_request_that_is_not_whole_is_not_submitted()
    {
        Refused(StudyStepKind.Submit, "R3", "another person’s", [Role.Researcher]);
        _walk.Study = _walk.Study with { Request = _walk.Study.Request with { Outputs = string.Empty } };
        Refused(StudyStepKind.Submit, "R1", "outputs: The planned outputs are missing");
    }

    private static Role[] Everything => Enum.GetValues<Role>();

    private void ToReady()
    {
        Go(StudyStepKind.Submit, "R1", StudyState.Submitted);
        Go(StudyStepKind.ApproveFirst, "S1", StudyState.ApprovedOnce);
        Go(StudyStepKind.ApproveSecond, "O1", StudyState.Opposition);
        _walk.Pass(15);
    }

    private void ToReleased()
    {
        ToReady();
        Go(StudyStepKind.Build, "S1", StudyState.Built);
        Go(StudyStepKind.Release, "A1", StudyState.Released);
    }

    private void Go(StudyStepKind kind, string who, StudyState then)
    {
        Assert.Null(_walk.Take(kind, who)?.English);
        Assert.Equal(then, _walk.State);
    }

    private void Refused(StudyStepKind kind, string who, string sentence, Role[]? roles = null, string why = "because")
    {
        Study before = _walk.Study;
        TwoTongues? refusal = _walk.Take(kind, who, roles, why);
        Assert.Contains(sentence, refusal?.English, StringComparison.Ordinal);
        Assert.NotEqual(refusal!.French, refusal.English);
        Assert.Same(before, _walk.Study);
    }
}
