using Bedside.Model.Stays;

namespace Bedside.Tests.Model.Stays;

/// <summary>When admissions, devices and persons say different things: HL7 v2 inbound sheet, section 10.3.</summary>
public sealed class BedsideRuleTests
{
    [Fact]
    public void A_person_at_the_bed_is_believed_before_the_admissions_for_the_time_until_they_say_so()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Admit(2, "11:00").Confirm(1, "10:00", said: "12:00").Discharge(1, "15:00");
        Assert.Equal("V1 08:00-15:00", story.Who());
        Assert.Empty(story.Picture().Tasks);
    }

    [Fact]
    public void A_person_says_that_the_bed_is_empty_and_signals_of_that_time_are_nobodys() =>
        Assert.Equal("V1 08:00-12:00", new BedStory().Admit(1, "08:00").Signals("08:00").Confirm(0, "12:00").Who("20:00"));

    [Fact]
    public void A_boundary_that_a_person_says_is_sure() =>
        Assert.Equal("P5/Sure 10:00-12:00", new BedStory().Confirm(5, "10:00").Confirm(0, "12:00").Told());

    [Fact]
    public void A_monitor_alone_makes_a_provisional_stay_that_its_discharge_ends_at_once() =>
        Assert.Equal("P5/Provisional 09:00-11:00", new BedStory().Monitor(5, "09:00").Monitor(0, "11:00").Told());

    [Fact]
    public void A_monitor_patient_whom_the_admissions_know_is_of_that_visit() =>
        Assert.Equal("V5/Provisional 09:00-now", new BedStory().Admit(5, "08:00", Place.Elsewhere).Monitor(5, "09:00").Told("09:05"));

    [Fact]
    public void Signals_without_a_patient_are_of_a_patient_to_come() => Assert.Equal("?/NoPatientYet 09:00-11:00", new BedStory().Signals("09:00", "11:00").Told());

    [Fact]
    public void Where_there_are_admissions_it_is_asked_who_that_is()
    {
        static BedStory Story() => new BedStory().Admit(9, "01:00", Place.Elsewhere).Signals("09:00", "11:00");
        Assert.Empty(new BedStory().Signals("09:00", "11:00").Picture().Tasks);
        StayTask task = Story().Task(StayTaskKind.NobodyAdmitted);
        Assert.Equal([StayChoices.UnknownPatient, StayChoices.EmptyBed], task.Choices);
        Assert.Equal("? 09:00-11:00", Story().Settle(task, StayChoices.UnknownPatient).Who());
        Assert.Equal(string.Empty, Story().Settle(task, StayChoices.EmptyBed).Who());
    }

    [Fact]
    public void A_late_admission_names_whose_the_signals_were() =>
        Assert.Equal("V1 09:00-now", new BedStory().Signals("09:00").Adt(StayEventKind.Admit, 1, "09:00", Place.Here, recorded: "12:00").Who());

    [Fact]
    public void Another_patient_on_the_monitor_is_a_conflict_after_ten_minutes_and_nothing_before()
    {
        static BedStory Story() => new BedStory().Admit(1, "08:00").Monitor(1, "08:10").Monitor(2, "12:00");
        Assert.Equal("V1/Uncertain 08:00-08:10, V1/Sure 08:10-now", Story().Told("12:10"));
        Assert.Equal(BedStory.At("12:10"), Story().Picture("12:05").ChangesAt);
        Assert.Equal("V1/Uncertain 08:00-08:10, V1/Sure 08:10-12:00, V1/Conflict 12:00-now", Story().Told("12:11"));
        Assert.Equal("V1/Uncertain 08:00-08:10, V1/Sure 08:10-now", Story().Monitor(1, "12:09").Told());
    }

    [Theory]
    [InlineData(StayChoices.Admissions, "V1 08:00-now")]
    [InlineData(StayChoices.Monitor, "V1 08:00-12:00, V2 12:00-13:00, V1 13:00-now")]
    [InlineData(StayChoices.Nobody, "V1 08:00-12:00, ? 12:00-13:00, V1 13:00-now")]
    public void A_conflict_is_settled_for_its_time(string choice, string expected)
    {
        BedStory story = new BedStory().Admit(1, "08:00").Admit(2, "08:00", Place.Elsewhere).Monitor(1, "08:10").Monitor(2, "12:00").Monitor(1, "13:00");
        StayTask task = story.Task(StayTaskKind.TwoPatients);
        Assert.Equal((BedStory.At("12:00"), BedStory.At("13:00")), (task.From, task.To!.Value));
        Assert.Equal(expected, story.Settle(task, choice).Who());
        Assert.DoesNotContain(story.Picture().Intervals, span => span.Certainty == StayCertainty.Conflict);
        Assert.Contains(story.Undo(story.Events.Count).Picture().Intervals, span => span.Certainty == StayCertainty.Conflict);
    }

    [Fact]
    public void What_a_monitor_said_before_a_person_said_otherwise_is_no_conflict() =>
        Assert.DoesNotContain(new BedStory().Admit(1, "08:00").Monitor(2, "08:00").Confirm(1, "08:00", said: "08:05").Picture().Intervals, span => span.Certainty == StayCertainty.Conflict);

    [Fact]
    public void The_patient_before_left_on_the_monitor_for_a_while_only_pins_the_boundary()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Discharge(1, "12:00").Admit(2, "12:00").Monitor(1, "08:00").Monitor(2, "12:20");
        Assert.Equal("V1/Sure 08:00-12:00, V2/Uncertain 12:00-12:20, V2/Sure 12:20-now", story.Told());
        Assert.Empty(story.Picture().Tasks);
    }

    [Fact]
    public void A_long_gap_of_signals_pins_a_boundary() =>
        Assert.Equal(
            "?/NoPatientYet 06:00-08:00, V1/Uncertain 08:00-08:30, V1/Sure 08:30-12:00, V2/Sure 12:00-now",
            new BedStory().Admit(1, "08:00").Discharge(1, "12:00").Admit(2, "12:00").Signals("06:00", "11:50").Signals("12:15").Told("12:20"));

    [Fact]
    public void Signals_after_a_discharge_are_asked_about_and_may_be_the_same_patients()
    {
        static BedStory Story() => new BedStory().Signals("07:00", "16:00").Admit(1, "07:00").Discharge(1, "12:00");
        Assert.Equal("V1 07:00-12:00, ? 12:00-16:00", Story().Who());
        StayTask task = Story().Task(StayTaskKind.SignalsAfterDischarge);
        Assert.Equal([StayChoices.Left, StayChoices.StillHere], task.Choices);
        Assert.Equal("V1 07:00-12:00, ? 12:00-16:00", Story().Settle(task, StayChoices.Left).Who());
        Assert.Equal("V1 07:00-16:00", Story().Settle(task, StayChoices.StillHere).Who());
    }

    [Fact]
    public void An_admission_without_signals_is_asked_about_but_not_during_a_leave()
    {
        static BedStory Story() => new BedStory().Signals("02:00", "03:00").Admit(1, "08:00");
        Assert.DoesNotContain(Story().Picture("09:59").Tasks, asked => asked.Kind == StayTaskKind.AdmittedWithoutSignals);
        StayTask task = Story().Task(StayTaskKind.AdmittedWithoutSignals, "11:00");
        Assert.Equal([StayChoices.Here, StayChoices.NotHere], task.Choices);
        Assert.Equal("? 02:00-03:00", Story().Settle(task, StayChoices.NotHere).Who());
        Assert.DoesNotContain(Story().Adt(StayEventKind.LeaveBegins, 1, "08:10").Picture("11:00").Tasks, asked => asked.Kind == StayTaskKind.AdmittedWithoutSignals);
    }

    [Fact]
    public void A_question_keeps_its_key_while_boundaries_move()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Admit(2, "12:00");
        string key = story.Task(StayTaskKind.TwoVisits).Key;
        Assert.Equal(key, story.Adt(StayEventKind.Update, 1, "10:00", Place.Here).Monitor(2, "12:30").Task(StayTaskKind.TwoVisits).Key);
    }

    [Fact]
    public void An_answer_that_is_no_answer_counts_for_nothing()
    {
        BedStory story = new BedStory().Admit(1, "08:00").Admit(2, "12:00");
        Assert.Equal(0, story.Settle(story.Task(StayTaskKind.TwoVisits), "perhaps").Task(StayTaskKind.TwoVisits).Settled);
    }

    [Fact]
    public void What_devices_said_in_years_changes_nothing_of_what_they_say_of_a_day()
    {
        static BedStory Day(BedStory before) => before.Signals("2000:00", "2001:55").Monitor(1, "2000:05").Admit(1, "2000:10").Signals("2002:10", "2005:00").Monitor(2, "2002:10").Monitor(1, "2003:00").Discharge(1, "2004:00");
        static object[] Told(StayPicture picture) =>
        [
            .. picture.Intervals.Where(span => span.From >= BedStory.At("2000:00")).Select(span => (span.Visit, span.Person, span.From, span.To, span.Certainty)),
            .. picture.Tasks.Where(task => task.From >= BedStory.At("2000:00")).Select(task => (task.Kind, task.From, task.To, task.First, task.Second)),
        ];
        var years = new BedStory();
        for (int hour = 0; hour < 1996; hour += 4)
        {
            _ = years.Signals($"{hour}:00", $"{hour + 3}:00").Monitor((ulong)(hour % 8 == 0 ? 7 : 8), $"{hour}:05");
        }

        object[] alone = Told(Day(new BedStory()).Picture("2010:00"));
        Assert.True(alone.Length > 5);
        Assert.Equal(alone, Told(Day(years.Monitor(0, "1999:00")).Picture("2010:00")));
    }
}
