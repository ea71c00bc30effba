using System.Text.Json;

namespace Bedside.Host.Kiosk;

/// <summary>Asks the box what it hears of the screens.</summary>
internal sealed class BoxScreens(Uri box) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new() { BaseAddress = box, Timeout = Patience, MaxResponseContentBufferSize = 1 << 16 };

    /// <summary>Null = the box does not answer, or not like a box.</summary>
    public Task<ScreenSight?> LookAsync(string screen, CancellationToken cancel) =>
        GetAsync("/api/v1/screens", root => Read(root, screen), cancel);

    /// <summary>IANA zone of the ward; null = the box does not answer.</summary>
    public Task<string?> ZoneAsync(CancellationToken cancel) =>
        GetAsync("/api/v1/session", root => root.GetProperty("timeZone").GetString(), cancel);

    public void Dispose() => _http.Dispose();

    private static ScreenSight Read(JsonElement root, string screen)
    {
        ScreenBeat? beat = null;
        foreach (JsonElement one in root.GetProperty("screens").EnumerateArray())
        {
            if (one.GetProperty("screen").GetString() == screen)
            {
                beat = new ScreenBeat(
                    one.GetProperty("ageSeconds").GetDouble(),
                    one.GetProperty("beat").GetInt64(),
                    one.GetProperty("frames").GetInt64(),
                    one.GetProperty("pageFrames").GetInt64(),
                    one.GetProperty("checksum") is { ValueKind: JsonValueKind.Number } sum ? sum.GetInt64() : null,
                    one.GetProperty("lanes").GetInt32(),
                    one.GetProperty("held").GetBoolean());
            }
        }

        return new ScreenSight(root.GetProperty("upSeconds").GetDouble(), root.GetProperty("wavesLive").GetBoolean(), beat);
    }

    private async Task<T?> GetAsync<T>(string path, Func<JsonElement, T?> read, CancellationToken cancel)
        where T : class
    {
        try
        {
            byte[] body = await _http.GetByteArrayAsync(new Uri(path, UriKind.Relative), cancel);
            using var document = JsonDocument.Parse(body);
            return read(document.RootElement);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
