using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bedside.Ingest.Hl7;

namespace Bedside.Tests.Services;

/// <summary>What a destination does with a message.</summary>
/// <param name="Answer">Bytes to send; null = it hangs up.</param>
/// <param name="HangUp">After the answer.</param>
internal sealed record Reaction(byte[]? Answer, bool HangUp = false)
{
    public static Reaction Says(string code, string control, bool framed = true)
    {
        string text = $"MSH|^~\\&|D||||20260101000000+0000||ACK^R01^ACK|9|P|2.6\rMSA|{code}|{control}|because\r";
        return new Reaction(framed ? Mllp.Frame(Encoding.UTF8.GetBytes(text)) : [Mllp.Start, .. Encoding.UTF8.GetBytes(text)]);
    }

    public static Reaction Accepts(string control) => Says("CA", control);
}

/// <summary>A destination for HL7 on a free port of this machine that does with each message what a test says, and knows again what it has.</summary>
internal sealed class Destination : IAsyncDisposable
{
    private readonly Func<int, string, Reaction> _react;
    private readonly X509Certificate2? _certificate;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _has = new(StringComparer.Ordinal);
    private readonly List<string> _kept = [];
    private readonly Task _running;

    /// <summary>Listens at once.</summary>
    /// <param name="react">The count of the message that came, from 1, and its control id to what is done.</param>
    /// <param name="certificate">TLS; null = none.</param>
    /// <param name="port">Where one was before; 0 = any free one.</param>
    public Destination(Func<int, string, Reaction> react, X509Certificate2? certificate = null, int port = 0)
    {
        (_react, _certificate, _listener) = (react, certificate, new TcpListener(IPAddress.Loopback, port));
        _listener.Start();
        _running = RunAsync();
    }

    public IPEndPoint Local => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Bytes that it takes of each connection, by the connection's count from 1, before it hangs up; null = all.</summary>
    public Func<int, int?> TakesOf { get; init; } = _ => null;

    /// <summary>How many bytes of an answer leave before it hangs up, by the count of the message from 1; null = all.</summary>
    public Func<int, int?> GivesOf { get; init; } = _ => null;

    /// <summary>Versions of TLS that it knows; none = those of the system.</summary>
    public SslProtocols Protocols { get; init; }

    public int Connections { get; private set; }

    public int Came { get; private set; }

    /// <summary>Each message once, in the order in which it came first.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    /// <summary>A control id came again with other bytes.</summary>
    public bool IsContradicted { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                await ServeAsync(client.GetStream(), Connections);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test ends.
        }
    }

    private async Task ServeAsync(Stream stream, int connection)
    {
        try
        {
            await using Stream line = _certificate is null ? stream : new SslStream(stream);
            if (line is SslStream secure)
            {
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = Protocols }, _stop.Token);
            }

            var reader = new MllpReader(Hl7Limits.Default);
            byte[] buffer = new byte[4096];
            int left = TakesOf(connection) ?? int.MaxValue;
            while (left > 0)
            {
                int count = await line.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, left)), _stop.Token);
                if (count == 0)
                {
                    return;
                }

                left -= count;
                for (ReadOnlyMemory<byte> rest = buffer.AsMemory(0, count); !rest.IsEmpty;)
                {
                    if (Next(reader, ref rest) is { } message && !await AnswerAsync(line, message))
                    {
                        return;
                    }
                }
            }
        }
        catch (Exception broken) when (broken is IOException or AuthenticationException)
        {
            // The sender hung up.
        }
    }

    private static string? Next(MllpReader reader, ref ReadOnlyMemory<byte> rest)
    {
        ReadOnlySpan<byte> bytes = rest.Span;
        MllpPart part = reader.Take(ref bytes);
        rest = rest[^bytes.Length..];
        return part == MllpPart.Frame ? Encoding.UTF8.GetString(reader.Content.Span) : null;
    }

    private async Task<bool> AnswerAsync(Stream line, string message)
    {
        string control = message.Split('|', 11)[9];
        Reaction reaction;
        lock (_gate)
        {
            Came++;
            if (!_has.TryAdd(control, message))
            {
                IsContradicted |= _has[control] != message;
            }
            else
            {
                _kept.Add(message);
            }

            reaction = _react(Came, control);
        }

        if (reaction.Answer is not { } answer)
        {
            return false;
        }

        int given = Math.Min(answer.Length, GivesOf(Came) ?? int.MaxValue);
        await line.WriteAsync(answer.AsMemory(0, given), _stop.Token);
        return given == answer.Length && !reaction.HangUp;
    }
}
