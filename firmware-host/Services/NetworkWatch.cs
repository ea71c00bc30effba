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
    private const string Announcing = "philips-intellivue";
    private const int UsualPort = 24105;
    private const int MostDevices = 16;

    private readonly HashSet<IPEndPoint> _known = [];

    /// <summary>Runs until <paramref name="cancel"/>. A port that is taken by another program is said once; the serial ports go on.</summary>
    public void Run(CancellationToken cancel)
    {
        try
        {
            using var listener = new ConnectIndicationListener(time);
            while (!cancel.IsCancellationRequested)
            {
                if (listener.Read() is { } indication)
                {
                    Take(indication);
                }
            }
        }
        catch (IOException refused)
        {
            LogRefused(refused.Message);
        }
    }

    private void Take(ConnectIndication indication)
    {
        IDriver driver = DriverCatalog.ByName(Announcing)!;
        var said = new Introduction();
        driver.Open(new Ingest.Drivers.SessionOptions(Transport.Udp, ListenOnly: true)).OnChunk(new Chunk(indication.ArrivedAt, indication.Datagram), said);
        if (said.Device is not { } device)
        {
            return;
        }

        int port = device.Properties.TryGetValue("data-port", out string? text) && int.TryParse(text, out int number) ? number : UsualPort;
        var address = new IPEndPoint(indication.Monitor, port);
        if (_known.Count < MostDevices && _known.Add(address))
        {
            LogFound(device.Model, address);
            open(new PortOptions(address.ToString(), Transport.Udp, () => new UdpLink(new IPEndPoint(IPAddress.Any, 0), address, time)) { Pinned = driver });
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
