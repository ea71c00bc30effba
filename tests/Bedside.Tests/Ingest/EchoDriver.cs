using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest;

/// <summary>
/// An invented protocol: frames of four bytes, <c>start x ~x end</c>. The device answers the question 0 with two frames. Frame 1 is
/// its identity; any other x is a sign of life.
/// </summary>
internal sealed class EchoDriver(string name, byte start) : IDriver
{
    private const byte End = 0x5A;

    public string Name => name;

    public byte[] Question => Frame(0);

    public DriverTraits Traits => new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = Lines,
        NetworkPort = NetworkPort,
        Outgoing = [new AllowedMessage("who are you", Question)],
        Probes = Asks ? [Question] : [],
        SilentAfter = TimeSpan.FromSeconds(2),
        AnswersWithin = AnswersWithin,
        SpeaksEvery = SpeaksEvery,
        UsbIds = UsbIds,
        Manufacturer = "Invented",
        Devices = $"Invented {name}",
        Quality = "experimental",
    };

    public IReadOnlyList<LineSettings> Lines { get; init; } = [new(115200), new(19200)];

    public int NetworkPort { get; init; }

    public bool Asks { get; init; } = true;

    public TimeSpan AnswersWithin { get; init; }

    public TimeSpan SpeaksEvery { get; init; }

    public IReadOnlyList<string> UsbIds { get; init; } = [];

    /// <summary>What the sessions try to send at their first chunk.</summary>
    public byte[] Opening { get; init; } = [];

    public byte[] Frame(byte x) => [start, x, (byte)~x, End];

    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        int good = 0;
        for (int i = 0; i + 4 <= window.Length; i++)
        {
            good += IsFrame(window[i..]) ? 1 : 0;
        }

        return good >= 2 ? Verdict.Yes : window.Contains(start) ? Verdict.NeedMore : Verdict.No;
    }

    public IDriverSession Open(SessionOptions options) => new Session(this);

    private bool IsFrame(ReadOnlySpan<byte> at) => at[0] == start && (at[1] ^ at[2]) == 0xFF && at[3] == End;

    private sealed class Session(EchoDriver driver) : IDriverSession
    {
        private readonly List<byte> _held = [];
        private bool _begun;
        private long _offset;

        public void OnChunk(Chunk chunk, IDriverOutput output)
        {
            if (!_begun && driver.Opening.Length > 0)
            {
                output.Send(driver.Opening);
            }

            _begun = true;
            _held.AddRange(chunk.Bytes.Span);
            while (_held.Count >= 4)
            {
                byte[] head = [.. _held.Take(4)];
                if (!driver.IsFrame(head))
                {
                    output.Report(new DeviceEvent.Fault("no frame", _offset++));
                    _held.RemoveAt(0);
                    continue;
                }

                output.Report(head[1] == 1
                    ? new DeviceEvent.Identity(new DeviceIdentity { Manufacturer = "Invented", Model = driver.Name })
                    : new DeviceEvent.Link(Receiving: true, $"frame {head[1]}"));
                _held.RemoveRange(0, 4);
                _offset += 4;
            }
        }
    }
}
