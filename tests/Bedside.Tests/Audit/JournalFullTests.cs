using Bedside.Audit;
using Bedside.Model.Audit;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Audit;

/// <summary>A disk that others fill.</summary>
public sealed class JournalFullTests
{
    private static readonly AuditOptions Reserved = TestJournal.Small with { ReserveBytes = 256 * 1024 };

    [Fact]
    public void On_a_full_disk_entries_are_kept_in_the_room_that_was_set_aside_then_refused_and_what_happened_meanwhile_is_written_later()
    {
        var disk = new FaultyDisk(new Random(5)) { Capacity = 64 << 20 };
        using var journal = new TestJournal(disk, Reserved);
        journal.Trail.Tick();
        Assert.Equal(AuditState.Kept, journal.Trail.State);
        Assert.Equal(AuditReserve.Slices, disk.Names().Count(name => name.StartsWith("reserve-", StringComparison.Ordinal)));

        // Capture fills the disk to the last byte, and again whenever something is freed.
        int kept = 0;
        while (journal.Trail.State != AuditState.Unwritable && kept < 1000)
        {
            disk.Capacity = disk.Bytes;
            if (Try(journal, $"full {kept}"))
            {
                kept++;
                Assert.Equal(AuditState.OnReserve, journal.Trail.State);
            }
        }

        Assert.InRange(kept, AuditReserve.Slices, 999);
        AuditUnwritableException refused = Assert.Throws<AuditUnwritableException>(() => journal.Trail.Append(new AuditEntry(AuditAct.StayErase)));
        Assert.StartsWith(AuditUnwritableException.English, refused.Message, StringComparison.Ordinal);

        // What happens anyway waits in memory, and what does not fit there is counted.
        for (int i = 0; i < Reserved.MostWaiting + 5; i++)
        {
            journal.Trail.Tell(new AuditEntry(AuditAct.BreakGlass) { Why = $"waiting {i}" });
            journal.Clock.Advance(1000);
        }

        Assert.Equal(Reserved.MostWaiting, journal.Trail.Waiting);
        disk.Capacity = 64 << 20;
        journal.Trail.Tick();
        Assert.Equal((AuditState.Kept, 0), (journal.Trail.State, journal.Trail.Waiting));

        KeptEntry[] entries = [.. AuditReading.Read(disk).Select(one => one.Entry)];
        Assert.Equal(kept, entries.Count(entry => entry.Why.StartsWith("full ", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(5, Reserved.MostWaiting).Select(i => $"waiting {i}"), entries.Where(entry => entry.Act == "access.break-glass").Select(entry => entry.Why));
        KeptEntry lost = Assert.Single(entries, entry => entry.Act == "log.unwritten");
        Assert.Equal(5, lost.Amount(AuditFactKind.Count));
        Assert.Equal(AuditReserve.Slices, disk.Names().Count(name => name.StartsWith("reserve-", StringComparison.Ordinal)));
        Assert.Empty(TestJournal.Verify(disk, TestJournal.KeysOf(disk)).Findings);
    }

    [Fact]
    public void Where_the_time_of_waiting_entries_went_they_have_the_time_at_which_it_happened()
    {
        var disk = new FaultyDisk(new Random(6));
        using var journal = new TestJournal(disk);
        journal.Trail.Append(new AuditEntry(AuditAct.BoxStart));
        DateTimeOffset happened = journal.Clock.GetUtcNow();
        disk.FailWhile = 0..int.MaxValue;
        journal.Trail.Tell(new AuditEntry(AuditAct.BreakGlass));
        disk.FailWhile = null;
        journal.Clock.Advance(60_000);
        journal.Trail.Tick();
        Assert.Equal(happened, AuditReading.Read(disk).Single(one => one.Entry.Act == "access.break-glass").Entry.At.ToDateTime());
    }

    [Fact]
    public void A_disk_that_fails_is_not_a_full_one_and_keeps_its_reserve()
    {
        var disk = new FaultyDisk(new Random(5)) { Capacity = 64 << 20 };
        using var journal = new TestJournal(disk, Reserved);
        journal.Trail.Tick();
        for (int i = 0; i < 50; i++)
        {
            disk.FailAt.Add(disk.Operations + i);
            _ = Try(journal, "failing");
        }

        disk.FailAt.Clear();
        Assert.Equal(AuditReserve.Slices, disk.Names().Count(name => name.StartsWith("reserve-", StringComparison.Ordinal)));
    }

    private static bool Try(TestJournal journal, string why)
    {
        try
        {
            journal.Trail.Append(new AuditEntry(AuditAct.DataRead) { Why = why });
            return true;
        }
        catch (AuditUnwritableException)
        {
            return false;
        }
    }
}
