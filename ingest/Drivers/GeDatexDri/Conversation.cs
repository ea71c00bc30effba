using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// Our side of the talk: what is asked for and when (sheet 6.1, 7.1, 8, 10). The monitor forgets every request when it is
/// switched off or the cable changes, so what stays away is asked for again, no more often than every six seconds. It only ever reads
/// time from the chunks.
/// </summary>
internal sealed class Conversation(int bitsPerSecond)
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long BetweenRequests = 100 * Millisecond;
    private const long BetweenRepeats = 6 * Second;
    private const long LongestWithoutValues = ((2 * Outgoing.DisplayedEvery) + 2) * Second;
    private const long LongestWithoutWaves = 3 * Second;
    private const long AuxiliaryEvery = 60 * Second;
    private const long BetweenChoices = 30 * Second;
    private const int FirstLevelWithAlarms = 10;
    private const int MostTries = 3;

    private readonly Queue<byte[]> _waiting = new();
    private MonotonicInstant? _sentAt;
    private MonotonicInstant? _valuesAskedAt;
    private MonotonicInstant? _valuesAt;
    private MonotonicInstant? _wavesAskedAt;
    private MonotonicInstant? _wavesAt;
    private MonotonicInstant? _chosenAt;
    private MonotonicInstant? _alarmsAskedAt;
    private MonotonicInstant? _auxiliaryAskedAt;
    private byte[]? _waves;
    private int _alarmTries;
    private int _auxiliaryTries;
    private bool _hasAlarms;
    private bool _stopped;

    /// <summary>What was chosen last; null before.</summary>
    public IReadOnlyList<byte>? Waves => _waves;

    /// <summary>When that was asked for.</summary>
    public MonotonicInstant? WavesAskedAt => _wavesAskedAt;

    /// <summary>Displayed values came from a monitor of that level with these modules.</summary>
    public void Displayed(int level, Modules modules, MonotonicInstant now)
    {
        bool isFirst = _valuesAt is null;
        _valuesAt = now;
        byte[] choice = WaveChoice.For(modules, level, bitsPerSecond);
        bool isOther = _waves is null || !choice.AsSpan().SequenceEqual(_waves);
        if (isOther && Elapsed(_chosenAt, now) >= BetweenChoices)
        {
            (_waves, _chosenAt) = (choice, now);
            AskForWaves(now);
        }

        if (level >= FirstLevelWithAlarms && !_hasAlarms && _alarmTries < MostTries && Elapsed(_alarmsAskedAt, now) >= BetweenRepeats)
        {
            _alarmTries++;
            _alarmsAskedAt = now;
            _waiting.Enqueue(Outgoing.AlarmsOnChange);
        }

        if (isFirst || (_auxiliaryTries < MostTries && Elapsed(_auxiliaryAskedAt, now) >= AuxiliaryEvery))
        {
            _auxiliaryTries++;
            _auxiliaryAskedAt = now;
            _waiting.Enqueue(Outgoing.Auxiliary);
        }
    }

    public void Waved(MonotonicInstant now) => _wavesAt = now;

    public void Alarmed() => _hasAlarms = true;

    /// <summary>The monitor answers that question, so it goes on being asked.</summary>
    public void Timed() => _auxiliaryTries = 0;

    /// <summary>Time passed, or something came.</summary>
    public void Advance(MonotonicInstant now, IDriverOutput output)
    {
        if (_stopped)
        {
            return;
        }

        if (_valuesAskedAt is null)
        {
            AskForValues(now);
        }
        else if (Elapsed(_valuesAskedAt, now) >= BetweenRepeats && Elapsed(_valuesAt ?? _valuesAskedAt, now) >= (_valuesAt is null ? BetweenRepeats : LongestWithoutValues))
        {
            // It may have been off: all that was asked for is forgotten.
            _hasAlarms = false;
            _alarmTries = 0;
            AskForValues(now);
        }

        if (_waves is not null && Elapsed(_wavesAskedAt, now) >= BetweenRepeats && Elapsed(_wavesAt ?? _wavesAskedAt, now) >= LongestWithoutWaves)
        {
            AskForWaves(now);
        }

        if (_waiting.Count > 0 && Elapsed(_sentAt, now) >= BetweenRequests)
        {
            _sentAt = now;
            output.Send(_waiting.Dequeue());
        }
    }

    /// <summary>Ends all that was asked for.</summary>
    public void Leave(IDriverOutput output)
    {
        if (_stopped || _valuesAskedAt is null)
        {
            _stopped = true;
            return;
        }

        _stopped = true;
        if (_waves is not null)
        {
            output.Send(Outgoing.NoWaves);
        }

        output.Send(Outgoing.StopDisplayed);
        if (_alarmsAskedAt is not null)
        {
            output.Send(Outgoing.NoAlarms);
        }
    }

    private static long Elapsed(MonotonicInstant? since, MonotonicInstant now) => since is MonotonicInstant at ? now.Since(at) : long.MaxValue;

    /// <summary>Once, for what is shown now, and then every few seconds: a single answer may come sooner than the first of a period.</summary>
    private void AskForValues(MonotonicInstant now)
    {
        _valuesAskedAt = now;
        _waiting.Enqueue(Outgoing.DisplayedOnce);
        _waiting.Enqueue(Outgoing.DisplayedPeriodically);
    }

    private void AskForWaves(MonotonicInstant now)
    {
        _wavesAskedAt = now;
        _waiting.Enqueue(Outgoing.Waves(_waves));
    }
}
