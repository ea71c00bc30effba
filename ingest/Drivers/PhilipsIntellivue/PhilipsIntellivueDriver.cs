using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Philips IntelliVue monitors (X2, X3, MP, MX) by the Data Export Interface: on LAN over UDP, and on the MIB/RS232 board
/// by the fixed-baudrate protocol. See the README beside it for what is confirmed by real bytes.
/// </summary>
public sealed class PhilipsIntellivueDriver : IDriver, IRestoresRecordings
{
    private const int DataPort = 24105;
    private const int EnoughMessages = 2;
    private const int EnoughToTell = 1500;

    public string Name => "philips-intellivue";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.EighthMillisecond32,
        Lines = [new LineSettings(115_200), new LineSettings(19_200)],
        NetworkPort = DataPort,
        Outgoing = Outgoing.All,
        Probes = Outgoing.SerialProbes,

        // Section 4.7: the accept was seen 1.09 to 2.19 s after the request.
        AnswersWithin = TimeSpan.FromSeconds(2.2),
        NetworkProbes = Outgoing.LanProbes,
        SilentAfter = TimeSpan.FromSeconds(5),
        Manufacturer = "Philips",
        Devices = "IntelliVue X2, X3, MP and MX monitors with Data Export (LAN, or MIB/RS232 fixed baud rate)",
        Quality = "bronze",
    };

    public byte[]? Restore(ReadOnlySpan<byte> recorded) => Frame.Restore(recorded);

    /// <summary>Yes for a connect indication, or for two messages whose structure and checksums are right.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        IMessageSource source = transport == Transport.Udp ? new MessageStream() : new FrameStream();
        source.Push(window, default);
        int good = 0;
        while (source.TryTake(out Piece piece))
        {
            good += Weight(piece.Message);
        }

        if (good >= EnoughMessages)
        {
            return Verdict.Yes;
        }

        return good > 0 || window.Length < EnoughToTell ? Verdict.NeedMore : Verdict.No;
    }

    public IDriverSession Open(SessionOptions options) => new IntellivueSession(options);

    /// <summary>How much a message proves: the short session messages prove nothing, a connect indication all.</summary>
    private static int Weight(ReadOnlyMemory<byte> message)
    {
        if (message.IsEmpty)
        {
            return 0;
        }

        return message.Span[0] switch
        {
            MessageType.ConnectIndication => IsReport(message, Notice.ConnectIndication) ? EnoughMessages : 0,
            MessageType.AssociationAccept => Association.Parse(message) is null ? 0 : 1,
            MessageType.Data => IsSound(message) ? 1 : 0,
            _ => 0,
        };
    }

    private static bool IsReport(ReadOnlyMemory<byte> message, ushort type) =>
        DataMessage.TryParse(message, out DataMessage data) && EventReport.TryParse(data.Body, out EventReport report) && report.Type == type;

    private static bool IsSound(ReadOnlyMemory<byte> message)
    {
        if (!DataMessage.TryParse(message, out DataMessage data))
        {
            return false;
        }

        return data.Operation switch
        {
            RemoteOperation.Invoke => IsReport(message, Notice.MdsCreate),
            RemoteOperation.Error => true,
            _ => data.Command != Command.ConfirmedAction || PollReply.Parse(data.Body) is not null,
        };
    }
}
