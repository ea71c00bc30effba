using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Feeding;
using static Bedside.Tests.Storage.OnFaultyDisk;

namespace Bedside.Tests.Storage.Feeding;

public sealed class FeedTests
{
    private static readonly FeedOptions Options = new() { Destination = "d:1", ApprovedBy = "A Person" };
    private static readonly UtcInstant Later = Bed.Start.Add(3_600_000_000_000);

    [Fact]
    public async Task It_begins_with_what_comes_after_its_approval()
    {
        using var bed = new OneBed();
        await bed.AppendAsync(20);
        using StoreFeed feed = bed.Feed(Options);
        Assert.Equal(FeedBeginning.First, feed.Beginning);
        Assert.True(feed.IsNewlyApproved);
        Assert.Null(feed.Next(Later));
        string[] after = await bed.AppendAsync(5);
        Assert.Equal(after.Where(item => item[0] != '1'), Drain(feed));
    }

    [Fact]
    public async Task What_is_not_durable_is_not_told()
    {
        using var bed = new OneBed();
        using StoreFeed feed = bed.Feed(Options with { Waves = true });
        string[] pending = await bed.AppendAsync(3, sync: false);
        Assert.Null(feed.Next(Later));
        await bed.SyncAsync();
        Assert.Equal(pending.Order(), Drain(feed).Order());
    }

    [Fact]
    public async Task The_same_person_need_not_approve_twice_but_another_one_is_recorded()
    {
        using var bed = new OneBed();
        bed.Feed(Options).Dispose();
        await bed.AppendAsync(3);
        using (StoreFeed again = bed.Feed(Options))
        {
            Assert.Equal((FeedBeginning.Continued, false), (again.Beginning, again.IsNewlyApproved));
            Assert.Equal(Bed.Start, again.State.ApprovedAt);
        }

        using StoreFeed other = bed.Feed(Options with { ApprovedBy = "Somebody Else" });
        Assert.Equal((FeedBeginning.Continued, true), (other.Beginning, other.IsNewlyApproved));
        Assert.NotEmpty(Drain(other));
    }

    [Fact]
    public async Task Another_destination_is_not_told_what_the_first_one_missed()
    {
        using var bed = new OneBed();
        bed.Feed(Options).Dispose();
        await bed.AppendAsync(5);
        using StoreFeed other = bed.Feed(Options with { Destination = "e:1" });
        Assert.Equal(FeedBeginning.OtherDestination, other.Beginning);
        Assert.Empty(Drain(other));
        Assert.NotEmpty(await bed.AppendAsync(2));
        Assert.NotEmpty(Drain(other));
    }

    [Fact]
    public async Task Waves_that_are_approved_later_begin_then()
    {
        using var bed = new OneBed();
        bed.Feed(Options).Dispose();
        await bed.AppendAsync(5);
        using StoreFeed waves = bed.Feed(Options with { Waves = true });
        Assert.True(waves.IsNewlyApproved);
        Assert.DoesNotContain(Drain(waves), item => item[0] == '1');
        string[] more = await bed.AppendAsync(2);
        Assert.Equal(more.Order(), Drain(waves).Order());
    }

    [Fact]
    public async Task When_its_place_is_damaged_in_both_copies_it_says_so_and_begins_anew()
    {
        using var bed = new OneBed();
        bed.Feed(Options).Dispose();
        await bed.AppendAsync(5);
        byte[] content = bed.Disk.Content("feed");
        bed.Disk.Replace("feed", [.. content[..(content.Length / 2)], .. new byte[content.Length / 2]]);
        using (StoreFeed one = bed.Feed(Options))
        {
            Assert.Equal(FeedBeginning.Continued, one.Beginning);
        }

        bed.Disk.Replace("feed", new byte[content.Length]);
        using StoreFeed feed = bed.Feed(Options);
        Assert.Equal(FeedBeginning.PlaceLost, feed.Beginning);
        Assert.Empty(Drain(feed));
    }

    [Fact]
    public async Task What_went_from_the_store_before_it_was_sent_is_counted()
    {
        using var bed = new OneBed();
        using StoreFeed feed = bed.Feed(Options with { Waves = true });
        string[] lost = await bed.AppendAsync(12);
        await bed.SealAsync();
        string[] kept = await bed.AppendAsync(7);
        Assert.Null(feed.Next(Bed.Start));
        bed.Engine.Holdings.Remove(bed.Engine.Holdings.OldestSegmentsFirst()[0]);
        Assert.Equal(kept.Order(), Drain(feed).Order());
        Assert.Equal(lost.Length, feed.State.Lost);
    }

    [Fact]
    public async Task An_interval_waits_until_it_is_over_and_settled_and_a_wrong_clock_holds_nothing_up()
    {
        using var bed = new OneBed();
        using StoreFeed feed = bed.Feed(Options);
        await bed.AppendAsync(4);
        UtcInstant end = Bed.Start.Add(10_000_000_000);
        Assert.Null(feed.Next(end.Add(1_999_999_999)));
        FeedPart part = feed.Next(end.Add(2_000_000_000))!;
        Assert.Equal((Bed.Start, end), (part.From, part.To));
        feed.Settle(FeedOutcome.Accepted);
        UtcInstant wrong = end.Add(86_400_000_000_000);
        await bed.AppendAsync(new NumericBlock { Signal = new SignalNumber(2), Start = wrong, Readings = [new NumericReading(wrong, new Fixed(1, 0), Validity.Valid, DeviceNanoseconds: null)] });
        Assert.Equal(wrong, Assert.Single(feed.Next(end.Add(2_000_000_000))!.Blocks).Start);
    }

    [Fact]
    public void Its_file_is_read_as_it_was_written_and_anything_else_is_refused()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var file = new FeedFile
            {
                Destination = "hl7.hospital.example:2575",
                ApprovedBy = "Dr. A B",
                ApprovedAt = new UtcInstant(random.NextInt64()),
                Sent = random.Next(),
                LastAccepted = random.Next(2) == 0 ? null : new UtcInstant(random.NextInt64()),
                Floor = (ulong)random.Next(),
            };
            file = file with
            {
                Lanes = Enumerable.Range(1, random.Next(1, 9)).ToDictionary(signal => (uint)signal, _ => new FeedPosition(file.Floor + (ulong)random.Next(3), (ulong)random.NextInt64(), random.Next(4) == 0 ? long.MaxValue : random.NextInt64(-5, long.MaxValue), random.Next())),
                Plan = random.Next(2) == 0 ? null : new FeedPlan(new UtcInstant(1), new UtcInstant(2), new UtcInstant(random.NextInt64()), [new FeedTaking(1, 5, []), new FeedTaking(2, 7, [3, 4])]),
            };
            string text = file.ToString();
            FeedFile read = FeedFile.Parse(text)!;
            Assert.Equal(text, read.ToString());
            Assert.Equal(file.Lanes.OrderBy(lane => lane.Key), read.Lanes.OrderBy(lane => lane.Key));
            Assert.Equal(file.Plan?.Takings.Count, read.Plan?.Takings.Count);
            int cut = random.Next(text.Length - 1);
            Assert.True(FeedFile.Parse(text[..cut]) is null || text[cut - 1] == '\n', text[..cut]);
            _ = FeedFile.Parse(text.Remove(cut, 1).Insert(random.Next(cut + 1), "x"));
        }
    }

    private static List<string> Drain(StoreFeed feed)
    {
        var items = new List<string>();
        while (feed.Next(Later) is { } part)
        {
            items.AddRange(part.Blocks.SelectMany(FeedBed.Items));
            feed.Settle(FeedOutcome.Accepted);
        }

        return items;
    }

    /// <summary>A store on a disk in memory, whose syncs and seals a test asks for.</summary>
    private sealed class OneBed : IDisposable
    {
        private readonly FeedBed _bed = new(7);

        public OneBed()
        {
            Disk = new FaultyDisk(new Random(1));
            Engine = new StoreEngine(Disk, new StoreOptions { JournalBytes = 1 << 20 }, new StepClock(), isReadOnly: false, SyncAtOnce);
            FeedBed.Register(Engine);
        }

        public FaultyDisk Disk { get; }

        public StoreEngine Engine { get; }

        public StoreFeed Feed(FeedOptions options) => new(Engine, options);

        public async Task<string[]> AppendAsync(int seconds, bool sync = true)
        {
            Engine.StageDescriptions();
            Block[] blocks = [.. Enumerable.Range(0, seconds).SelectMany(_ => _bed.Next())];
            foreach (Block block in blocks)
            {
                Assert.True(Engine.Journal.Stage(block));
            }

            await (sync ? SyncAsync() : Engine.Journal.WriteAsync().AsTask());
            return [.. blocks.OrderBy(block => block.Signal.Value).SelectMany(FeedBed.Items)];
        }

        public Task AppendAsync(Block block)
        {
            Assert.True(Engine.Journal.Stage(block));
            return SyncAsync();
        }

        public async Task SyncAsync()
        {
            await Engine.Journal.WriteAsync();
            Assert.True(Engine.Journal.BeginSync(Bed.Start));
            await Engine.Journal.SettleAsync();
        }

        public async Task SealAsync()
        {
            await Engine.Journal.RollAsync();
            while (Engine.SealNext(CancellationToken.None))
            {
                Engine.Prepare();
            }
        }

        public void Dispose() => Engine.Dispose();
    }
}
