using Bedside.Audit;
using Bedside.Model.Audit;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Audit;

/// <summary>A journal on a disk that fails, or loses its power, at every operation.</summary>
public sealed class JournalCrashTests
{
    private const int Steps = 9;

    [Theory]
    [InlineData((int)Loss.Nothing)]
    [InlineData((int)Loss.Everything)]
    [InlineData((int)Loss.RandomSectors)]
    [InlineData((int)Loss.RandomPages)]
    [InlineData((int)Loss.Garbage)]
    public void Whatever_operation_the_power_goes_at_what_was_kept_is_there_and_nothing_looks_like_a_change(int loss)
    {
        int operations = Play(new FaultyDisk(new Random(0)), []).Operations;
        Assert.InRange(operations, 100, 2000);
        for (int cut = 0; cut <= operations; cut++)
        {
            var disk = new FaultyDisk(new Random((cut * 7) + loss)) { CutAt = cut };
            var kept = new List<string>();
            _ = Play(disk, kept);
            disk.Restart((Loss)loss);
            AssertWhole(disk, kept, $"cut at {cut}");
        }
    }

    [Fact]
    public void A_disk_that_fails_once_at_any_operation_loses_nothing_that_was_kept_and_the_power_may_go_afterwards()
    {
        int operations = Play(new FaultyDisk(new Random(0)), []).Operations;
        for (int failing = 0; failing < operations; failing++)
        {
            var disk = new FaultyDisk(new Random(failing));
            disk.FailAt.Add(failing);
            var kept = new List<string>();
            _ = Play(disk, kept);
            Assert.True(kept.Count == Steps, $"one failure, at {failing}, was not borne: {kept.Count}");
            disk.Restart((Loss)(failing % 5));
            AssertWhole(disk, kept, $"failed at {failing}");
        }
    }

    [Fact]
    public void A_disk_that_fails_for_a_while_refuses_and_is_written_again_afterwards()
    {
        int operations = Play(new FaultyDisk(new Random(0)), []).Operations;
        for (int failing = 0; failing < operations; failing += 3)
        {
            var disk = new FaultyDisk(new Random(failing)) { FailWhile = failing..(failing + 12) };
            var kept = new List<string>();
            _ = Play(disk, kept);
            disk.Restart((Loss)(failing % 5));
            AssertWhole(disk, kept, $"failing from {failing} on");
        }
    }

    [Fact]
    public void Two_processes_that_write_by_turns_make_one_chain()
    {
        var disk = new FaultyDisk(new Random(1));
        var clock = new StepClock();
        var random = new Random(1);
        using var box = new AuditTrail(TestJournal.PlaceOf(disk), TestJournal.Small, clock, isBox: true);
        using var command = new AuditTrail(TestJournal.PlaceOf(disk), TestJournal.Small, clock);
        var kept = new List<string>();
        for (int i = 0; i < 150; i++)
        {
            clock.Advance(random.Next(120_000));
            string why = $"turn {i}";
            (random.Next(2) == 0 ? box : command).Append(TestJournal.Entry(random, why));
            kept.Add(why);
            if (random.Next(5) == 0)
            {
                box.Tick();
            }
        }

        AssertWhole(disk, kept, "by turns");
    }

    /// <summary>What happens in some hours: entries, ends of epochs, checkpoints, and a start in between.</summary>
    private static FaultyDisk Play(FaultyDisk disk, List<string> kept)
    {
        using var journal = new TestJournal(disk, TestJournal.Small with { MostFileBytes = 2048 });
        for (int i = 0; i < Steps && !disk.IsCut; i++)
        {
            journal.Clock.Advance(400_000);
            if (i == 5)
            {
                _ = journal.Restart();
            }

            try
            {
                journal.Trail.Append(new AuditEntry(AuditAct.DataExport) { Why = $"step {i}" });
                kept.Add($"step {i}");
            }
            catch (AuditUnwritableException)
            {
                Assert.Equal(AuditState.Unwritable, journal.Trail.State);
            }

            journal.Trail.Tick();
        }

        return disk;
    }

    private static void AssertWhole(FaultyDisk disk, List<string> kept, string when)
    {
        using (var after = new TestJournal(disk))
        {
            after.Clock.Advance(10_000_000);
            after.Trail.Append(new AuditEntry(AuditAct.BoxStart) { Why = "later" });
            after.Trail.Tick();
        }

        AuditReport report = TestJournal.Verify(disk, TestJournal.KeysOf(disk));
        Assert.True(report.Findings.Count == 0, $"{when}: {string.Join("; ", report.Findings)}");
        Assert.True(report.Sealed == report.Entries, $"{when}: {report.Sealed} of {report.Entries} seals");
        string[] there = [.. AuditReading.Read(disk).Select(one => one.Entry.Why).Where(why => why.Length > 0)];
        Assert.True(kept.Append("later").All(why => there.Contains(why)), $"{when}: kept {string.Join(", ", kept)}; there are {string.Join(", ", there)}");
        Assert.Equal(there.Distinct().Count(), there.Length);
    }
}
