using Bedside.Model;

namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>
/// Hamilton ventilators (G5, GALILEO) with the polling protocol on RS-232. Experimental: written from our sheet of facts, which rests on open programs and no
/// document of the maker; see README.md for what is not confirmed. The Block Protocol is not read.
/// </summary>
public sealed class HamiltonPollingDriver : IDriver
{
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

    /// <summary>
    /// Nothing has a checksum: yes = two replies of nine bytes that begin and end right, with known ids and five characters that are a number. The box's own
    /// questions have another length.
    /// </summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        int numbers = 0;
        foreach (byte value in window)
        {
            if (deframer.Take(value) == Part.Reply && Reply.Read(deframer.Reply, asked: null, out _) is { Kind: ReplyKind.Value } reply && Reply.IsNumber(reply.Text))
            {
                numbers++;
            }
        }

        return numbers >= NumbersForYes ? Verdict.Yes : numbers == 0 && window.Length >= EnoughToSay ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new HamiltonPollingSession(options);
}
