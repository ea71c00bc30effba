using System.Net;
using System.Net.Sockets;
using Bedside.Host.Services;
using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Tests.Ingest;
using Bedside.Tests.Ingest.PhilipsIntellivue;
using Bedside.Viewer;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Services;

/// <summary>Forty boxes hear forty monitors announce themselves: which one is this bed's, a person says.</summary>
public sealed class NetworkWatchTests : IDisposable
{
    private const int Attempts = 30;

    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly UdpClient _monitor = new(new IPEndPoint(IPAddress.Loopback, 0)) { EnableBroadcast = true };

    /// <summary>Keeps the port while the watch listens to it too.</summary>
    private readonly ConnectIndicationListener _place = new(TimeProvider.System, port: 0);
    private readonly PortBoard _board;
    private Thread? _watch;

    public NetworkWatchTests() => _board = new PortBoard(PortMemory.Open(_folder.PathOf("data")), _time);

    public void Dispose()
    {
        _stop.Cancel();
        _watch?.Join();
        _monitor.Dispose();
        _place.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_monitor_that_announces_itself_is_offered_and_not_read()
    {
        PortReport offered = Announce();

        Assert.Equal("announced", offered.Finding);
        Assert.Equal("philips-intellivue", offered.Announces);
        Assert.Equal(string.Empty, offered.Driver);
        Assert.Contains("announces itself on the network. It is not read", offered.English, StringComparison.Ordinal);
        Assert.Contains("s’annonce sur le réseau. Il n’est pas lu", offered.French, StringComparison.Ordinal);
        Assert.NotEmpty(offered.Remedies);
        Assert.Equal(0, _monitor.Available);
    }

    [Fact]
    public void An_offer_goes_when_the_monitor_is_not_heard_for_five_minutes_and_comes_back_with_it()
    {
        Announce();
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.NotEmpty(_board.Ports);

        bool gone = SpinWait.SpinUntil(
            () =>
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                return _board.Ports.Count == 0;
            },
            TimeSpan.FromSeconds(Attempts));
        Assert.True(gone);
        Assert.Equal("announced", Announce().Finding);
    }

    [Fact]
    public void A_port_that_is_open_is_not_offered_again()
    {
        PortReport offered = Announce();
        _board.Watch(new PortOptions(offered.Port, Transport.Udp, () => throw new IOException("not opened here")));
        _board.Enter(new PortIdentity(offered.Port), DeviceState.Searching, offered.Port);

        _board.Offer(offered.Port, DriverCatalog.ByName("philips-intellivue")!, Finding.Announced("somebody"));
        _board.Withdraw(offered.Port);
        Assert.Equal(string.Empty, Assert.Single(_board.Ports).Finding);
    }

    private PortReport Announce()
    {
        int port = _place.Local.Port;
        if (_watch is null)
        {
            var watch = new NetworkWatch(_board, _time, NullLogger<NetworkWatch>.Instance, [new NetworkWatch.Family("philips-intellivue", port, 24105)]);
            _watch = new Thread(() => watch.Run(_stop.Token)) { IsBackground = true };
            _watch.Start();
        }

        // To all on the network, as monitors do; again until the watch listens.
        bool heard = false;
        for (int i = 0; i < Attempts && !heard; i++)
        {
            _monitor.Send(Vectors.ConnectIndication, new IPEndPoint(IPAddress.Parse("127.255.255.255"), port));
            heard = SpinWait.SpinUntil(() => _board.Ports.Count > 0, TimeSpan.FromSeconds(1));
        }

        Assert.True(heard);
        return Assert.Single(_board.Ports);
    }
}
