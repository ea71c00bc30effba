using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>ORU to events: codes, units, times, validity, beds, alerts and waves (sheet 5 to 8).</summary>
public class ObservationTests
{
    private static readonly Hl7Settings Paris = new() { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris") };

    [Fact]
    public void ANumberHasItsIdItsUnitAndItsTime()
    {
        DeviceEvent.Numeric only = Assert.Single(Said.Hears(Said.Header + Said.Place + Said.Request + Said.HeartRate).Of<DeviceEvent.Numeric>());
        Assert.Equal(("hr", 147842u, "/min", new Fixed(80, 0)), (only.Metric.SignalId, only.Metric.Code, only.Metric.Unit, only.Value));
        Assert.Equal((1_772_442_899_000_000_000ul, TimeSpan.FromSeconds(1)), (only.At?.Counter, only.Within));
        Assert.Null(only.Metric.ExpectedEvery);
    }

    [Theory]
    [InlineData("150017^MDC_PRESS_BLD_ART_SYS^MDC", "raw/mdc-conflict/150017/MDC_PRESS_BLD_ART_SYS")]
    [InlineData("151708^MDC_VENT_RESP_RATE_SETTING^MDC", "raw/mdc-conflict/151708/MDC_VENT_RESP_RATE_SETTING")]
    [InlineData("150368^MDC_TEMP^MDC", "raw/mdc-conflict/150368/MDC_TEMP")]
    [InlineData("131310^MDC_ECG_HEART_RATE^MDC", "raw/mdc-conflict/131310/MDC_ECG_HEART_RATE")]
    public void ANumberAndANameOfTwoSignalsAreQuarantinedAndSaid(string identifier, string id)
    {
        var said = Said.HearsRow($"OBX|1|NM|{identifier}|1.1.1.1|42|||||||");
        Assert.Equal(id, Assert.Single(said.Of<DeviceEvent.Numeric>()).Metric.SignalId);
        Assert.Contains("two signals", Assert.Single(said.Of<DeviceEvent.Fault>()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("147842^MDC_ECG_CARD_BEAT_RATE^MDC", "hr")]
    [InlineData("147842^Herzfrequenz^MDC", "hr")]
    [InlineData("147842^^MDC", "hr")]
    [InlineData("0002-4182^HR^MDIL", "hr")]
    [InlineData("0002-4bb8^SpO2^MDIL", "spo2")]
    [InlineData("0402-f8f5^sMode^MDIL", "raw/mdil/0402-f8f5/sMode")]
    [InlineData("352^VPB rate^99MNDRY", "raw/99mndry/352/VPB-rate")]
    [InlineData("0^MDCX_THING^MDC", "raw/mdc/0/MDCX_THING")]
    [InlineData("199999^MDC_NEW^MDC", "raw/mdc/199999/MDC_NEW")]
    public void CodesAreNamedByTheRuleOfTrust(string identifier, string id) =>
        Assert.Equal(id, Assert.Single(Said.HearsRow($"OBX|1|NM|{identifier}|1.1.1.1|42|||||R").Of<DeviceEvent.Numeric>()).Metric.SignalId);

    [Theory]
    [InlineData("266016^MDC_DIM_MMHG^MDC", "mm[Hg]")]
    [InlineData("mm[Hg]^mm[Hg]^UCUM", "mm[Hg]")]
    [InlineData("263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "mL")]
    [InlineData("264608^MDC_DIM_PER_SEC", "/s")]
    [InlineData("bpm", "/min")]
    [InlineData("0004-0aa0^bpm^MDIL", "/min")]
    [InlineData("", "")]
    [InlineData("266418^MDC_DIM_PERCENT^MDC", "")]
    public void UnitsAreUcumOrInDoubtNone(string told, string unit) =>
        Assert.Equal(unit, Assert.Single(Said.HearsRow($"OBX|1|NM|147842^^MDC|1.1.1.1|42|{told}||||R").Of<DeviceEvent.Numeric>()).Metric.Unit);

    [Theory]
    [InlineData("NM", "12.50", "12.50", Validity.Valid)]
    [InlineData("NM", " 12,5 ", "12.5", Validity.Valid)]
    [InlineData("NM", "<5", "5", Validity.Saturated)]
    [InlineData("SN", ">^98", "98", Validity.Saturated)]
    [InlineData("NM", "---", null, Validity.NotAvailable)]
    [InlineData("NM", "NULL", null, Validity.NotAvailable)]
    [InlineData("", "7", "7", Validity.Valid)]
    public void NumbersAreReadAsTheyAreSent(string type, string sent, string? value, Validity validity)
    {
        DeviceEvent.Numeric only = Assert.Single(Said.HearsRow($"OBX|1|{type}|147842^^MDC|1.1.1.1|{sent}||||||R").Of<DeviceEvent.Numeric>());
        Assert.Equal((value, validity), (only.Value?.ToString(), only.Validity));
    }

    [Theory]
    [InlineData("INV", "X", Validity.Invalid)]
    [InlineData("QUES~H~PM", "R", Validity.Questionable)]
    [InlineData("CAL", "R", Validity.CalibrationOngoing)]
    [InlineData("DEMO", "R", Validity.DemoData)]
    [InlineData("ALACT~TEST", "R", Validity.InAlarm | Validity.TestData)]
    public void FlagsBecomeValidity(string flags, string status, Validity validity) =>
        Assert.Equal(validity, Assert.Single(Said.HearsRow($"OBX|1|NM|147842^^MDC|1.1.1.1|80|||{flags}|||{status}").Of<DeviceEvent.Numeric>()).Validity);

    [Theory]
    [InlineData("20260302101459.250+0100", "2026-03-02T09:14:59.250000000Z", 0.001)]
    [InlineData("20260302101459", "2026-03-02T09:14:59.000000000Z", 1)]
    [InlineData("202603021014", "2026-03-02T09:14:00.000000000Z", 60)]
    [InlineData("20260302101459000+0800", "2026-03-02T02:14:59.000000000Z", 1)]
    public void TimesAreReadWithTheirPrecisionAndTheZoneOfTheSite(string text, string utc, double within)
    {
        Hl7Time? time = Hl7Time.Read(System.Text.Encoding.ASCII.GetBytes(text));
        Assert.Equal(utc, time?.ToUtc(Paris.Zone, new UtcInstant(0)).ToString());
        Assert.Equal(within, time?.Precision.TotalSeconds);
    }

    [Theory]
    [InlineData("00000000000000")]
    [InlineData("18991230")]
    [InlineData("20260230101010")]
    [InlineData("20260302101459+9999")]
    [InlineData("x")]
    public void WhatIsNoTimeIsNone(string text) => Assert.Null(Hl7Time.Read(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void TheHourThatComesTwiceIsTheOneNearerToTheArrival()
    {
        Hl7Time time = Hl7Time.Read("20251026023000"u8)!.Value;
        _ = UtcInstant.TryParse("2025-10-26T00:30:05Z", out UtcInstant first);
        Assert.Equal("2025-10-26T00:30:00.000000000Z", time.ToUtc(Paris.Zone, first).ToString());
        Assert.Equal("2025-10-26T01:30:00.000000000Z", time.ToUtc(Paris.Zone, first.Add(3_600_000_000_000)).ToString());
    }

    [Fact]
    public void AValueWithoutATimeTakesThatOfItsRequestThenOfItsMessage()
    {
        static ulong? At(string request, string observed) =>
            Assert.Single(Said.Hears(Said.Header + request + $"OBX|1|NM|147842^^MDC|1.1.1.1|80||||||R|||{observed}\r").Of<DeviceEvent.Numeric>()).At?.Counter / 1_000_000_000;
        Assert.Equal(1_772_442_600ul, At(Said.Request, "20260302101000+0100"));
        Assert.Equal(1_772_442_899ul, At(Said.Request, ""));
        Assert.Equal(1_772_442_900ul, At("OBR|1\r", ""));
        Assert.Equal(1_772_442_899ul, At(Said.Request, "20260302111000+0100"));
    }

    [Fact]
    public void OnlyThisBedIsKeptAndNothingOfThePatient()
    {
        string two = Said.Header + Said.Place + Said.Request + Said.HeartRate + "PID|||9\rPV1||I|ICU^^6\r" + Said.Request + Said.HeartRate.Replace("|80|", "|99|", StringComparison.Ordinal);
        var settings = new Hl7Settings { Bed = BedPlace.Parse("icu^^5") };
        var said = Said.Hears(settings, two);
        Assert.Equal("80", Assert.Single(said.Of<DeviceEvent.Numeric>()).Value.ToString());
        Assert.DoesNotContain(said.Events, one => one is DeviceEvent.Patient || one.ToString()!.Contains("Doe", StringComparison.Ordinal));
        Assert.Equal(Use.OtherBed, new SenderReader(new Hl7Settings { Bed = BedPlace.Parse("7") }).Take(Said.Read(two), new UtcInstant(0), new Said()));
        Assert.Equal(Use.OtherBed, new SenderReader(settings).Take(Said.Read(Said.Header + Said.HeartRate), new UtcInstant(0), new Said()));
    }

    [Theory]
    [InlineData("ICU^^5^H", "5", true)]
    [InlineData("ICU^^Doc1&5&1", "doc1", true)]
    [InlineData("ICU^^5^H", "ICU^^6", false)]
    [InlineData("ICU^5", "5", false)]
    [InlineData("", "5", false)]
    public void ABedIsComparedByItsComponents(string place, string wanted, bool isOurs) =>
        Assert.Equal(isOurs, BedPlace.Parse(wanted)!.Is(Said.Read($"{Said.Header}PV1||I|{place}\r").First("PV1"u8).Field(3)));

    [Fact]
    public void ResultsOfALaboratoryAndAdmissionsMakeNoSignals()
    {
        var reader = new SenderReader(new Hl7Settings());
        var said = new Said();
        Assert.Equal(Use.NotOfDevice, reader.Take(Said.Read(Said.Header + Said.Place + Said.Request + "OBX|1|NM|2345-7^Glucose^LN||5.5|mmol/L|||||F\r"), new UtcInstant(0), said));
        Assert.Equal(Use.NotUsed, reader.Take(Said.Read(Said.Header.Replace("ORU^R01^ORU_R01", "ADT^A01", StringComparison.Ordinal) + Said.Place), new UtcInstant(0), said));
        Assert.Empty(said.Events);
    }

    [Fact]
    public void TrainingMessagesAreMarked() =>
        Assert.Equal(Validity.TestData, Assert.Single(Said.Hears(Said.Header.Replace("|P|2.6", "|T|2.6", StringComparison.Ordinal) + Said.Request + Said.HeartRate).Of<DeviceEvent.Numeric>()).Validity);

    [Fact]
    public void TwoPressuresOfOneCodeAreToldApartByTheLabelsOfTheirChannels()
    {
        var said = Said.Hears(Said.Header + Said.Request
            + "OBX|1||69855^P1^MDC|1.1.1.0|||||||X\rOBX|2|NM|150033^MDC_PRESS_BLD_ART_SYS^MDC|1.1.1.1|120|mm[Hg]^^UCUM|||||R\r"
            + "OBX|3||69855^P2^MDC|1.1.2.0|||||||X\rOBX|4|NM|150033^MDC_PRESS_BLD_ART_SYS^MDC|1.1.2.1|118|mm[Hg]^^UCUM|||||R\r");
        Assert.Equal([("art-sys", "", "120"), ("art-sys", "P2", "118")], said.Of<DeviceEvent.Numeric>().Select(one => (one.Metric.SignalId, one.Metric.Channel, one.Value.ToString()!)));
    }

    [Fact]
    public void AnAlertBeginsChangesAndEndsUnderOneKey()
    {
        static string Alert(string number, string parent, string phase, string state) => Said.Header.Replace("ORU^R01^ORU_R01", "ORU^R40^ORU_R40", StringComparison.Ordinal) + Said.Place
            + $"OBR|1||{number}|196616^MDC_EVT_ALARM^MDC|||20260302101459+0100||||||||||||||||||||||{parent}\r"
            + "OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.1.1.147842.1|196670^MDC_EVT_LO^MDC^^^^^^**HR LOW|||L~PM~SP|||F\r"
            + "OBX|2|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.147842.2|38|||||R\r"
            + $"OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.1.147842.3|{phase}||||||F\rOBX|4|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.1.1.147842.4|{state}||||||F\r"
            + "OBX|5|ST|68483^X^MDC|1.1.1.147842.5|audio-paused||||||F\r";
        var said = Said.Hears(Alert("7^M", "", "start", "active"), Alert("7^M", "", "update", "latched"), Alert("8^M", "^7&M", "end", "inactive"));
        Alert[] alerts = [.. said.Of<DeviceEvent.AlertSaid>().Select(one => one.Alert)];
        Assert.Equal(["7", "7", "7"], alerts.Select(alert => alert.Key));
        Assert.Equal([AlertPhase.Start, AlertPhase.Update, AlertPhase.End], alerts.Select(alert => alert.Phase));
        Assert.Equal(("**HR LOW", AlertPriority.Medium, false, 196670u, "hr", true), (alerts[0].Text, alerts[0].Priority, alerts[0].Technical, alerts[0].Code, alerts[0].Source, alerts[0].Silenced));
    }

    [Fact]
    public void WavesHaveTheirRateTheirScaleAndTheirHoles()
    {
        static string Wave(string time) => Said.Header + $"OBR|1|||69121^MDC_OBS_WAVE_CTS^MDC|||{time}\r"
            + "OBX|1|NA|131330^MDC_ECG_ELEC_POTL_II^MDC|1.1.1.1|1^2^^- 5^32767^7|262656^MDC_DIM_DIMLESS^MDC|||||R\r"
            + "OBX|2|NM|0^MDC_ATTR_SAMP_RATE^MDC|1.1.1.1.1|2|264608^MDC_DIM_PER_SEC^MDC|||||R\r"
            + "OBX|3|NM|2327^MDC_ATTR_NU_MSMT_RES^MDC|1.1.1.1.2|0.0025|266418^MDC_DIM_MILLI_VOLT^MDC|||||R\r"
            + "OBX|4|NA|197378^MDC_EVT_DATA_MISSING^MDC|1.1.1.1.3|32767||||||R\r";
        DeviceEvent.Samples[] blocks = [.. Said.Hears(Wave("20260302101456.000+0100"), Wave("20260302101459.003+0100")).Of<DeviceEvent.Samples>()];
        Assert.Equal([1, 2, 2, -5, 32767, 7], blocks[0].Raw.ToArray());
        Assert.Equal(("ecg-ii", "mV", new Scale(0.0025, 0), SamplePeriod.FromHertz(2)), (blocks[0].Metric.SignalId, blocks[0].Metric.Unit, blocks[0].Scale, blocks[0].Period));
        Assert.Equal([new ValidityRun(2, 1, Validity.NotAvailable), new ValidityRun(4, 1, Validity.NotAvailable)], blocks[0].Runs.AsEnumerable());
        Assert.Equal(3_000_000_000ul, blocks[1].At!.Value.Counter - blocks[0].At!.Value.Counter);
    }
}
