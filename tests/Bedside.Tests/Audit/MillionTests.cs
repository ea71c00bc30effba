using System.Globalization;
using Bedside.Audit;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Disk;
using Bedside.Tests.Storage;
using Xunit.Abstractions;

namespace Bedside.Tests.Audit;

/// <summary>A long journal on a real disk. BEDSIDE_AUDIT_ENTRIES says how long; what it takes is printed and judged by nobody here.</summary>
public sealed class MillionTests(ITestOutputHelper output)
{
    private const int PerFile = 20_000;
    private const int PerEpoch = 500;

    private static readonly int Entries = int.Parse(Environment.GetEnvironmentVariable("BEDSIDE_AUDIT_ENTRIES") ?? "5000", CultureInfo.InvariantCulture);

    [Fact]
    public void A_long_journal_is_read_from_end_to_end()
    {
        using var folder = new TemporaryFolder();
        var disk = new PosixDisk(folder.Path, isPrivate: true);
        VerificationKey key = Fill(disk);

        long start = TimeProvider.System.GetTimestamp();
        AuditReport report = AuditVerification.Run(disk, [key], [], CancellationToken.None);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);

        Assert.Empty(report.Findings);
        Assert.True(report.Entries >= Entries && report.Sealed == report.Entries);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Entries} entries, {report.Checkpoints} checkpoints, {disk.Names().Sum(name => new FileInfo(Path.Combine(folder.Path, name)).Length) / 1e6:0} MB: verified in {took.TotalSeconds:0.00} s"));
    }

    /// <summary>Through the format and not through the writer, which would sync each entry.</summary>
    private static VerificationKey Fill(PosixDisk disk)
    {
        using var signer = CheckpointSigner.Make(disk);
        var first = SealingKey.New();
        SealingKey key = first;
        byte[] hash = LogLine.Beginning;
        var tree = new MerkleFrontier();
        long epoch = 0;
        var lines = new List<byte>();
        long file = 1;
        for (int n = 1; n <= Entries; n++)
        {
            var at = new UtcInstant(1_795_285_500_000_000_000 + (n * 1_000_000_000L));
            AuditEntry entry = n == 1 ? new AuditEntry(AuditAct.LogBegin) { What = [AuditFact.OfBase64(AuditFactKind.Signer, Convert.ToBase64String(signer.PublicKey)), AuditFact.Of(AuditFactKind.Key, first.Id)] }
                : n % PerEpoch == 0 ? new AuditEntry(AuditAct.EpochEnd)
                : n % 1000 == 1 ? Made(signer, tree, at)
                : new AuditEntry(AuditAct.DataRead) { Who = $"account-{n % 97}", Role = AuditRole.Clinician, Stay = new StayId((UInt128)n), What = [AuditFact.Of(AuditFactKind.Signal, n % 40)], Why = "night round" };
            byte[] json = EntryJson.Encode(new EntryStamp(n, at, 250, epoch, "bed-7"), entry);
            hash = LogLine.Hash(hash, json);
            byte[] seal = new byte[LogLine.SealBytes];
            key.Seal(hash, seal);
            lines.AddRange(LogLine.Write(json, hash, seal));
            tree.Add(MerkleTree.Leaf(json));
            (key, epoch) = n % PerEpoch == 0 ? (key.Next(), epoch + 1) : (key, epoch);
            if (n % PerFile == 0 || n == Entries)
            {
                using IDiskFile open = disk.Open(AuditNames.Log(file++), DiskAccess.CreatePrivate);
                open.Write(0, lines.ToArray());
                lines.Clear();
            }
        }

        SealingFile.Write(disk, new SealingState(epoch, 0, Entries / PerEpoch * PerEpoch, key));
        return VerificationKey.Of(0, first);
    }

    private static AuditEntry Made(CheckpointSigner signer, MerkleFrontier tree, UtcInstant at)
    {
        var made = Checkpoint.Sign(signer, tree.Size, tree.Root(), at);
        return new AuditEntry(AuditAct.Checkpoint)
        {
            What =
            [
                AuditFact.Of(AuditFactKind.Size, made.Size),
                AuditFact.OfBase64(AuditFactKind.Root, Convert.ToBase64String(made.Root)),
                AuditFact.OfBase64(AuditFactKind.Signature, Convert.ToBase64String(made.Signature)),
            ],
        };
    }
}
