using Bedside.Viewer;
using Bedside.Viewer.Research;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Viewer.Research;

/// <summary>A no of a patient is in force within 60 seconds, by the clock that the box is given.</summary>
public sealed class ObjectionWatchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HandClock _clock = new();
    private readonly ShelfInMemory _shelf = new();
    private readonly BuildsInMemory _builds = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_no_shuts_packages_and_ends_builds_within_sixty_seconds_even_when_the_disk_fails_once(int failing)
    {
        using var watch = new ObjectionWatch(new ResearchBox(_clock, Microsoft.Extensions.Options.Options.Create(new ViewerOptions()), shelf: _shelf, builds: _builds), _clock, NullLogger<ObjectionWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        await LookAsync();
        _shelf.Failing = failing;
        _builds.Begin("ST-2026-002", "Steward", []);
        _shelf.Objected["ST-2026-001"] = true;
        _builds.Objected.Add("ST-2026-002");
        DateTimeOffset said = _clock.GetUtcNow();

        while (!_shelf.Shut.Contains("ST-2026-001") || _builds.StateOf("ST-2026-002") is { IsRunning: true })
        {
            _clock.Pass(ObjectionWatch.Every);
            await LookAsync();
            Assert.True(_clock.GetUtcNow() - said <= Limit, "not in force after 60 s");
        }

        Assert.NotNull(_builds.StateOf("ST-2026-002")!.Failure);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void The_time_between_two_looks_leaves_room_for_one_that_fails() => Assert.True(ObjectionWatch.Every * 3 <= Limit && ObjectionWatch.Every <= TimeSpan.FromSeconds(30));

    public void Dispose() => _shelf.Looks.Dispose();

    private async Task LookAsync() => Assert.True(await _shelf.Looks.WaitAsync(ViewerHost.Patience), "nobody looked");
}

/// <summary>A clock that stands still until a test moves it, timers too.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly List<HandTimer> _timers = [];
    private readonly Lock _gate = new();
    private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Pass(TimeSpan time)
    {
        _now += time;
        HandTimer[] all;
        lock (_gate)
        {
            all = [.. _timers];
        }

        foreach (HandTimer timer in all)
        {
            timer.Fire();
        }
    }

    private sealed class HandTimer(HandClock clock, Action call) : ITimer
    {
        private DateTimeOffset? _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
            _period = period;
            return true;
        }

        public void Fire()
        {
            if (_due <= clock._now)
            {
                _due = _period == Timeout.InfiniteTimeSpan ? null : clock._now + _period;
                call();
            }
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            _due = null;
            return ValueTask.CompletedTask;
        }
    }
}
