using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Bedside.EndToEnd.Hostile;

/// <summary>Requests that nobody would make, against a box that records: no error of the program, nothing of its inside in an answer, no memory kept.</summary>
[Collection(Alone.Name)]
public partial class HttpFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Workers = 16;
    private const int MostRead = 256 * 1024;
    private const double MostGrowthMiB = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    /// <summary>1 600 in the gate, for its time; BEDSIDE_HTTP_FUZZ says another number.</summary>
    private static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("BEDSIDE_HTTP_FUZZ") ?? "1600", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Fuzzed_requests_and_sockets_find_no_error_no_stack_and_no_memory_that_is_kept()
    {
        using var folder = new Folder();
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "7");
        await using Box box = await Box.StartAsync(folder["data"], "--serial", $"{folder["monitor"]}=philips-intellivue", "--ward-approved-by", "a name");
        await box.LiveAsync(waves: 2, numerics: 4);
        IReadOnlyList<string> paths = await PathsAsync(box);
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var faults = new ConcurrentQueue<string>();

        // What a server learns of its first requests it keeps for good: the first fifth warms it up.
        await RunAsync(box, paths, Enumerable.Range(0, Requests / 5), seen, faults);
        double before = ResidentMiB(box.Process.Pid);
        await RunAsync(box, paths, Enumerable.Range(Requests / 5, Requests - (Requests / 5)), seen, faults);
        double after = ResidentMiB(box.Process.Pid);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzzed requests: {Requests} from seed {Seed}; resident memory {before:0} MiB after a fifth, {after:0} MiB after all"));
        output.WriteLine(string.Join(", ", seen.OrderByDescending(one => one.Value).Select(one => $"{one.Key}: {one.Value}")));
        Assert.True(faults.IsEmpty, $"{faults.Count} faults:\n{string.Join("\n---\n", faults.Take(5))}\n{box.Process.Errors}");
        Assert.DoesNotContain("unhandled exception", box.Process.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.True(after - before < MostGrowthMiB, $"{after - before:0.0} MiB more than before");
        Assert.True(seen.GetValueOrDefault("silence") < Requests / 2, "most were not answered: the requests do not reach the program");
        Assert.False(box.Process.HasExited);
        JsonElement health = await box.GetAsync("/api/v1/health");
        DateTimeOffset stored = health.GetProperty("store").GetProperty("durableUpTo").GetDateTimeOffset();
        Assert.True((TimeProvider.System.GetUtcNow() - stored).TotalSeconds < 5, $"stored up to {stored:O} only");
    }

    private static Task RunAsync(Box box, IReadOnlyList<string> paths, IEnumerable<int> numbers, ConcurrentDictionary<string, int> seen, ConcurrentQueue<string> faults) =>
        Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (number, _) =>
        {
            FuzzedRequest request = new HttpFuzz(box.Address.Authority, paths, unchecked((Seed * 31) + number)).Next();
            string answer = await AskAsync(box.Address, request);
            string status = StatusLine.Match(answer) is { Success: true } line ? line.Groups["status"].Value : "silence";
            seen.AddOrUpdate(status, 1, (_, count) => count + 1);

            // 503 says that places are taken for now, 505 that the version of HTTP is none; every other word of this class is an error of the program.
            if ((status.StartsWith('5') && status is not ("503" or "505")) || (Inside.IsMatch(answer) && !IsDiagnostic(answer)))
            {
                faults.Enqueue($"request {number} of seed {Seed}:\n{Printable(request.Bytes)}\nanswer:\n{answer[..Math.Min(answer.Length, 1500)]}");
            }
        });

    /// <summary>What came back until the box hung up, fell silent, or said enough.</summary>
    private static async Task<string> AskAsync(Uri address, FuzzedRequest request)
    {
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(Patience);
        await using var whole = new MemoryStream();
        byte[] part = new byte[16 * 1024];
        try
        {
            await client.ConnectAsync(address.Host, address.Port, limit.Token);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(request.Bytes, limit.Token);
            if (request.IsSocket)
            {
                int first = await stream.ReadAsync(part, limit.Token);
                await whole.WriteAsync(part.AsMemory(0, first), CancellationToken.None);
                await stream.WriteAsync(request.Frames, limit.Token);
                limit.CancelAfter(TimeSpan.FromMilliseconds(200));
            }

            for (int count; whole.Length < MostRead && (count = await stream.ReadAsync(part, limit.Token)) > 0;)
            {
                await whole.WriteAsync(part.AsMemory(0, count), CancellationToken.None);
            }
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
        {
            // Hung up on, or silent: what was said until then is judged.
        }

        return Encoding.Latin1.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }

    /// <summary>Of the API's own document, and what is not in it.</summary>
    private static async Task<IReadOnlyList<string>> PathsAsync(Box box)
    {
        JsonElement document = await box.GetAsync("/openapi/v1.json");
        return
        [
            .. document.GetProperty("paths").EnumerateObject().Select(path => path.Name),
            "/", "/index.html", "/fhir", "/fhir/metadata", "/fhir/Observation", "/fhir/Observation/{id}", "/fhir/Device", "/fhir/Patient", "/fhir/{type}", "/peer/v1/session", "/peer/v1/signals", "/peer/v1/stays", "/openapi/v1.json", "/nothing", "/unit/v1/renew", "/unit/v1/wishes", "/unit/v1/witness",
        ];
    }

    internal static double ResidentMiB(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>It names kinds of failures and parts of the program on purpose, and nothing else of them.</summary>
    private static bool IsDiagnostic(string answer) => answer.Contains("filename=\"bedside-diagnostic-", StringComparison.Ordinal) && !Stack.IsMatch(answer);

    private static string Printable(byte[] bytes) =>
        string.Concat(Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 1200)).Select(letter => letter is '\n' || (letter >= ' ' && letter < 0x7f) ? letter.ToString() : letter == '\r' ? string.Empty : $"\\x{(int)letter:x2}"));

    [GeneratedRegex(@"\AHTTP/1\.[01] (?<status>[0-9]{3})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex StatusLine { get; }

    [GeneratedRegex(@"\s+at [A-Z]\w+\.\w+|\.cs:line", RegexOptions.CultureInvariant)]
    private static partial Regex Stack { get; }

    /// <summary>Words of a stack or of the inside of the program.</summary>
    [GeneratedRegex(@"\n\s+at [A-Z]\w+\.|\.cs:line|System\.[A-Z]\w+Exception|Microsoft\.AspNetCore\.|Bedside\.(Viewer|Storage|Host)\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Inside { get; }
}
