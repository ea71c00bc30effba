using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring.Peers;

/// <summary>Gives the samples of a bed to the peers that are installed, one after the other, and asks them what our store was asked.</summary>
internal sealed partial class PeerBench(StoreBenchBed bed, IReadOnlyList<IPeer> peers, TimeProvider time, Action<string> onProgress)
{
    private const string UnknownVersion = "unknown";
    private const double Mega = 1e6;
    private const long Second = 1_000_000_000;
    private const int TurnsOfMinute = 60 / StoreBenchBed.SecondsOfBlock;

    /// <summary>A server at rest uses less than this between two glances.</summary>
    private const double RestingMilliseconds = 30;

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestUnrest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestWord = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<IPeer> Known { get; } = [new VictoriaMetrics(), new InfluxDb()];

    /// <summary>So long must nothing change before a size counts; by itself longer than the pauses between the stages of writing out.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the program of a peer is; null = not installed.</summary>
    public static string? Find(IPeer peer) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries).Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, peer.Program)).FirstOrDefault(File.Exists);

    public static string Remedy(IPeer peer) => $"{peer.Program} is not installed; apt-get install {peer.Package}";

    /// <summary>All that are installed, over so many turns of the bed, which <paramref name="store"/> holds too.</summary>
    public async Task<PeerComparison> RunAsync(Store store, long turns, PeerYardstick ours, string parent, CancellationToken cancel)
    {
        var measured = new List<PeerFigures>();
        var leftOut = new List<PeerLeftOut>();
        foreach (IPeer peer in peers)
        {
            if (Find(peer) is not { } program)
            {
                leftOut.Add(new PeerLeftOut(peer.Name, Remedy(peer)));
                continue;
            }

            string version = await VersionAsync(peer, program, cancel);
            if (peer.Refusal(version, StoreBenchBed.Start.Add(turns * StoreBenchBed.SecondsOfBlock * Second), time.GetUtcNow()) is { } refusal)
            {
                leftOut.Add(new PeerLeftOut(peer.Name, refusal));
                continue;
            }

            DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(parent, $"peer-{peer.Program}"));
            try
            {
                measured.Add(await MeasureAsync(peer, program, (store, turns), new PeerFigures(peer.Name, version, ours), folder.FullName, cancel));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        return new PeerComparison(ours, measured, leftOut);
    }

    /// <summary>A peer that fails is told of with what it gave until then.</summary>
    private async Task<PeerFigures> MeasureAsync(IPeer peer, string program, (Store Store, long Turns) bedInStore, PeerFigures figures, string folder, CancellationToken cancel)
    {
        try
        {
            await using (PeerServer server = await PeerServer.StartAsync(peer, program, folder, time, cancel))
            {
                figures = await IngestAsync(peer, server, bedInStore.Turns, figures, folder, cancel);
                await server.StopAsync(cancel);
            }

            await using (PeerServer server = await PeerServer.StartAsync(peer, program, folder, time, cancel))
            {
                return await AskAsync(peer, server, bedInStore, figures, cancel);
            }
        }
        catch (Exception failure) when (IsPeers(failure, cancel))
        {
            return figures with { Error = $"{peer.Name}: {failure.Message}" };
        }
    }

    /// <summary>What a server can do wrong; an answer that does not come is a cancellation that nobody asked for.</summary>
    private static bool IsPeers(Exception failure, CancellationToken cancel) => failure switch
    {
        OperationCanceledException => !cancel.IsCancellationRequested,
        IOException or HttpRequestException or InvalidDataException or TimeoutException or JsonException or KeyNotFoundException or FormatException or InvalidOperationException or System.ComponentModel.Win32Exception => true,
        _ => false,
    };

    private async Task<PeerFigures> IngestAsync(IPeer peer, PeerServer server, long turns, PeerFigures figures, string folder, CancellationToken cancel)
    {
        await peer.PrepareAsync(server, cancel);
        double before = server.CpuMilliseconds;
        long shown = -1;
        await new PeerLines(bed).WriteAsync(turns, async (turn, lines) =>
        {
            cancel.ThrowIfCancellationRequested();
            if (turn / TurnsOfMinute > shown)
            {
                shown = turn / TurnsOfMinute;
                onProgress(string.Create(CultureInfo.InvariantCulture, $"{peer.Name}: {shown} of {turns / TurnsOfMinute} min stored"));
            }

            await server.PostAsync(peer.Write, lines, cancel);
        });
        if (peer.Flush is { } flush)
        {
            _ = await server.AskAsync(flush, cancel);
        }

        onProgress($"{peer.Name}: coming to rest");
        (double cpu, long bytes) = await RestAsync(server, folder, cancel);
        long samples = bed.SamplesUntil(turns);
        return figures with
        {
            Hours = turns * StoreBenchBed.SecondsOfBlock / 3600.0,
            Samples = samples,
            MegasamplesPerCpuSecond = samples / Mega / ((cpu - before) / 1000),
            BytesPerSample = (double)bytes / samples,
        };
    }

    /// <summary>Until neither processor nor folder moves: the processor time when it came to rest, and what the folder occupies.</summary>
    private async Task<(double CpuMilliseconds, long Bytes)> RestAsync(PeerServer server, string folder, CancellationToken cancel)
    {
        long begun = time.GetTimestamp();
        long still = begun;
        (double cpu, long bytes) = (server.CpuMilliseconds, await OccupiedAsync(folder, cancel));
        double since = cpu;
        while (time.GetElapsedTime(still) < Rest)
        {
            if (time.GetElapsedTime(begun) > LongestUnrest)
            {
                throw new TimeoutException($"it has not come to rest in {LongestUnrest.TotalMinutes:F0} minutes");
            }

            await Task.Delay(Glance, time, cancel);
            (double cpuNow, long bytesNow) = (server.CpuMilliseconds, await OccupiedAsync(folder, cancel));
            if (cpuNow - cpu > RestingMilliseconds || bytesNow != bytes)
            {
                (still, since) = (time.GetTimestamp(), cpuNow);
            }

            (cpu, bytes) = (cpuNow, bytesNow);
        }

        return (since, bytes);
    }

    /// <summary>As our store is asked: all are warm before any counts. Who answers wrongly is not asked further.</summary>
    private async Task<PeerFigures> AskAsync(IPeer peer, PeerServer server, (Store Store, long Turns) bedInStore, PeerFigures figures, CancellationToken cancel)
    {
        var asking = new Asking(time);
        long stored = bedInStore.Turns * StoreBenchBed.SecondsOfBlock * Second;
        PeerQuestion[] questions = [.. PeerQuestion.Of(bed, new PeerLines(bed))];
        PeerQueryFigures[] rows = [.. questions.Select(question => RowOf(question, figures.Ours.Row))];
        await AskRowsAsync(WarmAsync);
        await asking.SettleAsync(cancel);
        await AskRowsAsync(TakeAsync);
        return figures with { Queries = rows, AfterMiB = server.Memory("VmRSS:"), PeakMiB = server.Memory("VmHWM:") };

        async Task AskRowsAsync(Func<PeerQuestion, Task<QueryFigures?>> ask)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                onProgress($"{peer.Name}: {rows[i].Name}");
                rows[i] = rows[i].Error is null ? await TryAsync(rows[i], () => ask(questions[i])) : rows[i];
            }
        }

        async Task<QueryFigures?> WarmAsync(PeerQuestion question)
        {
            await CompareAsync(peer, server, bedInStore.Store, question, question.Place(new Random(0), stored), cancel);
            _ = await asking.WarmUpAsync(Answering(peer, server, question, stored, cancel), cancel);
            return null;
        }

        async Task<QueryFigures?> TakeAsync(PeerQuestion question) => await asking.MeasureAsync(Answering(peer, server, question, stored, cancel), cancel);

        async Task<PeerQueryFigures> TryAsync(PeerQueryFigures row, Func<Task<QueryFigures?>> ask)
        {
            try
            {
                return row with { Taken = await ask() };
            }
            catch (Exception failure) when (IsPeers(failure, cancel))
            {
                return row with { Error = $"{peer.Name}, {row.Name}: {failure.Message}" };
            }
        }
    }

    private PeerQueryFigures RowOf(PeerQuestion question, GrowthFigures ours) => new(question.Question.Name, Taken: null, Error: null)
    {
        OursMedianMilliseconds = MedianOf(ours, question.Question, question.Question.Asked) ?? throw new InvalidOperationException($"our store was not asked for {question.Question.Name}"),
        OursEqualMedianMilliseconds = question.IsColumns ? MedianOf(ours, question.Question, Asked.Equal) : null,
    };

    /// <summary>Our store's median of the same signal and length.</summary>
    private double? MedianOf(GrowthFigures row, StoreQuestion question, Asked asked)
    {
        string? name = StoreQuestion.Of(bed).FirstOrDefault(one => one.Asked == asked && one.Signal == question.Signal && one.Length == question.Length)?.Name;
        return row.OverHttp.FirstOrDefault(one => one.Name == name)?.MedianMilliseconds;
    }

    private async Task CompareAsync(IPeer peer, PeerServer server, Store store, PeerQuestion question, (UtcInstant From, UtcInstant To) place, CancellationToken cancel)
    {
        byte[] answer = await server.AskAsync(peer.Path(question, place.From, place.To), cancel);
        List<PeerPoint> theirs = peer.Read(question, answer, place.From, place.To);
        if (PeerCheck.Difference(theirs, PeerCheck.Ours(store, question, place.From, place.To), bed.KindOf(question.Question.Signal).Scale) is { } difference)
        {
            throw new InvalidDataException($"its answer is not ours: {difference}");
        }
    }

    private static Answering Answering(IPeer peer, PeerServer server, PeerQuestion question, long stored, CancellationToken cancel)
    {
        byte[] answer = [];
        return new Answering(
            question.Question,
            random => question.Place(random, stored),
            async (from, to) =>
            {
                answer = await server.AskAsync(peer.Path(question, from, to), cancel);
                return answer.Length;
            },
            () => server.CpuMilliseconds)
        {
            Check = (from, to) =>
            {
                int points = peer.Read(question, answer, from, to).Count;
                if (points != question.Expected(from, to))
                {
                    throw new InvalidDataException($"{points} points instead of {question.Expected(from, to)} at {from} to {to}");
                }
            },
        };
    }

    /// <summary>Blocks on the disk, not lengths: InfluxDB reserves files that it has not filled.</summary>
    private static async Task<long> OccupiedAsync(string folder, CancellationToken cancel)
    {
        string text = await WordAsync("du", ["-s", "-B1", folder], cancel);
        return long.TryParse(text.Split('\t')[0], CultureInfo.InvariantCulture, out long bytes) && bytes > 0 ? bytes : throw new IOException($"du does not tell the size of {folder}");
    }

    /// <summary>What the program says; Debian's VictoriaMetrics says nothing, and then it is the package's.</summary>
    private static async Task<string> VersionAsync(IPeer peer, string program, CancellationToken cancel)
    {
        Match said = Version.Match(await WordAsync(program, [peer.VersionArgument], cancel));
        if (said.Success)
        {
            return said.Value;
        }

        string package = await WordAsync("dpkg-query", ["-W", "-f=${Version}", peer.Package], cancel);
        return package.Length > 0 ? package : UnknownVersion;
    }

    /// <summary>The output of a small program; nothing where it fails.</summary>
    private static async Task<string> WordAsync(string program, string[] arguments, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(LongestWord);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false }) ?? throw new IOException($"{program} does not start");
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            try
            {
                string text = await process.StandardOutput.ReadToEndAsync(either.Token);
                await process.WaitForExitAsync(either.Token);
                return text.Trim();
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return string.Empty;
        }
    }

    [GeneratedRegex(@"[0-9]+\.[0-9]+[^\s()]*")]
    private static partial Regex Version { get; }
}
