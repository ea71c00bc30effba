using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Evidence;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Storage.Evidence;

/// <summary>Two ports that talk, from a seed; each chunk holds its own number, so that a copy, a loss or an invention shows.</summary>
internal sealed class EvidenceBed(int seed)
{
    public static readonly UtcInstant Ever = new(long.MinValue);
    public static readonly UtcInstant Never = new(long.MaxValue);

    private static readonly EvidencePort[] Ports =
    [
        new("/dev/monitor", "serial", "115200 8N1", "philips-intellivue", "philips-intellivue"),
        new("192.0.2.7:24105", "udp", string.Empty, string.Empty, string.Empty),
    ];

    private readonly Random _random = new(seed);
    private long _count;
    private long _now = 1_000_000_000;

    /// <summary>How the box's clock stands to the monotonic one.</summary>
    public long Offset { get; set; } = Bed.Start.UnixNanoseconds;

    public EvidenceEntry Next()
    {
        _now += _random.Next(50_000, 30_000_000);
        byte[] bytes = new byte[_random.Next(24, 120)];
        _random.NextBytes(bytes);
        BitConverter.TryWriteBytes(bytes, _count++);
        EvidenceKind kind = _random.Next(4) == 0 ? EvidenceKind.ToDevice : EvidenceKind.FromDevice;
        return new EvidenceEntry(kind, Ports[_random.Next(Ports.Length)], new MonotonicInstant(_now), new UtcInstant(_now + Offset)) { Bytes = bytes, UncertaintyMicroseconds = 1_000 };
    }

    public IEnumerable<EvidenceEntry> Next(int count) => Enumerable.Range(0, count).Select(_ => Next());

    public static StoreOptions Options(int seed = 1, long budget = EvidenceOptions.LeastBudget) => TestKeys.Options(seed) with
    {
        Evidence = new EvidenceOptions { BudgetBytes = budget, FlushEvery = TimeSpan.FromMilliseconds(10), SyncEvery = TimeSpan.FromMilliseconds(30) },
    };

    public static StoreEngine Open(FaultyDisk disk, StoreOptions options, StepClock clock) => new(disk, options, clock, isReadOnly: false, file =>
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

    public static List<EvidenceEntry> Read(StoreEngine engine, Action<Damage>? onDamage = null) =>
        [.. new EvidenceReading(engine.Disk, onDamage ?? (damage => Assert.Fail(damage.ToString()))).Read(Ever, Never)];

    /// <summary>What a chunk is, its time apart.</summary>
    public static string Line(EvidenceEntry entry) => $"{entry.Kind} {entry.Port.Name} {Convert.ToHexString(entry.Bytes.Span)}";

    public static List<string> Lines(IEnumerable<EvidenceEntry> entries) => [.. entries.Where(entry => !entry.Bytes.IsEmpty).Select(Line)];
}
