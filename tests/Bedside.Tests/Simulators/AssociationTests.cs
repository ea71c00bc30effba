using System.Net;
using Bedside.Simulators;
using Bedside.Simulators.Philips;
using static Bedside.Tests.Simulators.IntelliVueVectors;

namespace Bedside.Tests.Simulators;

/// <summary>From the association request to the end of the association, as the protocol sheet's sections 4 and 18 have it.</summary>
public sealed class AssociationTests
{
    private const byte Accept = 0x0E;
    private const byte Refuse = 0x0C;
    private const byte Abort = 0x19;
    private const byte ReleaseResponse = 0x0A;
    private const string Release = "0918C11661803080020101A08062808001000000000000000000";

    [Fact]
    public void One_accept_comes_within_the_observed_time_however_often_the_client_asks()
    {
        var talk = new Conversation();
        talk.Say(AssociationAsked);
        talk.Run(0.9);
        talk.Say(AssociationAsked);
        talk.Run(1.5);
        IReadOnlyList<Reply> heard = talk.Hear();
        Reply accept = Assert.Single(heard, r => r.Type == Accept);
        Assert.InRange(accept.Seconds, 1.0, 2.25);
        Assert.Equal(AssociationAccept, Convert.ToHexString(accept.Bytes));
        Assert.Equal(Accept, heard[0].Type);
        Assert.Equal(0x0D06, heard[1].U16(24));
        Assert.InRange(heard[1].Seconds - accept.Seconds, 0, 0.01);
    }

    [Fact]
    public void The_accept_grants_the_smaller_MTU_and_only_the_bits_the_monitor_has()
    {
        var talk = new Conversation("--grant", "88000000", "--mtu", "1200", "--accept-delay", "0");
        talk.Say(AssociationAsked);
        talk.Run(0.1);
        Reply accept = talk.Hear()[0];
        Assert.Equal(1200u, accept.U32(160));
        Assert.Equal(0x88000000u, accept.U32(184));
    }

    [Fact]
    public void A_second_client_is_refused_while_the_first_is_there()
    {
        Conversation talk = new Conversation().Associated();
        _ = talk.Hear();
        talk.Say(AssociationAsked, new IPEndPoint(IPAddress.Loopback, 41_000));
        talk.Run(0.1);
        Assert.Equal("0C03320100", Convert.ToHexString(Assert.Single(talk.Hear()).Bytes));
    }

    [Theory]
    [InlineData(150)]
    [InlineData(154)]
    [InlineData(162)]
    public void A_request_of_another_version_or_not_from_a_client_is_refused(int offset)
    {
        byte[] request = Convert.FromHexString(AssociationAsked);
        request[offset] ^= 0xC0;
        var talk = new Conversation("--accept-delay", "0");
        talk.Say(Convert.ToHexString(request));
        talk.Run(0.1);
        Assert.Equal(Refuse, Assert.Single(talk.Hear()).Type);
    }

    [Fact]
    public void The_refuse_fault_refuses_for_a_while()
    {
        var talk = new Conversation("--fault", "refuse@0+2", "--accept-delay", "0");
        talk.Say(AssociationAsked);
        talk.Run(2.5);
        Assert.Equal(Refuse, Assert.Single(talk.Hear()).Type);
        talk.Say(AssociationAsked);
        talk.Run(0.1);
        Assert.Equal(Accept, talk.Hear()[0].Type);
    }

    [Fact]
    public void The_announcement_is_repeated_and_then_the_monitor_aborts()
    {
        var talk = new Conversation("--accept-delay", "0");
        talk.Say(AssociationAsked);
        talk.Run(1);
        talk.Say(SinglePoll);
        talk.Say(Release);
        talk.Run(11);
        IReadOnlyList<Reply> heard = talk.Hear();
        Assert.Equal([Accept, 0xE1, 0xE1, 0xE1, 0xE1, Abort], heard.Select(r => r.Type));
        Assert.Equal([0, 3.1, 6.2, 9.3], heard.Skip(1).Take(4).Select(r => Math.Round(r.Seconds, 1)));
        Assert.Equal(10, heard[^1].Seconds, 0.05);
    }

    [Theory]
    [InlineData(8000u, 10.0)]
    [InlineData(80_000u, 30.0)]
    [InlineData(400_000u, 130.0)]
    public void Without_requests_the_monitor_aborts_after_the_negotiated_time(uint pollPeriod, double seconds)
    {
        byte[] request = Convert.FromHexString(AssociationAsked);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(186), pollPeriod);
        Conversation talk = new Conversation("--accept-delay", "0").Associated(Convert.ToHexString(request));
        double begun = talk.Clock.Now / 1e9;
        talk.Run(seconds + 1);
        Reply abort = Assert.Single(talk.Hear(), r => r.Type == Abort);
        Assert.Equal(begun + seconds, abort.Seconds, 0.05);
    }

    [Fact]
    public void Results_alone_do_not_keep_the_association_but_requests_do()
    {
        Conversation talk = new Conversation("--accept-delay", "0").Associated();
        talk.Poll(1, 6, 0x0803, 480_000);
        talk.Run(9);
        talk.Poll(2, 0x21, 0x080A, null);
        talk.Run(9);
        Assert.DoesNotContain(talk.Hear(), r => r.Type == Abort);
        talk.Run(2);
        Assert.Contains(talk.Hear(), r => r.Type == Abort);
        talk.Run(5);
        Assert.Empty(talk.Hear());
    }

    [Fact]
    public void A_release_is_answered_in_80_ms_and_ends_the_polls_and_when_unassociated_not_at_all()
    {
        Conversation talk = new Conversation("--accept-delay", "0").Associated();
        talk.Poll(1, 6, 0x0803, 480_000);
        talk.Run(3);
        _ = talk.Hear();
        double asked = talk.Clock.Now / 1e9;
        talk.Say(Release);
        talk.Run(3);
        Reply answer = Assert.Single(talk.Hear());
        Assert.Equal(ReleaseResponse, answer.Type);
        Assert.Equal(0.08, answer.Seconds - asked, 0.01);
        talk.Say(Release);
        talk.Run(1);
        Assert.Empty(talk.Hear());
    }

    [Fact]
    public void An_abort_is_taken_in_silence()
    {
        Conversation talk = new Conversation("--accept-delay", "0").Associated();
        talk.Poll(1, 6, 0x0803, 480_000);
        talk.Say(Convert.ToHexString(Bedside.Simulators.Philips.Association.Abort));
        talk.Run(3);
        Assert.Empty(talk.Hear());
    }

    [Fact]
    public void A_restart_forgets_the_association_and_begins_the_clock_at_zero()
    {
        Conversation talk = new Conversation("--accept-delay", "0", "--fault", "reboot@5").Associated();
        talk.Poll(1, 6, 0x0803, 480_000);
        talk.Run(3.5);
        Assert.NotEmpty(talk.Hear());
        talk.Say(AssociationAsked);
        talk.Run(3);
        Assert.Empty(talk.Hear());
        talk.Run(2);
        _ = talk.Associated();
        talk.Poll(1, 6, 0x0803, null);
        talk.Run(1.1);
        Assert.InRange(Assert.Single(talk.Hear()).Time / 8000.0, 4, 12);
    }

    [Fact]
    public void On_a_serial_line_the_same_happens_in_frames_at_the_speed_of_the_line()
    {
        var talk = new Conversation(Transport.Pty, "--baud", "19200", "--accept-delay", "0");
        talk.Say(AssociationAsked);
        talk.Run(0.05);
        byte[] early = talk.HearBytes();
        Assert.InRange(early.Length, 50, 110);
        talk.Run(0.5);
        byte[] all = [.. early, .. talk.HearBytes()];
        var reader = new FrameReader();
        byte[][] messages = [.. all.Select(reader.Push).OfType<byte[]>()];
        Assert.Equal([Accept, 0xE1], messages.Select(m => m[0]));
        Assert.Equal(1000u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(messages[0].AsSpan(160)));
    }
}
