using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>
/// HL7 2.x as recorded bytes: a file of messages, or one side of an MLLP stream. It is no driver of the catalogue, because nothing is ever sent to a device: whoever sends HL7 calls the
/// box, which answers each message when it is on the disk (<see cref="MllpListener"/>).
/// </summary>
/// <param name="settings">What the site says.</param>
public sealed class Hl7Driver(Hl7Settings settings) : IDriver
{
    /// <summary>Everything is of this bed, and times without a zone are UTC.</summary>
    public Hl7Driver()
        : this(new Hl7Settings())
    {
    }

    public string Name => "hl7";

    /// <summary>Ticks are nanoseconds since 1970.</summary>
    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        TellsWallTimes = true,
        NetworkPort = Mllp.UsualPort,
        SilentAfter = TimeSpan.FromMinutes(2),
        Manufacturer = "any",
        Devices = "gateways and monitors that send HL7 2.x (PCD-01, PCD-04)",
        Quality = "bronze",
    };

    /// <summary>Yes = a header with delimiters, at the beginning or framed.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport != Transport.Tcp)
        {
            return Verdict.No;
        }

        var reader = new MllpReader(settings.Limits);
        MllpPart part = reader.Take(ref window);
        part = part == MllpPart.Nothing ? reader.Finish() : part;
        return part is MllpPart.Frame or MllpPart.Unterminated && IsHeader(reader.Content) ? Verdict.Yes : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new Hl7Recording(settings);

    private bool IsHeader(ReadOnlyMemory<byte> content)
    {
        var split = MessageSplit.Of(content, settings.Limits);
        return split.Messages.Count > 0 && Hl7Message.Read(split.Messages[0], settings.Limits) is { Count: > 0, Header.HasValue: true };
    }
}

/// <summary>What was sent, read again; answers are not made.</summary>
internal sealed class Hl7Recording(Hl7Settings settings) : IDriverSession
{
    private readonly MllpReader _reader = new(settings.Limits);
    private readonly SenderReader _sender = new(settings);

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            return;
        }

        ReadOnlySpan<byte> bytes = chunk.Bytes.Span;
        while (!bytes.IsEmpty)
        {
            Take(_reader.Take(ref bytes), output);
        }
    }

    public void Stop(IDriverOutput output) => Take(_reader.Finish(), output);

    private void Take(MllpPart part, IDriverOutput output)
    {
        switch (part)
        {
            case MllpPart.Frame or MllpPart.Unterminated:
                Read(_reader.Content, output);
                break;
            case MllpPart.TooLong:
                output.Report(new DeviceEvent.Fault($"a message is longer than {settings.Limits.MessageBytes} bytes and was left out", _reader.Taken));
                break;
            case MllpPart.NotMllp:
                output.Report(new DeviceEvent.Fault($"more than {settings.Limits.Junk} bytes belong to no message", _reader.Taken));
                break;
        }
    }

    private void Read(ReadOnlyMemory<byte> content, IDriverOutput output)
    {
        var split = MessageSplit.Of(content, settings.Limits);
        foreach (Hl7Fault fault in split.Faults)
        {
            output.Report(new DeviceEvent.Fault(fault.ToString(), _reader.Taken - content.Length));
        }

        foreach (ReadOnlyMemory<byte> one in split.Messages)
        {
            var message = Hl7Message.Read(one, settings.Limits);
            if (message.Rejection is { } rejected)
            {
                output.Report(new DeviceEvent.Fault(rejected.ToString(), _reader.Taken - content.Length));
            }
            else if (_sender.Take(message, new UtcInstant(0), output) is var use and not Use.Taken)
            {
                output.Report(new DeviceEvent.Link(Receiving: true, $"a message {message.Kind.Type}^{message.Kind.Event} holds no value of a device in this bed ({use})"));
            }
        }
    }
}
