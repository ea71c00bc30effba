using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Bedside.EndToEnd.Hostile;

/// <summary>What is sent over one connection: the bytes of a request, and for a WebSocket frames that follow its answer.</summary>
internal sealed record FuzzedRequest(byte[] Bytes, byte[] Frames, bool IsSocket);

/// <summary>Requests that nobody would make, from a seed: the same number gives the same bytes. It knows the addresses of the API and of what their parameters are made, so that it comes past the first check.</summary>
internal sealed class HttpFuzz(string host, IReadOnlyList<string> paths, int seed)
{
    private static readonly string[] Methods = ["GET", "GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "G\u00c9T", ""];

    private static readonly string[] Names = ["from", "to", "columns", "signal", "kind", "source", "withdrawn", "level", "day", "_count", "_lastUpdated", "date", "code", "patient", "_id", "_sort", "page", "bed", "key", "every", "language", "device", "max", "since", "id"];

    private static readonly string[] Values =
    [
        "", "0", "-1", "1", "99999999999999999999", "-9223372036854775808", "9223372036854775807", "1e309", "NaN", "Infinity", "null", "true", "2026-11-21T03:00:00Z", "2026-11-21T03:00:00+14:00", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z", "2026-02-30T00:00:00Z", "1970-01-01", "ge2026-11-21", "eb2027", "hr", "ecg-ii", "1|2", "http://loinc.org|8867-4", "grid", "near", "%00", "%ff%fe", "%c0%ae%c0%ae/", "..%2f..%2fetc%2fpasswd", "%25%32%65",
        "<script>alert(1)</script>", "';--", "{{7*7}}", "%E2%80%AE", "%F0%9F%92%89", "*", "%", "%%%", "%zz", "+", "a,b,c,,", "\"", "-0.0", "00:00", "24:00", "07:00", "(((((((((((((((((((((",
    ];

    private static readonly string[] HeaderNames =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Content-Encoding", "Content-Type", "Expect", "Forwarded", "From", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Idempotency-Key",
        "Origin", "Prefer", "Range", "Referer", "Sec-Fetch-Site", "Sec-WebSocket-Protocol", "TE", "Trailer", "Upgrade", "User-Agent", "Via", "X-Forwarded-For", "X-HTTP-Method-Override", "X-Original-URL", "X-Odd",
    ];

    private static readonly string[] HeaderValues =
    [
        "", "*/*", "application/json", "application/fhir+json;fhirVersion=9", "application/octet-stream;q=2", "text/html;q=NaN", "gzip", "identity;q=0, *;q=0", "bytes=0-", "bytes=9999999999-1,-,0-0", "bytes=-1", "\"abc\"", "W/\"", "*",
        "100-continue", "http://evil.example", "null", "cross-site", "same-origin", "bedside.v1", "trailers", "Basic Og==", "Bearer x", "a=b; a=c; =", "Thu, 99 Nov 9999 99:99:99 GMT", "multipart/form-data; boundary=", "text/plain; charset=utf-7",
        "\u00e9\u00e8", "for=_x;proto=https", "h2c", "websocket",
    ];

    private static readonly string[] Bodies =
    [
        "", "{}", "[]", "null", "{", "\"", "0", "{\"text\":null}", "{\"kind\":\"note\",\"text\":\"x\"}", "{\"kind\":\"note\",\"time\":\"9999-12-31T23:59:59Z\",\"until\":\"0001-01-01T00:00:00Z\"}", "{\"kind\":1e999}", "{\"kind\":\"note\",\"attributes\":{\"a\":{\"b\":[]}}}",
        "{\"version\":-1}", "{\"version\":1,\"withdrawn\":true}", "{\"bed\":\"\\u0000\"}", "{\"ports\":[{\"serial\":\"/dev/../etc\"}]}", "{\"drawn\":true,\"frames\":1e18}", "{\"choice\":\"\\ud800\"}", "{\"number\":\"123\"}", "{\"a\":1,\"a\":2}", "\ufeff{}",
    ];

    private readonly Random _random = new(seed);

    public FuzzedRequest Next()
    {
        if (_random.Next(8) == 0)
        {
            return Socket();
        }

        byte[] body = Body();
        var head = new StringBuilder();
        _ = head.Append(Pick(Methods)).Append(' ').Append(Target()).Append(_random.Next(40) switch { 0 => " HTTP/1.0", 1 => " HTTP/9.9", 2 => string.Empty, 3 => " HTTP/2.0", _ => " HTTP/1.1" }).Append("\r\n");
        AddHost(head);
        AddHeaders(head, _random.Next(200) == 0 ? 90 : _random.Next(6));
        byte[] framed = Frame(head, body);
        byte[] whole = [.. Encoding.UTF8.GetBytes(head.Append("Connection: close\r\n\r\n").ToString()), .. framed];
        return new FuzzedRequest(Damage(whole), [], IsSocket: false);
    }

    private FuzzedRequest Socket()
    {
        var head = new StringBuilder("GET ");
        _ = head.Append(_random.Next(4) == 0 ? Target() : Pick(["/api/v1/live", "/api/v1/ward/live", "/peer/v1/live", "/api/v1/live?x=1"])).Append(" HTTP/1.1\r\nHost: ").Append(host)
            .Append("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: ").Append(_random.Next(10) == 0 ? "12" : "13").Append("\r\nSec-WebSocket-Key: ")
            .Append(_random.Next(10) == 0 ? "no key" : Convert.ToBase64String(Random(16))).Append("\r\n");
        if (_random.Next(6) > 0)
        {
            _ = head.Append("Sec-WebSocket-Protocol: bedside.v1\r\n");
        }

        if (_random.Next(4) == 0)
        {
            _ = head.Append("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99\r\n");
        }

        AddHeaders(head, _random.Next(2));
        var frames = new MemoryStream();
        for (int i = _random.Next(6); i >= 0; i--)
        {
            frames.Write(WebSocketFrame());
        }

        return new FuzzedRequest(Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), frames.ToArray(), IsSocket: true);
    }

    /// <summary>RFC 6455, 5.2, well formed or not.</summary>
    private byte[] WebSocketFrame()
    {
        string[] said =
        [
            """{"type":"hello","epoch":0,"seq":0,"waves":true}""", """{"type":"hello","epoch":-1}""", """{"type":"ack","seq":4294967295}""", """{"type":"ack","seq":4294967296}""", """{"type":"waves","on":"x"}""", """{"type":"ping","t":1e999}""",
            """{"type":"ping","t":1}""", """{"type":"\u0000"}""", "{}", "[", "", """{"type":"choose","beds":["1","2"]}""",
        ];
        byte[] payload = _random.Next(3) switch { 0 => Random(_random.Next(300)), 1 => Random(_random.Next(9000)), _ => Encoding.UTF8.GetBytes(Pick(said)) };
        byte first = _random.Next(4) == 0 ? (byte)_random.Next(256) : (byte)0x81;
        bool isMasked = _random.Next(12) > 0;
        ulong length = _random.Next(20) == 0 ? (ulong)_random.NextInt64(long.MinValue, long.MaxValue) : (ulong)payload.Length;
        byte mask = isMasked ? (byte)0x80 : (byte)0;
        byte[] head;
        if (length < 126)
        {
            head = [first, (byte)(mask | (byte)length)];
        }
        else if (length <= ushort.MaxValue)
        {
            head = [first, (byte)(mask | 126), 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)length);
        }
        else
        {
            head = [first, (byte)(mask | 127), 0, 0, 0, 0, 0, 0, 0, 0];
            BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(2), length);
        }

        byte[] key = isMasked ? Random(4) : [];
        for (int i = 0; isMasked && i < payload.Length; i++)
        {
            payload[i] ^= key[i % 4];
        }

        return [.. head, .. key, .. payload];
    }

    private string Target()
    {
        string path = Pick(paths);
        while (path.Contains('{', StringComparison.Ordinal))
        {
            int open = path.IndexOf('{', StringComparison.Ordinal);
            int close = path.IndexOf('}', open);
            path = path[..open] + Pick(Values) + path[(close + 1)..];
        }

        path = _random.Next(12) switch
        {
            0 => path + "/" + Pick(Values),
            1 => path.Replace("/", "//", StringComparison.Ordinal),
            2 => path + "/../../../../etc/passwd",
            3 => path.ToUpperInvariant(),
            4 => "/assets/" + Pick(Values),
            5 => string.Concat(Enumerable.Range(0, _random.Next(1, 60)).Select(_ => (char)_random.Next(0x21, 0x7f))),
            6 when _random.Next(6) == 0 => path + "?" + new string('a', _random.Next(3000, 9000)),
            _ => path,
        };
        var query = new StringBuilder();
        for (int i = _random.Next(4); i > 0; i--)
        {
            _ = query.Append(query.Length == 0 ? '?' : '&').Append(Pick(Names)).Append('=').Append(Pick(Values));
        }

        return path + query;
    }

    private void AddHost(StringBuilder head)
    {
        string said = _random.Next(25) switch { 0 => "evil.example", 1 => "127.0.0.1:99999", 2 => "[::1", 3 => string.Empty, 4 => "a b", _ => host };
        _ = _random.Next(60) == 0 ? head : head.Append("Host: ").Append(said).Append("\r\n");
    }

    private void AddHeaders(StringBuilder head, int count)
    {
        for (; count > 0; count--)
        {
            string value = _random.Next(30) switch { 0 => new string('x', _random.Next(1, 20_000)), 1 => string.Concat(Enumerable.Range(0, 20).Select(_ => (char)_random.Next(1, 0x250))), _ => Pick(HeaderValues) };
            _ = head.Append(Pick(HeaderNames)).Append(_random.Next(50) == 0 ? " : " : ": ").Append(value).Append("\r\n");
        }
    }

    private byte[] Body() => _random.Next(6) switch
    {
        0 => Random(_random.Next(2000)),
        1 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Pick(["[", "{\"a\":"]), _random.Next(1, 3000)))),
        2 when _random.Next(5) == 0 => Random(_random.Next(60_000, 80_000)),
        _ => Encoding.UTF8.GetBytes(Pick(Bodies)),
    };

    /// <summary>Says how long the body is, truly or not, and gives it as it goes over the wire.</summary>
    private byte[] Frame(StringBuilder head, byte[] body)
    {
        if (_random.Next(3) > 0)
        {
            _ = head.Append("Content-Type: ").Append(Pick(["application/json", "application/json; charset=utf-8", "application/json", "text/plain", "application/json; charset=nonsense"])).Append("\r\n");
        }

        switch (_random.Next(12))
        {
            case 0:
                _ = head.Append("Transfer-Encoding: chunked\r\n");
                string size = _random.Next(3) == 0 ? Pick(["fffffffffffffffff", "-1", "g", "0x10"]) : body.Length.ToString("x", CultureInfo.InvariantCulture);
                return [.. Encoding.ASCII.GetBytes(size + "\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];
            case 1:
                _ = head.Append("Content-Length: ").Append(Pick(["-1", "99999999999999999999", "1,2", "0x5", "5 5", "70000"])).Append("\r\n");
                return body;
            case 2:
                _ = head.Append("Content-Length: ").Append(body.Length).Append("\r\nTransfer-Encoding: chunked\r\n");
                return body;
            default:
                _ = head.Append("Content-Length: ").Append(body.Length).Append("\r\n");
                return body;
        }
    }

    /// <summary>Some bytes of a few requests are others, missing, or the rest is.</summary>
    private byte[] Damage(byte[] bytes)
    {
        switch (_random.Next(12))
        {
            case 0:
                for (int i = _random.Next(1, 6); i > 0; i--)
                {
                    bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
                }

                return bytes;
            case 1:
                return bytes[.._random.Next(1, bytes.Length)];
            default:
                return bytes;
        }
    }

    private byte[] Random(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
