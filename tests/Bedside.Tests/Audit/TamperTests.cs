using Bedside.Audit;
using Bedside.Tests.Storage;
using Xunit.Abstractions;

namespace Bedside.Tests.Audit;

/// <summary>Somebody deletes, alters, reorders, truncates or rolls back: each a hundred times from seeds, each found with its place.</summary>
public sealed class TamperTests(ITestOutputHelper output) : IDisposable
{
    private const int Times = 100;
    private const int Entries = 260;

    private readonly TestJournal _journal = TestJournal.Filled(7, Entries);

    [Fact]
    public void What_nobody_touched_has_nothing_wrong()
    {
        Checkpoint known = _journal.Checkpoint();
        AuditReport report = TestJournal.Verify(_journal.Disk, TestJournal.KeysOf(_journal.Disk), known);
        Assert.Empty(report.Findings);
        Assert.Empty(report.Limits);
        Assert.Equal(report.Entries, report.Sealed);
        Assert.InRange(report.Epochs, 8, 100);
        Assert.InRange(report.Checkpoints, 5, 100);
        Assert.True(LogFiles.Files(_journal.Disk).Count > 3);
        _ = Assert.Single(report.Held);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("alter")]
    [InlineData("reorder")]
    public void Done_by_hand_it_is_found_by_the_journal_itself_at_the_very_entry(string kind) => Count(kind, "by hand", (random, disk, forger) =>
    {
        int place = Tamper(kind, random, forger, forger.Lines.Count - 2);
        forger.Save();
        AuditReport report = TestJournal.Verify(disk, kind == "alter" ? TestJournal.KeysOf(_journal.Disk) : []);
        return report.Findings.Count > 0 && report.Findings[0].From == place + 1;
    });

    [Theory]
    [InlineData("delete")]
    [InlineData("alter")]
    [InlineData("reorder")]
    public void Sealed_anew_with_everything_that_is_in_the_box_it_is_found_with_the_key_on_paper_at_the_very_entry(string kind) => Count(kind, "with the keys of the box, against the key on paper", (random, disk, forger) =>
    {
        int place = Rewrite(kind, random, forger, Old(forger));
        forger.Reseal(place, relabel: random.Next(2) == 0);
        forger.Save();
        AuditReport report = TestJournal.Verify(disk, TestJournal.KeysOf(_journal.Disk));
        return report.Findings.Count > 0 && report.Findings[0].From == place + 1;
    });

    [Theory]
    [InlineData("delete")]
    [InlineData("alter")]
    [InlineData("reorder")]
    public void Sealed_anew_it_is_found_without_any_key_by_checkpoints_from_elsewhere_between_two_of_them(string kind)
    {
        Checkpoint[] known = Known();
        Count(kind, "with the keys of the box, against checkpoints", (random, disk, forger) =>
        {
            int place = Rewrite(kind, random, forger, (int)known[^1].Size - 1);
            forger.Reseal(place, relabel: false);
            forger.Save();
            AuditReport report = TestJournal.Verify(disk, [], known);
            return report.Findings.Count > 0 && report.Findings[0].From <= place + 1 && report.Findings[0].To > place && report.Findings[0].To - report.Findings[0].From < Entries / 2;
        });
    }

    [Fact]
    public void A_cut_off_end_is_found_by_the_key_of_now_where_an_epoch_is_gone_and_by_a_checkpoint_always()
    {
        Checkpoint known = _journal.Checkpoint();
        Count("truncate", "against a checkpoint", (random, disk, forger) =>
        {
            int left = random.Next((int)known.Size);
            forger.Lines.RemoveRange(left, forger.Lines.Count - left);
            forger.Save();
            AuditReport report = TestJournal.Verify(disk, [], known);
            AuditFinding[] found = [.. report.Findings.Where(one => one.Fault == AuditFault.Truncated)];
            return found.Length > 0 && Array.TrueForAll(found, one => one.From == left + 1) && found[^1].To == known.Size;
        });
        Count("truncate", "against the key on paper alone", (random, disk, forger) =>
        {
            int left = 1 + random.Next(Old(forger));
            forger.Lines.RemoveRange(left, forger.Lines.Count - left);
            forger.Save();

            // And the file of the key made to fit, as far as somebody can who has only the key of now.
            SealingState now = SealingFile.Read(disk)!;
            KeptEntry last = Forger.EntryOf(forger.Lines[^1].Line);
            SealingFile.Write(disk, now with { Epoch = last.Epoch, Entries = Math.Min(now.Entries, left) });
            AuditReport report = TestJournal.Verify(disk, TestJournal.KeysOf(_journal.Disk));
            return report.Findings is [{ Fault: AuditFault.Truncated } found] && found.From == left + 1;
        });
    }

    [Fact]
    public void An_older_state_put_back_is_found_by_a_checkpoint_whether_it_goes_on_or_not()
    {
        var states = new List<(FaultyDisk Disk, long Size)>();
        using var journal = new TestJournal(new FaultyDisk(new Random(3)));
        var random = new Random(3);
        for (int i = 0; i < 25; i++)
        {
            journal.Go(random, 10);
            states.Add((journal.Disk.Copy(new Random(i)), AuditReading.Read(journal.Disk).Count()));
            _ = journal.Checkpoint();
        }

        journal.Go(random, 5);
        Checkpoint known = journal.Checkpoint();
        Assert.Empty(TestJournal.Verify(journal.Disk, TestJournal.KeysOf(journal.Disk), known).Findings);
        int found = 0;
        for (int seed = 0; seed < Times; seed++)
        {
            (FaultyDisk old, long size) = states[seed % states.Count];
            FaultyDisk disk = old.Copy(new Random(seed));
            bool goesOn = seed / states.Count > 0;
            if (goesOn)
            {
                // The box goes on from there, for less or for longer than before.
                using var again = new TestJournal(disk);
                again.Clock.Advance(40_000_000);
                again.Go(new Random(seed), (seed / states.Count * 60) + 1);
                _ = again.Checkpoint();
            }

            AuditReport report = TestJournal.Verify(disk, TestJournal.KeysOf(disk), known);
            bool isFound = report.Findings is [var finding, ..] && finding.Fault is AuditFault.Truncated or AuditFault.RolledBack
                && (goesOn ? finding.From <= known.Size : finding.From == size + 1) && finding.To == known.Size;
            found += isFound ? 1 : 0;
            Assert.True(isFound, $"seed {seed}: {string.Join("; ", report.Findings)}");
        }

        output.WriteLine($"roll back, against a checkpoint: {found} of {Times} found");
    }

    public void Dispose() => _journal.Dispose();

    /// <summary>Checkpoints that were taken away while the journal grew.</summary>
    private Checkpoint[] Known()
    {
        byte[] signer = CheckpointSigner.Read(_journal.Disk)!.PublicKey;
        return [.. AuditReading.Read(_journal.Disk).Select(one => LogTree.CheckpointOf(one.Entry, signer)).OfType<Checkpoint>()];
    }

    /// <summary>How many of the first lines are of epochs whose keys are gone.</summary>
    private int Old(Forger forger)
    {
        long now = SealingFile.Read(_journal.Disk)!.Epoch;
        return forger.Lines.Count(line => Forger.EntryOf(line.Line).Epoch < now) - 2;
    }

    private void Count(string kind, string how, Func<Random, FaultyDisk, Forger, bool> isFound)
    {
        int found = 0;
        for (int seed = 0; seed < Times; seed++)
        {
            var random = new Random(seed);
            FaultyDisk disk = _journal.Disk.Copy(random);
            bool right = isFound(random, disk, new Forger(disk));
            Assert.True(right, $"{kind}, seed {seed}, {how}: {string.Join("; ", TestJournal.Verify(disk, TestJournal.KeysOf(_journal.Disk)).Findings)}");
            found++;
        }

        output.WriteLine($"{kind}, {how}: {found} of {Times} found, with the place");
    }

    /// <summary>Changes bytes and nothing else. Returns the index of the first line that is not what it was.</summary>
    private static int Tamper(string kind, Random random, Forger forger, int most)
    {
        int place = random.Next(most);
        switch (kind)
        {
            case "delete":
                forger.Lines.RemoveRange(place, random.Next(1, Math.Min(5, forger.Lines.Count - place - 1)));
                break;
            case "alter":
                byte[] line = [.. forger.Lines[place].Line];
                int at = random.Next(line.Length);
                line[at] = (byte)(line[at] == 'x' ? 'y' : 'x');
                forger.Lines[place] = (forger.Lines[place].File, line);
                break;
            default:
                int other = random.Next(place + 1, Math.Min(place + 20, most + 1));
                (forger.Lines[place], forger.Lines[other]) = ((forger.Lines[place].File, forger.Lines[other].Line), (forger.Lines[other].File, forger.Lines[place].Line));
                break;
        }

        return place;
    }

    /// <summary>The same with entries that say something else, to be sealed anew.</summary>
    private static int Rewrite(string kind, Random random, Forger forger, int most)
    {
        int place = random.Next(3, most - 1);
        while (Forger.EntryOf(forger.Lines[place].Line).Act is "log.checkpoint" or "epoch.end" || (kind == "reorder" && Forger.EntryOf(forger.Lines[place + 1].Line).Act is "log.checkpoint" or "epoch.end"))
        {
            place = random.Next(3, most - 1);
        }

        switch (kind)
        {
            case "delete":
                forger.Lines.RemoveAt(place);
                break;
            case "alter":
                KeptEntry entry = Forger.EntryOf(forger.Lines[place].Line);
                entry.Who = "somebody-else";
                forger.Lines[place] = (forger.Lines[place].File, LogLine.Write(EntryJson.Encode(entry), new byte[LogLine.HashBytes], new byte[LogLine.SealBytes])[..^1]);
                break;
            default:
                (forger.Lines[place], forger.Lines[place + 1]) = ((forger.Lines[place].File, forger.Lines[place + 1].Line), (forger.Lines[place + 1].File, forger.Lines[place].Line));
                break;
        }

        return place;
    }
}
