using Bedside.Host.Kiosk;

namespace Bedside.Tests.Kiosk;

/// <summary>When a screen at the bed is started anew, and when it is left alone: a page, a box and a bed told second by second.</summary>
public class ScreenJudgeTests
{
    private const int BeatEvery = 5;

    [Fact]
    public void A_page_that_falls_silent_is_found_within_sixteen_seconds_whenever_that_happens()
    {
        for (int at = 10; at < 40; at++)
        {
            var told = new Told { PageUntil = at };
            Assert.Equal(ScreenVerdict.Silent, told.Run(120));
            Assert.InRange(told.Second, at, at + 16);
        }
    }

    [Theory]
    [InlineData("frames")]
    [InlineData("picture")]
    [InlineData("page")]
    public void A_picture_that_stands_still_while_waves_come_in_is_found_within_sixteen_seconds(string what)
    {
        for (int at = 10; at < 40; at++)
        {
            var told = new Told { Stops = what, StopsAt = at };
            Assert.Equal(ScreenVerdict.Frozen, told.Run(120));
            Assert.InRange(told.Second, at, at + 16);
        }
    }

    [Theory]
    [InlineData("frames")]
    [InlineData("picture")]
    [InlineData("page")]
    public void Nothing_has_to_move_while_no_waves_come_in_or_a_person_froze_them(string what)
    {
        Assert.Equal(ScreenVerdict.Well, new Told { Stops = what, StopsAt = 20, WavesUntil = 19 }.Run(900));
        Assert.Equal(ScreenVerdict.Well, new Told { Stops = what, StopsAt = 20, HeldFrom = 15 }.Run(900));
    }

    [Fact]
    public void Waves_have_to_move_only_where_they_are_shown()
    {
        Assert.Equal(ScreenVerdict.Well, new Told { Stops = "picture", StopsAt = 20, Lanes = 0 }.Run(900));
        Assert.Equal(ScreenVerdict.Frozen, new Told { Stops = "page", StopsAt = 20, Lanes = 0 }.Run(900));
    }

    [Fact]
    public void A_box_that_is_away_or_was_started_anew_is_no_reason_however_long_it_takes()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            int from = random.Next(1, 60);
            var told = new Told { BoxGoneFrom = from, BoxGoneUntil = from + random.Next(1, 120) };
            Assert.True(told.Run(300) == ScreenVerdict.Well, $"seed {seed}: started anew in second {told.Second}");
        }
    }

    [Fact]
    public void A_page_that_died_while_the_box_was_away_is_found_once_the_box_could_have_heard_it()
    {
        var told = new Told { BoxGoneFrom = 20, BoxGoneUntil = 60, PageUntil = 40 };

        Assert.Equal(ScreenVerdict.Silent, told.Run(200));
        Assert.InRange(told.Second, 75, 78);
    }

    [Fact]
    public void A_browser_has_three_quarters_of_a_minute_for_its_first_word()
    {
        var told = new Told { PageUntil = -1 };

        Assert.Equal(ScreenVerdict.Silent, told.Run(200));
        Assert.InRange(told.Second, 45, 47);
    }

    [Fact]
    public void A_watcher_that_was_held_up_itself_judges_nothing_of_that_time()
    {
        var told = new Told { WatcherSleepsFrom = 30, WatcherSleepsUntil = 90, PageUntil = 89, PageFrom = 91 };

        Assert.Equal(ScreenVerdict.Well, told.Run(300));
    }

    [Fact]
    public void Restarts_wait_longer_and_longer_a_minute_at_most_and_not_at_all_after_a_calm_time()
    {
        var pacer = new RestartPacer();

        int[] waits = [.. Enumerable.Range(0, 12).Select(i => (int)pacer.Next(TimeSpan.FromSeconds(10 * i)).TotalSeconds)];

        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60], waits);
        Assert.Equal(TimeSpan.Zero, pacer.Next(TimeSpan.FromMinutes(30)));
    }

    /// <summary>A screen's life as it is told to the judge, once a second.</summary>
    private sealed class Told
    {
        public int PageFrom { get; init; }

        public int PageUntil { get; init; } = int.MaxValue;

        public string Stops { get; init; } = string.Empty;

        public int StopsAt { get; init; } = int.MaxValue;

        public int WavesUntil { get; init; } = int.MaxValue;

        public int HeldFrom { get; init; } = int.MaxValue;

        public int Lanes { get; init; } = 6;

        public int BoxGoneFrom { get; init; } = int.MaxValue;

        public int BoxGoneUntil { get; init; } = int.MaxValue;

        public int WatcherSleepsFrom { get; init; } = int.MaxValue;

        public int WatcherSleepsUntil { get; init; } = int.MaxValue;

        public int Second { get; private set; }

        public ScreenVerdict Run(int seconds)
        {
            var judge = new ScreenJudge(TimeSpan.Zero);
            ScreenBeat? heard = null;
            int heardAt = 0;
            long number = 0;
            int boxSince = 0;
            for (Second = 1; Second <= seconds; Second++)
            {
                bool boxGone = Second >= BoxGoneFrom && Second < BoxGoneUntil;
                if (boxGone)
                {
                    (heard, boxSince) = (null, Second + 1);
                }

                bool pageLives = Second <= PageUntil || (PageFrom > 0 && Second >= PageFrom);
                if (pageLives && Second % BeatEvery == 0)
                {
                    number++;
                    if (!boxGone)
                    {
                        (heard, heardAt) = (new ScreenBeat(0, number, Count("frames"), Count("page"), Count("picture"), Lanes, Second >= HeldFrom), Second);
                    }
                }

                if (Second >= WatcherSleepsFrom && Second < WatcherSleepsUntil)
                {
                    continue;
                }

                ScreenSight? sight = boxGone ? null : new ScreenSight(Second - boxSince, Second <= WavesUntil, heard is null ? null : heard with { AgeSeconds = Second - heardAt });
                if (judge.Judge(sight, TimeSpan.FromSeconds(Second)) is var verdict && verdict != ScreenVerdict.Well)
                {
                    return verdict;
                }
            }

            return ScreenVerdict.Well;
        }

        private long Count(string what) => Stops == what ? Math.Min(Second, StopsAt) * 60L : Second * 60L;
    }
}
