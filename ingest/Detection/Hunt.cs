using System.Globalization;
using System.Runtime.InteropServices;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Detection;

/// <summary>What to look for, and how.</summary>
public sealed record HuntOptions(Transport Transport)
{
    public IReadOnlyList<IDriver> Drivers { get; init; } = DriverCatalog.All;

    /// <summary>What was right on this port before; tried first.</summary>
    public Candidate? KnownGood { get; init; }

    /// <summary>True = ask nothing.</summary>
    public bool ListenOnly { get; init; }
}

/// <summary>
/// Finds out what is at the other end of a line. It listens first; if something is said, it goes through the line settings until a driver
/// knows it, and leaves a speed as soon as the port counts framing errors. Then it asks the drivers' harmless questions, and only
/// those. A round in silence takes at most ten seconds; where something is heard that nobody knows, each round is more patient than the last.
/// </summary>
public sealed class Hunt(HuntOptions options, TimeProvider time)
{
    private const int FirstListenMs = 700;
    private const int ListenMs = 800;
    private const int RoundMs = 9_500;
    private const int ShortestAskMs = 200;
    private const int LongestAskMs = 1_200;
    private const int MostQuestions = 3;
    private const int MostPatience = 8;
    private const int TellingFramingErrors = 4;

    private readonly List<Trial> _trials = [];
    private bool _echo;
    private int _patience = 1;
    private LineErrors? _errorsBefore;

    /// <summary>
    /// Looks once through everything. Throws <see cref="IOException"/> when the line is lost and <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <param name="link">Open; on return it has the settings of what was found.</param>
    /// <param name="cancel">Noticed within 100 ms.</param>
    public HuntResult Run(ILink link, CancellationToken cancel)
    {
        bool heardBefore = _trials.Exists(trial => trial.Bytes > 0 || trial.FramingErrors > 0);
        _patience = heardBefore ? Math.Min(_patience + 1, MostPatience) : 1;
        _trials.Clear();
        _echo = false;
        _errorsBefore = (link as ISerialLine)?.Errors;
        MonotonicInstant begun = time.MonotonicNow();
        IReadOnlyList<Candidate> candidates = Candidate.Of(options.Drivers, options.Transport, options.KnownGood);
        if (candidates.Count == 0)
        {
            return Nothing("No driver of this version reads a device on this kind of port.");
        }

        return Listen(link, candidates, cancel) ?? Ask(link, candidates, begun, cancel) ?? Nothing(WhatIsHeard());
    }

    private HuntResult? Listen(ILink link, IReadOnlyList<Candidate> candidates, CancellationToken cancel)
    {
        LineSettings?[] lines = [.. candidates.Select(candidate => candidate.Line).Distinct()];
        int listenMs = options.ListenOnly ? Math.Max(ListenMs, RoundMs / lines.Length) : ListenMs;
        bool first = true;
        foreach (LineSettings? line in lines)
        {
            Tune(link, line);
            var window = new Window(options.Drivers, options.Transport);
            IDriver? driver = Hear(link, window, (first ? FirstListenMs : listenMs) * _patience, cancel);
            Note(link, line, asked: "", window);
            if (driver is not null)
            {
                return Found(new Candidate(driver, line), window.Chunks);
            }

            // Silence sounds alike at every speed, unless it is a device that seldom speaks and may not be asked.
            if (first && !options.ListenOnly && window.Bytes == 0 && _trials[^1].FramingErrors is null or 0)
            {
                return null;
            }

            first = false;
        }

        return null;
    }

    private HuntResult? Ask(ILink link, IReadOnlyList<Candidate> candidates, MonotonicInstant begun, CancellationToken cancel)
    {
        Candidate[] asking = options.ListenOnly ? [] : [.. candidates.Where(candidate => Questions(candidate.Driver).Count > 0)];
        for (int i = 0; i < asking.Length; i++)
        {
            long leftMs = RoundMs - (time.MonotonicNow().Since(begun) / 1_000_000);
            int askMs = ShareOf(asking.AsSpan(i), leftMs) * _patience;
            Tune(link, asking[i].Line);
            var window = new Window(options.Drivers, options.Transport);
            IDriver? driver = Converse(link, asking[i].Driver, window, askMs, cancel);
            Note(link, asking[i].Line, asking[i].Driver.Name, window);
            if (driver is not null)
            {
                // What it answered was meant for the question here; its session asks its own.
                return Found(new Candidate(driver, asking[i].Line), []);
            }
        }

        return null;
    }

    /// <summary>Milliseconds for the first of those still to be asked: devices that think before they answer get their time, the others share the rest.</summary>
    private static int ShareOf(ReadOnlySpan<Candidate> asking, long leftMs)
    {
        if (asking[0].Driver.Traits.AnswersWithin > TimeSpan.Zero)
        {
            return (int)asking[0].Driver.Traits.AnswersWithin.TotalMilliseconds;
        }

        int others = 0;
        foreach (Candidate candidate in asking)
        {
            leftMs -= (long)candidate.Driver.Traits.AnswersWithin.TotalMilliseconds;
            others += candidate.Driver.Traits.AnswersWithin == TimeSpan.Zero ? 1 : 0;
        }

        return (int)Math.Clamp(leftMs / others, ShortestAskMs, LongestAskMs);
    }

    /// <summary>
    /// Asks a driver's questions in turn, which share the time as long as nothing answers. Once the answers are of interest to the driver, it
    /// may ask on.
    /// </summary>
    private IDriver? Converse(ILink link, IDriver driver, Window window, int askMs, CancellationToken cancel)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> questions = Questions(driver);
        var sent = new List<byte>();
        var guarded = new GuardedLink(link, driver.Traits.Outgoing, listenOnly: false, _ => { });
        for (int asked = 0; asked < Math.Max(MostQuestions, questions.Count); asked++)
        {
            bool interesting = window.Interests(driver);
            if (asked >= questions.Count && !interesting)
            {
                return null;
            }

            ReadOnlySpan<byte> question = questions[asked % questions.Count].Span;
            guarded.Send(question);
            sent.AddRange(question);
            IDriver? recognised = Hear(link, window, interesting ? askMs : Math.Max(ShortestAskMs, askMs / questions.Count), cancel);
            bool echo = window.Echoes(CollectionsMarshal.AsSpan(sent));
            if (recognised is not null && !echo)
            {
                return recognised;
            }

            _echo |= echo;
        }

        return null;
    }

    /// <summary>Listens for so long, or until a driver knows it, or until framing errors say that the speed is wrong.</summary>
    private IDriver? Hear(ILink link, Window window, int milliseconds, CancellationToken cancel)
    {
        LineErrors? before = (link as ISerialLine)?.Errors;
        MonotonicInstant begun = time.MonotonicNow();
        while (time.MonotonicNow().Since(begun) < milliseconds * 1_000_000L)
        {
            cancel.ThrowIfCancellationRequested();
            Chunk chunk = link.Read();
            window.Add(chunk);
            if (!chunk.Bytes.IsEmpty && window.Recognised() is { } driver)
            {
                return driver;
            }

            if (((link as ISerialLine)?.Errors - before)?.Framing >= TellingFramingErrors)
            {
                return null;
            }
        }

        return null;
    }

    private IReadOnlyList<ReadOnlyMemory<byte>> Questions(IDriver driver) =>
        options.Transport == Transport.Serial ? driver.Traits.Probes : driver.Traits.NetworkProbes;

    private static void Tune(ILink link, LineSettings? line)
    {
        if (line is not null)
        {
            (link as ISerialLine)?.Tune(line);
        }
    }

    private void Note(ILink link, LineSettings? line, string asked, Window window)
    {
        LineErrors? now = (link as ISerialLine)?.Errors;
        int? framing = now - _errorsBefore is { } counted ? counted.Framing : null;
        _errorsBefore = now;
        _trials.Add(new Trial(line?.ToString() ?? "", asked, window.Bytes, framing));
    }

    private HuntResult Found(Candidate found, IReadOnlyList<Chunk> heard) =>
        new(found, heard, [.. _trials], $"A device of {found.Driver.Traits.Manufacturer} ({found.Driver.Name}) is heard{Where(found.Line?.ToString() ?? "")}.");

    private static string Where(string line) => line.Length > 0 ? $" at {line}" : "";

    private HuntResult Nothing(string sentence) => new(Found: null, [], [.. _trials], sentence);

    private string WhatIsHeard()
    {
        if (_echo)
        {
            return "The box hears its own words: the line ends in a loop. Plug the cable into the device, and use a cable made for it.";
        }

        Trial best = _trials.Where(trial => trial.Bytes > 0).OrderBy(trial => trial.FramingErrors ?? 0).ThenByDescending(trial => trial.Bytes).FirstOrDefault() ?? _trials[0];
        bool noise = _trials.Exists(trial => trial.FramingErrors > 0);
        if (best.Bytes == 0)
        {
            return noise
                ? "Something is heard, but at no known speed. Set the device's output to a speed that the box knows."
                : "Nothing is heard. Check that the cable is plugged in at both ends, that it is crossed if the device needs that, and that the device is on and its output enabled.";
        }

        string where = Where(best.Line);
        string count = best.Bytes.ToString(CultureInfo.InvariantCulture);
        return best.FramingErrors > 0
            ? $"Something is heard ({count} bytes{where}), but at no known speed. Set the device's output to a speed that the box knows."
            : $"Something is heard ({count} bytes{where}), but no driver of this version knows it. Check the device's output protocol.";
    }
}
