using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

public sealed class ConversationTests
{
    private static readonly PhilipsIntellivueDriver Driver = new();

    public static TheoryData<bool> BothWays => [false, true];

    [Theory]
    [MemberData(nameof(BothWays))]
    public void It_associates_confirms_and_polls_everything_granted(bool framed)
    {
        (Listener box, FakeMonitor monitor) = Connected(framed);

        Assert.True(monitor.Confirmed);
        Assert.Equal([Wire.Enumeration, Wire.Numeric, Wire.Wave, Wire.Alarm], monitor.Running.Order());
        Assert.Contains(monitor.Received, Outgoing.System.SequenceEqual);
        Assert.Contains(monitor.Received, Outgoing.Patient.SequenceEqual);
        Assert.Contains(monitor.Received, Outgoing.Clock.SequenceEqual);
        Assert.Contains(box.Of<DeviceEvent.Link>(), link => link.Receiving);
        AssertAllowed(box);
    }

    [Fact]
    public void The_wave_list_is_asked_for_and_set_before_the_waves_are_polled()
    {
        (_, FakeMonitor monitor) = Connected(framed: true);

        int get = monitor.Received.FindIndex(Outgoing.GetWaveList.SequenceEqual);
        int set = monitor.Received.FindIndex(message => message[0] == 0xE1 && message[5] == 1 && message[11] == 5);
        int poll = monitor.Received.FindIndex(message => IsOne(message, Outgoing.Waves));
        Assert.True(0 < get && get < set && set < poll, $"{get} {set} {poll}");
    }

    [Theory]
    [InlineData(0x00020100u)]
    [InlineData(0x00020102u)]
    public void A_serial_line_gets_the_compound_ecg_or_else_leads(uint ecg)
    {
        var monitor = new FakeMonitor { Framed = true, Waves = [ecg, 0x00024BB4] };
        Listener box = Box(monitor, Transport.Serial);
        Run(box, monitor, 5);

        byte[] list = Assert.Single(monitor.Received.FindAll(message => message[0] == 0xE1 && message[5] == 1 && message[11] == 5));
        Assert.Equal(ecg, (uint)((list[38] << 24) | (list[39] << 16) | (list[40] << 8) | list[41]));
        AssertAllowed(box);
    }

    [Fact]
    public void A_network_monitor_keeps_its_own_list()
    {
        var monitor = new FakeMonitor();
        Listener box = Box(monitor, Transport.Udp);
        Run(box, monitor, 10);

        Assert.DoesNotContain(monitor.Received, message => message[0] == 0xE1 && message[11] == 5);
        Assert.Contains(Wire.Wave, monitor.Running);
    }

    [Fact]
    public void Options_that_were_not_granted_are_not_used()
    {
        var monitor = new FakeMonitor { Options = 0x80000000 };
        Listener box = Box(monitor, Transport.Udp);
        Run(box, monitor, 10);

        Assert.Equal([Wire.Numeric, Wire.Alarm], monitor.Running.Order());
        AssertAllowed(box);
    }

    [Fact]
    public void Without_the_extension_everything_is_polled_singly()
    {
        var monitor = new FakeMonitor { Options = 0 };
        Listener box = Box(monitor, Transport.Udp);
        Run(box, monitor, 10);

        Assert.Empty(monitor.Running);
        Assert.InRange(monitor.Received.Count(Outgoing.SingleNumerics.SequenceEqual), 6, 9);
        AssertAllowed(box);
    }

    [Fact]
    public void A_slow_line_is_asked_for_values_and_no_ecg()
    {
        var monitor = new FakeMonitor { Framed = true };
        Listener box = Box(monitor, Transport.Serial, new LineSettings(19_200));
        Run(box, monitor, 65);

        Assert.Contains(monitor.Received, message => IsOne(message, Outgoing.NumericValues));
        Assert.DoesNotContain(monitor.Received, message => IsOne(message, Outgoing.Numerics));
        Assert.Equal(3, monitor.Received.Count(Outgoing.SingleNumerics.SequenceEqual));
        byte[] list = Assert.Single(monitor.Received.FindAll(message => message[0] == 0xE1 && message[5] == 1 && message[11] == 5));
        Assert.Equal(Requests.SetWaveList(Outgoing.SetWaveListId, [0x24BB4, 0x24A14]), list);
        AssertAllowed(box);
    }

    [Fact]
    public void The_request_is_repeated_every_second_and_given_up_after_ten()
    {
        var monitor = new FakeMonitor { IsMute = true };
        Listener box = Box(monitor, Transport.Udp);
        box.Pass(25);

        long[] asked = [.. box.SentAt.Where(sent => sent.Message[0] == 0x0D).Select(sent => sent.At / 1_000_000)];
        Assert.Equal(10, asked.Count(at => at < 10_500));
        Assert.DoesNotContain(asked, at => at is > 10_500 and < 15_000);
        Assert.Contains(asked, at => at is > 15_000 and < 15_500);
        Assert.Contains(box.Of<DeviceEvent.Link>(), link => !link.Receiving && link.Reason.Contains("does not answer", StringComparison.Ordinal));
        AssertAllowed(box);
    }

    [Fact]
    public void A_refusal_is_waited_out_longer_each_time()
    {
        var monitor = new FakeMonitor { Refuses = true };
        Listener box = Box(monitor, Transport.Udp);
        box.Pass(150);

        double[] asked = [.. box.SentAt.Where(sent => sent.Message[0] == 0x0D).Select(sent => sent.At / 1e9)];
        double[] pauses = [.. asked.Zip(asked.Skip(1), (earlier, later) => Math.Round(later - earlier, MidpointRounding.ToEven))];
        Assert.Equal([5, 10, 20, 40, 60], pauses.Take(5));
        monitor.Refuses = false;
        Run(box, monitor, 65);
        Assert.True(monitor.Confirmed);
    }

    [Fact]
    public void Every_repetition_of_the_introduction_is_confirmed()
    {
        var monitor = new FakeMonitor { KeepsIntroducing = true, IntroductionId = 0x7DC0 };
        Listener box = Box(monitor, Transport.Udp);
        box.Pass(5);

        Assert.NotEmpty(box.Sent.Where(Requests.MdsCreateResult(0x7DC0).SequenceEqual).Skip(10));
        AssertAllowed(box);
    }

    [Theory]
    [InlineData(0xC07D)]
    [InlineData(0x00C1)]
    [InlineData(0xC101)]
    [InlineData(0xFFFF)]
    public void Any_invoke_id_of_the_monitor_can_be_confirmed_on_rs232(int id)
    {
        var monitor = new FakeMonitor { Framed = true, IntroductionId = (ushort)id };
        Listener box = Box(monitor, Transport.Serial);
        box.Pass(2);

        Assert.True(monitor.Confirmed);
        AssertAllowed(box);
    }

    [Fact]
    public void A_monitor_that_never_introduces_itself_is_left()
    {
        Listener box = new() { Monitor = message => message[0] == 0x0D ? [Vectors.AssociationAccept] : [] };
        box.Pass(12);

        Assert.Contains(box.Sent, Requests.Abort.SequenceEqual);
        AssertAllowed(box);
    }

    [Fact]
    public void An_introduction_without_an_accept_is_an_association_too()
    {
        Listener box = new();
        box.Pass(0.3);
        box.Hear(Wire.MdsCreate(9, 1000));
        box.Pass(2);

        Assert.Contains(box.Sent, Requests.MdsCreateResult(9).SequenceEqual);
        Assert.Contains(box.Sent, message => IsOne(message, Outgoing.Numerics));
    }

    [Fact]
    public void Polls_are_renewed_before_half_of_their_time_and_something_is_asked_every_five_seconds()
    {
        (Listener box, FakeMonitor monitor) = Connected(framed: false);
        Run(box, monitor, 120);

        foreach (byte[][] poll in new[] { Outgoing.Numerics, Outgoing.Alarms, Outgoing.Waves, Outgoing.Enumerations })
        {
            long[] at = [.. box.SentAt.Where(sent => IsOne(sent.Message, poll)).Select(sent => sent.At)];
            Assert.True(at.Length >= 5);
            Assert.All(at.Zip(at.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 15_000_000_000, 30_000_000_000));
        }

        long[] all = [.. box.SentAt.Select(sent => sent.At)];
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0, 5_000_000_000));
        long[] clock = [.. box.SentAt.Where(sent => sent.Message.SequenceEqual(Outgoing.Clock)).Select(sent => sent.At)];
        Assert.All(clock.Zip(clock.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 3_000_000_000, 5_000_000_000));
        Assert.Empty(box.Of<DeviceEvent.Missing>());
    }

    [Fact]
    public void The_serial_line_gets_no_more_than_the_monitor_takes()
    {
        (Listener box, _) = Connected(framed: true);

        long[] at = [.. box.SentAt.Select(sent => sent.At)];
        Assert.DoesNotContain(at.Zip(at.Skip(4)), five => five.Second - five.First < 128_000_000);
    }

    [Fact]
    public void An_abort_starts_it_all_again()
    {
        (Listener box, FakeMonitor monitor) = Connected(framed: false);
        monitor.Forget();
        box.Hear(Vectors.Abort);
        Assert.False(box.Of<DeviceEvent.Link>().Last().Receiving);
        Run(box, monitor, 10);

        Assert.True(monitor.Confirmed);
        Assert.True(box.Of<DeviceEvent.Link>().Last().Receiving);
        AssertAllowed(box);
    }

    [Fact]
    public void A_release_by_the_monitor_is_answered_and_begun_again()
    {
        (Listener box, FakeMonitor monitor) = Connected(framed: false);
        monitor.Forget();
        box.Hear(Vectors.Release);
        Run(box, monitor, 10);

        Assert.Contains(box.Sent, Requests.ReleaseResponse.SequenceEqual);
        Assert.True(monitor.Confirmed);
        AssertAllowed(box);
    }

    [Fact]
    public void Silence_is_noticed_after_five_seconds_and_the_monitor_found_again()
    {
        (Listener box, FakeMonitor monitor) = Connected(framed: false);
        monitor.IsMute = true;
        box.Pass(7);
        Assert.False(box.Of<DeviceEvent.Link>().Last().Receiving);
        Assert.Contains(box.Sent, Requests.Abort.SequenceEqual);

        monitor.IsMute = false;
        Run(box, monitor, 20);
        Assert.True(box.Of<DeviceEvent.Link>().Last().Receiving);
        AssertAllowed(box);
    }

    [Fact]
    public void A_poll_that_is_not_answered_is_sent_again_after_three_seconds()
    {
        var monitor = new FakeMonitor();
        int lost = 0;
        Listener box = new() { Monitor = message => IsOne(message, Outgoing.Numerics) && lost++ == 0 ? [] : monitor.Answer(message) };
        Run(box, monitor, 10);

        long[] at = [.. box.SentAt.Where(sent => IsOne(sent.Message, Outgoing.Numerics)).Select(sent => sent.At)];
        Assert.InRange(at[1] - at[0], 2_900_000_000, 3_300_000_000);
    }

    [Fact]
    public void A_refused_wave_list_does_not_stop_the_waves()
    {
        var monitor = new FakeMonitor();
        Listener box = new() { Monitor = message => message[0] == 0xE1 && message[11] is 3 or 5 && message[5] == 1 ? [Wire.Error(message[9], 7)] : monitor.Answer(message) };
        Run(box, monitor, 10);

        Assert.Contains(Wire.Wave, monitor.Running);
    }

    [Fact]
    public void A_connect_indication_ends_the_waiting()
    {
        var monitor = new FakeMonitor { Refuses = true };
        Listener box = Box(monitor, Transport.Udp);
        box.Pass(2);
        monitor.Refuses = false;
        box.Hear(Vectors.ConnectIndication);
        box.Pass(1);

        Assert.True(monitor.Confirmed);
    }

    [Fact]
    public void Listening_only_sends_nothing_whatever_comes()
    {
        var box = new Listener(listenOnly: true);
        foreach (byte[] vector in Vectors.FromMonitor)
        {
            box.Hear(vector);
            box.Pass(1);
        }

        box.Pass(60);
        Assert.Empty(box.Sent);
    }

    [Fact]
    public void Beside_another_client_it_falls_silent()
    {
        var box = new Listener();
        box.Hear(Vectors.AssociationRequestLan, ChunkDirection.ToDevice);
        foreach (byte[] vector in Vectors.FromMonitor)
        {
            box.Hear(vector);
            box.Pass(1);
        }

        Assert.Empty(box.Sent);
    }

    [Fact]
    public void Frames_of_another_protocol_are_told_from_a_wrong_cable()
    {
        var box = new Listener(Transport.Serial);
        box.Pass(0.5);
        for (int i = 0; i < 5; i++)
        {
            box.Hear(Wire.Hex("C0 FF 03 01 02 03 04 C1"));
        }

        Assert.Contains(box.Of<DeviceEvent.Link>(), link => link.Reason.Contains("AutoSpeed", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_probe_may_be_sent() =>
        Assert.All(Driver.Traits.Probes, probe => Assert.Contains(Driver.Traits.Outgoing, allowed => allowed.Matches(probe.Span)));

    [Fact]
    public void Nothing_that_changes_more_than_the_clients_own_list_may_be_sent()
    {
        Assert.All(Driver.Traits.Outgoing.Where(allowed => allowed.Bytes.Span[0] == 0xE1 && allowed.Bytes.Span[5] == 1), allowed =>
        {
            int command = allowed.Bytes.Span[11];
            Assert.True(command is 3 or 7 || (command == 5 && allowed.Bytes.Span[30..32].SequenceEqual(new byte[] { 0xF2, 0x3A })), allowed.Purpose);
        });
        Assert.DoesNotContain(Driver.Traits.Outgoing, allowed => allowed.Matches(Vectors.SetWaveList) || allowed.Matches(Vectors.SinglePoll));
    }

    [Fact]
    public void Results_go_on_although_a_renewal_is_lost_twice()
    {
        var monitor = new FakeMonitor();
        int asked = 0;
        Listener box = new() { Monitor = message => IsOne(message, Outgoing.Numerics) && ++asked is 2 or 3 ? [] : monitor.Answer(message) };
        Run(box, monitor, 130);

        ulong[] at = [.. box.Of<DeviceEvent.Numeric>().Select(one => one.At!.Value.Counter)];
        Assert.True(at.Length > 120);
        Assert.All(at.Zip(at.Skip(1)), pair => Assert.Equal(8192ul, pair.Second - pair.First));
        Assert.Empty(box.Of<DeviceEvent.Missing>());
    }

    [Fact]
    public void A_poll_that_another_client_lets_run_out_ends_the_data()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Vectors.ExtendedPoll, ChunkDirection.ToDevice);
        box.Hear(Vectors.ExtendedPollResult);
        box.Pass(6);

        Assert.Equal([true, false], box.Of<DeviceEvent.Link>().Select(link => link.Receiving));
    }

    private static bool IsOne(byte[] message, byte[][] polls) => Array.Exists(polls, message.SequenceEqual);

    private static (Listener Box, FakeMonitor Monitor) Connected(bool framed)
    {
        var monitor = new FakeMonitor { Framed = framed };
        Listener box = Box(monitor, framed ? Transport.Serial : Transport.Udp);
        Run(box, monitor, 8);
        return (box, monitor);
    }

    private static Listener Box(FakeMonitor monitor, Transport transport, LineSettings? line = null) =>
        new(transport, line: line) { Monitor = monitor.Answer };

    private static void Run(Listener box, FakeMonitor monitor, int cycles)
    {
        for (int i = 0; i < cycles; i++)
        {
            box.Arrive();
            foreach (byte[] message in monitor.Cycle())
            {
                box.Hear(message);
            }

            box.Pass(1.0);
        }
    }

    private static void AssertAllowed(Listener box) =>
        Assert.All(box.Sent, sent => Assert.Contains(Driver.Traits.Outgoing, allowed => allowed.Matches(sent)));
}
