using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Bedside.Ingest.Links;
using Microsoft.Extensions.Logging;

namespace Bedside.Ingest.Hl7;

/// <summary>
/// The port on which gateways call the box. Without TLS it listens to this machine only. Connections are bounded in number, in memory and in how slowly they may send; an idle one that is
/// healthy stays open for weeks.
/// </summary>
public sealed partial class MllpListener : IDisposable
{
    private const int Backlog = 64;
    private const int ReadBytes = 16_384;

    /// <summary>Senders that are turned away for their TLS are said once in so long.</summary>
    private static readonly TimeSpan QuietFor = TimeSpan.FromMinutes(1);

    private readonly Socket _socket;
    private readonly IHl7Receiver _receiver;
    private readonly MllpOptions _options;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<long, Connection> _connections = new();
    private long _numbers;
    private long _saidTurnedAway;

    /// <summary>Begins to listen. Throws <see cref="IOException"/> when the port is taken, and <see cref="ArgumentException"/> for an address of the network without TLS.</summary>
    public MllpListener(IPEndPoint local, IHl7Receiver receiver, MllpOptions options, SslServerAuthenticationOptions? tls, (TimeProvider Time, ILogger Log) with)
    {
        if (tls is null && !IPAddress.IsLoopback(local.Address))
        {
            throw new ArgumentException("without a certificate HL7 is taken from this machine only", nameof(local));
        }

        (_receiver, _options, _tls) = (receiver, options, tls);
        (_time, _log) = with;
        _socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            _socket.Bind(local);
            _socket.Listen(Backlog);
        }
        catch (SocketException refused)
        {
            _socket.Dispose();
            throw NetworkFault.OfBinding(local, refused);
        }
    }

    /// <summary>Where it listens: never null, because the constructor bound it.</summary>
    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public int Connections => _connections.Count;

    /// <summary>Serves until cancelled; then every connection is closed.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                Begin(await _socket.AcceptAsync(cancel), cancel);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (Connection connection in _connections.Values)
            {
                connection.Dispose();
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Begin(Socket called, CancellationToken cancel)
    {
        MakeRoom();
        _ = ServeAsync(Interlocked.Increment(ref _numbers), called, cancel);
    }

    private void MakeRoom()
    {
        while (_connections.Count >= _options.Connections)
        {
            (long number, Connection idle) = _connections.MinBy(pair => pair.Value.HeardAt);
            _ = _connections.TryRemove(number, out _);
            LogFull(_options.Connections);
            idle.Dispose();
        }
    }

    private async Task ServeAsync(long number, Socket called, CancellationToken cancel)
    {
        using var connection = new Connection(called, _time);
        _connections[number] = connection;
        try
        {
            await using Stream stream = await OpenAsync(connection.Socket, cancel);
            await ConverseAsync(connection, stream, cancel);
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException or TimeoutException or System.Security.Authentication.AuthenticationException)
        {
            LogEnded(ended.GetType().Name);
        }
        finally
        {
            _ = _connections.TryRemove(number, out _);
        }
    }

    private async Task<Stream> OpenAsync(Socket socket, CancellationToken cancel)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        var plain = new NetworkStream(socket, ownsSocket: true);
        if (_tls is null)
        {
            return plain;
        }

        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsServerAsync(_tls, cancel).WaitAsync(_options.AnswerWithin, _time, cancel);
            return secure;
        }
        catch (Exception failed)
        {
            SayTurnedAway(socket, failed);
            await secure.DisposeAsync();
            throw;
        }
    }

    /// <summary>An engineer must find why a sender is not heard; whoever calls all day long does not fill the log.</summary>
    private void SayTurnedAway(Socket socket, Exception failed)
    {
        long said = Interlocked.Read(ref _saidTurnedAway);
        if (failed is System.Security.Authentication.AuthenticationException && (said == 0 || _time.GetElapsedTime(said) > QuietFor)
            && Interlocked.CompareExchange(ref _saidTurnedAway, _time.GetTimestamp(), said) == said)
        {
            LogTurnedAway((socket.RemoteEndPoint as IPEndPoint)?.Address, failed.GetBaseException().Message);
        }
    }

    private async Task ConverseAsync(Connection connection, Stream stream, CancellationToken cancel)
    {
        MllpConversation conversation = connection.Conversation = new MllpConversation(_receiver, new Acknowledgement(_time, _options.Answers, _options.AlwaysApplication, _options.AnswersOf), _options);
        byte[] buffer = new byte[ReadBytes];
        long frameBegan = 0;
        while (true)
        {
            int count = await ReadAsync(stream, buffer, conversation.IsInside, cancel);
            bool wasInside = conversation.IsInside;
            connection.HeardAt = _time.GetTimestamp();
            IReadOnlyList<byte[]>? answers = count > 0
                ? await conversation.TakeAsync(buffer.AsMemory(0, count), _time.MonotonicNow(), cancel)
                : await conversation.FinishAsync(_time.MonotonicNow(), cancel);
            if (answers is null)
            {
                LogNotMllp();
                return;
            }

            if (answers.Count > 0)
            {
                await stream.WriteAsync(Joined(answers), cancel).AsTask().WaitAsync(_options.AnswerWithin, _time, cancel);
            }

            if (count <= 0)
            {
                return;
            }

            frameBegan = wasInside && answers.Count == 0 ? frameBegan : _time.GetTimestamp();
            if ((conversation.IsInside && _time.GetElapsedTime(frameBegan) > _options.FrameWithin) || Held() > _options.BufferedBytes)
            {
                LogSlow();
                return;
            }
        }
    }

    private long Held()
    {
        long held = 0;
        foreach ((_, Connection connection) in _connections)
        {
            held += connection.Held;
        }

        return held;
    }

    private static byte[] Joined(IReadOnlyList<byte[]> answers)
    {
        byte[] all = new byte[answers.Sum(answer => answer.Length)];
        int at = 0;
        foreach (byte[] answer in answers)
        {
            answer.CopyTo(all, at);
            at += answer.Length;
        }

        return all;
    }

    /// <summary>0 = the other side hung up, -1 = a frame that stands still: its sender is broken and is closed once what is whole of it is answered.</summary>
    private async Task<int> ReadAsync(Stream stream, byte[] buffer, bool isInside, CancellationToken cancel)
    {
        Task<int> reading = stream.ReadAsync(buffer, cancel).AsTask();
        if (!isInside)
        {
            return await reading;
        }

        try
        {
            return await reading.WaitAsync(_options.FrameIdle, _time, cancel);
        }
        catch (TimeoutException)
        {
            return -1;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "More than {Most} HL7 connections: the one that was silent for longest is closed")]
    private partial void LogFull(int most);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sender of HL7 at {Address} was turned away, no TLS came about: {Reason}. One that knows TLS 1.2 alone needs hl7.tls12 in the configuration")]
    private partial void LogTurnedAway(IPAddress? address, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "An HL7 connection ended: {Why}")]
    private partial void LogEnded(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Something that does not speak HL7 called the HL7 port and was closed")]
    private partial void LogNotMllp();

    [LoggerMessage(Level = LogLevel.Warning, Message = "An HL7 message came too slowly or needed too much memory; its connection is closed")]
    private partial void LogSlow();

    private sealed class Connection(Socket socket, TimeProvider time) : IDisposable
    {
        public Socket Socket => socket;

        public long HeardAt { get; set; } = time.GetTimestamp();

        public MllpConversation? Conversation { get; set; }

        public long Held => Conversation?.Held ?? 0;

        public void Dispose() => socket.Dispose();
    }
}
