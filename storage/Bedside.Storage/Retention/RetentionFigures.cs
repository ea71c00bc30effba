using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Evidence;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;
using Bedside.Storage.Replacing;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Retention;

/// <summary>What one class takes on the disk.</summary>
/// <param name="Name"><c>set-aside</c> (only where something was replaced), <c>captures</c>, <c>waveforms</c>, <c>numerics</c>.</param>
/// <param name="Bytes">Of its blocks and their index, or of its files.</param>
/// <param name="Segments">In how many files.</param>
/// <param name="Oldest">First instant; null = there is nothing.</param>
/// <param name="MostAge">What is older goes; null = only the budget decides.</param>
public sealed record ClassFigures(string Name, long Bytes, int Segments, UtcInstant? Oldest, TimeSpan? MostAge);

/// <summary>All there is to say of retention, for a person.</summary>
/// <param name="Health">Room and time.</param>
/// <param name="Classes">In the order in which they go.</param>
/// <param name="Holds">What must not go; null = the list is damaged.</param>
/// <param name="Gone">Whole files that are not there any more, as gaps.</param>
public sealed record RetentionSurvey(RetentionHealth Health, IReadOnlyList<ClassFigures> Classes, IReadOnlyList<Hold>? Holds, IReadOnlyList<GapBlock> Gone);

/// <summary>Room and rates, from the files that are there.</summary>
internal static class RetentionFigures
{
    public const double FillingShare = 0.05;
    public const double FullShare = 0.01;

    private const long NanosecondsPerTick = 100;

    /// <summary>Shorter records say nothing of a day.</summary>
    private static readonly TimeSpan LeastRecord = TimeSpan.FromMinutes(10);

    /// <summary><paramref name="missingReserve"/>: what is still to be set aside is no room for the store.</summary>
    public static RetentionHealth Measure(StoreEngine engine, (long Total, long Free) room, StoreOptions store, long missingReserve = 0)
    {
        RetentionOptions options = store.Retention;
        IReadOnlyList<SegmentFile> segments = engine.Holdings.OldestSegmentsFirst();
        long journals = engine.Disk.Names().Count(name => FileNames.SequenceOfJournal(name) is not null || name == FileNames.SpareJournal) * store.JournalBytes;
        long captures = engine.EvidenceFiles.Files().Sum(file => file.Bytes);
        long used = segments.Sum(segment => segment.Bytes) + journals + captures + SetAsideClass.All(engine.Disk).Sum(one => one.Bytes);
        long budget = Math.Min(options.BudgetBytes ?? long.MaxValue, (long)(((double)used + Math.Max(0, room.Free - missingReserve)) * options.BudgetShare));

        // What the ring of evidence may still take is no room for anything else.
        long promised = Math.Max(0, (store.Evidence?.BudgetBytes ?? 0) - captures);
        double? rate = BytesPerDay(segments);
        return new RetentionHealth
        {
            BudgetBytes = budget,
            UsedBytes = used,
            DiskBytes = room.Total,
            FreeBytes = room.Free,
            Level = LevelOf(room.Total, room.Free),
            BytesPerDay = rate,
            DaysLeft = rate is > 0 and var perDay ? Math.Max(0, budget - used - promised) / perDay : null,
            Oldest = segments.Count == 0 ? null : NumericClass.From(segments[0]),
        };
    }

    public static DiskLevel LevelOf(long total, long free) =>
        free < total * FullShare ? DiskLevel.Full : free < total * FillingShare ? DiskLevel.Filling : DiskLevel.Fine;

    public static RetentionSurvey Survey(StoreEngine engine, (long Total, long Free) room, StoreOptions store)
    {
        RetentionOptions options = store.Retention;
        var waves = new Tally("waveforms", options.WaveformAge);
        var others = new Tally("numerics", options.NumericAge);
        foreach (SegmentFile segment in engine.Holdings.OldestSegmentsFirst())
        {
            (long ofWaves, UtcInstant? first) = Weigh(engine.Disk, segment, engine.Health.Found);
            waves.Add(ofWaves, first);
            others.Add(segment.Bytes - ofWaves, NumericClass.From(segment));
        }

        HoldList? holds = ReadHolds(engine);
        IReadOnlyList<EvidenceFile> captures = engine.EvidenceFiles.Files();
        var ring = new ClassFigures(CaptureClass.ClassName, captures.Sum(file => file.Bytes), captures.Count, captures.Select(file => file.Head?.Made).FirstOrDefault(made => made is not null), MostAge: null);
        RetentionHealth health = Measure(engine, room, store) with { OldestWaveform = waves.Oldest, Holds = holds?.Holds.Count ?? 0 };
        IReadOnlyList<Replacement> aside = SetAsideClass.All(engine.Disk);
        var originals = new ClassFigures(SetAsideClass.ClassName, aside.Sum(one => one.Bytes), aside.Sum(one => one.Segments.Count), aside.SelectMany(one => one.Segments).Min(one => (UtcInstant?)one.From), options.WaveformAge);
        return new RetentionSurvey(health, [.. aside.Count > 0 ? new[] { originals } : [], ring, waves.Figures, others.Figures], holds?.Holds, [.. RetentionLedger.ReadOrEmpty(engine.Disk).Gone.Select(range => range.ToGap())]);
    }

    /// <summary>From the segments of the last day of data; what was dropped of them does not count, which is why the newest day goes last.</summary>
    private static double? BytesPerDay(IReadOnlyList<SegmentFile> segments)
    {
        if (segments.Count == 0)
        {
            return null;
        }

        const long day = TimeSpan.TicksPerDay * NanosecondsPerTick;
        UtcInstant newest = NumericClass.Until(segments[^1]);
        SegmentFile[] ofDay = [.. segments.Where(segment => newest.Since(NumericClass.From(segment)) <= day)];
        double days = ofDay.Length == 0 ? 0 : newest.Since(ofDay.Min(NumericClass.From)) / (double)day;
        return days < LeastRecord.TotalDays ? null : ofDay.Sum(segment => segment.Bytes) / days;
    }

    /// <summary>Bytes of the waves of a segment with their index, and their first instant; nothing when its index cannot be read.</summary>
    private static (long Bytes, UtcInstant? First) Weigh(EncryptedDisk disk, SegmentFile segment, Action<Damage> onDamage)
    {
        long bytes = 0;
        UtcInstant? first = null;
        try
        {
            using IDiskFile file = disk.Open(segment.Identity.Name, DiskAccess.Read);
            foreach (SegmentLane lane in segment.Lanes.Where(lane => lane.Key.Lane == Lane.Data))
            {
                BlockEntry[] waves = [.. (segment.ReadSlice(file, lane) ?? []).Where(entry => entry.Kind == BlockKind.Samples)];
                if (waves.Length > 0)
                {
                    bytes += lane.SliceBytes + waves.Sum(entry => (long)Frame.TotalBytes(entry.Length));
                    first = first is { } known && known < lane.Start ? known : lane.Start;
                }
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            onDamage(new Damage(segment.Identity.Name, 0, SignalNumber.None, error.Message));
        }

        return (bytes, first);
    }

    private static HoldList? ReadHolds(StoreEngine engine)
    {
        try
        {
            return HoldList.Read(engine.Disk, out _);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            engine.Health.Failed($"the list of holds cannot be read: {error.Message}");
            return null;
        }
    }

    private sealed class Tally(string name, TimeSpan? mostAge)
    {
        private long _bytes;
        private int _segments;

        public UtcInstant? Oldest { get; private set; }

        public ClassFigures Figures => new(name, _bytes, _segments, Oldest, mostAge);

        public void Add(long bytes, UtcInstant? first)
        {
            if (bytes > 0)
            {
                _bytes += bytes;
                _segments++;
                Oldest ??= first;
            }
        }
    }
}
