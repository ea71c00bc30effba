using Bedside.Storage;
using Bedside.Storage.Evidence;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Storage.Evidence;

/// <summary>The ring on a disk that fails, and in a box whose power goes.</summary>
public sealed class EvidenceFaultTests
{
    private const int Turns = 24;
    private const int EntriesOfTurn = 12;
    private const int MostOperations = 600;
    private const int Seeds = 300;

    /// <summary>Every operation of two lives of a ring fails once.</summary>
    [Fact]
    public void WhateverFailsOnce_EverythingIsThereOnceAndInOrder()
    {
        int operations = 1;
        for (int n = -1; n < operations; n++)
        {
            var disk = new FaultyDisk(new Random(1));
            _ = disk.FailAt.Add(n);
            var clock = new StepClock();
            var written = new List<EvidenceEntry>();
            for (int life = 0; life < 2; life++)
            {
                Live(disk, clock, life + 1, written, _ => { });
            }

            operations = n < 0 ? disk.Operations : operations;
            Check(disk, clock, written, $"operation {n}", isWhole: true);
        }

        Assert.InRange(operations, 60, MostOperations);
    }

    /// <summary>The power goes, or the process is killed, at a random operation; what had been synced is there, and nothing that was not taken.</summary>
    [Fact]
    public Task WhateverIsCut_WhatWasSyncedIsThere_AndNothingIsInvented() => CrashSeeds.ForEachAsync("BEDSIDE_EVIDENCE_SEEDS", Seeds, seed =>
    {
        var random = new Random(seed);
        Loss loss = Enum.GetValues<Loss>()[seed % Enum.GetValues<Loss>().Length];
        var disk = new FaultyDisk(random);
        var clock = new StepClock();
        var written = new List<EvidenceEntry>();
        var durable = new List<EvidenceEntry>();
        for (int life = 0; life < 3; life++)
        {
            disk.CutAt = disk.Operations + random.Next(120);
            try
            {
                int before = written.Count;
                List<EvidenceEntry> earlier = [.. durable];
                Live(disk, clock, (seed * 3) + life, written, synced => durable = [.. earlier, .. synced.Skip(before)]);
            }
            catch (IOException)
            {
                // The power is cut.
            }

            disk.Restart(loss);
            Check(disk, clock, written, $"{loss}, life {life}", isWhole: false, durable);
        }

        return Task.CompletedTask;
    });

    /// <summary>Turns of a box: entries come, are flushed, and now and then synced. <paramref name="onSync"/> is told what must be there from then on.</summary>
    private static void Live(FaultyDisk disk, StepClock clock, int seed, List<EvidenceEntry> written, Action<IReadOnlyList<EvidenceEntry>> onSync)
    {
        var bed = new EvidenceBed(seed);
        using StoreEngine engine = OpenPatiently(disk, clock, seed);
        EvidenceRing ring = engine.Evidence!;
        for (int turn = 0; turn < Turns; turn++)
        {
            clock.Advance(10);
            foreach (EvidenceEntry entry in bed.Next(EntriesOfTurn))
            {
                ring.Take(entry);
                written.Add(entry);
            }

            long errors = engine.Health.Errors;
            ring.Flush(sync: turn % 6 == 5);
            if (turn % 6 == 5 && engine.Health.Errors == errors && !disk.IsCut)
            {
                onSync(written);
            }
        }

        clock.Advance(20);
        ring.Close();
        ring.Close();
    }

    private static StoreEngine OpenPatiently(FaultyDisk disk, StepClock clock, int seed)
    {
        try
        {
            return EvidenceBed.Open(disk, EvidenceBed.Options(seed), clock);
        }
        catch (IOException) when (!disk.IsCut)
        {
            return EvidenceBed.Open(disk, EvidenceBed.Options(seed), clock);
        }
    }

    private static void Check(FaultyDisk disk, StepClock clock, List<EvidenceEntry> written, string what, bool isWhole, IReadOnlyList<EvidenceEntry>? durable = null)
    {
        using var engine = new StoreEngine(disk, EvidenceBed.Options(9), clock, isReadOnly: true);
        List<EvidenceEntry> read = EvidenceBed.Read(engine, damage => Assert.Fail($"{what}: {damage}"));
        List<string> lines = EvidenceBed.Lines(read);
        var taken = EvidenceBed.Lines(written).Select((line, place) => (line, place)).ToDictionary(one => one.line, one => one.place);
        Assert.True(lines.Count == lines.Distinct().Count(), $"{what}: something is there twice");
        List<int> places = lines.ConvertAll(line => taken.GetValueOrDefault(line, -1));
        Assert.True(places.TrueForAll(place => place >= 0), $"{what}: something was invented");
        Assert.True(places.SequenceEqual(places.Order()), $"{what}: the order is not that in which it was taken");
        Assert.True(!isWhole || lines.Count == taken.Count, $"{what}: {taken.Count - lines.Count} entries are missing");
        var there = new HashSet<string>(lines);
        Assert.True((durable ?? []).All(entry => there.Contains(EvidenceBed.Line(entry))), $"{what}: something is lost that was synced");
        VerifyReport report = Verification.Run(disk, CancellationToken.None, TestKeys.Box);
        Assert.True(report.Damaged.Count == 0, $"{what}: {string.Join("; ", report.Damaged)}");
    }
}
