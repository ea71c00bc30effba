using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Bedside.Ingest.Hl7;

namespace Bedside.Host.Measuring.Hl7;

/// <summary>What one or more connections sent and heard.</summary>
internal sealed class Hl7BenchCounts
{
    /// <summary>Answers CA.</summary>
    public long Accepted { get; set; }

    /// <summary>Answers of any other code.</summary>
    public long Other { get; set; }

    /// <summary>Sent, without TLS's own.</summary>
    public long Bytes { get; set; }

    /// <summary>From the write of a message to its answer, in ticks of the clock, of each answer.</summary>
    public List<long> Latencies { get; } = [];

    public void Add(Hl7BenchCounts other)
    {
        Accepted += other.Accepted;
        Other += other.Other;
        Bytes += other.Bytes;
        Latencies.AddRange(other.Latencies);
    }
}

/// <summary>One gateway on one connection: so many messages under way, and another for each answer.</summary>
internal sealed class Hl7BenchSender : IAsyncDisposable
{
    private const int ReadBytes = 1 << 16;

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly Hl7BenchMessages _messages;
    private readonly int _window;
    private readonly byte[] _out;
    private readonly byte[] _in = new byte[ReadBytes];
    private readonly Queue<long> _sentAt = new();
    private bool _isAccepted;

    private Hl7BenchSender(Stream stream, string gateway, int window, TimeProvider time)
    {
        (_stream, _time, _window) = (stream, time, window);
        _messages = new Hl7BenchMessages(gateway);
        _out = new byte[window * _messages.FrameBytes];
    }

    /// <summary>Calls the box; <paramref name="tls"/> null = without TLS.</summary>
    public static async Task<Hl7BenchSender> CallAsync(IPEndPoint box, SslClientAuthenticationOptions? tls, (string Gateway, int Window) what, TimeProvider time, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(box, cancel);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (tls is null)
            {
                return new Hl7BenchSender(plain, what.Gateway, what.Window, time);
            }

            var secure = new SslStream(plain);
            await secure.AuthenticateAsClientAsync(tls, cancel);
            return new Hl7BenchSender(secure, what.Gateway, what.Window, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends until <paramref name="duration"/> is over and everything is answered.</summary>
    public async Task<Hl7BenchCounts> RunAsync(TimeSpan duration, CancellationToken cancel)
    {
        var counts = new Hl7BenchCounts();
        long start = _time.GetTimestamp();
        await SendAsync(_window, counts, cancel);
        while (_sentAt.Count > 0)
        {
            int read = await _stream.ReadAsync(_in, cancel);
            if (read == 0)
            {
                throw new IOException("the box hung up");
            }

            int answered = Take(_in.AsSpan(0, read), counts);
            if (answered > 0 && _time.GetElapsedTime(start) < duration)
            {
                await SendAsync(answered, counts, cancel);
            }
        }

        return counts;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task SendAsync(int count, Hl7BenchCounts counts, CancellationToken cancel)
    {
        DateTimeOffset now = _time.GetUtcNow();
        for (int i = 0; i < count; i++)
        {
            _messages.Write(now, _out.AsSpan(i * _messages.FrameBytes, _messages.FrameBytes));
        }

        long at = _time.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            _sentAt.Enqueue(at);
        }

        int bytes = count * _messages.FrameBytes;
        await _stream.WriteAsync(_out.AsMemory(0, bytes), cancel);
        counts.Bytes += bytes;
    }

    /// <summary>Counts whole answers. An answer in two reads is seen by its end; its code may have come with the first.</summary>
    private int Take(ReadOnlySpan<byte> heard, Hl7BenchCounts counts)
    {
        int answered = 0;
        while (true)
        {
            int end = heard.IndexOf(Mllp.End);
            ReadOnlySpan<byte> part = end < 0 ? heard : heard[..end];
            _isAccepted |= part.IndexOf("MSA|CA|"u8) >= 0;
            if (end < 0)
            {
                return answered;
            }

            counts.Latencies.Add(_time.GetTimestamp() - _sentAt.Dequeue());
            counts.Accepted += _isAccepted ? 1 : 0;
            counts.Other += _isAccepted ? 0 : 1;
            _isAccepted = false;
            answered++;
            heard = heard[(end + 1)..];
        }
    }
}
