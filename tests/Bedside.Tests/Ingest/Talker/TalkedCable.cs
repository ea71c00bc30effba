using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Ingest.Talker;
using Bedside.Tests.Ingest.Links;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Ingest.Talker;

/// <summary>A virtual cable, a talker that may open it, and a box that asks the talker.</summary>
internal sealed class TalkedCable : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TimeProvider _time;
    private readonly ILogger<TalkerServer> _log;
    private CancellationTokenSource _cancel = new();
    private Task _served = Task.CompletedTask;

    public TalkedCable(bool listenOnly = false, TimeProvider? time = null, ILogger<TalkerServer>? log = null, params string[] drivers)
    {
        (_time, _log) = (time ?? TimeProvider.System, log ?? NullLogger<TalkerServer>.Instance);
        Rules = new TalkerRules(drivers.Length == 0 ? DriverCatalog.Usual : [.. drivers.Select(name => DriverCatalog.ByName(name)!)], [Cable.Path], listenOnly);
        Ports = new TalkedPorts(Socket, TimeProvider.System);
        Start();
    }

    public PtyPair Cable { get; } = new();

    public TalkerRules Rules { get; }

    public TalkedPorts Ports { get; }

    public string Socket => _folder.PathOf("socket");

    public ISerialLine Open(int speed = 115200, bool listenOnly = false) => Ports.Open(Cable.Path, new LineSettings(speed), listenOnly);

    public void Start()
    {
        _cancel = new CancellationTokenSource();
        var server = TalkerServer.Listen(Socket, Rules, _time, _log);
        _served = Task.Factory.StartNew(
            () =>
            {
                using (server)
                {
                    server.Run(_cancel.Token);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    public async Task StopAsync()
    {
        await _cancel.CancelAsync();
        await _served;
        _cancel.Dispose();
    }

    /// <summary>Somebody who holds the socket and says what they like.</summary>
    public Socket Knock()
    {
        var caller = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 20_000, SendTimeout = 20_000 };
        caller.Connect(new UnixDomainSocketEndPoint(Socket));
        return caller;
    }

    public static byte[] Frame(char kind, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[5 + body.Length];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame.AsSpan(5));
        return frame;
    }

    public static byte[] Frame(char kind, string body) => Frame(kind, Encoding.UTF8.GetBytes(body));

    public byte[] OpenFrame => Frame('O', $$"""{"version":1,"path":"{{Cable.Path}}","line":"9600 8N1","listenOnly":false}""");

    /// <summary>The next frame; null = the talker hung up.</summary>
    public static (char Kind, byte[] Body)? Read(Socket from)
    {
        byte[] header = new byte[5];
        if (!Fill(from, header))
        {
            return null;
        }

        byte[] body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1))];
        Assert.True(Fill(from, body));
        return ((char)header[0], body);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Cable.Dispose();
        _folder.Dispose();
    }

    private static bool Fill(Socket from, byte[] room)
    {
        int have = 0;
        while (have < room.Length)
        {
            int got;
            try
            {
                got = from.Receive(room.AsSpan(have));
            }
            catch (SocketException gone) when (gone.SocketErrorCode == SocketError.ConnectionReset)
            {
                return false;
            }

            if (got == 0)
            {
                return false;
            }

            have += got;
        }

        return true;
    }
}
