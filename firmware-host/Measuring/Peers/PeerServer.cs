using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Bedside.Host.Measuring.Peers;

/// <summary>
/// A peer as a process of its own on loopback. It takes a free port, which the system's table of sockets tells: nobody else can
/// have taken it in between. It ends with the bench, however that ends, short of a kill of the bench itself.
/// </summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private const int WordsKept = 5;
    private const string Listening = "0A";
    private const int StateAt = 3;
    private const int InodeAt = 9;

    private static readonly string[] SocketTables = ["tcp", "tcp6"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<string> _words = new();
    private readonly PosixSignalRegistration _hangUp;
    private HttpClient _http = new();

    private PeerServer(Process process, TimeProvider time)
    {
        _process = process;
        _time = time;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += Kill;
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Kill(this, EventArgs.Empty));
    }

    public int ProcessId => _process.Id;

    /// <summary>Processor time of the process, user and system, in milliseconds.</summary>
    public double CpuMilliseconds => MeasuredProcess.CpuMilliseconds(_process);

    public static async Task<PeerServer> StartAsync(IPeer peer, string program, string folder, TimeProvider time, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, peer.Arguments(folder))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        var server = new PeerServer(Process.Start(start) ?? throw new IOException($"{program} does not start"), time);
        try
        {
            await server.FindAsync(peer, cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public double Memory(string field) => MeasuredProcess.Memory(_process, field);

    public async Task PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using var content = new ReadOnlyMemoryContent(body);
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancel);
        await ExpectSuccessAsync(answer, cancel);
    }

    /// <summary>Asks and reads the whole answer.</summary>
    public async Task<byte[]> AskAsync(string path, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        await ExpectSuccessAsync(answer, cancel);
        return await answer.Content.ReadAsByteArrayAsync(cancel);
    }

    /// <summary>Asks it to end and waits; what it has in memory it writes out.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        using (var ask = Process.Start(new ProcessStartInfo("sh", ["-c", "kill -TERM \"$1\"", "sh", _process.Id.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false }))
        {
            await (ask?.WaitForExitAsync(cancel) ?? Task.CompletedTask);
        }

        using var limit = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await _process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"it did not end within {Patience.TotalSeconds:F0} s of being asked to", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        Kill(this, EventArgs.Empty);
        await _process.WaitForExitAsync();
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        _hangUp.Dispose();
        _process.Dispose();
    }

    private static async Task ExpectSuccessAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        const int MostText = 300;
        if (!answer.IsSuccessStatusCode)
        {
            string text = await answer.Content.ReadAsStringAsync(cancel);
            throw new HttpRequestException($"it answers {(int)answer.StatusCode}: {text.Trim()[..Math.Min(MostText, text.Trim().Length)]}");
        }
    }

    private async Task FindAsync(IPeer peer, CancellationToken cancel)
    {
        long begun = _time.GetTimestamp();
        while (_time.GetElapsedTime(begun) < Patience)
        {
            if (_process.HasExited)
            {
                throw new IOException($"it ended at once: {string.Join(" | ", _words)}");
            }

            foreach (int port in Ports())
            {
                var http = new HttpClient { BaseAddress = new Uri($"http://{IPAddress.Loopback}:{port}"), Timeout = LongestAnswer };
                if (await IsHealthyAsync(http, peer.Health, cancel))
                {
                    _http.Dispose();
                    _http = http;
                    return;
                }

                http.Dispose();
            }

            await Task.Delay(Glance, _time, cancel);
        }

        throw new TimeoutException($"it did not answer within {Patience.TotalSeconds:F0} s: {string.Join(" | ", _words)}");
    }

    private async Task<bool> IsHealthyAsync(HttpClient http, string path, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative), either.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Where the process listens.</summary>
    private List<int> Ports()
    {
        try
        {
            HashSet<string> sockets =
            [
                .. Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd")
                    .Select(file => new FileInfo(file).LinkTarget)
                    .OfType<string>()
                    .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
                    .Select(target => target["socket:[".Length..^1]),
            ];
            return
            [
                .. SocketTables
                    .Select(name => $"/proc/{_process.Id}/net/{name}")
                    .Where(File.Exists)
                    .SelectMany(table => File.ReadLines(table).Skip(1))
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Where(row => row[StateAt] == Listening && sockets.Contains(row[InodeAt]))
                    .Select(row => int.Parse(row[1].AsSpan(row[1].IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
            ];
        }
        catch (IOException)
        {
            return []; // it has ended, which the next look finds
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { Length: > 0 } text)
        {
            _words.Enqueue(text);
            while (_words.Count > WordsKept)
            {
                _ = _words.TryDequeue(out _);
            }
        }
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }
}
