using Bedside.Model.Stays;

namespace Bedside.Tests.Model.Stays;

/// <summary>What the admissions say becomes stays: the rules of the HL7 v2 inbound sheet, sections 10.1 and 10.2.</summary>
public sealed class VisitRuleTests
{
    [Fact]
    public void An_admission_opens_and_a_discharge_closes() =>
        Assert.Equal("V1 08:00-14:00", new BedStory().Admit(1, "08:00").Discharge(1, "14:00").Who());

    [Fact]
    public void A_transfer_leaves_one_bed_for_another_when_it_happened() =>
        Assert.Equal("V1 09:00-14:00", new BedStory().Admit(1, "08:00", Place.Elsewhere).Adt(StayEventKind.Transfer, 1, "09:00", Place.Here, Place.Elsewhere, recorded: "10:30").Out(1, "14:00").Who());

    [Fact]
    public void The_end_of_a_visit_is_stated_by_PV1_45_before_anything_else() =>
        Assert.Equal("V1 08:00-13:10", new BedStory().Admit(1, "08:00").Adt(StayEventKind.Discharge, 1, "14:00", more: said => said with { Discharged = BedStory.At("13:10") }).Who());

    [Fact]
    public void A_transfer_without_an_admission_opens_when_it_happened() => Assert.Equal("V1 09:00-now", new BedStory().In(1, "09:00").Who());

    [Fact]
    public void A_discharge_of_whom_nobody_knew_makes_no_stay_and_is_told()
    {
        BedStory story = new BedStory().Discharge(1, "14:00");
        Assert.Equal(string.Empty, story.Who());
        Assert.Equal([StayChoices.Seen], story.Task(StayTaskKind.NotUnderstood).Choices);
        Assert.NotEqual(0, story.Settle(story.Task(StayTaskKind.NotUnderstood), StayChoices.Seen).Task(StayTaskKind.NotUnderstood).Settled);
    }

    [Fact]
    public void Two_admissions_of_one_visit_are_a_transfer() =>
        Assert.Equal("V1 08:00-10:00", new BedStory().Admit(1, "08:00").Admit(1, "10:00", Place.Elsewhere).Who());

    [Fact]
    public void The_series_of_two_admissions_an_update_a_discharge_and_its_cancel_goes_on() =>
        Assert.Equal(
            "V1 08:00-now",
            new BedStory().Admit(1, "08:00").Admit(1, "08:40").Adt(StayEventKind.Update, 1, "09:00", Place.Here).Discharge(1, "14:00")
                .Adt(StayEventKind.CancelDischarge, 1, "14:00", Place.Elsewhere, Place.Elsewhere, recorded: "15:00").Who());

    [Fact]
    public void A_cancelled_admission_never_was() =>
        Assert.Equal(string.Empty, new BedStory().Admit(1, "08:00").Adt(StayEventKind.CancelAdmit, 1, "08:00", Place.Here, recorded: "09:00").Who());

    [Fact]
    public void A_cancelled_transfer_leaves_the_patient_where_they_were_whatever_places_it_names() =>
        Assert.Equal("V1 08:00-now", new BedStory().Admit(1, "08:00").Out(1, "10:00").Adt(StayEventKind.CancelTransfer, 1, "10:00", Place.Elsewhere, Place.Elsewhere, recorded: "11:00").Who());

    [Fact]
    public void A_cancel_that_names_no_time_that_was_takes_the_latest_of_its_kind_and_says_so()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Out(1, "10:00").Adt(StayEventKind.CancelTransfer, 1, "10:07", recorded: "11:00");
        Assert.Equal("V1 08:00-now", story.Who());
        Assert.Equal(BedStory.At("10:00"), story.Task(StayTaskKind.NotUnderstood).From);
    }

    [Fact]
    public void A_cancel_of_nothing_changes_nothing() =>
        Assert.Equal("V1 08:00-now", new BedStory().Admit(1, "08:00").Adt(StayEventKind.CancelDischarge, 1, "10:00", recorded: "11:00").Who());

    [Fact]
    public void What_is_said_again_after_its_cancel_stands() =>
        Assert.Equal("V1 08:00-14:00", new BedStory().Admit(1, "08:00").Discharge(1, "14:00").Adt(StayEventKind.CancelDischarge, 1, "14:00", recorded: "15:00")
            .Adt(StayEventKind.Discharge, 1, "14:00", Place.Here, recorded: "16:00").Who());

    [Fact]
    public void The_same_sent_twice_and_a_cancel_sent_twice_are_said_once() =>
        Assert.Equal("V1 08:00-10:00", new BedStory().Admit(1, "08:00").Out(1, "10:00").Out(1, "10:00").In(1, "12:00").In(1, "12:00")
            .Adt(StayEventKind.CancelTransfer, 1, "12:00", recorded: "13:00").Adt(StayEventKind.CancelTransfer, 1, "12:00", recorded: "13:00").Who());

    [Fact]
    public void An_update_with_another_bed_asks_whether_the_patient_moved_and_moves_when_told_so()
    {
        static BedStory Story() => new BedStory().Admit(1, "08:00").Adt(StayEventKind.Update, 1, "12:00", Place.Elsewhere);
        Assert.Equal("V1/Uncertain 08:00-08:30, V1/Sure 08:30-12:00, V1/Conflict 12:00-now", Story().Told());
        StayTask task = Story().Task(StayTaskKind.PossibleMove);
        Assert.Equal([StayChoices.Stayed, StayChoices.Moved], task.Choices);
        Assert.Equal("V1 08:00-12:00", Story().Settle(task, StayChoices.Moved).Who());
        Assert.Equal("V1/Uncertain 08:00-08:30, V1/Sure 08:30-now", Story().Settle(task, StayChoices.Stayed).Told());
    }

    [Fact]
    public void An_update_with_this_bed_asks_too_and_lets_the_patient_in_when_told_so()
    {
        static BedStory Story() => new BedStory().Admit(1, "08:00", Place.Elsewhere).Adt(StayEventKind.Update, 1, "12:00", Place.Here);
        Assert.Equal(string.Empty, Story().Who());
        Assert.Equal("V1 12:00-now", Story().Settle(Story().Task(StayTaskKind.PossibleMove), StayChoices.Moved).Who());
    }

    [Fact]
    public void An_update_older_than_the_last_move_does_not_move_back()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Adt(StayEventKind.Transfer, 1, "10:00", Place.Elsewhere, Place.Here, recorded: "10:20")
            .Adt(StayEventKind.Update, 1, "10:10", Place.Here, recorded: "10:10", more: said => said with { Sent = BedStory.At("10:30") });
        Assert.Equal("V1 08:00-10:00", story.Who());
        Assert.Empty(story.Picture().Tasks);
    }

    [Fact]
    public void An_update_a_little_before_the_move_is_the_move()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Adt(StayEventKind.Update, 1, "09:50", Place.Elsewhere).Out(1, "10:00");
        Assert.Equal("V1 08:00-10:00", story.Who());
        Assert.Empty(story.Picture().Tasks);
    }

    [Fact]
    public void The_newer_of_two_visits_has_the_bed_from_its_start_until_a_person_says_otherwise()
    {
        static BedStory Story() => new BedStory().Admit(1, "08:00").Admit(2, "12:00");
        Assert.Equal("V1/Provisional 08:00-12:00, V2/Uncertain 12:00-12:30, V2/Sure 12:30-now", Story().Told());
        StayTask task = Story().Task(StayTaskKind.TwoVisits);
        Assert.Equal([StayChoices.Newer, StayChoices.Older], task.Choices);
        Assert.Equal((2u, 1u), ((uint)task.First.Value, (uint)task.Second.Value));
        Assert.Equal("V1/Uncertain 08:00-08:30, V1/Sure 08:30-11:30, V1/Uncertain 11:30-12:00, V2/Uncertain 12:00-12:30, V2/Sure 12:30-now", Story().Settle(task, StayChoices.Newer).Told());
        Assert.Equal("V1 08:00-now", Story().Settle(task, StayChoices.Older).Who());
    }

    [Fact]
    public void A_patient_who_leaves_within_the_grace_time_of_the_next_one_raises_no_question()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Admit(2, "12:00").Discharge(1, "12:20");
        Assert.Equal("V1 08:00-12:00, V2 12:00-now", story.Who());
        Assert.Empty(story.Picture().Tasks);
    }

    [Fact]
    public void A_swap_exchanges_both_at_once()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Admit(2, "08:00", Place.Elsewhere)
            .Adt(StayEventKind.Swap, 2, "12:00", Place.Here, more: said => said with { OtherVisit = new VisitToken(1), OtherPerson = new PersonToken(1), OtherPlace = Place.Elsewhere });
        Assert.Equal("V1 08:00-12:00, V2 12:00-now", story.Who());
        Assert.Empty(story.Picture().Tasks);
    }

    [Fact]
    public void Merged_visits_are_one_under_the_survivor_in_chains()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Adt(StayEventKind.MergeVisits, 2, "09:00", more: said => said with { OtherVisit = new VisitToken(1) })
            .Adt(StayEventKind.MergeVisits, 3, "10:00", more: said => said with { OtherVisit = new VisitToken(2) }).Out(3, "14:00");
        Assert.Equal("V3 08:00-14:00", story.Who());
        Assert.Equal("V2 08:00-now", story.Undo(3).Undo(4).Who());
    }

    [Fact]
    public void Merged_persons_are_one_and_a_circle_is_refused_and_told()
    {
        BedStory story = new BedStory().Admit(1, "08:00")
            .Adt(StayEventKind.MergePersons, 0, "09:00", person: 2, more: said => said with { OtherPerson = new PersonToken(1) })
            .Adt(StayEventKind.MergePersons, 0, "10:00", person: 3, more: said => said with { OtherPerson = new PersonToken(2) })
            .Adt(StayEventKind.MergePersons, 0, "11:00", person: 1, more: said => said with { OtherPerson = new PersonToken(3) });
        Assert.All(story.Picture().Intervals, span => Assert.Equal(3u, (uint)span.Person.Value));
        Assert.Equal("not-understood-4", story.Task(StayTaskKind.NotUnderstood).Key);
    }

    [Fact]
    public void A_visit_that_is_moved_is_of_the_other_person_all_along() =>
        Assert.All(
            new BedStory().Admit(1, "08:00").Adt(StayEventKind.MoveVisit, 1, "09:00", person: 7, more: said => said with { OtherPerson = new PersonToken(1) }).Picture().Intervals,
            span => Assert.Equal(7u, (uint)span.Person.Value));

    [Fact]
    public void A_deleted_visit_never_was() => Assert.Equal(string.Empty, new BedStory().Admit(1, "08:00").Adt(StayEventKind.DeleteVisit, 1, "09:00").Who());

    [Fact]
    public void A_leave_of_absence_ends_no_stay() =>
        Assert.Equal("V1 08:00-now", new BedStory().Admit(1, "08:00").Adt(StayEventKind.LeaveBegins, 1, "09:00").Adt(StayEventKind.LeaveEnds, 1, "15:00").Who());

    [Fact]
    public void What_is_planned_changes_nothing() => Assert.Equal(string.Empty, new BedStory().Adt(StayEventKind.Planned, 1, "08:00", Place.Here).Who());

    [Fact]
    public void What_states_a_time_to_come_waits_for_it()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Adt(StayEventKind.Discharge, 1, "14:00", recorded: "12:00");
        Assert.Equal("V1 08:00-now", story.Who("13:00"));
        Assert.Equal(BedStory.At("14:00"), story.Picture("13:00").ChangesAt);
        Assert.Equal("V1 08:00-14:00", story.Who("15:00"));
    }

    [Fact]
    public void Silent_admissions_make_nothing_surer()
    {
        BedStory story = new BedStory { Settings = new StaySettings { StaleAfter = TimeSpan.FromHours(12) } }.Admit(1, "08:00");
        Assert.Equal("V1/Uncertain 08:00-08:30, V1/Sure 08:30-now", story.Told("19:00"));
        Assert.Equal("V1/Uncertain 08:00-08:30, V1/Sure 08:30-20:00, V1/Uncertain 20:00-now", story.Told("22:00"));
        Assert.Equal("V1/Uncertain 08:00-08:30, V1/Sure 08:30-now", story.Adt(StayEventKind.Planned, 9, "21:00").Told("22:00"));
    }

    [Fact]
    public void Who_was_elsewhere_before_leaving_had_left_unseen_also_when_another_took_the_bed()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Adt(StayEventKind.Update, 1, "10:00", Place.Here).Admit(2, "12:00").Adt(StayEventKind.Transfer, 1, "12:10", Place.Elsewhere, Place.Elsewhere);
        Assert.Equal("V1/Uncertain 08:00-08:30, V1/Sure 08:30-10:00, V1/Provisional 10:00-12:00, V2/Uncertain 12:00-12:30, V2/Sure 12:30-now", story.Told());
        Assert.Empty(story.Picture().Tasks);
    }

    [Fact]
    public void Whoever_came_unseen_may_have_come_before_another_of_whom_one_message_alone_says_that_they_came()
    {
        static BedStory Story() => new BedStory().Admit(1, "08:00").Out(1, "10:00").Admit(2, "12:00");
        Assert.Equal(BedStory.At("10:00"), Story().Out(3, "14:00").Task(StayTaskKind.NotUnderstood).From);
        Assert.Equal(BedStory.At("13:00"), Story().Adt(StayEventKind.Update, 2, "13:00", Place.Here).Out(3, "14:00").Task(StayTaskKind.NotUnderstood).From);
    }

    [Fact]
    public void Nor_do_two_such_messages_of_two_visits_say_who_was_here() =>
        Assert.Equal(BedStory.At("10:00"), new BedStory().Admit(1, "08:00").Out(1, "10:00").Admit(2, "12:00").Admit(3, "13:00").Out(4, "14:00").Task(StayTaskKind.NotUnderstood).From);

    [Fact]
    public void A_visit_goes_on_after_an_end_that_a_withdrawn_later_end_denies()
    {
        BedStory story = new BedStory().Admit(1, "08:00", Place.Elsewhere).Adt(StayEventKind.Discharge, 1, "10:00", Place.Elsewhere).Adt(StayEventKind.Discharge, 1, "12:00", Place.Elsewhere)
            .Adt(StayEventKind.CancelDischarge, 1, "12:00", recorded: "13:00").Adt(StayEventKind.Update, 1, "15:00", Place.Here);
        Assert.Equal(BedStory.At("12:00"), story.Task(StayTaskKind.PossibleMove).From);
    }
}
