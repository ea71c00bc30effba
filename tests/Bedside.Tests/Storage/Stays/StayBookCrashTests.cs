using Bedside.Model.Stays;
using Bedside.Storage.Stays;
using Bedside.Tests.Storage.Keys;
using static Bedside.Tests.Storage.Stays.StayEvents;

namespace Bedside.Tests.Storage.Stays;

/// <summary>Events are said one after the other, some many at once, while the disk fails or the power goes at each operation there is: nothing that was acknowledged is lost.</summary>
public sealed class StayBookCrashTests
{
    private const int Events = 12;

    [Theory]
    [InlineData(Loss.Nothing)]
    [InlineData(Loss.Everything)]
    [InlineData(Loss.RandomSectors)]
    [InlineData(Loss.RandomPages)]
    [InlineData(Loss.Garbage)]
    internal async Task Nothing_acknowledged_is_lost_when_the_power_goes(object loss)
    {
        int operations = await LiveAsync(new FaultyDisk(new Random(0)), []);
        Assert.True(operations > 20);
        for (int cut = 0; cut < operations; cut++)
        {
            for (int seed = 0; seed < 4; seed++)
            {
                var disk = new FaultyDisk(new Random((cut * 31) + seed)) { CutAt = cut };
                var acknowledged = new List<StayEvent>();
                _ = await LiveAsync(disk, acknowledged);
                disk.Restart((Loss)loss);
                await AssertKeptAsync(disk, acknowledged);
                disk.Restart(Loss.Everything);
                await AssertKeptAsync(disk, acknowledged);
            }
        }
    }

    [Fact]
    public async Task A_disk_that_fails_once_costs_nothing_and_what_was_not_acknowledged_may_be_said_again()
    {
        int operations = await LiveAsync(new FaultyDisk(new Random(0)), []);
        for (int fails = 0; fails < operations; fails++)
        {
            var disk = new FaultyDisk(new Random(fails)) { FailAt = { fails } };
            var acknowledged = new List<StayEvent>();
            _ = await LiveAsync(disk, acknowledged);
            disk.Restart(Loss.Everything);
            await AssertKeptAsync(disk, acknowledged);
        }
    }

    /// <summary>Opens, says, closes, opens, says; goes on after errors with what comes next. Returns how many operations the disk was asked for.</summary>
    private static async Task<int> LiveAsync(FaultyDisk disk, List<StayEvent> acknowledged)
    {
        for (int life = 0; life < 2; life++)
        {
            try
            {
                using StayBook book = Open(disk);
                for (int i = life * Events / 2; i < (life + 1) * Events / 2; i += 2)
                {
                    await SayAsync(book, [Number(i)], acknowledged);
                    await SayAsync(book, [Number(i + 1), Number(i + 1) with { Content = 0, Kind = StayEventKind.Planned }], acknowledged);
                }
            }
            catch (IOException)
            {
                // The box starts again.
            }
        }

        return disk.Operations;
    }

    private static async Task SayAsync(StayBook book, StayEvent[] said, List<StayEvent> acknowledged)
    {
        try
        {
            long last = await book.SayAsync(said, CancellationToken.None);
            acknowledged.AddRange(said.Select((one, i) => one with { Number = last - said.Length + 1 + i }));
        }
        catch (IOException)
        {
            // Its sender was told so.
        }
    }

    private static async Task AssertKeptAsync(FaultyDisk disk, List<StayEvent> acknowledged)
    {
        using StayBook book = Open(disk);
        Assert.Empty(book.Damaged);
        Assert.All(acknowledged, said => Assert.Contains(said, book.Events));
        Assert.Equal(book.Events.Count, book.Events.Select(said => said.Number).Distinct().Count());
        StayEvent next = Number(Events + 2) with { Content = 0, Happened = null };
        long number = await book.SayAsync(next, CancellationToken.None);
        acknowledged.Add(next with { Number = number });
        using StayBook again = Open(disk);
        Assert.All(acknowledged, said => Assert.Contains(said, again.Events));
        Assert.Equal(book.Spans.Select(span => (span.Stay, span.From)), again.Spans.Select(span => (span.Stay, span.From)));
    }

    private static StayBook Open(FaultyDisk disk) => StayBook.Open(disk, TestKeys.Options(), new StaySettings(), new StepClock());
}
