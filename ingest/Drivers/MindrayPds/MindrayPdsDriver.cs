using Bedside.Model;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>
/// Mindray monitors with Patient Data Share: uMEC, iPM, BeneView, T series. The box connects to TCP 4601 of the monitor. Written from our sheet of facts (section A), which
/// rests on eight or more independent open programs; see README.md for what is confirmed. It asks for data and changes nothing.
/// </summary>
public sealed class MindrayPdsDriver(MonitorUnits units) : IDriver
{
    private const int MessagesForYes = 2;
    private const int EnoughToSay = 2_048;

    /// <summary>With units not told.</summary>
    public MindrayPdsDriver()
        : this(new MonitorUnits())
    {
    }

    public string Name => "mindray-pds";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        NetworkPort = Announcement.UsualPort,
        NetworkTransport = Transport.Tcp,
        Outgoing = Outgoing.All,
        NetworkProbes = [Outgoing.KeepAlive],
        SpeaksEvery = TimeSpan.FromSeconds(1),
        SilentAfter = TimeSpan.FromSeconds(5),
        Manufacturer = "Mindray",
        Devices = "uMEC, iPM, BeneView and T series with Patient Data Share",
        Quality = "bronze",
    };

    /// <summary>Yes = two messages with a header of this protocol and a class that is known.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Serial)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        int messages = 0;
        foreach (byte value in window)
        {
            if (deframer.Take(value) == Part.Message && MonitorMessage.Read(deframer.Message) is { } message && MessageClass.IsKnown(message.Class))
            {
                messages++;
            }
        }

        bool hopeless = messages == 0 && window.Length >= EnoughToSay && window.IndexOf(Frame.Start) < 0;
        return messages >= MessagesForYes ? Verdict.Yes : hopeless ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new MindrayPdsSession(options, units);
}
