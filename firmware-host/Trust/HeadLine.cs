using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bedside.Host.Trust;

/// <summary>What a box says to the head of its unit, over TLS that is pinned to the unit's root. Throws <see cref="UnitFaultException"/> with a sentence for whatever goes wrong.</summary>
internal static class HeadLine
{
    private const int MostBytes = 64 * 1024;

    /// <summary>Of a unit that is full.</summary>
    private const int MostWishBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Joins with a code: the root is asked for and must have the hash of the code; the head must then have a certificate under that root for the name in the code. Only then is the secret said.
    /// </summary>
    /// <param name="address">Where the head is; empty = its name is resolved.</param>
    public static async Task<UnitMembership> JoinAsync(EnrolmentCode code, string address, ECDsa key, TimeProvider time, CancellationToken cancel)
    {
        AuthorityMessage authority;

        // What is told here is public, and is checked by its hash: whoever answers, nothing is said to them yet.
        var anybody = new SslClientAuthenticationOptions { EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13, TargetHost = code.Host, RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null };
        using (HttpClient http = Dial(code.Host, code.Port, address, anybody))
        {
            authority = await AnswerAsync(http.GetAsync(new Uri("unit/v1/authority", UriKind.Relative), cancel), UnitMessages.Default.AuthorityMessage, code.Host, cancel);
        }

        using X509Certificate2 root = RootOf(authority);
        if (!string.Equals(EnrolmentCode.HashOf(root), code.RootHash, StringComparison.Ordinal))
        {
            throw new UnitFaultException($"what answers as {code.Host} is not the head of the unit that made this code: nothing was said to it. Check the cable and the address, and ask for a new code.");
        }

        var message = new EnrolmentMessage(code.Secret, UnitDesk.Request(key));
        using HttpClient pinned = Dial(code.Host, code.Port, address, UnitChain.Client(code.Host, root, [], time.GetUtcNow()));
        GrantMessage grant = await AnswerAsync(
            pinned.PostAsJsonAsync(new Uri("unit/v1/enrol", UriKind.Relative), message, UnitMessages.Default.EnrolmentMessage, cancel), UnitMessages.Default.GrantMessage, code.Host, cancel);
        return new UnitMembership
        {
            Name = grant.Name,
            Zone = grant.Zone,
            Box = grant.Box,
            Host = grant.Host,
            Head = grant.Head,
            HeadAddress = address,
            Root = authority.Root,
            Issuer = grant.Issuer,
            Certificate = grant.Certificate,
            Key = string.Empty,
        };
    }

    /// <summary>Another certificate for a box that has a good one, by which it is known.</summary>
    public static async Task<IssuedLeaf> RenewAsync(BoxCertificate box, ECDsa key, TimeProvider time, CancellationToken cancel)
    {
        (string host, int port) = Split(box.Unit.Head);
        using HttpClient http = Dial(host, port, box.Unit.HeadAddress, box.Client(host, time));
        GrantMessage grant = await AnswerAsync(
            http.PostAsJsonAsync(new Uri("unit/v1/renew", UriKind.Relative), new RenewalMessage(UnitDesk.Request(key)), UnitMessages.Default.RenewalMessage, cancel),
            UnitMessages.Default.GrantMessage,
            host,
            cancel);
        return new IssuedLeaf(grant.Box, grant.Host, grant.Certificate, grant.Issuer);
    }

    /// <summary>Which boxes were taken out of the unit, as the head signed it.</summary>
    public static async Task<SignedRemovals> RemovalsAsync(BoxCertificate box, TimeProvider time, CancellationToken cancel)
    {
        (string host, int port) = Split(box.Unit.Head);
        using HttpClient http = Dial(host, port, box.Unit.HeadAddress, box.Client(host, time));
        return await AnswerAsync(http.GetAsync(new Uri("unit/v1/removed", UriKind.Relative), cancel), UnitMessages.Default.SignedRemovals, host, cancel);
    }

    /// <summary>Says to the head who refuses research here, or asks who does anywhere.</summary>
    public static async Task<WishAnswer> WishesAsync(BoxCertificate box, WishQuestion question, TimeProvider time, CancellationToken cancel)
    {
        (string host, int port) = Split(box.Unit.Head);
        using HttpClient http = Dial(host, port, box.Unit.HeadAddress, box.Client(host, time), MostWishBytes);
        return await AnswerAsync(
            http.PostAsJsonAsync(new Uri("unit/v1/wishes", UriKind.Relative), question, WishJson.Default.WishQuestion, cancel), WishJson.Default.WishAnswer, host, cancel);
    }

    /// <summary>Brings a checkpoint to the head, which is its witness, and hears the head's own.</summary>
    public static async Task<WitnessReply> WitnessAsync(BoxCertificate box, WitnessCall call, TimeProvider time, CancellationToken cancel)
    {
        (string host, int port) = Split(box.Unit.Head);
        using HttpClient http = Dial(host, port, box.Unit.HeadAddress, box.Client(host, time));
        return await AnswerAsync(
            http.PostAsJsonAsync(new Uri("unit/v1/witness", UriKind.Relative), call, WitnessJson.Default.WitnessCall, cancel), WitnessJson.Default.WitnessReply, host, cancel);
    }

    /// <summary>Of <c>HOST:PORT</c>.</summary>
    public static (string Host, int Port) Split(string place)
    {
        int colon = place.LastIndexOf(':');
        return colon > 0 && int.TryParse(place[(colon + 1)..], out int port) ? (place[..colon], port) : throw new UnitFaultException($"{place} does not say where the unit head is.");
    }

    private static HttpClient Dial(string host, int port, string address, SslClientAuthenticationOptions tls, int mostBytes = MostBytes) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = Patience,
        SslOptions = tls,
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await (address.Length == 0 ? socket.ConnectAsync(context.DnsEndPoint, cancel) : socket.ConnectAsync(IPAddress.Parse(address), context.DnsEndPoint.Port, cancel));
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        BaseAddress = new UriBuilder(Uri.UriSchemeHttps, host, port).Uri,
        Timeout = Patience,
        MaxResponseContentBufferSize = mostBytes,
    };

    private static async Task<T> AnswerAsync<T>(Task<HttpResponseMessage> asking, JsonTypeInfo<T> type, string host, CancellationToken cancel)
        where T : class
    {
        try
        {
            using HttpResponseMessage answer = await asking;
            if (answer.IsSuccessStatusCode)
            {
                return await answer.Content.ReadFromJsonAsync(type, cancel) ?? throw new UnitFaultException($"{host} gave no answer that a unit head gives.");
            }

            throw new UnitFaultException($"the unit head refused: {SentenceOf(await answer.Content.ReadAsStringAsync(cancel)) ?? answer.StatusCode.ToString()}");
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested && failed is HttpRequestException or TaskCanceledException or IOException)
        {
            throw new UnitFaultException(failed.InnerException is System.Security.Authentication.AuthenticationException wrong
                ? $"what answers as {host} is not the head of this unit, or the time of one of the boxes is wrong: {wrong.Message}"
                : $"the unit head {host} does not answer: {failed.Message} Check that it is on and that this box reaches it; --address says where it is when its name is not known here.");
        }
        catch (Exception failed) when (failed is JsonException or NotSupportedException)
        {
            throw new UnitFaultException($"what answers as {host} is no unit head.");
        }
    }

    /// <summary>What a head says, or a screen of it (RFC 9457); null = neither.</summary>
    private static string? SentenceOf(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } answer && (answer.TryGetProperty("sentence", out JsonElement said) || answer.TryGetProperty("detail", out said)) ? said.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static X509Certificate2 RootOf(AuthorityMessage authority)
    {
        try
        {
            return X509Certificate2.CreateFromPem(authority.Root);
        }
        catch (CryptographicException)
        {
            throw new UnitFaultException("what answers is no unit head: it has no root.");
        }
    }
}
