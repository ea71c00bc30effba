using System.Net.WebSockets;
using Bedside.Host.Trust;
using Bedside.Tests.Viewer;
using Bedside.Viewer.Ward;

namespace Bedside.Tests.Trust;

/// <summary>One box reads another over TLS: each must be of the unit, and an end of a certificate closes it.</summary>
public class PeerTlsTests
{
    private const string Bed = "bed12.icu.home.arpa";

    [Fact]
    public async Task A_box_of_the_unit_reads_and_listens_to_another_that_is_given_by_a_named_person()
    {
        UnitBench head = new UnitBench().Found();
        BoxCertificate reader = head.Member(Bed).HeadCertificate();
        await using SecureBox box = await SecureBox.StartAsync(head, approvedBy: "A Person");
        using PeerRequests requests = Requests(box, reader, head);

        await ViewerHost.UntilAsync(async () => await requests.ReadAsync("session", CancellationToken.None) is not null, "the other box is read");
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("bedside.v1");
        await requests.OpenAsync(socket, new Uri($"https://localhost:{box.Port}/peer/v1/live"), CancellationToken.None);
        await socket.SendAsync("""{"type":"hello","epoch":0,"seq":0}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        ValueWebSocketReceiveResult snapshot = await socket.ReceiveAsync(new byte[64 * 1024].AsMemory(), CancellationToken.None);
        Assert.Equal(WebSocketMessageType.Binary, snapshot.MessageType);
    }

    [Fact]
    public async Task Neither_another_unit_nor_another_name_nor_a_certificate_that_has_ended_is_read()
    {
        UnitBench head = new UnitBench().Found();
        UnitBench stranger = new UnitBench(clock: head.Clock).Found();
        BoxCertificate reader = head.Member(Bed).HeadCertificate();
        await using SecureBox box = await SecureBox.StartAsync(head, approvedBy: "A Person");
        using PeerRequests good = Requests(box, reader, head);
        await ViewerHost.UntilAsync(async () => await good.ReadAsync("session", CancellationToken.None) is not null, "the other box is read");

        using PeerRequests foreign = Requests(box, stranger.HeadCertificate(), stranger);
        Assert.Null(await foreign.ReadAsync("session", CancellationToken.None));
        using PeerRequests misnamed = Requests(box, reader, head, "bed13.icu.home.arpa");
        Assert.Null(await misnamed.ReadAsync("session", CancellationToken.None));
        using var alone = new PeerRequests(() => Root(box));
        Assert.Null(await alone.ReadAsync("session", CancellationToken.None));
        head.Clock.Advance(TimeSpan.FromDays(91));
        using PeerRequests late = Requests(box, reader, head);
        Assert.Null(await late.ReadAsync("session", CancellationToken.None));
    }

    private static Uri Root(SecureBox box) => new($"https://localhost:{box.Port}/peer/v1/");

    /// <summary>Dialled on the loopback, and known by its name.</summary>
    private static PeerRequests Requests(SecureBox box, BoxCertificate mine, UnitBench unit, string name = UnitBench.Head) => new(() => Root(box), _ => mine.Client(name, unit.Clock));
}
