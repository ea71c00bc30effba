using System.Net;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Host.Services;

/// <summary>
/// Hears monitors that announce themselves on the network and opens a port for each new one: nobody has to type an address.
/// </summary>
internal sealed partial class NetworkWatch(Action<PortOptions> open, TimeProvider time, ILogger<NetworkWatch> log)
{
    private const int MostDevices = 16;

    /// <summary>Who announces itself where, and how the box then speaks to it.</summary>
    private static readonly Family[] Families =
    [
        new("philips-intellivue", ConnectIndicationListener.Port, Transport.Udp, 24105),
        new("mindray-pds", 4600, Transport.Tcp, 4601),
    ];

    private readonly HashSet<IPEndPoint> _known = [];

    private sealed record Family(string Driver, int ListensAt, Transport Speaks, int UsualPort);

    /// <summary>Runs until <paramref name="cancel"/>. A port that is taken by another program is said once; the others go on.</summary>
    public void Run(CancellationToken cancel)
    {
        var listeners = new List<(Family Family, ConnectIndicationListener Listener)>();
        foreach (Family family in Families)
        {
            if (TryListen(family) is { } listener)
            {
                listeners.Add((family, listener));
            }
        }

        while (listeners.Count > 0 && !cancel.IsCancellationRequested)
        {
            for (int i = listeners.Count - 1; i >= 0; i--)
            {
                if (!TryHear(listeners[i].Family, listeners[i].Listener))
                {
                    listeners.RemoveAt(i);
                }
            }
        }

        listeners.ForEach(one => one.Listener.Dispose());
    }

    private ConnectIndicationListener? TryListen(Family family)
    {
        try
        {
            return new ConnectIndicationListener(time, family.ListensAt);
        }
        catch (IOException refused)
        {
            LogRefused(refused.Message);
            return null;
        }
    }

    private bool TryHear(Family family, ConnectIndicationListener listener)
    {
        try
        {
            if (listener.Read() is { } indication)
            {
                Take(family, indication);
            }

            return true;
        }
        catch (IOException refused)
        {
            LogRefused(refused.Message);
            listener.Dispose();
            return false;
        }
    }

    private void Take(Family family, ConnectIndication indication)
    {
        IDriver driver = DriverCatalog.ByName(family.Driver)!;
        var said = new Introduction();
        driver.Open(new Ingest.Drivers.SessionOptions(Transport.Udp, ListenOnly: true)).OnChunk(new Chunk(indication.ArrivedAt, indication.Datagram), said);
        if (said.Device is not { } device)
        {
            return;
        }

        int port = device.Properties.TryGetValue("data-port", out string? text) && int.TryParse(text, out int number) ? number : family.UsualPort;
        bool told = IPAddress.TryParse(device.Properties.GetValueOrDefault("data-address"), out IPAddress? stated);
        var address = new IPEndPoint(told && stated is not null ? stated : indication.Monitor, port);
        if (_known.Count < MostDevices && _known.Add(address))
        {
            LogFound(device.Model, address);
            PortOptions found = family.Speaks == Transport.Tcp
                ? PortOptions.Tcp(address, time)
                : new PortOptions(address.ToString(), Transport.Udp, () => new UdpLink(new IPEndPoint(IPAddress.Any, 0), address, time));
            open(found with { Pinned = driver });
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} announces itself at {Address}")]
    private partial void LogFound(string model, IPEndPoint address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Monitors on the network are not heard: {Reason}")]
    private partial void LogRefused(string reason);

    private sealed class Introduction : IDriverOutput
    {
        public DeviceIdentity? Device { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes)
        {
            // An announcement is not answered; the port that is opened for it will speak.
        }

        public void Report(DeviceEvent said) => Device = said is DeviceEvent.Identity identity ? identity.Device : Device;
    }
}
