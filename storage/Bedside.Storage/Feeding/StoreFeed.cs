using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;

namespace Bedside.Storage.Feeding;

/// <summary>How a feed began.</summary>
public enum FeedBeginning
{
    /// <summary>It goes on where it was.</summary>
    Continued = 1,

    /// <summary>There was none: it begins with what is appended from now on.</summary>
    First = 2,

    /// <summary>There was one to another destination; what that one was not told yet is not told to this one.</summary>
    OtherDestination = 3,

    /// <summary>How far the destination was told could not be read: it begins anew from now on, which is a loss.</summary>
    PlaceLost = 4,
}

/// <summary>
/// What is appended to a store and durable there, handed out once each, in the order of appending in each signal and of time among them, for one destination outside of the box. The store is the queue: the
/// feed keeps no data, only how far it came (the file <c>feed</c>). One part is on its way at a time, and the same part is handed out again after a crash until <see cref="Settle"/> says what became of it. For
/// one task; <see cref="State"/> may be read from any thread. Throws the disk's errors.
/// </summary>
public sealed class StoreFeed : IDisposable
{
    /// <summary>What lies farther ahead than this is of a clock that was wrong: nobody waits for it.</summary>
    private const long AheadNanoseconds = 3_600_000_000_000;

    /// <summary>What the disk fails to read is tried so often before it is passed over and counted as lost.</summary>
    private const int MostFailures = 5;

    private readonly StoreEngine _engine;
    private readonly FeedOptions _options;
    private readonly FeedFiles _files;
    private readonly FeedLosses _losses = new();
    private readonly SortedDictionary<uint, FeedLane> _lanes = [];
    private readonly Dictionary<uint, SignalKind> _kinds = [];
    private FeedFile _file;
    private FeedPart? _part;
    private ulong _floor;
    private bool _isDirty;
    private int _failures;
    private volatile FeedState _state;

    internal StoreFeed(StoreEngine engine, FeedOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Every, TimeSpan.FromMilliseconds(100));
        (_engine, _options, _files) = (engine, options, new FeedFiles(engine));
        var known = FeedFile.Read(engine.Disk, out Damage? damage);
        if (damage is not null)
        {
            engine.Health.Found(damage);
        }

        Beginning = known is null ? (damage is null ? FeedBeginning.First : FeedBeginning.PlaceLost)
            : known.Destination == options.Destination ? FeedBeginning.Continued : FeedBeginning.OtherDestination;
        _file = Beginning == FeedBeginning.Continued ? known! : new FeedFile { Destination = options.Destination, ApprovedBy = options.ApprovedBy, ApprovedAt = engine.Now, Floor = 0 };
        IsNewlyApproved = Beginning != FeedBeginning.Continued || _file.ApprovedBy != options.ApprovedBy || (options.Waves && !_file.Waves);
        _file = IsNewlyApproved ? _file with { ApprovedBy = options.ApprovedBy, ApprovedAt = engine.Now } : _file;
        bool wavesAreNew = options.Waves && !_file.Waves;
        _floor = _file.Floor;
        foreach ((uint signal, FeedPosition position) in _file.Lanes)
        {
            _lanes[signal] = new FeedLane(signal, position);
        }

        if (Beginning != FeedBeginning.Continued)
        {
            _floor = engine.Holdings.SequencesFrom(0).Select(file => file.Sequence).LastOrDefault();
            PutAtEnd(_ => true);
        }
        else if (wavesAreNew)
        {
            PutAtEnd(IsWave);
        }

        _file = Now(_file.Plan) with { Waves = options.Waves };
        _file.Write(engine.Disk);
        _state = StateOf(_file, oldest: null);
    }

    public FeedBeginning Beginning { get; }

    /// <summary>Somebody approved something that was not approved before: it is to be recorded.</summary>
    public bool IsNewlyApproved { get; }

    public FeedState State => _state;

    /// <summary>The part that is due at <paramref name="now"/>, or the one that was handed out last while nothing became of it; null = nothing is due.</summary>
    public FeedPart? Next(UtcInstant now)
    {
        if (_part is not null)
        {
            return _part;
        }

        _files.IsTolerant = _failures >= MostFailures;
        try
        {
            CountLost();
            _part = _file.Plan is { } plan && Again(plan) is { } again ? again : Plan(now);
            _failures = 0;
            return _part;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            _failures++;
            foreach (FeedLane lane in _lanes.Values)
            {
                lane.MoveTo(_file.PositionOf(lane.Signal));
            }

            throw;
        }
        finally
        {
            _files.Dispose();
        }
    }

    /// <summary>What became of the part that was handed out.</summary>
    public void Settle(FeedOutcome outcome)
    {
        if (_part is null)
        {
            throw new InvalidOperationException("no part was handed out");
        }

        _part = null;
        bool isAccepted = outcome == FeedOutcome.Accepted;
        _file = Now(plan: null) with
        {
            Sent = _file.Sent + (isAccepted ? 1 : 0),
            Refused = _file.Refused + (outcome == FeedOutcome.Refused ? 1 : 0),
            LastAccepted = isAccepted ? _engine.Now : _file.LastAccepted,
        };
        _isDirty = true;
        _state = StateOf(_file, _state.Oldest);
    }

    /// <summary>Writes down what became of the last part; else that goes with the next one. Throws the disk's errors.</summary>
    public void Save()
    {
        if (_isDirty)
        {
            _file.Write(_engine.Disk);
            _isDirty = false;
        }
    }

    public void Dispose() => _files.Dispose();

    /// <summary>Plans the next part, writes the plan down, and hands the part out.</summary>
    private FeedPart? Plan(UtcInstant now)
    {
        Look();
        UtcInstant? oldest = _lanes.Values.Min(lane => lane.Next);
        _state = StateOf(_file, oldest);
        if (oldest is not { } first)
        {
            return null;
        }

        long every = _options.Every.Ticks * 100;
        long begin = (long)Int128.Max(first.UnixNanoseconds - (((first.UnixNanoseconds % (Int128)every) + every) % every), long.MinValue);
        var until = new UtcInstant((long)Int128.Min((Int128)begin + every, long.MaxValue));
        UtcInstant ahead = now.Add(AheadNanoseconds);
        if (until > now.Add(-_options.Settle.Ticks * 100) && first < ahead)
        {
            return null;
        }

        FeedFile before = _file = Now(plan: null);
        (List<Block> blocks, List<FeedTaking> takings) = Take(until, ahead);
        FeedFile planned = before with { Lost = before.Lost + _lanes.Values.Sum(lane => lane.Unreadable), Plan = new FeedPlan(new UtcInstant(begin), until, now, takings) };
        planned.Write(_engine.Disk);
        (_file, _isDirty) = (planned, false);
        foreach (FeedLane lane in _lanes.Values)
        {
            lane.Unreadable = 0;
        }

        return new FeedPart(planned.Key(), planned.Plan.From, until, now, blocks);
    }

    private (List<Block> Blocks, List<FeedTaking> Takings) Take(UtcInstant until, UtcInstant ahead)
    {
        (int values, int samples) = (_options.MostValues, _options.MostSamples);
        var blocks = new List<Block>();
        var takings = new List<FeedTaking>();
        foreach (FeedLane lane in _lanes.Values)
        {
            int from = blocks.Count;
            bool isWave = IsWave(lane.Signal);
            int taken = lane.Take(until, ahead, isWave ? samples : values, (sequence, piece) => Keep(sequence, piece, blocks));
            if (taken > 0)
            {
                (values, samples) = isWave ? (values, samples - taken) : (values - taken, samples);
                takings.Add(new FeedTaking(lane.Signal, taken, [.. Beginnings(blocks, from).Select(at => blocks[at].Start.UnixNanoseconds)]));
            }
        }

        return (blocks, takings);
    }

    /// <summary>The part of a plan that was written down; null = nothing of it is there any more.</summary>
    private FeedPart? Again(FeedPlan plan)
    {
        Look();
        string key = _file.Key();
        var blocks = new List<Block>();
        long missing = 0;
        foreach (FeedTaking taking in plan.Takings)
        {
            int from = blocks.Count;
            var never = new UtcInstant(long.MaxValue);
            missing += taking.Count - LaneOf(taking.Signal).Take(never, never, taking.Count, (sequence, piece) => Keep(sequence, piece, blocks));
            foreach ((int at, long start) in Beginnings(blocks, from).Zip(taking.Starts))
            {
                blocks[at] = blocks[at] with { Start = new UtcInstant(start) };
            }
        }

        _file = _file with { Lost = _file.Lost + missing, Plan = blocks.Count > 0 ? _file.Plan : null };
        _state = StateOf(_file, plan.From);
        return blocks.Count > 0 ? new FeedPart(key, plan.From, plan.To, plan.MadeAt, blocks) : null;
    }

    /// <summary>Which pieces of samples do not go on where the one before ended.</summary>
    private static List<int> Beginnings(List<Block> blocks, int from)
    {
        var beginnings = new List<int>();
        for (int i = from; i < blocks.Count; i++)
        {
            bool goesOn = i > from && (blocks[i - 1], blocks[i]) is (SampleBlock before, SampleBlock next) && before.ClockEpoch == next.ClockEpoch && before.FirstIndex + before.Samples.Length == next.FirstIndex;
            if (blocks[i] is SampleBlock && !goesOn)
            {
                beginnings.Add(i);
            }
        }

        return beginnings;
    }

    private void Keep(ulong sequence, Block piece, List<Block> blocks)
    {
        blocks.Add(piece);
        _losses.Take(sequence, FeedLane.CountOf(piece));
    }

    /// <summary>Looks at the files of now, and leaves those behind of which nothing is left to take.</summary>
    private void Look()
    {
        while (true)
        {
            IReadOnlyList<(ulong Sequence, bool IsEnded)> files = _engine.Holdings.SequencesFrom(_floor);
            ILookup<uint, FeedSource> sources = _files.Look([.. files.Select(file => file.Sequence)], IsWanted);
            foreach (IGrouping<uint, FeedSource> of in sources)
            {
                _ = LaneOf(of.Key);
            }

            foreach (FeedLane lane in _lanes.Values)
            {
                lane.Look(sources[lane.Signal], _files.Load);
            }

            // A file that still grows is not left, nor one that was not looked at.
            ulong? next = _lanes.Values.Min(lane => lane.NextSequence);
            ulong last = files.Select(file => file.Sequence).LastOrDefault(_floor);
            ulong target = files.Where(file => !file.IsEnded).Select(file => file.Sequence).Append(next ?? _files.Next ?? last).Min();
            if (target <= _floor || _file.Plan is not null)
            {
                return;
            }

            _floor = target;
            foreach (FeedLane lane in _lanes.Values)
            {
                lane.Leave(target);
            }
        }
    }

    private void CountLost()
    {
        long lost = _losses.Look(_engine.Holdings.OldestSegmentsFirst(), _floor, segment => _files.CountBehind(segment, IsWanted, signal => LaneOf(signal).Position));
        if (lost > 0)
        {
            _file = _file with { Lost = _file.Lost + lost };
            _state = StateOf(_file, _state.Oldest);
            _isDirty = true;
        }
    }

    private bool IsWave(uint signal)
    {
        if (!_kinds.TryGetValue(signal, out SignalKind kind))
        {
            _kinds[signal] = kind = _engine.Signals.Signals.FirstOrDefault(one => one.Number.Value == signal)?.Metric.Kind ?? SignalKind.Numeric;
        }

        return kind == SignalKind.Waveform;
    }

    private bool IsWanted(uint signal) => signal != 0 && (_options.Waves || !IsWave(signal));

    private FeedLane LaneOf(uint signal)
    {
        if (!_lanes.TryGetValue(signal, out FeedLane? lane))
        {
            _lanes[signal] = lane = new FeedLane(signal, new FeedPosition(_floor, 0, 0, 0));
        }

        return lane;
    }

    /// <summary>What is there already is as if it had been taken.</summary>
    private void PutAtEnd(Func<uint, bool> which)
    {
        try
        {
            ulong newest = _engine.Holdings.SequencesFrom(_floor).Select(file => file.Sequence).LastOrDefault(_floor);
            foreach (Signal signal in _engine.Signals.Signals.Where(signal => which(signal.Number.Value)))
            {
                LaneOf(signal.Number.Value).MoveTo(new FeedPosition(newest, 0, 0, 0));
            }

            foreach (IGrouping<uint, FeedSource> of in _files.Look([newest], signal => signal != 0 && which(signal)))
            {
                FeedSource last = of.Last();
                BlockEntry entry = last[^1];
                FeedPosition end = _files.Load(last, entry) is { } block
                    ? FeedPosition.Behind(last.Sequence, entry.Number, block, FeedLane.CountOf(block))
                    : new FeedPosition(last.Sequence, entry.Number, long.MaxValue, int.MaxValue);
                LaneOf(of.Key).MoveTo(end);
            }
        }
        finally
        {
            _files.Dispose();
        }
    }

    /// <summary>The file with the positions of now; lanes that stand where all do need no line.</summary>
    private FeedFile Now(FeedPlan? plan) => _file with
    {
        Floor = _floor,
        Lanes = _lanes.Values.Where(lane => lane.Position.Number > 0 || lane.Position.Sequence > _floor).ToDictionary(lane => lane.Signal, lane => lane.Position),
        Plan = plan,
    };

    private static FeedState StateOf(FeedFile file, UtcInstant? oldest) =>
        new(file.Destination, file.ApprovedBy, file.ApprovedAt, file.Sent, file.Refused, file.Lost, file.LastAccepted, oldest);
}
