using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Detection;

/// <summary>What to look for, and how.</summary>
public sealed record HuntOptions(Transport Transport)
{
    public IReadOnlyList<IDriver> Drivers { get; init; } = DriverCatalog.Usual;

    /// <summary>What was right on this port before; tried first.</summary>
    public Candidate? KnownGood { get; init; }

    /// <summary>True = ask nothing.</summary>
    public bool ListenOnly { get; init; }

    /// <summary>USB identity of what is plugged in (<c>0403:6001</c>); empty = none or not known.</summary>
    public string UsbId { get; init; } = "";

    /// <summary>Told what is tried, before it is; null = nobody wants to know.</summary>
    public Action<Attempt>? Trying { get; init; }
}

/// <summary>
/// Finds out what is at the other end of a line. It listens first; if something is said, it goes through the line settings until a driver
/// knows it, and leaves settings as soon as the port counts errors under them. Then it asks the drivers' harmless questions, and only
/// those. What is heard after a question, but not as an answer, is an answer that came late, or a device that seldom speaks: then it goes back, or
/// listens to all. README.md beside this file says how long that takes, and how a driver's traits steer it.
/// </summary>
public sealed class Hunt(HuntOptions options, TimeProvider time)
{
    private const int MostQuestions = 3;
    private const int MostPatience = 3;
    private const int TellingErrors = 4;

    /// <summary>At wrong settings a third of the characters are wrong; a bad contact spoils fewer.</summary>
    private const int TellingShare = 10;

    /// <summary>After this long a round asks nothing twice and listens no longer than at first.</summary>
    private const int LongRoundMs = 15_000;

    /// <summary>An answer that comes later than this was no answer.</summary>
    private const int LatestAnswerMs = 12_000;

    private const int LateFactor = 3;

    private readonly HuntPlan _plan = HuntPlan.Of(options);
    private readonly List<Trial> _trials = [];
    private readonly List<(HuntStop Stop, MonotonicInstant At)> _awaited = [];
    private bool _echo;
    private bool _heardBefore;
    private int _patience = 1;
    private LineErrors? _errorsBefore;
    private MonotonicInstant _begun;

    private long ElapsedMs => time.MonotonicNow().Since(_begun) / 1_000_000;

    private int Patience => ElapsedMs > LongRoundMs ? 1 : _patience;

    /// <summary>
    /// Looks once through everything. Throws <see cref="IOException"/> when the line is lost and <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <param name="link">Open; on return it has the settings of what was found.</param>
    /// <param name="cancel">Noticed within 100 ms.</param>
    public HuntResult Run(ILink link, CancellationToken cancel)
    {
        _heardBefore = _trials.Exists(WasHeard);
        _patience = _heardBefore ? Math.Min(_patience + 1, MostPatience) : 1;
        _trials.Clear();
        _echo = false;
        _errorsBefore = (link as ISerialLine)?.Errors;
        _begun = time.MonotonicNow();
        if (_plan.Stops.Count == 0)
        {
            return new HuntResult(Found: null, [], [], Finding.NoDriver);
        }

        HuntResult? found = ListenFirst(link, cancel, out bool silent);
        if (found is null && (!silent || options.ListenOnly || _heardBefore))
        {
            found = ListenElsewhere(link, cancel);
            silent = false;
        }

        found ??= Ask(link, cancel);
        if (found is null && silent && _trials.Exists(WasHeard) && !_echo)
        {
            found = ListenElsewhere(link, cancel);
        }

        return found ?? new HuntResult(Found: null, [], [.. _trials], WhatIsHeard(link));
    }

    private HuntResult? ListenFirst(ILink link, CancellationToken cancel, out bool silent)
    {
        HuntResult? found = Listen(link, _plan.Stops[0], _plan.FirstListen * Patience, cancel);
        silent = found is null && !WasHeard(_trials[^1]);
        return found;
    }

    /// <summary>Silence sounds alike at every speed; this is for lines that are not silent, and for devices that may not be asked.</summary>
    private HuntResult? ListenElsewhere(ILink link, CancellationToken cancel)
    {
        foreach (HuntStop stop in _plan.Stops)
        {
            bool enough = stop == _plan.Stops[0] && _trials.Count == 1 && stop.ListenMs <= _plan.FirstListen * Patience;
            if (!enough && Listen(link, stop, stop.ListenMs * Patience, cancel) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Whoever says one message of a driver's, and no more in this time, is asked at once, or listened to for longer.</summary>
    private HuntResult? Listen(ILink link, HuntStop stop, int milliseconds, CancellationToken cancel)
    {
        Tell(stop, []);
        Tune(link, stop.Line);
        var window = new Window(options.Drivers, options.Transport);
        IDriver? driver = Hear(link, window, milliseconds, cancel);
        IDriver? likely = driver is null && !window.AreSettingsWrong ? window.HalfRecognised() : null;
        bool canBeAsked = likely is not null && stop.Asking.Contains(likely);
        if (likely is not null && !canBeAsked)
        {
            driver = Hear(link, window, HuntPlan.LongestListenMs, cancel);
        }

        Note(link, stop.Line, asked: "", window);
        if (driver is not null)
        {
            return Found(new Candidate(driver, stop.Line), window.Chunks);
        }

        return canBeAsked ? Converse(link, stop, lateFactor: 1, cancel) : AnswerLate(link, cancel);
    }

    private HuntResult? Ask(ILink link, CancellationToken cancel)
    {
        foreach (HuntStop stop in _plan.Stops.Where(stop => stop.Asking.Count > 0))
        {
            bool quiet = _trials.Count == 0 || !WasHeard(_trials[^1]);
            MonotonicInstant at = time.MonotonicNow();
            if ((Converse(link, stop, lateFactor: 1, cancel) ?? AnswerLate(link, cancel)) is { } found)
            {
                return found;
            }

            if (quiet && stop.Asking.Any(ThinksLong))
            {
                _awaited.Add((stop with { Asking = [.. stop.Asking.Where(ThinksLong)] }, at));
            }
        }

        return null;
    }

    /// <summary>
    /// What was just heard, on a line that was quiet, may be the answer of a device that was asked at other settings and thinks long: back to those, then. A device
    /// that has answered may not answer again, but repeats what it was not thanked for.
    /// </summary>
    private HuntResult? AnswerLate(ILink link, CancellationToken cancel)
    {
        if (_awaited.Count == 0 || !WasHeard(_trials[^1]))
        {
            return null;
        }

        MonotonicInstant now = time.MonotonicNow();
        HuntStop[] again = [.. _awaited.AsEnumerable().Reverse().Where(asked => now.Since(asked.At) / 1_000_000 < LatestAnswerMs).Select(asked => asked.Stop)];
        _awaited.Clear();
        foreach (HuntStop stop in again)
        {
            if (Converse(link, stop, LateFactor, cancel) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>
    /// Asks everybody's questions at one stop, close after each other, then waits for the slowest answer. Whoever finds the answers of interest may
    /// ask on.
    /// </summary>
    private HuntResult? Converse(ILink link, HuntStop stop, int lateFactor, CancellationToken cancel)
    {
        Tell(stop, [.. stop.Asking.Select(asking => asking.Name)]);
        Tune(link, stop.Line);
        var window = new Window(options.Drivers, options.Transport);
        MonotonicInstant begun = time.MonotonicNow();
        IDriver? driver = null;
        long untilMs = 0;
        for (int i = 0; i < stop.Asking.Count; i++)
        {
            for (int asked = 0; asked < Questions(stop.Asking[i]).Count && driver is null && !window.AreSettingsWrong; asked++)
            {
                Say(link, window, stop.Asking[i], asked);
                long now = time.MonotonicNow().Since(begun) / 1_000_000;
                untilMs = Math.Max(untilMs, now + ((long)HuntPlan.AnswerOf(stop.Asking[i]) * Patience * lateFactor));
                driver = Hear(link, window, HuntPlan.SpacingMs, cancel);
            }
        }

        driver ??= Hear(link, window, (int)(untilMs - (time.MonotonicNow().Since(begun) / 1_000_000)), cancel);
        driver ??= AskOn(link, stop, window, cancel);
        _echo |= window.IsEcho;
        Note(link, stop.Line, string.Join(", ", stop.Asking.Select(asking => asking.Name)), window);

        // What it answered was meant for the question here; its session asks its own.
        return driver is null ? null : Found(new Candidate(driver, stop.Line), []);
    }

    /// <summary>One answer is not sure enough: whoever it may belong to asks again, alone.</summary>
    private IDriver? AskOn(ILink link, HuntStop stop, Window window, CancellationToken cancel)
    {
        foreach (IDriver asking in stop.Asking)
        {
            for (int asked = Questions(asking).Count; asked < Math.Max(MostQuestions, Questions(asking).Count + 1); asked++)
            {
                if (window.IsEcho || window.AreSettingsWrong || !window.HoldsMessageOf(asking) || ElapsedMs > LongRoundMs)
                {
                    break;
                }

                Say(link, window, asking, asked);
                if (Hear(link, window, HuntPlan.AnswerOf(asking), cancel) is { } driver)
                {
                    return driver;
                }
            }
        }

        return null;
    }

    private void Say(ILink link, Window window, IDriver driver, int asked)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> questions = Questions(driver);
        ReadOnlyMemory<byte> question = questions[asked % questions.Count];
        var guarded = new GuardedLink(link, driver.Traits.Outgoing, listenOnly: false, _ => { });
        guarded.Send(question.Span);
        window.Asked(driver, question);
    }

    /// <summary>Listens for so long, or until a driver knows it, or until errors say that the settings are wrong.</summary>
    private IDriver? Hear(ILink link, Window window, int milliseconds, CancellationToken cancel)
    {
        LineErrors? before = (link as ISerialLine)?.Errors;
        long bytesBefore = window.Bytes;
        MonotonicInstant begun = time.MonotonicNow();
        while (!window.AreSettingsWrong && time.MonotonicNow().Since(begun) < milliseconds * 1_000_000L)
        {
            cancel.ThrowIfCancellationRequested();
            Chunk chunk = link.Read();
            window.Add(chunk);
            if (!chunk.Bytes.IsEmpty && window.Recognised() is { } driver)
            {
                return driver;
            }

            long wrong = ((link as ISerialLine)?.Errors - before)?.Wrong ?? 0;
            window.AreSettingsWrong |= wrong >= TellingErrors && wrong * TellingShare >= window.Bytes - bytesBefore;
        }

        return null;
    }

    private IReadOnlyList<ReadOnlyMemory<byte>> Questions(IDriver driver) => HuntPlan.QuestionsOf(driver, options.Transport);

    private static bool ThinksLong(IDriver driver) => driver.Traits.AnswersWithin > TimeSpan.Zero;

    private static bool WasHeard(Trial trial) => trial.Bytes > 0 || trial.FramingErrors > 0;

    /// <summary>A stop that is gone back to has the number of its line.</summary>
    private void Tell(HuntStop stop, string[] asked) => options.Trying?.Invoke(new Attempt(
        stop.Line?.ToString() ?? "", asked, _plan.Stops.TakeWhile(one => one.Line != stop.Line).Count() + 1, _plan.Stops.Count));

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
        int? wrong = now - _errorsBefore is { } counted ? counted.Wrong : null;
        _errorsBefore = now;
        _trials.Add(new Trial(line?.ToString() ?? "", asked, window.Bytes, wrong));
    }

    private HuntResult Found(Candidate found, IReadOnlyList<Chunk> heard) =>
        new(found, heard, [.. _trials], Finding.Recognised($"{found.Driver.Traits.Manufacturer} ({found.Driver.Name})", found.Line?.ToString() ?? "", found.Driver.Traits.IsExperimental));

    private Finding WhatIsHeard(ILink link)
    {
        if (_echo)
        {
            return Finding.Looped;
        }

        Trial? best = _trials.Where(trial => trial.Bytes > 0).OrderBy(trial => trial.FramingErrors ?? 0).ThenByDescending(trial => trial.Bytes).FirstOrDefault();
        if (best is { FramingErrors: null or 0 })
        {
            return Finding.UnknownProtocol(best.Line);
        }

        if (_trials.Exists(trial => trial.Bytes > 0))
        {
            return Finding.UnknownSpeed;
        }

        // Errors without a byte are a line that something holds down: its wires are crossed, or its plug is half in.
        bool held = _trials.Exists(trial => trial.FramingErrors > 0);
        return held || link is ISerialLine { DeviceRaisesALine: true } ? Finding.CrossedSuspected : Finding.Silent;
    }
}
