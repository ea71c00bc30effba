using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// Values of successive records of one kind as events. A value that goes is told once to be not available, and never keeps
/// its old number; a value that stands until the next measurement is told once for each.
/// </summary>
/// <param name="channel">Put before the channel of every signal: empty for displayed values, trend-10s, trend-60s.</param>
internal sealed class Readings(string channel)
{
    private readonly Dictionary<string, Shown> _shown = [];
    private readonly Dictionary<string, (Metric Metric, string Words)> _states = [];
    private readonly Dictionary<string, Episode> _episodes = [];
    private readonly HashSet<Metric> _described = [];

    /// <summary>How often values are due; null = nobody knows.</summary>
    public TimeSpan? Every { get; set; }

    /// <summary>States are told of displayed values alone.</summary>
    private bool TellsStates => channel.Length == 0;

    public void Take(ClassContent content, IDriverOutput output)
    {
        HashSet<string> fresh = FreshEpisodes(content);
        foreach (Reading reading in content.Readings)
        {
            Tell(reading, fresh, output);
        }

        foreach (string group in content.Absent)
        {
            TellRemoved(group, output);
        }

        foreach (StateText state in TellsStates ? content.States : [])
        {
            TellState(state, output);
        }
    }

    /// <summary>When something was measured, by the monitor's wall clock.</summary>
    public void Measured(string episode, DateTime? at)
    {
        Episode known = EpisodeOf(episode);
        if (at is not null && at != known.MeasuredAt)
        {
            known.MeasuredAt = at;
            known.IsTimeNew = true;
        }
    }

    /// <summary>Another monitor is on the line, or the same one began anew.</summary>
    public void Forget(IDriverOutput output)
    {
        foreach (string code in _shown.Keys.ToArray())
        {
            TellGone(code, output);
        }

        _states.Clear();
        _episodes.Clear();
    }

    private void Tell(Reading reading, HashSet<string> fresh, IDriverOutput output)
    {
        Metric metric = Placed(reading.Metric, reading.Episode.Length > 0 ? null : Every);
        _shown.TryGetValue(reading.Code, out Shown before);
        if (before.Metric is Metric other && (other.SignalId, other.Channel) != (metric.SignalId, metric.Channel))
        {
            // The transducer was given another label: the signal that was here is over.
            TellGone(reading.Code, output);
            before = default;
        }

        _shown[reading.Code] = new Shown(metric, reading.Value is not null, reading.Validity);
        bool isRepeat = reading.Value is null
            ? before.Metric is not null && !before.HadValue && before.Validity == reading.Validity
            : reading.Episode.Length > 0 && before.HadValue && !fresh.Contains(reading.Episode);
        if (isRepeat)
        {
            return;
        }

        Describe(metric, output);
        Episode? episode = reading.Episode.Length > 0 ? EpisodeOf(reading.Episode) : null;
        output.Report(new DeviceEvent.Numeric(metric, reading.Value)
        {
            Validity = reading.Validity | (reading.Value is not null && episode is { IsOfUnknownTime: true } ? Validity.Questionable : Validity.Valid),
            MeasuredAt = reading.Value is not null ? episode?.ToldTime : null,
        });
    }

    /// <summary>
    /// A measurement is new when a value differs, when it stops being old, when measuring ends, or when the monitor tells another time for it.
    /// </summary>
    private HashSet<string> FreshEpisodes(ClassContent content)
    {
        var fresh = new HashSet<string>();
        foreach (EpisodeMark mark in content.Marks)
        {
            Episode episode = EpisodeOf(mark.Episode);
            Fixed?[] values = [.. content.Readings.Where(reading => reading.Episode == mark.Episode).Select(reading => reading.Value)];
            bool differs = !values.SequenceEqual(episode.Values);
            bool renewed = (episode.IsOld && !mark.IsOld) || (episode.IsMeasuring && !mark.IsMeasuring);
            bool timed = episode.IsTimeNew && !episode.IsToldSinceTime;
            if (differs || renewed || timed)
            {
                fresh.Add(mark.Episode);
                episode.ToldTime = episode.IsTimeNew ? episode.MeasuredAt : null;
                episode.IsOfUnknownTime = mark.IsOld && episode.ToldTime is null;
                episode.IsToldSinceTime = !episode.IsTimeNew;
            }
            else
            {
                episode.IsToldSinceTime &= !episode.IsTimeNew;
            }

            episode.IsTimeNew = false;
            episode.Values = values;
            (episode.IsOld, episode.IsMeasuring) = (mark.IsOld, mark.IsMeasuring);
        }

        return fresh;
    }

    private void TellRemoved(string group, IDriverOutput output)
    {
        string prefix = group + ".";
        foreach (string code in _shown.Keys.Where(code => code.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
        {
            TellGone(code, output);
        }

        foreach ((Metric metric, _) in _states.Values.Where(state => state.Metric.DeviceCode.StartsWith($"datex:{prefix}", StringComparison.Ordinal)).ToArray())
        {
            _states.Remove(metric.SignalId);
            output.Report(new DeviceEvent.Text(metric, string.Empty) { Validity = Validity.NotAvailable });
        }
    }

    private void TellGone(string code, IDriverOutput output)
    {
        if (_shown.Remove(code, out Shown shown) && shown.HadValue && shown.Metric is Metric metric)
        {
            output.Report(new DeviceEvent.Numeric(metric, Value: null) { Validity = Validity.NotAvailable });
        }
    }

    private void TellState(StateText state, IDriverOutput output)
    {
        string key = state.Metric.SignalId;
        bool known = _states.TryGetValue(key, out (Metric Metric, string Words) before);
        if (known ? before.Words == state.Words : state.Words.Length == 0)
        {
            return;
        }

        _states[key] = (state.Metric, state.Words);
        Describe(state.Metric, output);
        output.Report(new DeviceEvent.Text(state.Metric, state.Words) { Code = state.Bits });
    }

    private Metric Placed(Metric metric, TimeSpan? every) => metric with
    {
        Channel = channel.Length == 0 || metric.Channel.Length == 0 ? channel + metric.Channel : $"{channel}/{metric.Channel}",
        ExpectedEvery = every,
    };

    private void Describe(Metric metric, IDriverOutput output)
    {
        if (_described.Add(metric))
        {
            output.Report(new DeviceEvent.Descriptor(metric));
        }
    }

    private Episode EpisodeOf(string name)
    {
        if (!_episodes.TryGetValue(name, out Episode? episode))
        {
            episode = _episodes[name] = new Episode();
        }

        return episode;
    }

    private readonly record struct Shown(Metric? Metric, bool HadValue, Validity Validity);

    /// <summary>A measurement that is made now and then, as far as it was told.</summary>
    private sealed class Episode
    {
        public Fixed?[] Values { get; set; } = [];

        public bool IsOld { get; set; }

        public bool IsMeasuring { get; set; }

        /// <summary>The last time that the monitor told.</summary>
        public DateTime? MeasuredAt { get; set; }

        /// <summary>It came after the last record of values.</summary>
        public bool IsTimeNew { get; set; }

        /// <summary>The measurement was told before its time came: the time alone is no new measurement then.</summary>
        public bool IsToldSinceTime { get; set; }

        public DateTime? ToldTime { get; set; }

        public bool IsOfUnknownTime { get; set; }
    }
}
