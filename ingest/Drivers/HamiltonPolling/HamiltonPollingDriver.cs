using Bedside.Model;

namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>
/// Hamilton ventilators (G5, GALILEO) with the polling protocol on RS-232. Experimental: written from our sheet of facts, which rests on open programs and no
/// document of the maker; see README.md for what is not confirmed. The Block Protocol is not read.
/// </summary>
public sealed class HamiltonPollingDriver : IDriver
{
    private const int RepliesForYes = 3;
    private const int NumbersForYes = 2;
    private const int EnoughToSay = 512;

    public string Name => "hamilton-polling";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(9600, 8, LineParity.Even, 2)],
        Outgoing = Outgoing.All,
        Probes = Outgoing.Probes,
        SilentAfter = TimeSpan.FromSeconds(5),
        Manufacturer = "Hamilton Medical",
        Devices = "G5, GALILEO with the polling protocol",
        Quality = DriverTraits.Experimental,
    };

    /// <summary>Nothing has a checksum: yes = three replies of the right form with known ids, two of them numbers. The box's own questions have another length.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        int replies = 0;
        int numbers = 0;
        foreach (byte value in window)
        {
            if (deframer.Take(value) == Part.Reply && Reply.Read(deframer.Reply, asked: null, out _) is { Kind: ReplyKind.Value or ReplyKind.Error } reply)
            {
                bool number = reply.Kind == ReplyKind.Value && Reply.IsNumber(reply.Text);
                replies += number || reply.Kind == ReplyKind.Error ? 1 : 0;
                numbers += number ? 1 : 0;
            }
        }

        return replies >= RepliesForYes && numbers >= NumbersForYes ? Verdict.Yes : replies == 0 && window.Length >= EnoughToSay ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new HamiltonPollingSession(options);
}
