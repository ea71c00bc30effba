using Bedside.Host.Measuring;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Tests.Storage;

/// <summary>The days that the bench makes out of the first are what a store would have written.</summary>
public sealed class StoreMovingTests
{
    private const long Day = 86_400_000_000_000;
    private const int Turns = 400;

    [Fact]
    public async Task ADayMovedInTimeIsASoundStore_WithTheSameSamplesADayLater()
    {
        using var folder = new TemporaryFolder();
        var options = new StoreOptions { BoxKey = BoxKey.ReadOrCreate(folder.FileIn(BoxKey.FileName), out _) };
        StoreBenchBed bed = await FillAsync(folder.Path, options);
        using (var engine = new StoreEngine(new PosixDisk(folder.Path), options, TimeProvider.System, isReadOnly: false))
        {
            var moving = new StoreMoving(engine.Disk, TimeProvider.System);
            IReadOnlyList<ulong> segments = moving.Segments;
            moving.Copy(segments, Day);
            moving.Copy(segments, 2 * Day);
        }

        VerifyReport report = Verification.Run(folder.Path, CancellationToken.None, options.BoxKey);
        Assert.Empty(report.Damaged);
        Assert.Equal(3 * bed.SamplesUntil(Turns), report.Samples);
        await using var store = Store.OpenReadOnly(folder.Path, TimeProvider.System, options.BoxKey);
        (UtcInstant from, UtcInstant to) = (StoreBenchBed.Start, StoreBenchBed.Start.Add(Turns * 2_000_000_000L));
        foreach (Signal signal in store.Signals)
        {
            List<Block> first = [.. store.Read(signal.Number, from, to)];
            foreach (long shift in new[] { Day, 2 * Day })
            {
                List<Block> moved = [.. store.Read(signal.Number, from.Add(shift), to.Add(shift))];
                Assert.Equal(first.Select(block => Line(block, shift)), moved.Select(block => Line(block, 0)));
                IEnumerable<EnvelopePoint> expected = store.Envelope(signal.Number, from, to, 77).Select(point => point with { Time = point.Time.Add(shift), Until = point.Until.Add(shift) });
                Assert.Equal(expected, store.Envelope(signal.Number, from.Add(shift), to.Add(shift), 77));
            }
        }
    }

    [Fact]
    public async Task EveryByteOfASegmentIsForSomething()
    {
        using var folder = new TemporaryFolder();
        var options = new StoreOptions { BoxKey = BoxKey.ReadOrCreate(folder.FileIn(BoxKey.FileName), out _) };
        StoreBenchBed bed = await FillAsync(folder.Path, options);
        using var engine = new StoreEngine(new PosixDisk(folder.Path), options, TimeProvider.System, isReadOnly: true);
        var anatomy = StoreAnatomy.Of(engine.Disk, engine.Signals.Signals, CancellationToken.None);
        Assert.Equal(bed.SamplesUntil(Turns), anatomy.Signals.Sum(signal => signal.Samples));
        Assert.Equal(engine.Signals.Signals.Select(signal => signal.Id), anatomy.Signals.Select(signal => signal.Id));
        Assert.Equal(Directory.EnumerateFiles(folder.Path, "segment-*").Sum(path => new FileInfo(path).Length), anatomy.Signals.Sum(signal => signal.All) + anatomy.Other);
        Assert.All(anatomy.Signals, signal => Assert.True(signal.Blocks > signal.Index && signal.Overview > 0));
        Assert.InRange(anatomy.Other, 1, anatomy.Signals.Sum(signal => signal.All) / 2);
    }

    private static async Task<StoreBenchBed> FillAsync(string folder, StoreOptions options)
    {
        StoreBenchBed bed;
        await using (var store = Store.Open(folder, options, TimeProvider.System))
        {
            bed = new StoreBenchBed(store, waveforms: null);
            for (int turn = 0; turn < Turns; turn++)
            {
                foreach (Block block in bed.Turn(turn, parts: 2))
                {
                    await store.AppendAsync(block, CancellationToken.None);
                }
            }
        }

        using var engine = new StoreEngine(new PosixDisk(folder), options, TimeProvider.System, isReadOnly: false);
        while (engine.SealNext(CancellationToken.None))
        {
        }

        return bed;
    }

    /// <summary>Everything a block says, its times and indexes moved.</summary>
    private static string Line(Block block, long shift) => block switch
    {
        SampleBlock samples => $"{samples.Start.Add(shift)} {samples.FirstIndex + samples.Period.SamplesIn(shift)} {samples.DeviceNanoseconds + shift} {samples.Period} {samples.Scale} {samples.UncertaintyMicroseconds} {string.Join(' ', samples.Samples.ToArray())}",
        NumericBlock numeric => string.Join(' ', numeric.Readings.Select(reading => $"{reading.Time.Add(shift)} {reading.Value} {reading.Validity} {reading.DeviceNanoseconds + shift}")),
        _ => block.ToString(),
    };
}
