using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Stays;
using Bedside.Tests.Storage.Keys;
using static Bedside.Tests.Storage.Stays.StayEvents;

namespace Bedside.Tests.Storage.Stays;

/// <summary>The book of stays keeps what was said, and the names of what it makes of it.</summary>
public sealed class StayBookTests
{
    private static readonly StaySettings Settings = new();
    private readonly FaultyDisk _disk = new(new Random(1));
    private readonly StepClock _clock = new();

    [Fact]
    public async Task What_was_said_is_there_after_a_restart_with_the_same_names()
    {
        IReadOnlyList<StaySpan> told;
        IReadOnlyList<StayChange> changes;
        using (StayBook book = Open())
        {
            for (int i = 0; i < 9; i++)
            {
                Assert.Equal(i + 1, await book.SayAsync(Number(i), CancellationToken.None));
            }

            (told, changes) = (book.Spans, book.Changes);
            Assert.Equal(5, told.Select(span => span.Stay).Distinct().Count());
        }

        using StayBook again = Open();
        Assert.Equal(Enumerable.Range(0, 9).Select(i => Number(i) with { Number = i + 1 }), again.Events);
        Assert.Equal(told.Select(span => (span.Stay, span.From, span.To, span.Certainty)), again.Spans.Select(span => (span.Stay, span.From, span.To, span.Certainty)));
        Assert.Equal(changes, again.Changes);
        Assert.Empty(again.Damaged);
    }

    [Fact]
    public async Task Many_events_are_one_write_and_one_sync()
    {
        using StayBook book = Open();
        _ = await book.SayAsync(Number(0), CancellationToken.None);
        int syncs = _disk.Asked["SyncFile"];
        Assert.Equal(41, await book.SayAsync([.. Enumerable.Range(1, 40).Select(Number)], CancellationToken.None));
        Assert.Equal(syncs + 1, _disk.Asked["SyncFile"]);
    }

    [Fact]
    public async Task The_same_content_is_kept_once_and_still_shows_that_the_admissions_speak()
    {
        using StayBook book = Open();
        long first = await book.SayAsync(Number(0), CancellationToken.None);
        Assert.Equal(first, await book.SayAsync(Number(0) with { Arrived = At(7) }, CancellationToken.None));
        Assert.Single(book.Events);
        Assert.Equal(At(7), book.AdmissionsHeard);
    }

    [Fact]
    public async Task Every_change_of_a_boundary_is_recorded_with_what_was_and_why()
    {
        using StayBook book = Open();
        _ = await book.SayAsync(Number(0), CancellationToken.None);
        long moved = await book.SayAsync(Number(1) with { Happened = At(20) }, CancellationToken.None);
        StayChange change = book.Changes[^1];
        Assert.Equal(book.Spans[0].Stay, change.Stay);
        Assert.Equal((null, At(20)), (change.Before!.To, change.After!.To!.Value));
        Assert.Equal((moved, moved), (change.FirstEvent, change.LastEvent));
        int count = book.Changes.Count;
        _ = await book.SayAsync(new StayEvent { Kind = StayEventKind.Planned, Source = StaySource.Admissions, Arrived = At(40) }, CancellationToken.None);
        Assert.Equal(count, book.Changes.Count);
    }

    [Fact]
    public async Task A_merge_makes_two_stays_one_and_taking_it_back_makes_them_two_again_with_their_names()
    {
        using StayBook book = Open();
        _ = await book.SayAsync([Number(0), Number(1), Number(2), Number(3)], CancellationToken.None);
        StayId[] before = [.. book.Spans.Select(span => span.Stay).Distinct()];
        Assert.Equal(2, before.Length);
        StayEvent merge = new() { Kind = StayEventKind.MergeVisits, Source = StaySource.Admissions, Arrived = At(200), Recorded = At(200), Visit = Number(2).Visit, OtherVisit = Number(0).Visit };
        long number = await book.SayAsync(merge, CancellationToken.None);
        Assert.Equal(before[1], Assert.Single(book.Spans.Select(span => span.Stay).Distinct()));
        _ = await book.SayAsync(new StayEvent { Kind = StayEventKind.Undone, Source = StaySource.Person, Arrived = At(210), Task = $"{number}" }, CancellationToken.None);
        Assert.Equal(before, book.Spans.Select(span => span.Stay).Distinct());
    }

    [Fact]
    public async Task An_unknown_patient_keeps_the_name_of_the_stay_when_they_become_known()
    {
        using StayBook book = Open();
        _ = await book.SayAsync(new StayEvent { Kind = StayEventKind.SignalsBegan, Source = StaySource.Signals, Arrived = At(0) }, CancellationToken.None);
        StayId unknown = book.Present!.Stay;
        _ = await book.SayAsync(Number(0), CancellationToken.None);
        Assert.Equal(unknown, book.Present!.Stay);
        Assert.True(book.Present.Visit.IsKnown);
    }

    [Fact]
    public async Task What_answers_no_question_is_refused_in_a_sentence()
    {
        using StayBook book = Open();
        StayEvent answer = new() { Kind = StayEventKind.Settled, Source = StaySource.Person, Arrived = At(0), Task = "two-visits-2-1", Choice = "both" };
        Assert.Equal("there is no question two-visits-2-1", (await Assert.ThrowsAsync<ArgumentException>(() => book.SayAsync(answer, CancellationToken.None))).Message);
        _ = await book.SayAsync([Number(0), Number(2)], CancellationToken.None);
        Assert.Equal("both does not answer two-visits-2-1: its answers are newer, older", (await Assert.ThrowsAsync<ArgumentException>(() => book.SayAsync(answer, CancellationToken.None))).Message);
        Assert.Equal(3, await book.SayAsync(answer with { Choice = "older" }, CancellationToken.None));
        Assert.Equal(3, book.Tasks.Single(task => task.Kind == StayTaskKind.TwoVisits).Settled);
    }

    [Fact]
    public async Task A_key_that_holds_data_of_two_stays_is_known_for_it_also_when_that_is_known_late()
    {
        using StayBook book = Open();
        var first = new StayKey(new StayId(1), At(-100), StayId.None);
        var second = new StayKey(new StayId(2), At(40), StayId.None);
        await book.BindAsync([first, second], CancellationToken.None);
        await book.BindAsync([first], CancellationToken.None);
        _ = await book.SayAsync([Number(0), Number(1)], CancellationToken.None);
        StayId stay = book.Spans[0].Stay;
        Assert.Equal([first.Key], book.KeysOf(stay));
        _ = await book.SayAsync([Number(2) with { Happened = At(35), Recorded = At(60) }], CancellationToken.None);
        StayId next = book.Spans[^1].Stay;
        Assert.Equal([first.Key, second.Key], book.KeysOf(next));
        Assert.Equal([stay, next], book.StaysOf(first.Key));
        Assert.Equal([next], book.StaysOf(second.Key));
    }

    [Fact]
    public async Task Nothing_of_it_stands_in_the_clear_and_another_key_reads_nothing_and_goes_on()
    {
        using (StayBook book = Open())
        {
            _ = await book.SayAsync([Number(0), Number(1)], CancellationToken.None);
        }

        byte[] visit = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(visit, Number(0).Content);
        Assert.Equal(-1, _disk.Content(FileNames.Stays).AsSpan().IndexOf(visit));
        using (var other = StayBook.Open(_disk, TestKeys.Options() with { BoxKey = TestKeys.OtherBox }, Settings, _clock))
        {
            Assert.Empty(other.Events);
            Assert.True(other.Locked > 0);
            Assert.Equal(3, await other.SayAsync(Number(2), CancellationToken.None));
        }

        using StayBook back = Open();
        Assert.Equal([1L, 2L], back.Events.Select(said => said.Number));
    }

    [Fact]
    public async Task A_number_serves_one_encryption_only_whatever_fails()
    {
        var seen = new HashSet<(UInt128, ulong)>();
        StoreOptions options = TestKeys.Options() with { Witness = (_, salt, place, _, _) => Assert.True(seen.Add((salt, place)), $"{place} again") };
        for (int life = 0; life < 20; life++)
        {
            using var book = StayBook.Open(_disk, options, Settings, _clock);
            for (int i = 0; i < 4; i++)
            {
                _disk.FailAt.Add(_disk.Operations + (i % 2 == 0 ? life % 12 : 1_000));
                await OnFaultyDisk.AttemptAsync(async () => _ = await book.SayAsync(Number((life * 4) + i), CancellationToken.None));
                _disk.FailAt.Clear();
            }
        }

        Assert.True(seen.Count > 20, $"{seen.Count} encryptions");
    }

    [Fact]
    public async Task A_damaged_record_is_named_costs_itself_and_verify_finds_it()
    {
        using (StayBook book = Open())
        {
            for (int i = 0; i < 6; i++)
            {
                _ = await book.SayAsync(Number(i), CancellationToken.None);
            }
        }

        byte[] content = _disk.Content(FileNames.Stays);
        content[8192 + 20 + 20 + 40] ^= 0xFF; // in the first event
        using StayBook again = Open();
        Assert.Equal([2L, 3L, 4L, 5L, 6L], again.Events.Select(said => said.Number));
        Assert.Equal(FileNames.Stays, Assert.Single(again.Damaged).File);
        Assert.Equal(7, await again.SayAsync(Number(6), CancellationToken.None));
        VerifyReport report = Verification.Run(_disk, CancellationToken.None, TestKeys.Box);
        Assert.Equal(FileNames.Stays, Assert.Single(report.Damaged).File);
        Assert.Empty(report.Locked);
        Assert.Single(Verification.Run(_disk, CancellationToken.None).Locked);
    }

    [Fact]
    public async Task A_book_without_a_readable_head_is_set_aside_and_another_begun()
    {
        using (StayBook book = Open())
        {
            _ = await book.SayAsync(Number(0), CancellationToken.None);
        }

        byte[] content = _disk.Content(FileNames.Stays);
        content[20] ^= 1;
        content[4096 + 20] ^= 1;
        using StayBook again = Open();
        Assert.Single(again.Damaged);
        _ = await again.SayAsync(Number(1), CancellationToken.None);
        Assert.Contains(FileNames.Bad(FileNames.Stays), _disk.Names());
        Assert.Equal(content, _disk.Content(FileNames.Bad(FileNames.Stays)));
    }

    [Fact]
    public async Task A_repair_leaves_the_book_alone()
    {
        using (StayBook book = Open())
        {
            _ = await book.SayAsync(Number(0), CancellationToken.None);
        }

        byte[] before = [.. _disk.Content(FileNames.Stays)];
        _ = await Bedside.Storage.Repair.StoreRepair.RunAsync(_disk, tail: null, isDryRun: false, _clock, TestKeys.Options(), onFile: null, CancellationToken.None);
        Assert.Equal(before, _disk.Content(FileNames.Stays));
    }

    private StayBook Open() => StayBook.Open(_disk, TestKeys.Options(), Settings, _clock);
}
