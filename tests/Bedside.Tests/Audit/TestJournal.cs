using Bedside.Audit;
using Bedside.Model.Audit;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Audit;

/// <summary>A journal on a disk in memory, over hours that pass when told.</summary>
internal sealed class TestJournal : IDisposable
{
    public static readonly AuditOptions Small = new() { Box = "bed-7", UncertaintyMicroseconds = () => 250, MostFileBytes = 16 * 1024, CheckpointEntries = 40, MostWaiting = 20 };

    private readonly AuditOptions _options;

    public TestJournal(FaultyDisk disk, AuditOptions? options = null, StepClock? clock = null)
    {
        (Disk, _options, Clock) = (disk, options ?? Small, clock ?? new StepClock());
        Trail = Open();
    }

    public FaultyDisk Disk { get; }

    public StepClock Clock { get; }

    public AuditTrail Trail { get; private set; }

    /// <summary>Another box's disk is another gate; one in memory has one user at a time.</summary>
    public static AuditPlace PlaceOf(FaultyDisk disk) => new(disk, disk, () => new MemoryStream());

    public static IReadOnlyList<VerificationKey> KeysOf(FaultyDisk disk) => VerificationFile.Read(disk);

    public static AuditReport Verify(FaultyDisk disk, IReadOnlyList<VerificationKey> keys, params Checkpoint[] known) => AuditVerification.Run(disk, keys, known, CancellationToken.None);

    /// <summary>A journal of several hours, epochs and files.</summary>
    public static TestJournal Filled(int seed, int entries)
    {
        var journal = new TestJournal(new FaultyDisk(new Random(seed)));
        journal.Go(new Random(seed), entries);
        return journal;
    }

    public void Go(Random random, int entries)
    {
        for (int i = 0; i < entries; i++)
        {
            Clock.Advance(random.Next(90_000));
            Trail.Append(Entry(random, $"reason {i}"));
            if (random.Next(10) == 0)
            {
                Trail.Tick();
            }
        }
    }

    public static AuditEntry Entry(Random random, string why)
    {
        AuditAct[] acts = [AuditAct.DataExport, AuditAct.DataRead, AuditAct.StaySay, AuditAct.MarkMake, AuditAct.SignIn];
        return new AuditEntry(acts[random.Next(acts.Length)])
        {
            Who = $"account-{random.Next(12)}",
            Role = AuditRole.Clinician,
            What = [AuditFact.Of(AuditFactKind.Signals, random.Next(30)), AuditFact.Of(AuditFactKind.Kind, "csv")],
            Why = why,
        };
    }

    public Checkpoint Checkpoint() => Trail.Checkpoint(0)!.Checkpoint;

    /// <summary>The program starts anew on the same disk.</summary>
    public TestJournal Restart()
    {
        Trail.Dispose();
        Trail = Open();
        return this;
    }

    public void Dispose() => Trail.Dispose();

    private AuditTrail Open() => new(PlaceOf(Disk), _options, Clock, isBox: true);
}
