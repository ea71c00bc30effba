using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

public sealed class FarewellTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_box_that_stops_releases_the_monitor_for_the_next_client(bool framed)
    {
        var monitor = new FakeMonitor { Framed = framed };
        var box = new Listener(framed ? Transport.Serial : Transport.Udp) { Monitor = monitor.Answer };
        box.Pass(5);
        Assert.True(monitor.Confirmed);

        box.Stop();
        byte[] last = framed ? FakeMonitor.Unframed(box.Sent[^1]) : box.Sent[^1];
        Assert.Equal(Requests.Release, last);
    }

    [Fact]
    public void A_box_that_only_listens_takes_no_leave()
    {
        var box = new Listener(Transport.Udp, listenOnly: true);
        box.Pass(2);
        box.Stop();
        Assert.Empty(box.Sent);
    }

    [Fact]
    public void Frames_recorded_without_their_escapes_are_restored_and_nothing_else_is()
    {
        byte[] message = [0xE1, 0xC0, 0xC1, 0x7D, 0x00, 0xC1];
        byte[] wire = Frame.Encode(message);
        var stored = new List<byte> { wire[0] };
        for (int i = 1; i < wire.Length - 1; i++)
        {
            stored.Add(wire[i] == Frame.Escape ? (byte)(wire[++i] ^ Frame.Flip) : wire[i]);
        }

        stored.Add(Frame.End);
        Assert.Equal((byte[])[.. wire, .. wire], Frame.Restore([.. stored, .. stored]));
        Assert.Null(Frame.Restore([.. stored, 0]));
        stored[7] ^= 1;
        Assert.Null(Frame.Restore([.. stored]));
        Assert.Null(Frame.Restore([]));
    }
}
