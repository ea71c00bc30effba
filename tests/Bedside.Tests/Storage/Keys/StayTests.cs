using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;
using Bedside.Storage.Reading;

namespace Bedside.Tests.Storage.Keys;

/// <summary>One stay after the other, and the end of one's data.</summary>
public sealed class StayTests
{
    private const int MostOperations = 400;

    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);
    private static readonly StayId Second = new(0x22);

    [Fact]
    public async Task EachFileIsOfOneStay_AndTheCurrentOneIsStillThatAfterARestart()
    {
        using var folder = new TemporaryFolder();
        StayId first;
        await using (var store = Store.Open(folder.Path, TestKeys.Options(), TimeProvider.System))
        {
            first = store.CurrentStay;
            await AppendAsync(store, new Bed(1), 30);
            await store.BeginStayAsync(Second, CancellationToken.None);
            await store.BeginStayAsync(Second, CancellationToken.None);
            await AppendAsync(store, new Bed(2), 30);
        }

        await using var again = Store.Open(folder.Path, TestKeys.Options(2), TimeProvider.System);
        Assert.NotEqual(StayId.None, first);
        Assert.Equal(Second, again.CurrentStay);
        IReadOnlyList<Stay> stays = again.ListStays();
        Assert.Equal([first, Second], stays.Select(stay => stay.Id));
        Assert.Equal([StayState.Ended, StayState.Current], stays.Select(stay => stay.State));
        Assert.All(stays, stay => Assert.True(stay.Files > 0 && stay.Bytes > 0));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => again.BeginStayAsync(first, CancellationToken.None));
        Assert.Equal(60, again.Read(Bed.Wave, Ever, Never).OfType<SampleBlock>().Sum(block => block.Samples.Length) / 128);
    }

    [Fact]
    public async Task AnErasedStayIsGone_TheOthersReadOn_AndAMarkSaysThatItHappened()
    {
        using var folder = new TemporaryFolder();
        StayId first;
        List<string> kept;
        await using (var store = Store.Open(folder.Path, TestKeys.Options(), TimeProvider.System))
        {
            first = store.CurrentStay;
            await AppendAsync(store, new Bed(1), 300);
            await store.BeginStayAsync(Second, CancellationToken.None);
            List<Block> second = await AppendAsync(store, new Bed(2), 300);
            kept = [.. Contents.Of(second.OfType<SampleBlock>())];
            await store.EraseStayAsync(first, CancellationToken.None);
            Assert.Equal(kept, Contents.Of(store.Read(Bed.Wave, Ever, Never)));
            Assert.Equal(Second, store.CurrentStay);
        }

        await using var again = Store.Open(folder.Path, TestKeys.Options(2), TimeProvider.System);
        Assert.Equal(kept, Contents.Of(again.Read(Bed.Wave, Ever, Never)));
        Stay erased = again.ListStays().Single(stay => stay.Id == first);
        Assert.Equal((StayState.Erased, 0), (erased.State, erased.Files));
        AnnotationBlock mark = Assert.Single(again.ReadBed(Ever, Never).OfType<AnnotationBlock>());
        Assert.Equal("stay-erased", mark.Kind);
    }

    /// <summary>Reads every byte of every file, of the folder and of the tail's, for what was written and for the keys.</summary>
    [Fact]
    public async Task ARawScanFindsNoPlaintextBeforeAndNoKeyAfter()
    {
        using var folder = new TemporaryFolder();
        using var memory = new TemporaryFolder();
        StoreOptions options = TestKeys.Options() with { TailDirectory = memory.Path };
        var needles = new Dictionary<string, byte[]>();
        await using var store = Store.Open(folder.Path, options, TimeProvider.System);
        StayId first = store.CurrentStay;
        foreach (Block block in await AppendAsync(store, new Bed(1), 300))
        {
            byte[] bytes = BlockCodec.Encode(block);
            needles[$"{block.GetType().Name} at {block.Start}"] = bytes[8..24];
            // An end of nothing but zeros says nothing: a file that is made ready is full of them.
            if (bytes[^16..].Distinct().Skip(3).Any())
            {
                needles[$"payload of {block.GetType().Name} at {block.Start}"] = bytes[^16..];
            }
        }

        var identity = new DeviceIdentity { Manufacturer = "Acme", Model = "Monitor", SerialNumber = "SN-4711-0815" };
        await store.AppendAsync(new DeviceBlock { Signal = SignalNumber.None, Start = Bed.Start, Device = "acme-7", Identity = identity, State = DeviceState.Receiving }, CancellationToken.None);
        await store.AppendAsync(new TextBlock { Signal = Bed.Rate, Start = Bed.Start, Text = "pacemaker zebra" }, CancellationToken.None);
        foreach (string text in new[] { "SN-4711-0815", "acme-7", "pacemaker zebra", "ecg-ii", "/min" })
        {
            needles[text] = System.Text.Encoding.UTF8.GetBytes(text);
        }

        AssertNowhere(folder, memory, needles);
        _ = await store.SyncAsync(CancellationToken.None);
        AssertNowhere(folder, memory, needles);
        needles["the stay's key, wrapped"] = WrappedKey(folder, first, out byte[] key);
        needles["the stay's key"] = key;
        await store.EraseStayAsync(first, CancellationToken.None);
        AssertNowhere(folder, memory, needles);
        Assert.NotEmpty(Files(folder, memory));
    }

    [Fact]
    public async Task ErasingTheCurrentStayBeginsAnother()
    {
        using var folder = new TemporaryFolder();
        await using var store = Store.Open(folder.Path, TestKeys.Options(), TimeProvider.System);
        StayId first = store.CurrentStay;
        _ = await AppendAsync(store, new Bed(1), 30);
        await store.EraseStayAsync(first, CancellationToken.None);
        Assert.NotEqual(first, store.CurrentStay);
        Assert.Empty(store.Read(Bed.Wave, Ever, Never));
        List<Block> more = await AppendAsync(store, new Bed(3), 10);
        Assert.Equal(Contents.Of(more.OfType<SampleBlock>()), Contents.Of(store.Read(Bed.Wave, Ever, Never)));
    }

    /// <summary>Every operation of the disk once, failing or with the power gone.</summary>
    [Fact]
    public async Task WhateverOperationFailsOrIsCut_AnErasureCompletesOrRestarts_AndNeverRevives()
    {
        int reached = 0;
        for (int operation = 0; operation < MostOperations && reached == operation; operation++)
        {
            foreach (Loss loss in Enum.GetValues<Loss>())
            {
                reached += await OneFaultAsync(operation, loss, cuts: true) && loss == Loss.Nothing ? 1 : 0;
            }

            _ = await OneFaultAsync(operation, Loss.Nothing, cuts: false);
        }

        Assert.InRange(reached, 30, MostOperations - 1);
    }

    /// <summary>False when the script has fewer operations.</summary>
    private static async Task<bool> OneFaultAsync(int operation, Loss loss, bool cuts)
    {
        string at = $"operation {operation}, {loss}, {(cuts ? "cut" : "failing")}";
        var disk = new FaultyDisk(new Random(operation));
        (StayId first, List<string> ofFirst) = await WriteFirstAsync(disk);
        int before = disk.Operations;
        (disk.CutAt, int failing) = cuts ? (before + operation, -1) : (int.MaxValue, before + operation);
        _ = failing >= 0 && disk.FailAt.Add(failing);
        var acknowledged = new List<string>();
        bool isErased = false;
        try
        {
            using StoreEngine engine = Open(disk, 2);
            await engine.BeginStayAsync(Second);
            acknowledged.AddRange(await WriteAsync(engine, new Bed(2), 12));
            engine.Erase(first);
            isErased = true;
        }
        catch (IOException)
        {
            // Not acknowledged.
        }

        bool wasReached = disk.Operations > before + operation;
        disk.Restart(loss);
        bool wasErased = false;
        for (int start = 0; start < 2; start++)
        {
            using StoreEngine engine = Open(disk, 3 + start);
            Assert.True(!(isErased || wasErased) || engine.Keys.IsErased(first), $"{at}: it came back");
            wasErased = engine.Keys.IsErased(first);
            List<string> found = Read(engine);
            Assert.True(acknowledged.TrueForAll(found.Contains), $"{at}: something of another stay is lost");
            Assert.True(wasErased || ofFirst.TrueForAll(found.Contains), $"{at}: something is lost that was not erased");
            if (wasErased)
            {
                Assert.False(ofFirst.Exists(found.Contains), $"{at}: something of it can be read");
                Assert.DoesNotContain(engine.Disk.Names(), name => FileNames.IdentityOf(name) is not null && engine.Disk.StayOf(name) == first);
            }
        }

        return wasReached;
    }

    /// <summary>A segment and a journal of the first stay, and the waves in them, of which no other stay has any.</summary>
    private static async Task<(StayId Stay, List<string> Waves)> WriteFirstAsync(FaultyDisk disk)
    {
        using StoreEngine engine = Open(disk, 1);
        var bed = new Bed(1);
        List<string> written = await WriteAsync(engine, bed, 12);
        Assert.True(engine.SealNext(CancellationToken.None));
        written.AddRange(await WriteAsync(engine, bed, 3));
        return (engine.Keys.Current, [.. written.Where(line => line.StartsWith("1 ", StringComparison.Ordinal))]);
    }

    /// <summary>What became durable.</summary>
    private static async Task<List<string>> WriteAsync(StoreEngine engine, Bed bed, int turns)
    {
        _ = engine.Signals.Register("d", Bed.WaveMetric, Bed.Start);
        _ = engine.Signals.Register("d", Bed.RateMetric, Bed.Start);
        var blocks = new List<Block>();
        for (int i = 0; i < turns; i++)
        {
            engine.StageDescriptions();
            foreach (Block block in bed.Next())
            {
                Assert.True(engine.Journal.Stage(block));
                blocks.Add(block);
            }
        }

        await engine.Journal.WriteAsync();
        await engine.Journal.RollAsync();
        return engine.Journal.HasUnsynced ? [] : [.. Contents.Of(blocks)];
    }

    private static List<string> Read(StoreEngine engine)
    {
        LaneKey[] lanes = [new LaneKey(Lane.Data, Bed.Wave.Value), new LaneKey(Lane.Data, Bed.Rate.Value)];
        return Contents.Of(BlockReading.Read(engine.Disk, engine.Holdings, lanes, (Ever, Never), _ => { }).Concat(BlockReading.Read(engine.Disk, engine.Holdings, lanes: null, (Ever, Never), _ => { })));
    }

    private static StoreEngine Open(FaultyDisk disk, int seed) => new(disk, TestKeys.Options(seed), new StepClock(), isReadOnly: false, file =>
    {
        try
        {
            file.Sync();
            return Task.CompletedTask;
        }
        catch (IOException error)
        {
            return Task.FromException(error);
        }
    });

    private static IEnumerable<string> Files(params TemporaryFolder[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)).Where(path => Path.GetFileName(path) != FileNames.Lock);

    /// <summary>The store prepares its next journal under another name meanwhile; a look that met a change of names sees half of the files and is taken again.</summary>
    private static void AssertNowhere(TemporaryFolder folder, TemporaryFolder memory, Dictionary<string, byte[]> needles)
    {
        while (!TryAssertNowhere(folder, memory, needles))
        {
        }
    }

    private static bool TryAssertNowhere(TemporaryFolder folder, TemporaryFolder memory, Dictionary<string, byte[]> needles)
    {
        string[] paths = [.. Files(folder, memory)];
        foreach (string path in paths)
        {
            byte[] content;
            try
            {
                using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                content = new byte[RandomAccess.GetLength(file)];
                Assert.Equal(content.Length, RandomAccess.Read(file, content, 0));
            }
            catch (FileNotFoundException)
            {
                return false;
            }

            Assert.All(needles, needle => Assert.True(content.AsSpan().IndexOf(needle.Value) < 0, $"{needle.Key} stands in {Path.GetFileName(path)}"));
        }

        return paths.SequenceEqual(Files(folder, memory));
    }

    private static byte[] WrappedKey(TemporaryFolder folder, StayId stay, out byte[] key)
    {
        using var keys = StayKeys.Load(new Bedside.Storage.Disk.PosixDisk(folder.Path), TestKeys.Options(), _ => { });
        ReadOnlyMemory<byte> wrapped = keys.Stays.Single(known => known.Id == stay).Wrapped;
        key = new byte[BoxKey.Bytes];
        Assert.True(TestKeys.Box.TryUnwrap(stay, wrapped.Span, key));
        return wrapped[FileCipher.NonceBytes..].ToArray();
    }

    private static async Task<List<Block>> AppendAsync(Store store, Bed bed, int turns)
    {
        _ = store.Register("d", Bed.WaveMetric);
        _ = store.Register("d", Bed.RateMetric);
        var blocks = new List<Block>();
        for (int i = 0; i < turns; i++)
        {
            foreach (Block block in bed.Next())
            {
                blocks.Add(block);
                await store.AppendAsync(block, CancellationToken.None);
            }
        }

        _ = await store.SyncAsync(CancellationToken.None);
        return blocks;
    }
}
