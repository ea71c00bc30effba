using System.Net.Sockets;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Ingest.Talker;

/// <summary>The serial ports that a talker has, for the program that may have none itself.</summary>
/// <param name="socket">Where the talker listens.</param>
public sealed class TalkedPorts(string socket, TimeProvider time) : ISerialPorts
{
    private const int AnswerWithinMs = 10_000;
    private const int Version = 1;

    private volatile Finding? _fault;

    /// <summary>Why the talker cannot be reached, as it was tried last; null = it can.</summary>
    public Finding? Fault => _fault;

    public IReadOnlyList<SerialPortName> List()
    {
        using TalkerWire wire = Connect();
        wire.Write(FrameKind.List, new ListQuestion(Version), TalkerJson.Default.ListQuestion);
        return Answer(wire, FrameKind.Ports).Read(TalkerJson.Default.IReadOnlyListSerialPortName);
    }

    public ISerialLine Open(string path, LineSettings line, bool listenOnly)
    {
        TalkerWire wire = Connect();
        try
        {
            wire.Write(FrameKind.Open, new OpenQuestion(Version, path, line.ToString(), listenOnly), TalkerJson.Default.OpenQuestion);
            OpenAnswer answer = Answer(wire, FrameKind.Done).Read(TalkerJson.Default.OpenAnswer);
            return new TalkedLine(wire, answer.ListenOnly && !listenOnly, time);
        }
        catch
        {
            wire.Dispose();
            throw;
        }
    }

    /// <summary>The next frame, which must be that, or the talker's fault. Throws <see cref="IOException"/>.</summary>
    internal static Frame Expect(Frame? frame, FrameKind kind) => frame switch
    {
        null => throw Ended(),
        { Kind: FrameKind.Fault } fault => throw new LineException(fault.Read(TalkerJson.Default.Finding)),
        { } other when other.Kind == kind => other,
        _ => throw TalkerWire.Nonsense(),
    };

    internal static LineException Ended() => new(
        FindingKind.Lost,
        "The talker, the program that has the serial ports, ended. It is started again by itself; else: systemctl start bedside-talker.",
        "Le programme qui tient les ports série s’est arrêté. Il redémarre de lui-même ; sinon : systemctl start bedside-talker.");

    private static Frame Answer(TalkerWire wire, FrameKind kind) => Expect(wire.Read(), kind);

    private TalkerWire Connect()
    {
        var caller = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = AnswerWithinMs, SendTimeout = AnswerWithinMs };
        try
        {
            caller.Connect(new UnixDomainSocketEndPoint(socket));
            _fault = null;
            return new TalkerWire(caller);
        }
        catch (SocketException refused)
        {
            caller.Dispose();
            _fault = Refused(refused);
            throw new LineException(_fault);
        }
    }

    private Finding Refused(SocketException refused) => refused.SocketErrorCode == SocketError.AccessDenied
        ? new Finding(
            FindingKind.NotAllowed,
            $"{socket}, where the serial ports are, may not be used by {Environment.UserName}. Add the user to the group of bedside talker (SupplementaryGroups=bedside-talker).",
            $"{socket}, où sont les ports série, ne peut pas être utilisé par {Environment.UserName}. Ajoutez l’utilisateur au groupe de bedside talker (SupplementaryGroups=bedside-talker).")
        : new Finding(
            FindingKind.NoPort,
            $"The talker, the program that has the serial ports, does not answer at {socket}. Start it: systemctl start bedside-talker.",
            $"Le programme qui tient les ports série ne répond pas à {socket}. Démarrez-le : systemctl start bedside-talker.");
}
