using Bedside.Model;
using Bedside.Viewer;
using Bedside.Viewer.Ward;

namespace Bedside.Tests.Viewer.Ward;

/// <summary>Ages of another bed's values, over links that hold data back, from boxes whose clocks differ, drift and die.</summary>
public class PeerAgeTests
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_is_live_that_is_older_than_two_and_a_half_seconds(int seed)
    {
        var life = new PeerLife(new Random(seed));
        int live = 0;
        int calm = 0;
        for (int step = 0; step < 1_500; step++)
        {
            life.Step();
            WardSignalAnswer? hr = life.Bed.Read("own").Slots is [var first, ..] ? first.Parts[0] : null;
            if (hr is null)
            {
                continue;
            }

            long age = life.TrueAge(hr.Last!.Time);
            Assert.True(hr.State != Freshness.Live || age <= 2_500 * Millisecond, $"seed {seed}, step {step}: live at {age / 1e9:F2} s");
            Assert.True(hr.State != Freshness.Lost || hr.Last.Value is null, "a lost value keeps its digits");
            Assert.True(hr.State == Freshness.Lost || age <= 10_500 * Millisecond, $"seed {seed}, step {step}: {hr.State} at {age / 1e9:F2} s");
            live += hr.State == Freshness.Live ? 1 : 0;
            calm += life.IsCalm ? 1 : 0;
            Assert.True(!life.IsCalm || hr.State == Freshness.Live, $"seed {seed}, step {step}: {hr.State} at {age / 1e9:F2} s while all is well");
        }

        Assert.True(live > 0 && calm > 0, $"seed {seed}: never live");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_box_that_dies_is_lost_within_ten_and_a_half_seconds_and_told_as_unheard(int seed)
    {
        var life = new PeerLife(new Random(seed)) { NeverFails = true };
        life.Run(8 * Second);
        life.Die();
        life.Run((10 * Second) + (500 * Millisecond));

        WardBedAnswer bed = life.Bed.Read("own");
        Assert.Equal(Freshness.Lost, bed.State);
        Assert.All(bed.Slots.SelectMany(slot => slot.Parts), part => Assert.Null(part.Last?.Value));
        Assert.Null(bed.Alert);
        Assert.InRange(life.Now.Since(bed.Heard!.Value), 10 * Second, 12 * Second);
    }

    [Fact]
    public void A_clock_that_is_years_off_is_measured_and_its_values_are_as_young_as_they_are()
    {
        var life = new PeerLife(new Random(1)) { NeverFails = true, Offset = -9 * 365 * 86_400L * Second };
        life.Run(5 * Second);
        WardBedAnswer bed = life.Bed.Read("own");
        Assert.Equal(Freshness.Live, bed.State);
        Assert.InRange(bed.ClockOffsetMs!.Value, (-9 * 365 * 86_400e3) - 2000, (-9 * 365 * 86_400e3) + 2000);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(-5)]
    [InlineData(5)]
    [InlineData(3600)]
    public void A_box_whose_clock_is_set_is_live_again_within_five_seconds(int seconds)
    {
        var life = new PeerLife(new Random(2)) { NeverFails = true };
        life.Run(20 * Second);
        life.Offset += seconds * Second;
        life.Run(5 * Second);
        Assert.Equal(Freshness.Live, life.Bed.Read("own").State);
    }

    [Fact]
    public void Setting_this_box_s_own_clock_changes_no_age()
    {
        var life = new PeerLife(new Random(3)) { NeverFails = true };
        life.Run(5 * Second);
        life.Time.SetWall(3_600 * Second);
        life.Offset -= 3_600 * Second;
        Assert.Equal(Freshness.Live, life.Bed.Read("own").State);
    }

    [Fact]
    public void Another_run_of_the_box_begins_with_nothing_of_the_one_before()
    {
        var life = new PeerLife(new Random(4)) { NeverFails = true };
        life.Run(5 * Second);
        life.Bed.Hear(99, life.PeerNow, life.Time.Steady);
        WardBedAnswer bed = life.Bed.Read("own");
        Assert.Equal(99u, bed.Epoch);
        Assert.Equal(Freshness.Lost, bed.State);
    }

    [Fact]
    public void A_box_that_says_it_stands_at_another_bed_shows_nothing()
    {
        var life = new PeerLife(new Random(5)) { NeverFails = true };
        life.Run(5 * Second);
        Assert.False(life.Bed.Confirm(new PeerSession("8", IsDemo: false)));
        WardBedAnswer bed = life.Bed.Read("own");
        Assert.Equal(("7", PeerLinkState.OtherBed, "8", Freshness.Lost), (bed.Bed, bed.Link, bed.Said, bed.State));
        Assert.Empty(bed.Slots);
        Assert.Null(bed.Wave);
    }

    public static TheoryData<int> Seeds()
    {
        var seeds = new TheoryData<int>();
        int count = int.TryParse(Environment.GetEnvironmentVariable("BEDSIDE_WARD_SEEDS"), out int wanted) ? wanted : 40;
        foreach (int seed in Enumerable.Range(1, count))
        {
            seeds.Add(seed);
        }

        return seeds;
    }

    /// <summary>Another box, the link to it and this box's account of it, in steps of 50 ms.</summary>
    private sealed class PeerLife
    {
        private const long StepTime = 50 * Millisecond;
        private static readonly PeerSignal Rate = new(1, "hr", "numeric", "FC", "HR", "HR", "/min", "monitor", "#00e676", "ecg", 50, 120, 1, Last: null);

        private readonly Random _random;
        private readonly long _drift;
        private readonly Queue<(long Due, Action Arrive)> _toHub = new();
        private readonly List<(long Peer, long True)> _captured = [];
        private readonly PeerSnapshot _snapshot;
        private long _stallUntil;
        private long _calmSince;
        private long _askedAt;
        private bool _isDead;
        private uint _step;

        public PeerLife(Random random)
        {
            _random = random;
            _drift = random.Next(-100, 101);
            Offset = random.NextInt64(-86_400 * Second, 86_400 * Second);
            Bed = new PeerBed(1, "7", isOwn: false, Time);
            _snapshot = new PeerSnapshot(new PeerSession("7", IsDemo: false), [Rate], [new PeerDevice("monitor", "M", "X", "receiving", IsExperimental: false, LastData: null)]);
            long hello = Time.Steady;
            Send(sent => Bed.Hear(7, sent, hello));
            Send(_ => Assert.True(Bed.Begin(_snapshot)));
        }

        public SimulatedTime Time { get; } = new();

        public PeerBed Bed { get; }

        public long Offset { get; set; }

        public bool NeverFails { get; init; }

        public UtcInstant Now => UtcInstant.FromDateTime(Time.GetUtcNow());

        /// <summary>The other box's clock.</summary>
        public UtcInstant PeerNow => Now.Add(Offset + (Time.Steady / 1_000_000 * _drift));

        /// <summary>Nothing was held back, and nobody dead, for long enough that all must be well.</summary>
        public bool IsCalm => !_isDead && Time.Steady > _stallUntil && Time.Steady - _calmSince > 4 * Second && _toHub.Count < 20;

        /// <summary>True age of the value whose capture the hub places at this time of its own: the newest that was captured then or before is meant.</summary>
        public long TrueAge(UtcInstant shown)
        {
            (long _, long captured) = _captured.LastOrDefault(one => one.Peer == LastTaken);
            Assert.NotEqual(0, shown.UnixNanoseconds);
            return Time.Steady - captured;
        }

        /// <summary>Peer time of the newest reading that reached this box.</summary>
        private long LastTaken { get; set; }

        public void Run(long duration)
        {
            for (long end = Time.Steady + duration; Time.Steady < end;)
            {
                Step();
            }
        }

        public void Die() => _isDead = true;

        public void Step()
        {
            Time.Advance(StepTime);
            _step++;
            if (!NeverFails)
            {
                Fail();
            }

            if (!_isDead)
            {
                Speak();
            }

            while (Time.Steady > _stallUntil && _toHub.TryPeek(out (long Due, Action Arrive) next) && next.Due <= Time.Steady)
            {
                _toHub.Dequeue().Arrive();
            }

            if (Time.Steady - _askedAt >= (Bed.IsUnmeasured ? 250 * Millisecond : 2 * Second))
            {
                _askedAt = Time.Steady;
                long asked = _askedAt;
                if (!_isDead)
                {
                    Send(sent => Bed.Measure(sent, asked));
                }
            }
        }

        private void Fail()
        {
            switch (_random.Next(600))
            {
                case 0:
                    _stallUntil = Time.Steady + _random.NextInt64(30 * Second);
                    _calmSince = _stallUntil;
                    break;
                case 1:
                    _isDead = !_isDead;
                    _calmSince = Math.Max(_calmSince, Time.Steady);
                    break;
            }
        }

        private void Speak()
        {
            if (_step % 10 == 0)
            {
                long captured = Time.Steady;
                UtcInstant taken = PeerNow;
                _captured.Add((taken.UnixNanoseconds, captured));
                Send(_ =>
                {
                    if (taken.UnixNanoseconds > LastTaken || Math.Abs(taken.UnixNanoseconds - LastTaken) > 60 * Second)
                    {
                        LastTaken = taken.UnixNanoseconds;
                    }

                    Bed.Take(Blocks.Reading(Signal, taken, 80), isHistory: false);
                });
            }

            if (_step % 4 == 0)
            {
                Send(sent => Bed.Hear(7, sent));
            }

            if (_step % 20 == 0)
            {
                UtcInstant last = PeerNow;
                Send(_ => Bed.Status([new PeerDevice("monitor", "M", "X", "receiving", IsExperimental: false, last)]));
            }
        }

        private static Signal Signal { get; } = new(new SignalNumber(1), "hr", "monitor", new Metric { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min" });

        /// <summary>In the order of sending; each takes up to 40 ms.</summary>
        private void Send(Action<UtcInstant> arrive)
        {
            UtcInstant sent = PeerNow;
            _toHub.Enqueue((Time.Steady + _random.NextInt64(40 * Millisecond), () => arrive(sent)));
        }
    }
}
