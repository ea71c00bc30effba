using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Evidence;
using Bedside.Storage.Keys;
using Bedside.Storage.Retention;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Storage.Evidence;

/// <summary>What the ring keeps, for how long, and what it says of what it does not.</summary>
public sealed class EvidenceRingTests
{
    private const long Budget = EvidenceOptions.LeastBudget;

    private readonly StepClock _clock = new();
    private readonly FaultyDisk _disk = new(new Random(1));

    [Fact]
    public void TheRingStaysWithinItsBudget_AndTheOldestGoesFirst()
    {
        using StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(), _clock);
        Keeper keeper = KeeperOf(engine);
        List<string> written = [];
        var bed = new EvidenceBed(1);
        for (int turn = 0; turn < 120; turn++)
        {
            written.AddRange(EvidenceBed.Lines(Write(engine, bed, 600)));
            while (keeper.Step(CancellationToken.None))
            {
            }

            Assert.InRange(BytesOfRing(engine), 0, Budget);
        }

        List<EvidenceEntry> read = EvidenceBed.Read(engine);
        Assert.DoesNotContain(read, entry => entry.Kind == EvidenceKind.Hole);
        Assert.Equal(written.TakeLast(read.Count), EvidenceBed.Lines(read));
        Assert.InRange(read.Count, 1000, written.Count / 2);
        Assert.InRange(BytesOfRing(engine), Budget * 3 / 4, Budget);
    }

    [Fact]
    public void WhatIsHeldStays_TheBudgetHoldsAllTheSame_AndWhatIsNotKeptIsAHole()
    {
        using StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(), _clock);
        new HoldList([new Hold("court", From: null, To: null, "x", Bed.Start)], ClockConfirmed: null).Write(_disk);
        Keeper keeper = KeeperOf(engine);
        var bed = new EvidenceBed(1);
        List<string> first = EvidenceBed.Lines(Write(engine, bed, 600));
        for (int turn = 0; turn < 60; turn++)
        {
            _ = Write(engine, bed, 600);
            Assert.False(keeper.Step(CancellationToken.None));
            Assert.InRange(BytesOfRing(engine), 0, Budget);
        }

        Assert.Contains("held", engine.Health.LastError, StringComparison.Ordinal);
        HoldList.Empty.Write(_disk);
        while (keeper.Step(CancellationToken.None))
        {
        }

        List<string> last = EvidenceBed.Lines(Write(engine, bed, 600));
        List<EvidenceEntry> read = EvidenceBed.Read(engine);
        List<EvidenceEntry> holes = [.. read.Where(entry => entry is { Kind: EvidenceKind.Hole, Loss: EvidenceLoss.Budget })];
        Assert.NotEmpty(holes);
        Assert.True(holes.Sum(hole => hole.LostChunks) > 1000);
        Assert.Equal(last, EvidenceBed.Lines(read).TakeLast(last.Count));
        Assert.NotEmpty(first);
    }

    [Fact]
    public void CapturesGoBeforeWaveforms_AndCountAsUsed()
    {
        using StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(), _clock);
        _ = Write(engine, new EvidenceBed(1), 6_000);
        engine.Evidence!.Close();
        StoreOptions tight = EvidenceBed.Options() with { Retention = new RetentionOptions { BudgetBytes = 1, ReserveBytes = 0 } };
        var keeper = new Keeper(engine, _disk, tight, _clock, () => null);
        Assert.True(keeper.Step(CancellationToken.None));
        Assert.True(keeper.Health.UsedBytes >= BytesOfRing(engine));
        while (keeper.Step(CancellationToken.None))
        {
        }

        Assert.Equal(0, BytesOfRing(engine));
        ClassFigures captures = RetentionFigures.Survey(engine, (1 << 30, 1 << 29), tight).Classes[0];
        Assert.Equal(("captures", 0L), (captures.Name, captures.Bytes));
    }

    [Fact]
    public void WhatDoesNotFitInMemoryIsAHoleOfItsPortWithItsCount()
    {
        StoreOptions options = EvidenceBed.Options();
        options = options with { Evidence = options.Evidence! with { FlushBytes = 1_000, QueueBytes = 20_000 } };
        using StoreEngine engine = EvidenceBed.Open(_disk, options, _clock);
        EvidenceEntry[] written = [.. new EvidenceBed(1).Next(1_000)];
        Array.ForEach(written, engine.Evidence!.Take);
        engine.Evidence.Flush(sync: true);
        List<EvidenceEntry> read = EvidenceBed.Read(engine);
        EvidenceEntry[] kept = [.. read.Where(entry => !entry.Bytes.IsEmpty)];
        EvidenceEntry[] holes = [.. read.Where(entry => entry is { Kind: EvidenceKind.Hole, Loss: EvidenceLoss.Overload })];
        Assert.InRange(holes.Length, 2, 50);
        Assert.Equal(written.Length, kept.Length + holes.Sum(hole => hole.LostChunks));
        Assert.Equal(written.Sum(entry => entry.Bytes.Length), kept.Sum(entry => entry.Bytes.Length) + holes.Sum(hole => hole.LostBytes));
    }

    [Fact]
    public void AProcessThatEndsOrIsKilledLeavesAHoleThatSaysSo()
    {
        var bed = new EvidenceBed(1);
        using (StoreEngine killed = EvidenceBed.Open(_disk, EvidenceBed.Options(1), _clock))
        {
            _ = Write(killed, bed, 30);
        }

        using StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(2), _clock);
        _ = Write(engine, bed, 30);
        EvidenceEntry hole = Assert.Single(EvidenceBed.Read(engine), entry => entry.Kind == EvidenceKind.Hole);
        Assert.Equal((EvidenceLoss.Restart, EvidencePort.Every), (hole.Loss, hole.Port));
        var survey = EvidenceSurvey.Of(engine.EvidenceFiles.Files(), EvidenceBed.Read(engine));
        Assert.Equal(2, survey.Ports.Count);
        Assert.All(survey.Ports, port => Assert.Equal((2, 1), (port.Intervals.Count, port.Holes.Count)));
    }

    [Fact]
    public void SilenceIsEvidenceToo()
    {
        using StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(), _clock);
        EvidenceEntry chunk = new EvidenceBed(1).Next();
        engine.Evidence!.Take(chunk);
        for (long i = 1; i <= 50; i++)
        {
            engine.Evidence.Take(chunk with { Kind = EvidenceKind.Silent, Bytes = default, At = chunk.At.Add(i * 100_000_000), Utc = chunk.Utc.Add(i * 100_000_000) });
        }

        engine.Evidence.Flush(sync: true);
        EvidenceEntry silent = Assert.Single(EvidenceBed.Read(engine), entry => entry.Kind == EvidenceKind.Silent);
        Assert.InRange(silent.At.Since(chunk.At), 4_999_000_000, 5_001_000_000);
    }

    [Fact]
    public void AStepOfTheClockBeginsAFileOfItsOwn()
    {
        using StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(), _clock);
        var bed = new EvidenceBed(1);
        _ = Write(engine, bed, 30);
        bed.Offset -= 3_600_000_000_000;
        _ = Write(engine, bed, 30);
        Assert.Equal(2, engine.EvidenceFiles.Files().Count);
        Assert.Equal(60, EvidenceBed.Read(engine).Count);
    }

    [Fact]
    public void DamageIsNamed_CostsItsWindow_AndBecomesAHole()
    {
        List<string> written;
        using (StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(), _clock))
        {
            var bed = new EvidenceBed(1);
            written = [.. EvidenceBed.Lines(Write(engine, bed, 40)), .. EvidenceBed.Lines(Write(engine, bed, 40)), .. EvidenceBed.Lines(Write(engine, bed, 40))];
            engine.Evidence!.Close();
        }

        byte[] content = _disk.Content(FileNames.Evidence(1));
        content[8192 + 4096 + 200 + (content[8192 + 4096 + 200] == 0 ? 1 : 0)] ^= 1;
        using var reader = new StoreEngine(_disk, EvidenceBed.Options(2), _clock, isReadOnly: true);
        var damaged = new List<Damage>();
        List<EvidenceEntry> read = EvidenceBed.Read(reader, damaged.Add);
        Assert.NotEmpty(damaged);
        Assert.Contains(read, entry => entry is { Kind: EvidenceKind.Hole, Loss: EvidenceLoss.Damaged, LostChunks: > 0 });
        Assert.Subset(new HashSet<string>(written), new HashSet<string>(EvidenceBed.Lines(read)));
        Assert.InRange(EvidenceBed.Lines(read).Count, 40, 100);
        VerifyReport report = Verification.Run(_disk, CancellationToken.None, TestKeys.Box);
        Assert.Contains(report.Damaged, damage => damage.File == FileNames.Evidence(1));
        Assert.NotEmpty(Verification.Run(_disk, CancellationToken.None, TestKeys.OtherBox).Locked);
    }

    [Fact]
    public async Task AStayThatIsErasedTakesItsEvidenceWithIt_AndTheNextOnesStays()
    {
        using StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(), _clock);
        var bed = new EvidenceBed(1);
        StayId first = engine.Keys.Current;
        List<EvidenceEntry> gone = Write(engine, bed, 40);
        foreach (EvidenceEntry entry in bed.Next(20))
        {
            // Taken, and not written yet when the stay ends.
            engine.Evidence!.Take(entry);
        }

        await engine.BeginStayAsync(new StayId(0x22));
        List<string> kept = EvidenceBed.Lines(Write(engine, bed, 40));
        Assert.Equal(2, engine.EvidenceFiles.Files().Count);
        engine.Erase(first);
        Assert.Equal(kept, EvidenceBed.Lines(EvidenceBed.Read(engine)));
        Assert.Single(engine.EvidenceFiles.Files());
        Assert.DoesNotContain(Stay.List(engine.Disk, engine.Keys), stay => stay.Id == first && stay.Files > 0);
        Assert.NotEmpty(gone);
    }

    [Fact]
    public async Task WhatWaitsInMemoryOfAnErasedStayIsNeverWritten()
    {
        using StoreEngine engine = EvidenceBed.Open(_disk, EvidenceBed.Options(), _clock);
        StayId first = engine.Keys.Current;
        foreach (EvidenceEntry entry in new EvidenceBed(1).Next(20))
        {
            engine.Evidence!.Take(entry);
        }

        await engine.BeginStayAsync(new StayId(0x22));
        engine.Erase(first);
        engine.Evidence!.Flush(sync: true);
        Assert.Empty(EvidenceBed.Read(engine));
        Assert.Empty(engine.EvidenceFiles.Files());
    }

    [Fact]
    public async Task ARawScanFindsNoByteOfAPort()
    {
        using var folder = new TemporaryFolder();
        var needles = new List<byte[]>();
        await using (var store = Store.Open(folder.Path, EvidenceBed.Options(), TimeProvider.System))
        {
            foreach (EvidenceEntry entry in new EvidenceBed(77).Next(500))
            {
                store.Evidence!.Take(entry);
                needles.Add(entry.Bytes.Length > 16 ? entry.Bytes[8..16].ToArray() : [.. "philips-intellivue"u8]);
            }

            store.Evidence!.Flush(sync: true);
            Assert.Equal(500, store.ReadEvidence(EvidenceBed.Ever, EvidenceBed.Never).Count());
        }

        needles.AddRange([[.. "/dev/monitor"u8], [.. "192.0.2.7"u8]]);
        string[] files = [.. Directory.EnumerateFiles(folder.Path).Where(path => Path.GetFileName(path) != FileNames.Lock)];
        Assert.Contains(files, path => path.EndsWith(".bde", StringComparison.Ordinal));
        foreach (byte[] content in files.Select(File.ReadAllBytes))
        {
            Assert.All(needles, needle => Assert.True(content.AsSpan().IndexOf(needle) < 0));
        }
    }

    private List<EvidenceEntry> Write(StoreEngine engine, EvidenceBed bed, int count)
    {
        List<EvidenceEntry> entries = [.. bed.Next(count)];
        entries.ForEach(engine.Evidence!.Take);
        _clock.Advance(40);
        engine.Evidence.Flush();
        return entries;
    }

    private Keeper KeeperOf(StoreEngine engine) => new(engine, _disk, EvidenceBed.Options() with { Retention = new RetentionOptions { ReserveBytes = 0 } }, _clock, () => null);

    private static long BytesOfRing(StoreEngine engine) => engine.EvidenceFiles.Files().Sum(file => file.Bytes);
}
