using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// Counts what came late and what came twice of one signal, and says so with a mark of that signal at most once a minute: nothing of it is a hole, but a
/// line that does it often needs a visit. The mark's text begins with the number.
/// </summary>
internal sealed class Tally(string device, Signal signal, Func<Block, bool> append)
{
    private const long EveryNs = 60_000_000_000;

    private UtcInstant _said = new(long.MinValue / 2);
    private UtcInstant _since;
    private long _late;
    private long _twice;
    private long _marks;

    public void Late(long samples, UtcInstant at) => Count(ref _late, samples, at);

    public void Twice(long samples, UtcInstant at) => Count(ref _twice, samples, at);

    /// <summary>Says what was counted, if it is time or <paramref name="now"/> is the end.</summary>
    public void Say(UtcInstant now, bool isEnd)
    {
        if (_late + _twice == 0 || (!isEnd && now.Since(_said) < EveryNs && now >= _said))
        {
            return;
        }

        Mark("late-samples", _late, "came after those that follow them, or seconds late", now);
        Mark("duplicate-samples", _twice, "came twice and are kept once", now);
        (_late, _twice, _said) = (0, 0, now);
    }

    private void Count(ref long counter, long samples, UtcInstant at)
    {
        _since = _late + _twice == 0 ? at : _since;
        counter += samples;
    }

    private void Mark(string kind, long samples, string what, UtcInstant now)
    {
        if (samples > 0)
        {
            append(new AnnotationBlock
            {
                Signal = signal.Number,
                Start = _since,
                Until = now > _since ? now : _since,
                Key = $"{device}/{signal.Number.Value}/{now.UnixNanoseconds}/{++_marks}",
                Kind = kind,
                Text = $"{samples} {what}",
                Source = device,
            });
        }
    }
}
