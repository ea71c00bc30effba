using System.Net;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Host.Services;

/// <summary>
/// Hears monitors that announce themselves on the network and offers each on the board: nobody has to type an address. None is read before a person says that it
/// is this bed's: an announcement goes to a whole subnet, every box of a ward hears every monitor, and whoever came first would keep another bed's data as its own.
/// </summary>
internal sealed partial class NetworkWatch(PortBoard board, TimeProvider time, ILogger<NetworkWatch> log, IReadOnlyList<NetworkWatch.Family>? families = null)
{
    private const int MostDevices = 64;

    /// <summary>Monitors announce themselves each minute or two while nobody reads them (philips-intellivue.md, section 2.1): whoever missed twice as many is gone, or read by somebody.</summary>
    private const long ForgottenAfterNs = 300L * 1_000_000_000;

    private static readonly Family[] Known =
    [
        new("philips-intellivue", ConnectIndicationListener.Port, 24105),
        new("mindray-pds", 4600, 4601),
    ];

    private readonly Dictionary<IPEndPoint, MonotonicInstant> _heard = [];

    /// <summary>Who announces itself where, and the port at which it is then asked.</summary>
    internal sealed record Family(string Driver, int ListensAt, int UsualPort);

    /// <summary>Runs until <paramref name="cancel"/>. A port that is taken by another program is said once; the others go on.</summary>
    public void Run(CancellationToken cancel)
    {
        var listeners = new List<(Family Family, ConnectIndicationListener Listener)>();
        foreach (Family family in families ?? Known)
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

            Forget();
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
        if (!_heard.ContainsKey(address))
        {
            if (_heard.Count >= MostDevices)
            {
                return;
            }

            LogFound(device.Model, address);
        }

        _heard[address] = indication.ArrivedAt;
        board.Offer(address.ToString(), driver, Finding.Announced($"{driver.Traits.Manufacturer} {device.Model}".TrimEnd()));
    }

    private void Forget()
    {
        MonotonicInstant now = time.MonotonicNow();
        foreach (IPEndPoint address in _heard.Where(one => now.Since(one.Value) > ForgottenAfterNs).Select(one => one.Key).ToArray())
        {
            _heard.Remove(address);
            board.Withdraw(address.ToString());
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} announces itself at {Address}; it is read when the setup page says that it is this bed's")]
    private partial void LogFound(string model, IPEndPoint address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Monitors on the network are not heard: {Reason}")]
    private partial void LogRefused(string reason);

    private sealed class Introduction : IDriverOutput
    {
        public DeviceIdentity? Device { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes)
        {
            // An announcement is not answered.
        }

        public void Report(DeviceEvent said) => Device = said is DeviceEvent.Identity identity ? identity.Device : Device;
    }
}
