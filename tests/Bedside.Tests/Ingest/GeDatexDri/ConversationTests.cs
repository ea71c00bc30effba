using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;
using Bedside.Model;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>What is asked for, when, and what silence leads to; measurements that stand until the next one; alarms.</summary>
public sealed class ConversationTests
{
    private const long On = 3;

    private readonly Ear _ear = new(Wire.Driver);
    private IDriverSession _session = Wire.Session(listenOnly: false);
    private int _now;
    private int _number;

    [Fact]
    public void It_asks_for_values_first_and_for_waves_when_it_knows_the_modules()
    {
        Wait(1000);
        Assert.Equal([Outgoing.DisplayedOnce, Outgoing.DisplayedPeriodically], _ear.Sent);
        Hear(Values(10));
        Wait(1000);
        Assert.Equal([Outgoing.Waves([1, 4, 8, 9, 15]), Outgoing.AlarmsOnChange, Outgoing.Auxiliary], _ear.Sent.Skip(2));
    }

    [Fact]
    public void Two_requests_are_a_tenth_of_a_second_apart()
    {
        _session.OnChunk(Wire.From(0), _ear);
        _session.OnChunk(Wire.From(50), _ear);
        Assert.Single(_ear.Sent);
        _session.OnChunk(Wire.From(100), _ear);
        Assert.Equal(2, _ear.Sent.Count);
    }

    [Fact]
    public void A_monitor_below_level_ten_is_not_asked_for_alarms()
    {
        Wait(500);
        Hear(Values(9));
        Wait(20_000);
        Assert.Equal(0, TimesAsked(Outgoing.AlarmsOnChange));
    }

    [Fact]
    public void Silence_is_met_with_the_same_questions_every_six_seconds()
    {
        Wait(30_000);
        Assert.Equal(5, TimesAsked(Outgoing.DisplayedPeriodically));
        Assert.Equal(0, TimesAsked(Outgoing.Waves([1])));
    }

    [Fact]
    public void Values_that_stay_away_are_asked_for_again_and_after_half_a_minute_the_link_is_lost()
    {
        Wait(500);
        Hear(Values(8));
        int known = TimesAsked(Outgoing.DisplayedPeriodically);
        Wait(12_500);
        Assert.Equal(known + 1, TimesAsked(Outgoing.DisplayedPeriodically));
        Wait(20_000);
        Assert.Equal([true, false], _ear.Of<DeviceEvent.Link>().Select(link => link.Receiving));
        Hear(Values(8));
        Assert.True(_ear.Of<DeviceEvent.Link>().Last().Receiving);
    }

    [Fact]
    public void Waves_that_stay_away_are_asked_for_again()
    {
        Wait(500);
        Hear(Values(8));
        for (int second = 0; second < 20; second++)
        {
            Wait(1000);
            Hear(second % 5 == 0 ? Values(8) : Wire.Record(0, ++_number, 8, (1, Wire.Class(0))));
        }

        int asked = TimesAsked(Outgoing.Waves([1, 4, 8, 9, 15]));
        Assert.InRange(asked, 3, 4);
    }

    [Fact]
    public void A_module_that_is_plugged_in_changes_the_choice_after_a_while()
    {
        Wait(500);
        Hear(Wire.Record(0, ++_number, 8, (1, Wire.Class(0, Wire.Group(4, On, 0x0200, 70)))));
        Wait(500);
        Assert.Equal(1, TimesAsked(Outgoing.Waves([1, 15])));
        for (int second = 0; second < 40; second += 5)
        {
            Hear(Values(8));
            Wait(5000);
        }

        Assert.NotEqual(0, TimesAsked(Outgoing.Waves([1, 4, 8, 9, 15])));
    }

    [Fact]
    public void Waves_that_the_monitor_leaves_out_are_named()
    {
        Wait(500);
        Hear(Values(8));
        for (int i = 0; i < 12; i++)
        {
            Wait(1000);
            Hear(Wire.Record(1, ++_number, 8, (1, Wire.Wave(i == 0 ? 1 : 0, 2, new int[300])), (4, Wire.Wave(i == 0 ? 1 : 0, 1, new int[100]))));
        }

        Assert.Equal("PLETH, CO2, RESP", _ear.State("wave.not-sent"));
    }

    [Fact]
    public void A_fast_line_to_a_new_monitor_is_asked_for_everything()
    {
        _session = Wire.Session(listenOnly: false, new LineSettings(115_200, Parity: LineParity.Even));
        Wait(500);
        Hear(Values(11));
        Wait(500);
        Assert.Equal(1, TimesAsked(Outgoing.Waves(WaveChoice.For(Modules.All, 11, 115_200))));
    }

    [Fact]
    public void It_takes_leave_of_all_that_it_asked_for()
    {
        Wait(500);
        Hear(Values(10));
        Wait(1000);
        int known = _ear.Sent.Count;
        _session.Stop(_ear);
        Assert.Equal([Vectors.NoWaves, Vectors.StopDisplayed, Outgoing.NoAlarms], _ear.Sent.Skip(known));
        Wait(60_000);
        Assert.Equal(known + 3, _ear.Sent.Count);
    }

    [Fact]
    public void A_listener_sends_nothing_and_is_not_disturbed_by_the_others_requests()
    {
        _session = Wire.Session();
        _session.OnChunk(Wire.To(0, Vectors.DisplayedEveryTenSeconds), _ear);
        Wait(1000);
        byte[] both = [.. Vectors.FourWaves, .. Values(10), .. Vectors.DisplayedEveryTenSeconds];
        Hear(both);
        Hear(Values(10));
        Wait(60_000);
        _session.Stop(_ear);
        Assert.Empty(_ear.Sent);
        Assert.Empty(_ear.Of<DeviceEvent.Fault>());
        Assert.Empty(_ear.Of<DeviceEvent.Missing>());
        Assert.All(_ear.Of<DeviceEvent.Numeric>().Where(one => one.Metric.SignalId == "hr"), one => Assert.Equal(TimeSpan.FromSeconds(10), one.Metric.ExpectedEvery));
    }

    [Fact]
    public void A_cuff_pressure_is_told_once_for_each_measurement()
    {
        _session = Wire.Session();
        Hear(Cuff(0, 11_800));
        Hear(Cuff(0, 11_800));
        Hear(Cuff(1 << 8, 11_800));
        Assert.Equal(["118.00"], Pressures());
        Hear(Cuff(1 << 5, -32_767));
        Hear(Cuff(0, 11_800));
        Assert.Equal(["118.00", "-", "118.00"], Pressures());
        Hear(Cuff(1 << 8, 11_800));
        Hear(Cuff(0, 11_800));
        Hear(Cuff(0, 12_100));
        Hear(Cuff(0, 12_100));
        Assert.Equal(["118.00", "-", "118.00", "118.00", "121.00"], Pressures());
    }

    [Fact]
    public void A_cuff_pressure_has_the_time_that_the_monitor_tells_for_it()
    {
        _session = Wire.Session();
        Hear(Cuff(1 << 8, 11_800));
        Assert.True(_ear.Of<DeviceEvent.Numeric>().Last().Validity.HasFlag(Validity.Questionable));
        Hear(Times(1_710_498_000));
        Hear(Cuff(1 << 8, 11_800));
        Assert.Single(Pressures());
        Hear(Times(1_710_498_900));
        Hear(Cuff(0, 11_900));
        DeviceEvent.Numeric told = _ear.Of<DeviceEvent.Numeric>().Last(one => one.Metric.SignalId == "nibp-sys");
        Assert.Equal(("119.00", new DateTime(2024, 3, 15, 10, 35, 0, DateTimeKind.Unspecified)), (told.Value?.ToString(), told.MeasuredAt));
        Hear(Times(1_710_499_800));
        Hear(Cuff(0, 11_900));
        Assert.Equal(3, Pressures().Length);
    }

    [Fact]
    public void Alarms_begin_change_and_end()
    {
        _session = Wire.Session();
        Hear(Alarms(0, ("APNEA", 3), ("SpO2 LOW", 2)));
        Hear(Alarms(0, ("SpO2 LOW", 2)));
        Hear(Alarms(5, ("SpO2 LOW", 3)));
        Hear(Alarms(0));
        Assert.Equal(
            ["Start APNEA High", "Start SpO2 LOW Medium", "End APNEA High", "Update SpO2 LOW High", "End SpO2 LOW High"],
            _ear.Of<DeviceEvent.AlertSaid>().Select(said => $"{said.Alert.Phase} {said.Alert.Text} {said.Alert.Priority}"));
        Assert.Equal([false, false, false, true, true], _ear.Of<DeviceEvent.AlertSaid>().Select(said => said.Alert.Silenced));
        Assert.Contains(_ear.Of<DeviceEvent.Text>(), text => text.Value == "sound on, silenced: all for 2 min");
    }

    [Fact]
    public void Texts_of_alarms_are_kept_in_their_language_on_one_line()
    {
        _session = Wire.Session();
        Hear(Alarms(0, ("ÉLECTRODES\nDÉBRANCHÉES", 1)));
        Assert.Equal(("ÉLECTRODES DÉBRANCHÉES", AlertPriority.Low), (_ear.Of<DeviceEvent.AlertSaid>().Single().Alert.Text, _ear.Of<DeviceEvent.AlertSaid>().Single().Alert.Priority));
    }

    [Fact]
    public void Lost_and_doubled_records_are_counted_by_their_numbers_over_the_wrap()
    {
        _session = Wire.Session();
        _number = 253;
        Hear(Values(8));
        Hear(Values(8));
        byte[] twice = Values(8);
        Hear(twice);
        Hear(twice);
        _number += 2;
        Hear(Values(8));
        Assert.Equal(2, Assert.Single(_ear.Of<DeviceEvent.Missing>()).Count);
        Assert.Equal(4, _ear.Of<DeviceEvent.Numeric>().Count(one => one.Metric is { SignalId: "hr", Channel: "" }));
    }

    [Fact]
    public void Another_monitor_on_the_line_begins_anew()
    {
        _session = Wire.Session();
        Hear(Values(8));
        Hear(Wire.Record(0, 1, 10, (1, Wire.Class(0, Wire.Group(4, On | 8, 0, 80)))));
        Assert.Equal(["8", "10"], _ear.Of<DeviceEvent.Identity>().Select(said => said.Device.Properties["dri-level"]));
        Assert.Contains(_ear.Of<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "spo2" && one.Value is null);
    }

    /// <summary>All modules of a wave choice, a heart rate of 70.</summary>
    private byte[] Values(int level) => Wire.Record(0, ++_number & 0xFF, level, (1, Wire.Class(0, [
        .. Wire.Group(4, On | (1 << 3), 0x0275, 70), .. Wire.Group(20, On, 1, 12_000, 7_000, 8_700, 70), .. Wire.Group(122, On, 0, 9_700, 70, 200, -32_767),
        .. Wire.Group(136, On, 9, 490, 3, 14, 7_600),
    ])));

    private byte[] Cuff(int label, int systolic) =>
        Wire.Record(0, ++_number & 0xFF, 8, (1, Wire.Class(0, Wire.Group(76, On, label, systolic, systolic - 4000, systolic - 2500, 71))));

    private byte[] Times(uint cuff)
    {
        byte[] data = new byte[114];
        BitConverter.TryWriteBytes(data, cuff);
        return Wire.Record(0, ++_number & 0xFF, 8, (4, data));
    }

    private byte[] Alarms(short silence, params (string Text, short Colour)[] lines)
    {
        byte[] data = new byte[510];
        data[2] = 1;
        BitConverter.TryWriteBytes(data.AsSpan(8), silence);
        for (int i = 0; i < lines.Length; i++)
        {
            System.Text.Encoding.Latin1.GetBytes(lines[i].Text).CopyTo(data, 10 + (98 * i));
            BitConverter.TryWriteBytes(data.AsSpan(10 + (98 * i) + 82), lines[i].Colour);
        }

        return Wire.Record(4, ++_number & 0xFF, 10, (1, data));
    }

    private string[] Pressures() => [.. _ear.Of<DeviceEvent.Numeric>().Where(one => one.Metric.SignalId == "nibp-sys").Select(one => one.Value?.ToString() ?? "-")];

    private int TimesAsked(byte[] question) => _ear.Sent.Count(message => message.AsSpan().SequenceEqual(question));

    private void Hear(byte[] bytes) => _session.OnChunk(Wire.From(_now, bytes), _ear);

    private void Wait(int milliseconds)
    {
        for (int end = _now + milliseconds; _now < end;)
        {
            _now += 100;
            _session.OnChunk(Wire.From(_now), _ear);
        }
    }
}
