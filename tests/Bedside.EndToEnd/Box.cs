using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The product's <c>run</c> command as a process, and its API.</summary>
internal sealed class Box : IAsyncDisposable
{
    private readonly HttpClient _http;

    private Box(Running process, Uri address)
    {
        Process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Running Process { get; }

    public Uri Address { get; }

    /// <summary>Arguments of a box whose people decide with a password alone: the site says that a second factor is only offered.</summary>
    public static string[] PasswordAlone(Folder folder)
    {
        string file = folder["password-alone.json"];
        File.WriteAllText(file, """{"people": {"secondFactor": "offered"}}""");
        return ["--config", file];
    }

    public static async Task<Box> StartAsync(string data, params string[] ports)
    {
        Running process = Installed.Bedside(["run", "--data", data, "--port", "0", .. ports]);
        string address = await process.LineAsync("ready ");
        return new Box(process, new Uri(address));
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        string body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {body}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    /// <summary>Signals that have data now, as id and state.</summary>
    public async Task<IReadOnlyList<(string Id, string Kind, string State, string Device)>> SignalsAsync()
    {
        JsonElement signals = await GetAsync("/api/v1/signals");
        return
        [
            .. signals.EnumerateArray().Select(signal => (
                signal.GetProperty("id").GetString()!,
                signal.GetProperty("kind").GetString()!,
                signal.GetProperty("state").GetString()!,
                signal.GetProperty("device").GetString()!)),
        ];
    }

    public Task LiveAsync(int waves, int numerics, int seconds = 40) =>
        Until.TrueAsync(
            async () =>
            {
                IReadOnlyList<(string Id, string Kind, string State, string Device)> signals = await SignalsAsync();
                return signals.Count(signal => signal is { Kind: "waveform", State: "live" }) >= waves
                    && signals.Count(signal => signal is { Kind: "numeric", State: "live" }) >= numerics;
            },
            seconds,
            () => $"not {waves} waves and {numerics} numerics: {Process.Errors}");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }
}
