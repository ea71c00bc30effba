using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Storage.Retention;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Storage.Retention;

/// <summary>A store of many small segments on a disk in memory, and what was put into it.</summary>
internal sealed class KeptBed : IDisposable
{
    public const int TurnsOfSegment = 40;

    /// <summary>Seed of what an engine on another disk makes up.</summary>
    private const int Again = 77;

    private const long ToleranceNanoseconds = 1_000_000;
    private const int JournalBytes = 24 << 10;

    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    private readonly Bed _bed;
    private readonly List<Block> _appended = [];

    public KeptBed(int seed, RetentionOptions? options = null, bool isEncrypted = false)
    {
        Disk = new FaultyDisk(new Random(seed));
        _bed = new Bed(seed);
        Options = new StoreOptions { JournalBytes = JournalBytes, SegmentBytes = JournalBytes, BoxKey = isEncrypted ? TestKeys.Box : null, Randomness = TestKeys.Randomness(seed), Retention = options ?? new RetentionOptions { ReserveBytes = 0, Floor = TimeSpan.Zero } };
        Engine = Open();
        Keeper = Care();
    }

    /// <summary>The same store on a disk of its own, as after a restart.</summary>
    private KeptBed(KeptBed other, FaultyDisk disk, RetentionOptions options, int seed)
    {
        (Disk, _bed, Options) = (disk, other._bed, other.Options with { Retention = options, Randomness = TestKeys.Randomness(seed) });
        _appended.AddRange(other._appended);
        Clock.Advance(other.Clock.GetElapsedTime(0));
        Engine = new StoreEngine(Disk, Options, Clock, isReadOnly: false);
        Keeper = Care();
    }

    public StoreOptions Options { get; }

    public FaultyDisk Disk { get; }

    public WallClock Clock { get; } = new();

    public StoreEngine Engine { get; private set; }

    public Keeper Keeper { get; private set; }

    public IReadOnlyList<Block> Appended => _appended;

    public static UtcInstant TimeOf(int segment) => Bed.Start.Add(segment * TurnsOfSegment * Bed.BlockNanoseconds);

    public KeptBed Copy(Random random, RetentionOptions options) => new(this, Disk.Copy(random), options, random.Next());

    public KeptBed On(FaultyDisk disk, RetentionOptions options) => new(this, disk, options, Again);

    /// <summary>Fills segments and lets the clock run with them.</summary>
    public async Task FillAsync(int segments, int turns = TurnsOfSegment, bool seal = true)
    {
        for (int i = 0; i < segments; i++)
        {
            for (int turn = 0; turn < turns; turn++)
            {
                Engine.StageDescriptions();
                foreach (Block block in _bed.Next())
                {
                    _appended.Add(block);
                    Assert.True(Engine.Journal.Stage(block));
                }
            }

            await Engine.Journal.WriteAsync();
            await Engine.Journal.RollAsync();
            Assert.Equal(seal, seal && Engine.SealNext(CancellationToken.None));
            Clock.Advance(TimeSpan.FromTicks(turns * Bed.BlockNanoseconds / 100));
        }
    }

    /// <summary>The same disk with another budget or other ages, as after a restart.</summary>
    public void Reopen(RetentionOptions? options = null)
    {
        Engine.Dispose();
        Engine = new StoreEngine(Disk, Options, Clock, isReadOnly: false);
        Keeper = Care(options);
    }

    public Keeper Care(RetentionOptions? options = null) => Keeper = new Keeper(Engine, Disk, Options with { Retention = options ?? Options.Retention }, Clock, () => null);

    public int StepUntilDone()
    {
        int steps = 0;
        while (Keeper.Step(CancellationToken.None))
        {
            steps++;
        }

        return steps;
    }

    /// <summary>Without what nobody damaged on purpose, <paramref name="onDamage"/> is null and none may be found.</summary>
    public List<Block> Everything(Action<Damage>? onDamage = null) =>
    [
        .. BlockReading.Read(Engine.Disk, Engine.Holdings, [new LaneKey(Lane.Data, Bed.Wave.Value), new LaneKey(Lane.Data, Bed.Rate.Value)], (Ever, Never), onDamage ?? (damage => Assert.Fail(damage.What))),
        .. BlockReading.Read(Engine.Disk, Engine.Holdings, lanes: null, (Ever, Never), onDamage ?? (damage => Assert.Fail(damage.What))),
    ];

    /// <summary>What is there was appended, is there once, and what is not there is explained by a gap of one of these causes; gives what is missing.</summary>
    public IReadOnlyList<Block> CheckAgainstAppended(params GapCause[] causes)
    {
        causes = causes.Length == 0 ? [GapCause.Retention] : causes;
        List<Block> all = Everything();
        List<string> found = Contents.Of(all.Where(block => block is not GapBlock));
        var lines = new HashSet<string>(found);
        Assert.Equal(lines.Count, found.Count);
        Assert.Empty(lines.Except(Contents.Of(_appended)));
        GapBlock[] gaps = [.. all.OfType<GapBlock>(), .. Keeper.Gone.Select(range => range.ToGap())];
        Block[] missing = [.. _appended.Where(block => !Contents.Of(block).All(lines.Contains))];
        foreach (Block block in missing)
        {
            Assert.True(Array.Exists(gaps, gap => causes.Contains(gap.Cause) && Explains(gap, block)), $"{block.GetType().Name} of signal {block.Signal.Value} at {block.Start} is missing without a gap; there are {string.Join(", ", gaps.Select(gap => $"{gap.Cause} of {gap.Signal.Value} {gap.Start} to {gap.Until}"))}; {Engine.Health.LastError} {Engine.Health.LockedReason} {string.Join(", ", Disk.Names())}");
        }

        return missing;
    }

    public void Dispose() => Engine.Dispose();

    private static bool Explains(GapBlock gap, Block block) =>
        (gap.Signal == SignalNumber.None || gap.Signal == block.Signal)
        && gap.Start <= block.Start.Add(ToleranceNanoseconds)
        && gap.Until >= block.End.Add(-ToleranceNanoseconds);

    private StoreEngine Open()
    {
        var engine = new StoreEngine(Disk, Options, Clock, isReadOnly: false);
        _ = engine.Signals.Register("d", Bed.WaveMetric, Bed.Start);
        _ = engine.Signals.Register("d", Bed.RateMetric, Bed.Start);
        return engine;
    }
}
