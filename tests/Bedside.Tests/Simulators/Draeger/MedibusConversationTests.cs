using System.Globalization;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.Physiology;
using Xunit;

namespace Bedside.Tests.Simulators.Draeger;

public sealed class MedibusConversationTests
{
    [Fact]
    public void It_calls_every_three_seconds_until_it_is_answered()
    {
        var evita = new Ventilator(Medibus.Evita);

        evita.Run(10);

        Assert.Equal([0, 3, 6, 9], evita.Frames.Select(frame => (int)frame.At));
        Assert.All(evita.Frames, frame => Assert.Equal(('E', (byte)0x51), (frame.Kind, frame.Code)));
    }

    [Fact]
    public void It_calls_every_ten_seconds_when_it_hears_only_noise()
    {
        var evita = new Ventilator(Medibus.Evita);
        for (int i = 0; i < 25; i++)
        {
            evita.Say(0x55, 0x2A, 0x7F);
            evita.Run(1);
        }

        Assert.Equal([0, 3, 13, 23], evita.Frames.Select(frame => (int)frame.At));
    }

    [Fact]
    public void A_session_begins_with_the_question_inside_the_answer()
    {
        var evita = new Ventilator(Medibus.Evita);
        evita.Run(0.1);
        evita.Bytes.Clear();
        evita.Command(0x51);
        evita.Run(0.1);

        Assert.Equal("01511B5236440D35320D", Convert.ToHexString([.. evita.Bytes.Select(one => one.Value)]));
        Assert.Equal(SessionState.Identifying, evita.State);
        evita.Answer(0x52, "0161'Bench'01.00:06.00");
        evita.Run(0.19);
        Assert.Equal(SessionState.Identifying, evita.State);
        evita.Run(0.02);
        Assert.Equal(SessionState.Active, evita.State);
    }

    [Fact]
    public void A_session_begins_too_when_the_host_answers_the_devices_call()
    {
        var evita = new Ventilator(Medibus.Evita) { Attentive = true };

        evita.Run(1);

        Assert.Equal([0x51, 0x52], evita.Frames.Select(frame => (int)frame.Code));
        Assert.Equal(SessionState.Active, evita.State);
    }

    [Fact]
    public void With_no_embed_the_question_follows_the_answer()
    {
        var evita = new Ventilator(Medibus.Evita, "--no-embed");
        evita.Run(0.1);
        evita.Bytes.Clear();
        evita.Command(0x51);
        evita.Run(0.1);

        Assert.Equal("015135320D1B5236440D", Convert.ToHexString([.. evita.Bytes.Select(one => one.Value)]));
    }

    [Fact]
    public void An_Evita_wants_a_full_identification_and_gives_up_after_three_repeats_while_a_V500_takes_an_empty_one()
    {
        foreach (bool classic in new[] { true, false })
        {
            var device = new Ventilator(classic ? Medibus.Evita : Medibus.V500) { Attentive = true, HostIdentification = string.Empty };
            for (int i = 0; i < 45; i++)
            {
                _ = device.Ask(0x30);
                device.Run(0.9);
            }

            int questions = device.Frames.Count(frame => frame is { Kind: 'E', Code: 0x52 });
            Assert.Equal(classic ? 5 : 1, questions);
            Assert.Equal(classic ? SessionState.Identifying : SessionState.Active, device.State);
        }
    }

    [Fact]
    public void Configuration_within_200_ms_of_the_identification_is_ignored_without_a_word()
    {
        var evita = new Ventilator(Medibus.Evita);
        evita.Run(0.1);
        evita.Command(0x51);
        evita.Run(0.1);
        evita.Answer(0x52, "0161'Bench'01.00:06.00");
        foreach (byte code in new byte[] { 0x4A, 0x53, 0x54 })
        {
            Assert.Null(evita.Ask(code, code == 0x4A ? "$7D" : string.Empty, within: 0.06));
        }

        evita.Run(0.1);
        Assert.NotNull(evita.Ask(0x53));
    }

    [Fact]
    public void Every_request_is_answered_and_unknown_ones_with_an_empty_echo()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        Ventilator v500 = new Ventilator(Medibus.V500).Connect();

        Assert.Equal("8240'Evita 4'04.00:04.00", evita.Ask(0x52));
        Assert.Equal("5000'Evita V500'02.51:06.00", v500.Ask(0x52));
        Assert.Equal(string.Empty, evita.Ask(0x30));
        foreach (byte code in new byte[] { 0x23, 0x28, 0x2B, 0x2C, 0x2D, 0x59, 0x6C, 0x7E })
        {
            Assert.Equal(string.Empty, evita.Ask(code));
        }

        Assert.Equal("12:00", v500.Ask(0x28)?[..5]);
        Assert.Equal("01-MAR-26", v500.Ask(0x28)?[8..]);
        Assert.Equal(("2", "302.00", "4Adult", "50", ""), (evita.Ask(0x6A, "2"), evita.Ask(0x6A, "3"), evita.Ask(0x6A, "4"), evita.Ask(0x6A, "5"), evita.Ask(0x6A, "9")));
        Assert.Equal(string.Empty, v500.Ask(0x6A, "3"));
        foreach (byte code in new byte[] { 0x24, 0x25, 0x26, 0x29, 0x2A, 0x2B, 0x2D, 0x53 })
        {
            Assert.NotEmpty(v500.Ask(code) ?? string.Empty);
        }
    }

    [Fact]
    public void The_values_are_the_patients_at_that_moment()
    {
        Ventilator evita = new Ventilator(Medibus.Evita, "--seed", "5").Connect();
        evita.Run(1);
        Dictionary<string, string> data = Values(evita.Ask(0x24), 4);
        long now = evita.Clock.PatientTime(evita.Clock.Now);

        Assert.Equal(evita.Patient.Value(PatientValue.PeakPressure, now), Number(data["7D"]), 0.6);
        Assert.Equal(evita.Patient.Value(PatientValue.ExpiredTidalVolume, now), Number(data["88"]), 0.6);
        Assert.Equal(evita.Patient.Value(PatientValue.MinuteVolume, now), Number(data["B9"]), 0.06);
        Assert.Equal(evita.Patient.Value(PatientValue.RespirationRate, now), Number(data["D6"]), 0.6);
        Assert.Equal(evita.Patient.Value(PatientValue.EndTidalCo2, now), Number(data["E6"]), 0.6);
        Assert.Equal(evita.Patient.Ventilator.Peep, Number(data["78"]), 0.01);
        Assert.DoesNotContain("82", data.Keys);
        Assert.DoesNotContain("EB", data.Keys);
        Dictionary<string, string> settings = Values(evita.Ask(0x29), 5);
        Assert.Equal(evita.Patient.Ventilator.OxygenPercent, Number(settings["01"]));
        Assert.Equal(evita.Patient.Ventilator.Peep, Number(settings["0B"]));
        Assert.Equal(evita.Patient.Ventilator.Rate, Number(settings["09"]));
        Assert.True(Number(Values(evita.Ask(0x26), 4)["7D"]) > Number(data["7D"]));
        Assert.True(Number(Values(evita.Ask(0x25), 4)["B9"]) < Number(data["B9"]));
    }

    [Fact]
    public void Both_pages_of_a_V500_agree_with_each_other()
    {
        Ventilator v500 = new Ventilator(Medibus.V500).Connect();
        Dictionary<string, string> first = Values(v500.Ask(0x24), 4);
        Dictionary<string, string> second = Values(v500.Ask(0x2B), 4);

        Assert.Equal(first["88"], second["21"]);
        Assert.Equal(Number(first["88"]) / 70, Number(second["36"]), 0.06);
        Assert.Equal(Number(first["E6"]) * 0.1333, Number(first["E3"]), 0.1);
        Assert.Equal(first.Count, first.Keys.Distinct().Count());
        Assert.Equal(Number(first["D6"]), Number(first["B5"]) + Number(first["7B"]), 1.1);
    }

    [Fact]
    public void The_choice_of_codes_holds_for_its_type_until_it_is_reset()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();

        Assert.Equal(string.Empty, evita.Ask(0x4A, "$7DB9"));
        Assert.Equal(["7D", "B9"], Values(evita.Ask(0x24), 4).Keys.Order());
        Assert.Equal(["7D", "B9"], Values(evita.Ask(0x26), 4).Keys.Order());
        Assert.True(Values(evita.Ask(0x29), 5).Count > 5);
        Assert.Equal(string.Empty, evita.Ask(0x4A, ")0B"));
        Assert.Equal(["0B"], Values(evita.Ask(0x29), 5).Keys);
        Assert.Equal(string.Empty, evita.Ask(0x4A, "$"));
        Assert.True(Values(evita.Ask(0x24), 4).Count > 10);
        evita.Command(0x51);
        evita.Run(0.5);
        Assert.True(Values(evita.Ask(0x29), 5).Count > 5);
    }

    [Fact]
    public void Codes_that_a_specimen_lacks_are_left_out()
    {
        Ventilator evita = new Ventilator(Medibus.Evita, "--omit", "7d,B9", "--oximeter").Connect();
        Dictionary<string, string> data = Values(evita.Ask(0x24), 4);

        Assert.DoesNotContain("7D", data.Keys);
        Assert.DoesNotContain("B9", data.Keys);
        Assert.Contains("EB", data.Keys);
    }

    [Fact]
    public void A_corrupt_command_gets_NAK_and_a_second_command_replaces_the_first()
    {
        Ventilator evita = new Ventilator(Medibus.Evita, "--delay", "50").Connect();
        evita.Bytes.Clear();
        evita.Say(0x1B, 0x24, 0x33, 0x45, 0x0D);
        evita.Run(0.05);
        Assert.Equal("011531360D", Convert.ToHexString([.. evita.Bytes.Select(one => one.Value)]));
        evita.Frames.Clear();
        evita.Command(0x24);
        evita.Run(0.02);
        evita.Command(0x30);
        evita.Run(0.5);
        Assert.Equal([0x30], evita.Frames.Select(frame => (int)frame.Code));
    }

    [Fact]
    public void It_asks_for_a_sign_of_life_after_two_seconds_and_begins_anew_after_three()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        evita.Attentive = false;
        evita.Frames.Clear();
        double last = evita.Seconds;
        Assert.NotNull(evita.Ask(0x30));

        evita.Run(4);

        Assert.Equal([(0x30, 'S'), (0x30, 'E'), (0x51, 'E')], evita.Frames.Select(frame => ((int)frame.Code, frame.Kind)));
        Assert.Equal(2, evita.Frames[1].At - last, 0.1);
        Assert.Equal(3, evita.Frames[2].At - last, 0.1);
        Assert.Equal(SessionState.Initialising, evita.State);
    }

    [Fact]
    public void Realtime_bytes_alone_do_not_keep_the_session()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        evita.Attentive = false;
        for (int i = 0; i < 35; i++)
        {
            evita.Say(0xD0, 0xC1, 0xC3, 0xC0, 0xC0);
            evita.Run(0.1);
        }

        Assert.Equal(SessionState.Initialising, evita.State);
    }

    [Fact]
    public void A_command_of_the_device_that_stays_unanswered_ends_the_session_after_three_repeats()
    {
        Ventilator v500 = new Ventilator(Medibus.V500).Connect();
        Assert.True(v500.Faults.TryStart("clock-set"));
        v500.Attentive = false;
        v500.Frames.Clear();
        for (int i = 0; i < 45; i++)
        {
            _ = v500.Ask(0x24);
            v500.Run(0.9);
        }

        Assert.Equal(4, v500.Frames.Count(frame => frame is { Kind: 'E', Code: 0x49 }));
        Assert.Contains(v500.Frames, frame => frame is { Kind: 'E', Code: 0x51 });
    }

    [Fact]
    public void After_STOP_it_is_quiet_until_a_new_session()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        Assert.Equal(string.Empty, evita.Ask(0x55));
        evita.Frames.Clear();
        evita.Command(0x24);
        evita.Run(8);
        Assert.Empty(evita.Frames);
        evita.Command(0x51);
        evita.Run(0.5);
        Assert.Equal(SessionState.Active, evita.State);
    }

    [Fact]
    public void A_suspended_device_holds_its_tongue_and_begins_anew_when_it_is_not_resumed()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        evita.Frames.Clear();
        evita.Say(0x11);
        Assert.Null(evita.Ask(0x24));
        evita.Say(0x13);
        evita.Run(0.5);
        Assert.Contains(evita.Frames, frame => frame is { Kind: 'S', Code: 0x24 });
        evita.Frames.Clear();
        evita.Say(0x11);
        evita.Run(3.1);
        Assert.Equal((byte)0x51, evita.Frames[0].Code);
    }

    [Fact]
    public void CAN_ends_an_answer_and_the_command_may_come_again()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        evita.Frames.Clear();
        evita.Command(0x24);
        evita.Run(0.04);
        int sent = evita.Bytes.Count;
        evita.Say(0x18);
        evita.Run(0.2);
        Assert.Empty(evita.Frames);
        Assert.Equal(sent, evita.Bytes.Count);
        Assert.NotNull(evita.Ask(0x24));
    }

    internal static Dictionary<string, string> Values(string? payload, int width)
    {
        Assert.NotNull(payload);
        Assert.Equal(0, payload.Length % (width + 2));
        return payload.Chunk(width + 2).ToDictionary(record => new string(record[..2]), record => new string(record[2..]));
    }

    internal static double Number(string field) => double.Parse(field.Replace(" ", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
