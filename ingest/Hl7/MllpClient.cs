using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Bedside.Ingest.Hl7;

/// <summary>The side that calls and sends: one message, then its answer. Without TLS it calls this machine only.</summary>
public sealed class MllpClient : IAsyncDisposable
{
    private const int ReadBytes = 4_096;

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly MllpReader _reader = new(Hl7Limits.Default);
    private readonly byte[] _buffer = new byte[ReadBytes];
    private ReadOnlyMemory<byte> _rest;

    private MllpClient(Stream stream, TimeProvider time, TimeSpan patience) => (_stream, _time, _patience) = (stream, time, patience);

    /// <summary>Throws <see cref="IOException"/> when nobody is there, <see cref="ArgumentException"/> for an address of the network without TLS.</summary>
    public static async Task<MllpClient> ConnectAsync(IPEndPoint server, SslClientAuthenticationOptions? tls, TimeProvider time, TimeSpan patience, CancellationToken cancel)
    {
        if (tls is null && !IPAddress.IsLoopback(server.Address))
        {
            throw new ArgumentException("without TLS HL7 is sent within this machine only", nameof(server));
        }

        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancel).AsTask().WaitAsync(patience, time, cancel);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (tls is null)
            {
                return new MllpClient(plain, time, patience);
            }

            var secure = new SslStream(plain, leaveInnerStreamOpen: false);
            await secure.AuthenticateAsClientAsync(tls, cancel).WaitAsync(patience, time, cancel);
            return new MllpClient(secure, time, patience);
        }
        catch (Exception failed) when (failed is SocketException or TimeoutException or System.Security.Authentication.AuthenticationException)
        {
            socket.Dispose();
            throw new IOException($"{server} cannot be reached: {failed.Message}", failed);
        }
    }

    /// <summary>Sends a message and waits for the answer that names its control id; answers to others are passed over. Throws <see cref="IOException"/> when none comes.</summary>
    public async Task<Hl7Message> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        int header = message.Span.IndexOfAny((byte)'\r', (byte)'\n');
        byte[] control = Hl7Message.Read(header < 0 ? message : message[..header]).Header.Field(10).Bytes.ToArray();
        await _stream.WriteAsync(Mllp.Frame(message.Span), cancel);
        while (true)
        {
            Hl7Message answer = await ReceiveAsync(cancel);
            Hl7Value named = answer.First("MSA"u8).Field(2);
            if (named.IsEmpty || named.Bytes.SequenceEqual(control))
            {
                return answer;
            }
        }
    }

    /// <summary>The next message of the other side.</summary>
    public async Task<Hl7Message> ReceiveAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (Step() is { } message)
            {
                return message;
            }

            int count;
            try
            {
                count = await _stream.ReadAsync(_buffer, cancel).AsTask().WaitAsync(_patience, _time, cancel);
            }
            catch (TimeoutException late)
            {
                throw new IOException($"no answer within {_patience.TotalSeconds} s", late);
            }

            _rest = count > 0 ? _buffer.AsMemory(0, count) : throw new IOException("the other side hung up without an answer");
        }
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private Hl7Message? Step()
    {
        while (!_rest.IsEmpty)
        {
            ReadOnlySpan<byte> rest = _rest.Span;
            MllpPart part = _reader.Take(ref rest);
            _rest = _rest[^rest.Length..];
            if (part == MllpPart.Frame)
            {
                return Hl7Message.Read(_reader.Content.ToArray());
            }
        }

        return null;
    }
}
