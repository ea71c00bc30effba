using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Bedside.Ingest.Hl7;

namespace Bedside.Host.Services;

/// <summary>What a destination said of a message.</summary>
internal enum Hl7Reply
{
    /// <summary>AA or CA: it has the message.</summary>
    Accepted = 1,

    /// <summary>AE or CE: it could not take it now.</summary>
    Again = 2,

    /// <summary>AR or CR: it never will.</summary>
    Refused = 3,
}

/// <summary>
/// A connection to one destination: one message, then its answer. An answer is known by MSA-2; one that names none, or none that was sent lately, is that of the message under way. Answers that come twice,
/// answers without an end, small letters and bytes in between are what destinations do.
/// </summary>
internal sealed class Hl7OutLine : IAsyncDisposable
{
    private const int ReadBytes = 4_096;
    private const int LongestText = 120;

    /// <summary>Answers of this many messages before are known as such.</summary>
    private const int MostSent = 64;

    /// <summary>An answer that stands still for so long has ended.</summary>
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(1);

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly MllpReader _reader = new(Hl7Limits.Default);
    private readonly byte[] _buffer = new byte[ReadBytes];
    private readonly Queue<string> _sent = new();
    private Task<int>? _reading;

    private Hl7OutLine(Stream stream, TimeProvider time, TimeSpan patience) => (_stream, _time, _patience) = (stream, time, patience);

    /// <summary>Throws <see cref="IOException"/> with the reason when nobody is there, or is not who it should be.</summary>
    public static async Task<Hl7OutLine> ConnectAsync(DnsEndPoint place, SslClientAuthenticationOptions? tls, TimeProvider time, TimeSpan patience, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            await socket.ConnectAsync(place, cancel).AsTask().WaitAsync(patience, time, cancel);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = secure;
                await secure.AuthenticateAsClientAsync(tls, cancel).WaitAsync(patience, time, cancel);
            }

            return new Hl7OutLine(stream, time, patience);
        }
        catch (Exception failed)
        {
            socket.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            string reason = failed is AuthenticationException ? $"no TLS came about ({failed.GetBaseException().Message}); a destination that knows TLS 1.2 alone needs hl7Out.tls12" : failed.Message;
            throw failed is SocketException or TimeoutException or AuthenticationException or IOException ? new IOException(reason, failed) : failed;
        }
    }

    /// <summary>Sends a message and waits for its answer, with the answer's text. Throws <see cref="IOException"/> when none comes: whether the message arrived is not known then.</summary>
    public async Task<(Hl7Reply Reply, string Text)> SendAsync(ReadOnlyMemory<byte> message, string control, CancellationToken cancel)
    {
        await DropWhatWaitsAsync();
        _sent.Enqueue(control);
        if (_sent.Count > MostSent)
        {
            _ = _sent.Dequeue();
        }

        try
        {
            await _stream.WriteAsync(Mllp.Frame(message.Span), cancel).AsTask().WaitAsync(_patience, _time, cancel);
        }
        catch (TimeoutException late)
        {
            throw new IOException($"the message was not taken within {_patience.TotalSeconds:0.#} s", late);
        }

        long begun = _time.GetTimestamp();
        while (true)
        {
            TimeSpan left = _patience - _time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                throw new IOException($"no answer within {_patience.TotalSeconds:0.#} s");
            }

            foreach (Hl7Message answer in await ReceiveAsync(_reader.IsInside && left > Still ? Still : left, cancel))
            {
                if (ReplyOf(answer, control) is { } reply)
                {
                    return reply;
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        if (_reading is { } reading)
        {
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Null for what is no answer to this message.</summary>
    private (Hl7Reply, string)? ReplyOf(Hl7Message answer, string control)
    {
        Hl7Value said = answer.First("MSA"u8);
        string named = said.Field(2).Text;
        if (named.Length > 0 && named != control && _sent.Contains(named))
        {
            return null;
        }

        Hl7Reply? reply = said.Field(1).Text.ToUpperInvariant() switch
        {
            "AA" or "CA" => Hl7Reply.Accepted,
            "AE" or "CE" => Hl7Reply.Again,
            "AR" or "CR" => Hl7Reply.Refused,
            _ => null,
        };
        string text = $"{said.Field(1).Text} {said.Field(3).Text}".Trim();
        return reply is { } known ? (known, string.Concat(text.Take(LongestText).Where(letter => !char.IsControl(letter)))) : null;
    }

    /// <summary>What came since the last answer belongs to no message under way. Throws <see cref="IOException"/> when the other side hung up meanwhile.</summary>
    private async Task DropWhatWaitsAsync()
    {
        while (ReadAsync() is { IsCompleted: true } done)
        {
            _ = await TakeAsync(done);
        }
    }

    /// <summary>The answers that are complete by then; none when nothing came, unless one stands still unfinished.</summary>
    private async Task<List<Hl7Message>> ReceiveAsync(TimeSpan within, CancellationToken cancel)
    {
        Task<int> reading = ReadAsync();
        await ((Task)reading).WaitAsync(within, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        if (reading.IsCompleted)
        {
            return await TakeAsync(reading);
        }

        return _reader.Finish() is MllpPart.Unterminated or MllpPart.Frame ? [Hl7Message.Read(_reader.Content.ToArray())] : [];
    }

    private Task<int> ReadAsync() => _reading ??= _stream.ReadAsync(_buffer).AsTask();

    /// <summary>The answers in what was read. Throws <see cref="IOException"/> when the connection broke or was ended without one.</summary>
    private async Task<List<Hl7Message>> TakeAsync(Task<int> done)
    {
        _reading = null;
        int count = await done;
        var answers = new List<Hl7Message>();
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, count);
        while (!rest.IsEmpty)
        {
            MllpPart part = _reader.Take(ref rest);
            if (part is MllpPart.Frame or MllpPart.Unterminated)
            {
                answers.Add(Hl7Message.Read(_reader.Content.ToArray()));
            }
            else if (part is MllpPart.TooLong or MllpPart.NotMllp)
            {
                throw new IOException("what answers does not speak HL7");
            }
        }

        // What hangs up in the middle of an answer has said what it had to say.
        if (count == 0 && _reader.Finish() == MllpPart.Unterminated)
        {
            answers.Add(Hl7Message.Read(_reader.Content.ToArray()));
        }

        return count > 0 || answers.Count > 0 ? answers : throw new IOException("the other side hung up without an answer");
    }
}
