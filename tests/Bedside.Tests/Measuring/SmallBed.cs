using Bedside.Host.Measuring;
using Bedside.Host.Measuring.Peers;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Measuring;

/// <summary>Two minutes of the bench's bed in a sealed store of its own, and what the bench would say of it.</summary>
internal sealed class SmallBed : IAsyncDisposable
{
    public const int Turns = 60;
    public const long Stored = Turns * StoreBenchBed.SecondsOfBlock * 1_000_000_000L;

    private readonly TemporaryFolder _folder;

    private SmallBed(TemporaryFolder folder, Store store, StoreBenchBed bed)
    {
        _folder = folder;
        Store = store;
        Bed = bed;
    }

    public Store Store { get; }

    public StoreBenchBed Bed { get; }

    /// <summary>A folder for peers, inside of one that goes at the end.</summary>
    public string Folder => Directory.CreateDirectory(_folder.FileIn("peers")).FullName;

    public PeerYardstick Yardstick => new(1, new GrowthFigures
    {
        Hours = Stored / 3.6e12,
        Samples = Bed.SamplesUntil(Turns),
        BytesOnDisk = Store.Health.Bytes,
        Segments = Store.Health.Segments,
        OpenMilliseconds = 1,
        AfterMiB = 1,
        InProcess = [],
        OverHttp = [.. StoreQuestion.Of(Bed).Select(question => new QueryFigures(question.Name, question.Asked == Asked.Equal ? 2 : 1, 3, 1, Target: null))],
    });

    public static async Task<SmallBed> FillAsync()
    {
        var folder = new TemporaryFolder();
        string path = Directory.CreateDirectory(folder.FileIn("store")).FullName;
        var options = new StoreOptions { BoxKey = BoxKey.ReadOrCreate(Path.Combine(path, BoxKey.FileName), out _) };
        StoreBenchBed bed;
        await using (var store = Store.Open(path, options, TimeProvider.System))
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

        using (var engine = new StoreEngine(new PosixDisk(path), options, TimeProvider.System, isReadOnly: false))
        {
            while (engine.SealNext(CancellationToken.None))
            {
            }
        }

        return new SmallBed(folder, Store.OpenReadOnly(path, TimeProvider.System, options.BoxKey), bed);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}
