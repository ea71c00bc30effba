using Bedside.Simulators;
using Bedside.Simulators.Draeger;
using Xunit;

namespace Bedside.Tests.Simulators.Draeger;

public sealed class MedibusFaultTests
{
    [Fact]
    public void Standby_shows_as_a_text_an_alarm_and_no_values()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        Assert.Contains("2D9BIPAP/ASB\x03", evita.Ask(0x2A) ?? string.Empty, StringComparison.Ordinal);
        Assert.Equal(string.Empty, evita.Ask(0x2E));
        Assert.True(evita.Faults.TryStart("standby"));

        Assert.Equal(string.Empty, evita.Ask(0x24));
        Assert.Contains("1E7Standby\x03", evita.Ask(0x2A) ?? string.Empty, StringComparison.Ordinal);
        Assert.DoesNotContain("BIPAP", evita.Ask(0x2A) ?? string.Empty, StringComparison.Ordinal);
        Assert.Equal("395EVITA STDBY ", evita.Ask(0x2E));
        Assert.NotEmpty(evita.Ask(0x29) ?? string.Empty);
    }

    [Fact]
    public void A_disconnection_raises_its_alarms_and_they_escalate()
    {
        Ventilator evita = new Ventilator(Medibus.Evita, "--fault", "disconnect@3+60").Connect();
        evita.Run(3);
        string alarms = evita.Ask(0x27) ?? string.Empty;
        Assert.Contains("NFFDISCONNECT  ", alarms, StringComparison.Ordinal);
        Assert.Contains("L19MIN VOL LOW ", alarms, StringComparison.Ordinal);
        Assert.Equal(0, alarms.Length % 15);
        Dictionary<string, string> data = MedibusConversationTests.Values(evita.Ask(0x24), 4);
        Assert.DoesNotContain("D6", data.Keys);
        Assert.Equal("0.00", data["B8"]);
        for (int i = 0; i < 32; i++)
        {
            Assert.NotNull(evita.Ask(0x30));
            evita.Run(1);
        }

        Assert.Contains("OFFDISCONNECT  ", evita.Ask(0x27) ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reboot_cuts_the_answer_off_and_forgets_the_session()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        Assert.Equal(string.Empty, evita.Ask(0x4A, "$7D"));
        evita.Frames.Clear();
        evita.Command(0x29);
        evita.Run(0.04);
        Assert.True(evita.Faults.TryStart("reboot@0+5"));
        int sent = evita.Bytes.Count;
        evita.Run(4.9);
        Assert.Empty(evita.Frames);
        Assert.Equal(sent, evita.Bytes.Count);
        evita.Run(0.6);
        Assert.Equal([0x51, 0x52], evita.Frames.Select(frame => (int)frame.Code));
        evita.Run(0.5);
        Assert.True(MedibusConversationTests.Values(evita.Ask(0x24), 4).Count > 10);
    }

    [Fact]
    public void An_unplugged_cable_is_silent_both_ways_and_the_device_calls_again()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        Assert.True(evita.Faults.TryStart("silence@0+5"));
        evita.Frames.Clear();
        Assert.Null(evita.Ask(0x24));
        evita.Run(3.8);
        Assert.Empty(evita.Frames);
        evita.Run(3);
        Assert.Equal((byte)0x51, evita.Frames[0].Code);
        Assert.Equal(SessionState.Active, evita.State);
    }

    [Fact]
    public void Every_third_checksum_is_wrong()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        Assert.True(evita.Faults.TryStart("corrupt-checksum@0+60"));
        evita.Frames.Clear();
        for (int i = 0; i < 30; i++)
        {
            evita.Command(0x24);
            evita.Run(0.3);
        }

        Assert.Equal((30, 10), (evita.Frames.Count, evita.Frames.Count(frame => !frame.Sound)));
    }

    [Fact]
    public void A_NOP_stands_at_every_place_of_the_answers_in_turn()
    {
        Ventilator evita = new Ventilator(Medibus.Evita, "--fault", "embedded-nop").Connect();
        evita.Frames.Clear();
        var places = new HashSet<int>();
        for (int i = 0; i < 20; i++)
        {
            evita.Bytes.Clear();
            Assert.Equal(string.Empty, evita.Ask(0x4A, "$"));
            evita.Run(0.2);
            places.Add(evita.Bytes.FindIndex(one => one.Value == 0x1B));
        }

        Assert.Equal([1, 2, 3, 4], places.Order());
        Assert.All(evita.Frames, frame => Assert.True(frame.Sound));
        Assert.Equal(20, evita.Frames.Count(frame => frame is { Kind: 'E', Code: 0x30 }));
    }

    [Fact]
    public void The_device_suspends_and_resumes_the_host()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        evita.Bytes.Clear();
        Assert.True(evita.Faults.TryStart("suspend"));
        evita.Run(1.9);

        Assert.Equal([(0x11, 0.0), (0x13, 1.5)], evita.Bytes.Where(one => one.Value is 0x11 or 0x13).Select(one => ((int)one.Value, Math.Round(one.At - evita.Bytes[0].At, 1, MidpointRounding.AwayFromZero))));
    }

    [Fact]
    public void CAN_cuts_one_answer_short()
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        evita.Bytes.Clear();
        Assert.True(evita.Faults.TryStart("cancel"));
        Assert.Null(evita.Ask(0x24));
        Assert.Equal((6, (byte)0x18), (evita.Bytes.Count, evita.Bytes[^1].Value));
        Assert.NotNull(evita.Ask(0x24));
    }

    [Theory]
    [InlineData("garbage@0+20")]
    [InlineData("drop-bytes@0+20")]
    [InlineData("flip-bits@0+20")]
    [InlineData("double-bytes@0+20")]
    [InlineData("lost-sync@0+20")]
    public void A_bad_line_spoils_some_frames_and_is_good_again_afterwards(string fault)
    {
        Ventilator evita = new Ventilator(Medibus.Evita).Connect();
        Assert.NotNull(evita.Ask(0x53));
        Assert.Equal(string.Empty, evita.Ask(0x54, "00010101"));
        evita.Say(0xD0, 0xC1, 0xC3, 0xC0, 0xC0);
        evita.Run(0.5);
        Assert.True(evita.Faults.TryStart(fault));
        int answered = 0;
        while (evita.Seconds < 22)
        {
            answered += evita.Ask(0x24, within: 0.6) is null ? 0 : 1;
        }

        Assert.True(answered > 5, $"{answered} answers through the noise");
        evita.Command(0x51);
        evita.Run(1);
        Assert.Equal(SessionState.Active, evita.State);
        for (int i = 0; i < 5; i++)
        {
            Assert.NotNull(evita.Ask(0x24));
        }
    }

    [Fact]
    public void The_same_seed_says_the_same_bytes_however_often_it_is_asked()
    {
        byte[][] runs = [.. new[] { 1000, 1000, 250 }.Select(step =>
        {
            Ventilator evita = new Ventilator(Medibus.Evita, "--seed", "9").Connect();
            evita.Bytes.Clear();
            evita.Command(0x24);
            evita.Run(1, step);
            return evita.Bytes.Select(one => one.Value).ToArray();
        })];

        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(runs[0], runs[2]);
    }

    [Fact]
    public void Faults_and_options_have_distinct_names()
    {
        foreach (DeviceKind kind in new[] { Medibus.Evita, Medibus.V500 })
        {
            Assert.Equal(kind.Faults.Count, kind.Faults.Select(fault => fault.Name).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(Transport.Pty, kind.Transports);
        }

        Assert.Throws<UsageException>(() => new Ventilator(Medibus.Evita, "--id", "12"));
    }
}
