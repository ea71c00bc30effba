using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PuritanBennett840;

/// <summary>What the fields mean.</summary>
public class ReadingTests
{
    private static readonly string[] Absent = ["vt-insp", "rsbi", "mv-spont"];

    [Fact]
    public void MonitoredVolumesAreLitresAndTheirLimitsMillilitres()
    {
        Ear ear = Wire.Heard(Wire.Typical('F'));
        Assert.Equal("L", Metric(ear, "puritan-bennett:71F").Unit);
        Assert.Equal("mL", Metric(ear, "puritan-bennett:38F").Unit);
        Assert.Equal("1200", ear.Number("raw/puritan-bennett/38F/high-mandatory-tidal-volume-limit"));
    }

    [Fact]
    public void ABlankFieldIsToldToBeGoneOnce()
    {
        Ear ear = Wire.Heard(Wire.Typical('F'), Wire.Typical('F', (73, "")), Wire.Typical('F', (73, "")), Wire.Typical('F', (73, "22.0")));
        DeviceEvent.Numeric[] said = [.. ear.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.SignalId == "ppeak")];
        Assert.Equal(["24.0", null, "22.0"], said.Select(numeric => numeric.Value?.ToString()));
        Assert.Equal([Validity.Valid, Validity.NotAvailable, Validity.Valid], said.Select(numeric => numeric.Validity));
    }

    [Fact]
    public void ABlankFieldThatNeverHadAValueIsNoSignal() =>
        Assert.DoesNotContain(Wire.Heard(Wire.Typical('F')).Said.OfType<DeviceEvent.Descriptor>(), told => Absent.Contains(told.Metric.SignalId));

    [Fact]
    public void ALimitThatIsOffIsAWordAndNoNumber()
    {
        Ear ear = Wire.Heard(Wire.Typical('F'), Wire.Typical('F', (34, "OFF")), Wire.Typical('F', (34, "45")));
        const string id = "raw/puritan-bennett/34F/high-peak-pressure-limit";
        Assert.Equal(["50", null, "45"], ear.Of<DeviceEvent.Numeric>().Where(said => said.Metric.SignalId == id).Select(said => said.Value?.ToString()));
        Assert.Equal(["OFF", ""], ear.Of<DeviceEvent.Text>().Where(said => said.Metric.SignalId == id && said.Metric.Channel == "text").Select(said => said.Value));
        Assert.Empty(ear.Faults);
    }

    [Fact]
    public void AFieldThatIsNoNumberIsInvalidAndSaid()
    {
        Ear ear = Wire.Heard(Wire.Typical('F'), Wire.Typical('F', (73, "2?.0")));
        DeviceEvent.Numeric last = ear.Of<DeviceEvent.Numeric>().Last(said => said.Metric.SignalId == "ppeak");
        Assert.Equal((null, Validity.Invalid), (last.Value, last.Validity));
        Assert.Equal("field 73F reads '2?.0', which is no number", Assert.Single(ear.Faults).Reason);
    }

    /// <summary>Zero mostly means that nobody ever held the breath.</summary>
    [Fact]
    public void AResultOfAManoeuvreIsToldWhenItIsNewOnly()
    {
        Ear ear = Wire.Heard(Wire.Typical('F'), Wire.Typical('F', (92, "45.2")), Wire.Typical('F', (92, "45.2")), Wire.Typical('F', (92, "0.0")), Wire.Typical('F', (92, "0.0")));
        Assert.Equal(["45.2", "0.0"], ear.Of<DeviceEvent.Numeric>().Where(said => said.Metric.SignalId == "compliance-static").Select(said => said.Value?.ToString()));
    }

    [Fact]
    public void AnAlarmBeginsChangesAndEnds()
    {
        Ear ear = Wire.Heard(
            Wire.Typical('F', (110, "MEDIUM"), (113, "LOW")), Wire.Typical('F', (110, "MEDIUM")), Wire.Typical('F', (110, "HIGH")), Wire.Typical('F', (110, "RESET")), Wire.Typical('F'));
        Alert[] alerts = [.. ear.Of<DeviceEvent.AlertSaid>().Select(said => said.Alert)];
        Assert.Equal(
            [
                ("puritan-bennett:110F", AlertPhase.Start, AlertPriority.Medium, false, "puritan-bennett:110F:MEDIUM"),
                ("puritan-bennett:113F", AlertPhase.Start, AlertPriority.Low, true, "puritan-bennett:113F:LOW"),
                ("puritan-bennett:113F", AlertPhase.End, AlertPriority.Low, true, "puritan-bennett:113F:NORMAL"),
                ("puritan-bennett:110F", AlertPhase.Update, AlertPriority.High, false, "puritan-bennett:110F:HIGH"),
                ("puritan-bennett:110F", AlertPhase.End, AlertPriority.High, false, "puritan-bennett:110F:RESET"),
            ],
            alerts.Select(alert => (alert.Key, alert.Phase, alert.Priority, alert.Technical, alert.CodeName)));
        Assert.Equal("NORMAL", ear.Text("raw/puritan-bennett/110F/high-inspiratory-pressure"));
    }

    [Fact]
    public void ResetAloneIsNoAlarmButIsKept()
    {
        Ear ear = Wire.Heard(Wire.Typical('F'));
        Assert.Empty(ear.Of<DeviceEvent.AlertSaid>());
        Assert.Equal("RESET", ear.Text("raw/puritan-bennett/118F/low-exhaled-minute-volume"));
    }

    [Fact]
    public void SilencingMarksTheAlarmsThatAreOn()
    {
        Ear ear = Wire.Heard(Wire.Typical('F', (110, "HIGH")), Wire.Typical('F', (110, "HIGH"), (105, "ON")), Wire.Typical('F', (110, "HIGH")));
        Assert.Equal([(AlertPhase.Start, false), (AlertPhase.Update, true), (AlertPhase.Update, false)], ear.Of<DeviceEvent.AlertSaid>().Select(said => (said.Alert.Phase, said.Alert.Silenced)));
    }

    [Fact]
    public void AnAlarmWithoutUrgencyIsShownAsHighAndMiscfTakesItOver()
    {
        Ear ear = Wire.Heard(Wire.Typical('A', (52, "ALARM")), Wire.Typical('F', (118, "LOW")), Wire.Typical('A', (52, "ALARM")));
        Assert.Equal(
            [("puritan-bennett:52A", AlertPhase.Start, AlertPriority.High), ("puritan-bennett:52A", AlertPhase.End, AlertPriority.High), ("puritan-bennett:118F", AlertPhase.Start, AlertPriority.Low)],
            ear.Of<DeviceEvent.AlertSaid>().Select(said => (said.Alert.Key, said.Alert.Phase, said.Alert.Priority)));
    }

    [Fact]
    public void AStateThatTheSheetDoesNotKnowChangesNoAlarm()
    {
        Ear ear = Wire.Heard(Wire.Typical('F', (110, "HIGH")), Wire.Typical('F', (110, "HUGE")));
        Assert.Single(ear.Of<DeviceEvent.AlertSaid>());
        Assert.Equal("HUGE", ear.Text("raw/puritan-bennett/110F/high-inspiratory-pressure"));
        Assert.Equal("field 110F reads 'HUGE', which is no state of an alarm", Assert.Single(ear.Faults).Reason);
    }

    /// <summary>MISCA rounds more; as long as MISCF comes it only adds what MISCF lacks.</summary>
    [Fact]
    public void OfMiscaOnlyWhatMiscfLacksIsToldBesideIt()
    {
        Ear ear = Wire.Heard(Wire.Typical('F'), Wire.Typical('A'));
        Assert.Equal("0.378", ear.Number("vt-exp"));
        Assert.Equal("50", ear.Number("raw/puritan-bennett/92A/apnoea-high-circuit-pressure-limit"));
        Assert.Equal("A/C", ear.Text("set-vent-mode"));
    }

    [Fact]
    public void ReservedFieldsAreKeptAsTheyAreAndNeverInterpreted()
    {
        Ear ear = Wire.Heard(Wire.Typical('A', (56, "ALARM"), (17, "3.5")));
        Assert.Empty(ear.Of<DeviceEvent.AlertSaid>());
        Assert.Equal("NOOP C", ear.Text("raw/puritan-bennett/83A/not-used"));
        Assert.Equal("ALARM", ear.Text("raw/puritan-bennett/56A/not-used"));
        Assert.Equal("3.5", ear.Text("raw/puritan-bennett/17A/not-used"));
    }

    [Fact]
    public void ExpiratorySensitivityOfProportionalAssistIsAFlow()
    {
        Assert.Equal(("set-cycle-off", "%"), Cycle("PS"));
        Assert.Equal(("raw/puritan-bennett/59F/expiratory-sensitivity-set", "L/min"), Cycle("PA"));

        static (string, string) Cycle(string type)
        {
            Metric metric = Metric(Wire.Heard(Wire.Typical('F', (11, type), (59, "3.0"))), "puritan-bennett:59F");
            return (metric.SignalId, metric.Unit);
        }
    }

    [Fact]
    public void TheClockIsToldAtFirstAtTheTurnOfAMinuteAndWhenItWasSet()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session(listenOnly: true);
        foreach ((double at, string time) in new[] { (0.0, "14:51"), (2, "14:51"), (4, "14:52"), (6, "14:52"), (64, "14:53"), (66, "15:53"), (68, "15:53") })
        {
            session.OnChunk(Wire.From(at, Wire.Typical('F', (5, time))), ear);
        }

        Assert.Equal(["14:51", "14:52", "15:53"], ear.Of<DeviceEvent.WallClock>().Select(said => said.Wall.ToString("HH:mm")));
    }

    [Fact]
    public void AnImpossibleDateIsSaidAndNoClock()
    {
        Ear ear = Wire.Heard(Wire.Typical('F', (7, "NOV 32 2011")), Wire.Typical('F', (7, "NOV 32 2011")));
        Assert.Empty(ear.Of<DeviceEvent.WallClock>());
        Assert.Equal("the ventilator's time and date read '14:51' and 'NOV 32 2011'", Assert.Single(ear.Faults).Reason);
    }

    [Fact]
    public void AnotherVentilatorEndsTheAlarmsOfTheOneBefore()
    {
        Ear ear = Wire.Heard(Wire.Typical('F', (110, "HIGH")), Wire.Typical('F', (6, "840 3510050000")));
        Assert.Equal(2, ear.Of<DeviceEvent.Identity>().Count());
        Assert.Equal([AlertPhase.Start, AlertPhase.End], ear.Of<DeviceEvent.AlertSaid>().Select(said => said.Alert.Phase));
    }

    private static Metric Metric(Ear ear, string deviceCode) => ear.Of<DeviceEvent.Numeric>().First(said => said.Metric.DeviceCode == deviceCode).Metric;
}
