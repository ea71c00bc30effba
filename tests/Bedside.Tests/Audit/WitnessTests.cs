using Bedside.Audit;
using Bedside.Model.Audit;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Audit;

/// <summary>Two boxes, one of which witnesses the other.</summary>
public sealed class WitnessTests : IDisposable
{
    private readonly TestJournal _box = TestJournal.Filled(1, 60);
    private readonly TestJournal _witness = TestJournal.Filled(2, 5);
    private readonly Random _random = new(9);

    [Fact]
    public void A_witness_cosigns_what_goes_on_from_what_it_saw_and_its_word_proves_it()
    {
        long seen = 0;
        for (int day = 0; day < 8; day++)
        {
            _box.Go(_random, _random.Next(1, 40));
            WitnessRequest request = WitnessRequest.Parse(_box.Trail.Checkpoint(seen)!.ToString())!;
            WitnessAnswer answer = Ask(request);
            Checkpoint cosigned = Checkpoint.Parse(answer.Cosigned!.ToString())!;
            Assert.True(cosigned.IsSigned && cosigned.IsCosigned(Assert.Single(cosigned.Cosigned)));
            seen = cosigned.Size;
            AuditReport report = TestJournal.Verify(_box.Disk, TestJournal.KeysOf(_box.Disk), cosigned);
            Assert.Empty(report.Findings);
            Assert.Contains("cosigned by bedside.audit/", Assert.Single(report.Held), StringComparison.Ordinal);
        }

        Assert.Equal(seen, Assert.Single(Witness.Read(_witness.Disk)).Size);
        Assert.Equal(8, AuditReading.Read(_witness.Disk).Count(one => one.Entry is { Act: "witness.cosign", Result: "done" }));
    }

    [Fact]
    public void What_does_not_go_on_is_refused_with_the_reason_and_the_witness_remembers()
    {
        FaultyDisk before = _box.Disk.Copy(_random);
        Checkpoint first = Ask(_box.Trail.Checkpoint(0)!).Cosigned!;
        _box.Go(_random, 20);
        Assert.Contains($"--old {first.Size}", Ask(_box.Trail.Checkpoint(0)!).Sentence, StringComparison.Ordinal);
        WitnessRequest right = _box.Trail.Checkpoint(first.Size)!;
        Assert.Contains("does not go on", Ask(right with { Proof = [.. right.Proof.Select(_ => new byte[32])] }).Sentence, StringComparison.Ordinal);
        Assert.NotNull(Ask(right).Cosigned);

        using var back = new TestJournal(before);
        Assert.Contains("cut or rolled back", Ask(back.Trail.Checkpoint(0)!).Sentence, StringComparison.Ordinal);
        back.Clock.Advance(100_000_000);
        back.Go(_random, 100);
        Assert.Contains("does not go on", Ask(back.Trail.Checkpoint(right.Checkpoint.Size)!).Sentence, StringComparison.Ordinal);
        Assert.Contains("own", Ask(_witness.Trail.Checkpoint(0)!).Sentence, StringComparison.Ordinal);
        Assert.Equal(5, AuditReading.Read(_witness.Disk).Count(one => one.Entry is { Act: "witness.cosign", Result: "refused" }));

        // What the witness kept finds it on the box too.
        AuditFinding found = TestJournal.Verify(before, TestJournal.KeysOf(before), [.. Witness.Read(_witness.Disk)]).Findings[0];
        Assert.Equal((AuditFault.RolledBack, right.Checkpoint.Size), (found.Fault, found.To));
    }

    [Fact]
    public void A_changed_checkpoint_is_none_and_one_of_another_box_is_said_to_be_one()
    {
        Checkpoint made = _box.Checkpoint();
        string text = made.ToString();
        Assert.Equal(text, Checkpoint.Parse(text)!.ToString());
        Assert.Equal(text, Checkpoint.Parse(text.Replace("\n", "\r\n", StringComparison.Ordinal))!.ToString());
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            char[] letters = text.ToCharArray();
            int at = random.Next(letters.Length - 1);
            letters[at] = (char)(letters[at] ^ (1 << random.Next(6)));
            var changed = Checkpoint.Parse(new string(letters));

            // The key's hint before the signature may change: it says nothing.
            Assert.True(changed?.IsSigned != true || (changed.Size == made.Size && changed.Root.AsSpan().SequenceEqual(made.Root) && changed.At == made.At), $"seed {seed}");
        }

        Assert.False((made with { Size = made.Size + 1 }).IsSigned);
        AuditFinding found = Assert.Single(TestJournal.Verify(_box.Disk, TestJournal.KeysOf(_box.Disk), _witness.Checkpoint()).Findings);
        Assert.Contains("another box's", found.Sentence, StringComparison.Ordinal);
        Assert.Equal(AuditFault.Reference, TestJournal.Verify(_box.Disk, TestJournal.KeysOf(_witness.Disk)).Findings[0].Fault);
    }

    [Fact]
    public void The_key_on_paper_is_read_however_it_is_typed_and_a_wrong_digit_is_seen()
    {
        VerificationKey key = Assert.Single(TestJournal.KeysOf(_box.Disk));
        string line = key.ToString();
        Assert.True(VerificationKey.Parse(line.Replace(' ', '\t'))!.Key.IsSame(key.Key));
        int digit = line.Length - 5;
        Assert.Null(VerificationKey.Parse(line[..digit] + (line[digit] == '0' ? '1' : '0') + line[(digit + 1)..]));

        Assert.Equal(key.Id, Assert.Single(_box.Trail.Keys(isTaken: true, new AuditEntry(AuditAct.KeyTaken))).Id);
        Assert.Empty(TestJournal.KeysOf(_box.Disk));
        _box.Go(_random, 30);
        Assert.Empty(TestJournal.Verify(_box.Disk, [key], _box.Checkpoint()).Findings);
        Assert.Contains("no verification key", TestJournal.Verify(_box.Disk, []).Limits[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_that_lost_its_sealing_key_goes_on_and_verification_says_from_where()
    {
        VerificationKey first = Assert.Single(TestJournal.KeysOf(_box.Disk));
        _ = _box.Trail.Keys(isTaken: true, new AuditEntry(AuditAct.KeyTaken));
        long before = AuditReading.Read(_box.Disk).Max(one => one.Entry.Number);
        _box.Disk.Delete(AuditNames.Sealing);
        _box.Restart().Go(_random, 20);
        AuditFinding found = Assert.Single(TestJournal.Verify(_box.Disk, [first]).Findings);
        Assert.Equal(before + 1, found.From);
        Assert.Empty(TestJournal.Verify(_box.Disk, [first, .. TestJournal.KeysOf(_box.Disk)]).Findings);
    }

    [Fact]
    public void A_journal_that_is_gone_but_for_its_keys_begins_anew_and_says_so()
    {
        Checkpoint known = _box.Checkpoint();
        foreach (long file in LogFiles.Files(_box.Disk))
        {
            _box.Disk.Delete(AuditNames.Log(file));
        }

        _box.Restart().Go(_random, 5);
        Assert.Contains(AuditReading.Read(_box.Disk), one => one.Entry.Act == "log.lost");
        AuditReport report = TestJournal.Verify(_box.Disk, [], known);
        Assert.Equal(1, report.Findings[0].From);
    }

    public void Dispose()
    {
        _box.Dispose();
        _witness.Dispose();
    }

    private WitnessAnswer Ask(WitnessRequest request) => _witness.Trail.Cosign(request, new AuditEntry(AuditAct.CheckpointCosigned));
}
