using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Repair;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Retention;

/// <summary>
/// Keeps a store within its budget and its ages, one piece at a time, and keeps room for capture on a full disk. For one
/// task; what it found last can be read from any thread.
/// </summary>
internal sealed class Keeper
{
    /// <summary>On a small disk the reserve is this part of it.</summary>
    private const int ReservePart = 32;

    /// <summary>With less the spare journal is given up.</summary>
    private const long LeastFree = 256 << 10;

    /// <summary>The believed time is written down when it has moved so far.</summary>
    private static readonly TimeSpan ClockEvery = TimeSpan.FromHours(6);

    private readonly StoreEngine _engine;
    private readonly IDiskRoom _room;
    private readonly StoreOptions _options;
    private readonly Func<IDisposable?> _lock;
    private readonly ClockTrust _clock;
    private readonly CaptureClass _captures;
    private readonly WaveformClass _waveforms;
    private readonly IReadOnlyList<IKeptClass> _classes;
    private RetentionLedger? _ledger;
    private bool _isClockBegun;
    private bool _isSetAsideTold;
    private volatile RetentionHealth _health = RetentionHealth.Unknown;
    private long _deviceOffset = long.MaxValue;
    private long _dropped;
    private volatile IReadOnlyList<GoneRange> _gone = [];

    /// <summary>For an engine on a file system; <paramref name="takeLock"/> keeps persons from changing the holds while something is dropped, and may throw the disk's errors.</summary>
    public Keeper(StoreEngine engine, IDiskRoom room, StoreOptions options, TimeProvider clock, Func<IDisposable?> takeLock)
    {
        options.Retention.Check();
        (_engine, _room, _options, _lock) = (engine, room, options, takeLock);
        _clock = new ClockTrust(clock, options.Retention.ClockBound);
        _captures = new CaptureClass(engine.Disk, engine.EvidenceFiles, options.Evidence);
        _waveforms = new WaveformClass(engine.Disk, engine.Holdings, engine.Signals, options.Retention, clock);
        _classes = [new SetAsideClass(engine.Disk, options.Retention), _captures, _waveforms, new NumericClass(engine.Holdings, options.Retention, Delete)];
        try
        {
            _ = Ledger();
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            engine.Health.Failed($"the record of what went cannot be read, it is tried again: {error.Message}");
        }
    }

    public RetentionHealth Health => _health;

    /// <summary>Whole files that went, as gaps.</summary>
    public IReadOnlyList<GoneRange> Gone => _gone;

    /// <summary>A device said how far its wall clock is ahead of the box's, nanoseconds. From any thread.</summary>
    public void HearDevice(long offsetNanoseconds) => Volatile.Write(ref _deviceOffset, offsetNanoseconds);

    /// <summary>Finishes deletions that a former process, or a failing disk, left half done. Throws the disk's errors.</summary>
    public void Settle()
    {
        if (!_isSetAsideTold)
        {
            TellOfSetAside();
            _isSetAsideTold = true;
        }

        RetentionLedger ledger = Ledger();
        if (ledger.Deleting.Count == 0)
        {
            return;
        }

        IReadOnlyList<string> names = _engine.Disk.Names();
        foreach (ulong sequence in ledger.Deleting)
        {
            if (_engine.Holdings.OldestSegmentsFirst().FirstOrDefault(one => one.Identity.Sequence == sequence) is { } segment)
            {
                segment.IsGone = true;
                _engine.Holdings.Remove(segment);
            }

            if (names.Contains(FileNames.Segment(sequence)))
            {
                _engine.Disk.Delete(FileNames.Segment(sequence));
            }
        }

        _engine.Disk.Sync();
        Keep(ledger with { Deleting = [] });
    }

    /// <summary>Looks at the disk, drops at most one piece, and says whether it did. Throws the disk's errors.</summary>
    public bool Step(CancellationToken cancel)
    {
        Settle();
        var holds = HoldList.Read(_engine.Disk, out Damage? damage);
        if (damage is not null && holds is null && _health.Pause != RetentionPause.HoldsUnreadable)
        {
            _engine.Health.Found(damage);
        }

        RetentionHealth now = Measure(holds);
        if (holds is null)
        {
            _health = now with { Pause = RetentionPause.HoldsUnreadable };
            return false;
        }

        bool isTrusted = IsClockTrusted(holds);
        bool isOver = now.UsedBytes > now.BudgetBytes;
        UtcInstant? time = isTrusted ? _engine.Now : null;
        (IKeptClass Class, KeptPiece Piece)? next = RetentionPlan.Next(_classes, holds, isOver, Floor(), time)
            ?? (_captures.IsOverItsBudget ? RetentionPlan.Next([_captures], holds, isOverBudget: true, Floor(), time) : null);
        RetentionPause pause = isOver && next is null ? RetentionPause.EverythingHeld
            : !isTrusted ? RetentionPause.ClockUntrusted
            : RetentionPause.None;
        _health = now with { Pause = pause };
        if (next is not { } chosen || !Drop(chosen.Class, chosen.Piece, cancel))
        {
            return false;
        }

        _dropped++;
        _health = Measure(holds) with { Pause = pause };
        return true;
    }

    private bool Drop(IKeptClass kept, KeptPiece piece, CancellationToken cancel)
    {
        using IDisposable? locked = _lock();
        return _engine.ChangeSegments(() => kept.Drop(piece, () => HoldList.Read(_engine.Disk, out _) is { } holds && !holds.Covers(piece.From, piece.Until), cancel));
    }

    private bool IsClockTrusted(HoldList holds)
    {
        if (_options.Retention is { WaveformAge: null, NumericAge: null })
        {
            return true;
        }

        if (!_isClockBegun)
        {
            _clock.Begin(Ledger().Clock ?? Newest());
            _isClockBegun = true;
        }

        _clock.Hear(holds.ClockConfirmed);
        if (Interlocked.Exchange(ref _deviceOffset, long.MaxValue) is var offset && offset != long.MaxValue)
        {
            _clock.HearDevice(offset);
        }

        bool isTrusted = _clock.IsTrusted();
        if (isTrusted && _clock.Believed is { } believed && (Ledger().Clock is not { } written || Math.Abs(believed.Since(written)) > ClockEvery.Ticks * 100))
        {
            Keep(Ledger() with { Clock = believed });
        }

        return isTrusted;
    }

    private RetentionHealth Measure(HoldList? holds)
    {
        (long total, long free) = _room.Measure();
        IReadOnlyList<string> names = _engine.Disk.Names();
        long reserve = KeepReserve(total, ref free, names.Contains(FileNames.Reserve));
        if (reserve == 0 && free < LeastFree && names.Contains(FileNames.SpareJournal))
        {
            // To drop something takes a little room too: what is left is written before what was is deleted.
            _engine.Disk.Delete(FileNames.SpareJournal);
            (_, free) = _room.Measure();
        }

        RetentionHealth health = RetentionFigures.Measure(_engine, (total, free), _options, WantedReserve(total) - reserve);
        return health with
        {
            ReserveBytes = reserve,
            Level = _engine.Health.Writing ? RetentionFigures.LevelOf(total, free + reserve) : DiskLevel.Full,
            OldestWaveform = _waveforms.Pieces().Select(piece => (UtcInstant?)piece.From).FirstOrDefault(),
            Holds = holds?.Holds.Count ?? 0,
            Dropped = _dropped,
        };
    }

    /// <summary>Gives the reserve to capture when the disk takes nothing else, and takes it back when there is room for it again.</summary>
    private long KeepReserve(long total, ref long free, bool isThere)
    {
        long wanted = WantedReserve(total);
        if (wanted == 0)
        {
            return 0;
        }

        if (isThere && (!_engine.Health.Writing || free < wanted / ReservePart))
        {
            _engine.Disk.Delete(FileNames.Reserve);
            (_, free) = _room.Measure();
            return 0;
        }

        if (!isThere && _engine.Health.Writing && free > wanted + (wanted / 4))
        {
            _room.SetAside(FileNames.Reserve, wanted);
            (_, free) = _room.Measure();
            return wanted;
        }

        return isThere ? wanted : 0;
    }

    private long WantedReserve(long total) => Math.Min(_options.Retention.ReserveBytes, total / ReservePart);

    private UtcInstant Floor() => Newest() is { } newest ? newest.Add(-_options.Retention.Floor.Ticks * 100) : new UtcInstant(long.MinValue);

    private UtcInstant? Newest() => _engine.Holdings.OldestSegmentsFirst() is { Count: > 0 } segments ? segments.Max(NumericClass.Until) : null;

    /// <summary>First the ledger, then the file: a crash between them is finished by <see cref="Settle"/>.</summary>
    private bool Delete(SegmentFile segment, GapCause cause)
    {
        SegmentFile[] kept = [.. _engine.Holdings.OldestSegmentsFirst().Where(other => other != segment)];
        (UtcInstant first, UtcInstant last) = Times(segment, kept);
        var range = new GoneRange(first, last, cause, 1, segment.Bytes, 0);
        RetentionLedger next = Ledger().With(range, (from, to) => kept.Any(other => NumericClass.From(other) < to && NumericClass.Until(other) > from));
        Keep(next with { Deleting = [segment.Identity.Sequence] });
        Settle();
        return true;
    }

    /// <summary>Of when a segment is; one whose directory was lost had perhaps more than can be read, at most up to its neighbours.</summary>
    private static (UtcInstant From, UtcInstant Until) Times(SegmentFile segment, SegmentFile[] others)
    {
        (UtcInstant from, UtcInstant until) = (NumericClass.From(segment), NumericClass.Until(segment));
        if (segment.Damaged.Count == 0)
        {
            return (from, until);
        }

        UtcInstant earliest = others.Where(other => other.Identity.Sequence < segment.Identity.Sequence).Select(NumericClass.Until).Append(until.Add(-SegmentCheck.LongestNanoseconds)).Max();
        UtcInstant latest = others.Where(other => other.Identity.Sequence > segment.Identity.Sequence).Select(NumericClass.From).Append(from.Add(SegmentCheck.LongestNanoseconds)).Min();
        return (earliest < from ? earliest : from, latest > until ? latest : until);
    }

    /// <summary>A segment without a readable block was renamed at a start: between its neighbours the record has a hole, unless that is told already.</summary>
    private void TellOfSetAside()
    {
        IReadOnlyList<SegmentFile> segments = _engine.Holdings.OldestSegmentsFirst();
        foreach (ulong sequence in _engine.Disk.Names().Where(FileNames.IsBadSegment).Select(FileNames.SequenceOfBad).OfType<ulong>().Order())
        {
            UtcInstant? before = segments.LastOrDefault(other => other.Identity.Sequence < sequence) is { } left ? NumericClass.Until(left) : null;
            UtcInstant? after = segments.FirstOrDefault(other => other.Identity.Sequence > sequence) is { } right ? NumericClass.From(right) : null;
            (UtcInstant? begin, UtcInstant? end) = (before ?? after?.Add(-SegmentCheck.LongestNanoseconds), after ?? before?.Add(SegmentCheck.LongestNanoseconds));
            if (begin is { } from && end is { } to && from <= to && !Ledger().Gone.Any(range => range.From <= to && range.To >= from))
            {
                Keep(Ledger().With(new GoneRange(from, to, GapCause.Storage, 1, 0, 0), (_, _) => true));
            }
        }
    }

    private void Keep(RetentionLedger ledger)
    {
        ledger.Write(_engine.Disk);
        _ledger = ledger;
        _gone = ledger.Gone;
    }

    /// <summary>Read once it can be: what a disk cannot read now it may read later, and must not be written over.</summary>
    private RetentionLedger Ledger()
    {
        if (_ledger is null)
        {
            _ledger = RetentionLedger.Read(_engine.Disk, out Damage? damage);
            _gone = _ledger.Gone;
            if (damage is not null)
            {
                _engine.Health.Found(damage);
            }
        }

        return _ledger;
    }
}
