using System.Collections.Immutable;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>What a site says about one sender counts for that sender alone; waves of the rarer encodings; feeds of alerts.</summary>
public class SenderRulesTests
{
    private const string Wrong = "OBX|1|NM|150017^MDC_PRESS_BLD_ART_SYS^MDC|1.1.1.1|120|266016^MDC_DIM_MMHG^MDC|||||R";
    private const string Rate = "\rOBX|2|NM|68320^MDC_ATTR_SAMPLE_RATE^MDC|1.1.1.5.1|2|264640^MDC_DIM_HZ^MDC|||||R";

    [Theory]
    [InlineData("150017^MDC_PRESS_BLD_ART_SYS")]
    [InlineData("150017")]
    [InlineData("^MDC_PRESS_BLD_ART_SYS")]
    public void ACodeInConflictIsWhatTheSiteSaysThatItIs(string key)
    {
        Said said = Hears(new SenderRules { Codes = Of(key, "abp-sys") }, Wrong);
        DeviceEvent.Numeric number = Assert.Single(said.Of<DeviceEvent.Numeric>());
        Assert.Equal(("abp-sys", "mm[Hg]", "mdc:150017"), (number.Metric.SignalId, number.Metric.Unit, number.Metric.DeviceCode));
        Assert.Empty(said.Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void ACodeInConflictIsShownWithItsDeviceUntilTheSiteDecides()
    {
        Said said = Hears(SenderRules.None, Wrong);
        Assert.Equal("raw/mdc-conflict/150017/MDC_PRESS_BLD_ART_SYS", Assert.Single(said.Of<DeviceEvent.Numeric>()).Metric.SignalId);
        Assert.Equal("150017 MDC_PRESS_BLD_ART_SYS", said.Of<DeviceEvent.Identity>()[^1].Device.CodeConflicts);
    }

    [Theory]
    [InlineData("-100", "*", false)]
    [InlineData("-100.00", "147842", false)]
    [InlineData("-100", "150456", true)]
    [InlineData("-99", "*", true)]
    public void SentinelsAreNoValuesForTheCodesThatTheSiteNames(string value, string code, bool isValue)
    {
        Said said = Hears(new SenderRules { Sentinels = ImmutableDictionary<string, ImmutableArray<double>>.Empty.Add(code, [-100]) }, Said.HeartRate.Replace("|80|", $"|{value}|", StringComparison.Ordinal).TrimEnd());
        DeviceEvent.Numeric number = Assert.Single(said.Of<DeviceEvent.Numeric>());
        Assert.Equal(isValue, number.Value is not null);
        Assert.Equal(!isValue, number.Validity.HasFlag(Validity.NotAvailable));
    }

    [Fact]
    public void UnitsXAndZoneAreTheSenders()
    {
        Assert.Equal("kPa", Assert.Single(Hears(new SenderRules { Units = Of("150037", "kPa") }, "OBX|1|NM|150037^MDC_PRESS_BLD_ART_ABP_SYS^MDC|1.1.1.1|16||||||R").Of<DeviceEvent.Numeric>()).Metric.Unit);
        Assert.Equal("kPa", Assert.Single(Hears(new SenderRules { Units = Of("druck", "kPa") }, "OBX|1|NM|150037^MDC_PRESS_BLD_ART_ABP_SYS^MDC|1.1.1.1|16|druck|||||R").Of<DeviceEvent.Numeric>()).Metric.Unit);
        string x = Said.HeartRate.Replace("||||R", "||||X", StringComparison.Ordinal).TrimEnd();
        Assert.NotNull(Assert.Single(Hears(SenderRules.None, x).Of<DeviceEvent.Numeric>()).Value);
        Assert.Null(Assert.Single(Hears(new SenderRules { HonoursX = true }, x).Of<DeviceEvent.Numeric>()).Value);
        string zoneless = Said.HeartRate.TrimEnd() + "|||20260302091400";
        Assert.Equal(3_600_000_000_000, At(Hears(SenderRules.None, zoneless)) - At(Hears(new SenderRules { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris") }, zoneless)));
    }

    [Fact]
    public void OneSenderMayBeAnsweredOtherwiseThanTheOthers()
    {
        var answers = new Acknowledgement(TimeProvider.System, modeOf: name => name == "gateway" ? AnswerMode.Original : null);
        Assert.Contains("MSA|AA|", Text(answers, Said.Header), StringComparison.Ordinal);
        Assert.Contains("MSA|CA|", Text(answers, Said.Header.Replace("GATEWAY", "OTHER", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("mindray-egateway", SenderName.Of(Said.Read(Said.Header.Replace("GATEWAY", "MINDRAY_EGATEWAY^00A037EB2175780F^EUI-64", StringComparison.Ordinal))));
        Assert.Equal("efficiacm", SenderName.Of(Said.Read(Said.Header.Replace("GATEWAY", "^EfficiaCM", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("ED", "^Application^^Base64^AQD//wCAAwA=", new[] { 1, -1, -32768, 3 })]
    [InlineData("ED", "^Application^^Base64^AQD/\\X0D0A\\/wCAAwA=", new[] { 1, -1, -32768, 3 })]
    [InlineData("ED", "^Application^^Hex^0100FFFF", new[] { 1, -1 })]
    [InlineData("MA", "1~-2~~3", new[] { 1, -2, -2, 3 })]
    [InlineData("NA", "1^-2^^3", new[] { 1, -2, -2, 3 })]
    public void WavesAreReadInEveryEncodingThatTheSheetConfirms(string type, string value, int[] samples)
    {
        DeviceEvent.Samples wave = Assert.Single(Hears(SenderRules.None, $"OBX|1|{type}|131330^MDC_ECG_ELEC_POTL_II^MDC|1.1.1.5|{value}|262656^MDC_DIM_DIMLESS^MDC|||||R{Rate}").Of<DeviceEvent.Samples>());
        Assert.Equal(("ecg-ii", 2.0), (wave.Metric.SignalId, wave.Period.Hertz));
        Assert.Equal(samples, wave.Raw.ToArray());
    }

    [Theory]
    [InlineData("^text^xml^A^<a/>")]
    [InlineData("^Application^^Base64^AQ==")]
    [InlineData("^Application^^Base64^not base64!")]
    [InlineData("^Application^^Hex^010")]
    public void WhatIsEncodedOtherwiseIsLeftOutAndSaid(string value)
    {
        Said said = Hears(SenderRules.None, $"OBX|1|ED|131330^MDC_ECG_ELEC_POTL_II^MDC|1.1.1.5|{value}|262656^MDC_DIM_DIMLESS^MDC|||||R{Rate}");
        Assert.Empty(said.Of<DeviceEvent.Samples>());
        Assert.Contains("OBX[1]-5", Assert.Single(said.Of<DeviceEvent.Fault>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralChannelsOfAMultiplexedArrayAreNumberedAndGuessedNoFurther()
    {
        Said said = Hears(SenderRules.None, $"OBX|1|MA|131330^MDC_ECG_ELEC_POTL_II^MDC|1.1.1.5|1^10~2^20~3^30|262656^MDC_DIM_DIMLESS^MDC|||||R{Rate}");
        Assert.Equal([("1", "1 2 3"), ("2", "10 20 30")], said.Of<DeviceEvent.Samples>().Select(wave => (wave.Metric.Channel, string.Join(' ', wave.Raw.ToArray()))));
        Assert.All(said.Of<DeviceEvent.Samples>(), wave => Assert.StartsWith("raw/mdc/131330/", wave.Metric.SignalId, StringComparison.Ordinal));
    }

    [Fact]
    public void AWaveMessageIsReadAndItsRateMayStandInItsName()
    {
        string header = Said.Header.Replace("ORU^R01^ORU_R01", "ORU^W01", StringComparison.Ordinal).Replace("|2.6|", "|2.4|", StringComparison.Ordinal);
        var said = Said.Hears(header + "OBR|1|||100001^CONTINUOUS WAVEFORM^99MNDRY|||20260302101459.000|20260302101500.000\rOBX|1|NA|ECG_WAV^Monitor/ECG_II@4||1^2^3^4|mV|-1^1||||F\r");
        DeviceEvent.Samples wave = Assert.Single(said.Of<DeviceEvent.Samples>());
        Assert.Equal((4.0, 4), (wave.Period.Hertz, wave.Raw.Length));
    }

    [Fact]
    public void AnAlertFeedWhoseHeartbeatStopsIsLostAndWhatStoodEndsUnseen()
    {
        var said = new Said();
        var reader = new SenderReader(new Hl7Settings());
        string header = Said.Header.Replace("ORU^R01^ORU_R01", "ORU^R40^ORU_R40", StringComparison.Ordinal) + "OBR|1||7|196616^MDC_EVT_ALARM^MDC|||20260302101459+0100\r";
        Hl7Message beat = Said.Read(header + "OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.0.0.0.1|258047^MDC_EVT_HEARTBEAT^MDC||||||F\rOBX|2|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.0.0.0.4|active||||||F\r");
        Hl7Message alarm = Said.Read(header + "OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.1.1.1.1|196670^MDC_EVT_LO^MDC|||L~PM~SP|||F\r");
        const long Second = 1_000_000_000;
        for (int i = 0; i <= 10; i++)
        {
            reader.Take(beat, new UtcInstant(i * 5 * Second), said);
        }

        reader.Take(alarm, new UtcInstant(50 * Second), said);
        reader.Elapse(new UtcInstant(64 * Second), said);
        Assert.Equal(FeedState.Alive, reader.Feed?.State);
        reader.Elapse(new UtcInstant(66 * Second), said);
        Assert.Equal(FeedState.Lost, reader.Feed?.State);
        Assert.Contains("alert feed lost", reader.Feed?.Reason, StringComparison.Ordinal);
        reader.Elapse(new UtcInstant(82 * Second), said);
        reader.Elapse(new UtcInstant(90 * Second), said);
        Assert.Equal([(AlertPhase.Start, false), (AlertPhase.End, true)], said.Of<DeviceEvent.AlertSaid>().Select(one => (one.Alert.Phase, one.Alert.Text.Contains("not seen", StringComparison.Ordinal))));
        reader.Take(beat, new UtcInstant(91 * Second), said);
        Assert.Equal(FeedState.Alive, reader.Feed?.State);
    }

    private static ImmutableDictionary<string, string> Of(string key, string value) => ImmutableDictionary<string, string>.Empty.Add(key, value);

    private static Said Hears(SenderRules rules, string rows)
    {
        var said = new Said();
        new SenderReader(new Hl7Settings(), rules).Take(Said.Read(Said.Header + Said.Request + rows + "\r"), new UtcInstant(0), said);
        return said;
    }

    private static long At(Said said) => (long)Assert.Single(said.Of<DeviceEvent.Numeric>()).At!.Value.Counter;

    private static string Text(Acknowledgement answers, string message) => System.Text.Encoding.ASCII.GetString(Assert.Single(answers.Of(Said.Read(message), Outcome.Accepted)));
}
