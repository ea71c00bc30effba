using System.Collections.Immutable;
using Bedside.Host.Settings;
using Bedside.Model;
using Bedside.Model.Settings;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Settings;

/// <summary>Draft, effect, trial and the way back.</summary>
public class SettingsDeskTests
{
    [Fact]
    public void What_a_ward_reads_takes_effect_at_once_and_every_version_can_be_had_again()
    {
        SettingsBench bench = Bench();
        Assert.Equal(SettingsReply.Done, bench.Prepare(new SettingsForm { Bed = "12", DayStart = "06:30", Units = new UnitsForm { GasPressure = "kPa" }, Colours = Colours(("art", "#ff9e80")) }));
        Assert.Equal(["bed", "colours.art", "dayStart", "units.gasPressure"], bench.Desk.State.Draft!.Changes);
        Assert.Equal(string.Empty, bench.Desk.Ward.Bed);

        Assert.Equal(SettingsReply.Done, bench.Desk.Apply());

        Assert.Equal(("12", new TimeOnly(6, 30), "kPa", string.Empty), (bench.Desk.Ward.Bed, bench.Desk.Ward.DayStart, bench.Desk.Ward.Units.GasPressure, bench.Desk.Ward.Units.BodyPressure));
        Assert.Null(bench.Desk.State.Trial);
        Assert.Null(bench.Desk.State.Draft);
        Assert.Empty(bench.Asked);

        Assert.Equal(SettingsReply.Done, bench.Desk.Return(1));
        Assert.Equal(string.Empty, bench.Desk.Ward.Bed);
        Assert.Equal([SettingsOrigin.Undo, SettingsOrigin.Screen, SettingsOrigin.Configuration], bench.Desk.State.Versions.Select(version => version.Origin));
    }

    [Fact]
    public void Another_port_is_on_trial_and_stays_when_somebody_confirms_it_and_no_device_was_lost()
    {
        SettingsBench bench = Bench();
        bench.Sending.Add("monitor");
        bench.Pass(5);
        bench.Prepare(SettingsBench.Ports(SettingsBench.Pin));
        Assert.Equal(SettingsReply.Done, bench.Desk.Apply());
        Assert.Equal(SettingsBench.Pin, Assert.Single(bench.Asked.Single().Ports));
        Assert.Equal(SettingsReply.DeviceLost, bench.Desk.Confirm());

        bench.Pass(3);
        Assert.Empty(bench.Desk.State.Trial!.Lost);
        Assert.Equal(SettingsReply.Done, bench.Desk.Confirm());
        bench.Pass(120);

        Assert.Null(bench.Desk.State.Trial);
        Assert.Equal(SettingsOutcome.Confirmed, bench.Desk.State.Versions[0].Outcome);
        Assert.Single(bench.Asked);
        Assert.Equal(SettingsBench.Pin, Assert.Single(bench.Desk.State.Effective.Ports));
    }

    [Fact]
    public void Settings_under_which_a_device_is_lost_go_by_themselves_when_the_trial_is_over_and_not_before()
    {
        SettingsBench bench = Bench();
        bench.Sending.UnionWith(["monitor", "ventilator"]);
        bench.Pass(5);
        bench.Prepare(SettingsBench.Ports(SettingsBench.Pin));
        bench.Desk.Apply();
        bench.Sending.Remove("monitor");

        bench.Pass(59);
        Assert.Equal(["monitor"], bench.Desk.State.Trial!.Lost);
        Assert.Single(bench.Asked);
        bench.Pass(1);

        Assert.Null(bench.Desk.State.Trial);
        Assert.Equal(SettingsOutcome.DeviceLost, bench.Desk.State.Versions[0].Outcome);
        Assert.Equal(2, bench.Asked.Count);
        Assert.Empty(bench.Asked[1].Ports);
        Assert.Empty(bench.Desk.State.Effective.Ports);
    }

    [Fact]
    public void Settings_that_nobody_confirms_go_by_themselves_though_all_is_received()
    {
        SettingsBench bench = Bench();
        bench.Sending.Add("monitor");
        bench.Pass(5);
        bench.Prepare(SettingsBench.Ports(SettingsBench.Pin));
        bench.Desk.Apply();

        bench.Pass(60);

        Assert.Equal(SettingsOutcome.Unconfirmed, bench.Desk.State.Versions[0].Outcome);
        Assert.Empty(bench.Desk.State.Effective.Ports);
        Assert.Equal(SettingsReply.Nothing, bench.Desk.Confirm());
    }

    [Fact]
    public void A_device_that_was_silent_before_is_not_asked_of_the_new_settings_and_what_lies_in_the_store_is_no_device_received()
    {
        SettingsBench bench = Bench();
        bench.Sending.Add("monitor");
        bench.Pass(5);
        bench.Sending.Clear();
        bench.Pass(15);
        bench.Prepare(SettingsBench.Ports(SettingsBench.Pin));
        bench.Desk.Apply();

        Assert.Empty(bench.Desk.State.Trial!.Lost);
        Assert.Equal(SettingsReply.Done, bench.Desk.Confirm());
    }

    [Fact]
    public void While_settings_are_on_trial_nothing_else_is_prepared_and_they_can_be_taken_back_by_hand()
    {
        SettingsBench bench = Bench();
        bench.Prepare(SettingsBench.Ports(SettingsBench.Pin));
        bench.Desk.Apply();

        Assert.Equal(SettingsReply.Conflict, bench.Desk.Prepare(new SettingsForm { Bed = "7" }, 1));
        Assert.Equal(SettingsReply.Conflict, bench.Desk.Return(1));
        Assert.Equal(SettingsReply.Done, bench.Desk.TakeBack());
        Assert.Equal(SettingsOutcome.TakenBack, bench.Desk.State.Versions[0].Outcome);
        Assert.Empty(bench.Asked[^1].Ports);
    }

    [Fact]
    public void Faults_name_their_field_and_a_draft_with_faults_does_not_take_effect()
    {
        SettingsBench bench = Bench();
        var form = new SettingsForm
        {
            TimeZone = "Mars/Olympus",
            Language = "de",
            Units = new UnitsForm { Temperature = "K" },
            Colours = Colours(("ecg", "#0000ff"), ("nothing", "#ffffff")),
            Ports = [new PortForm { Serial = "/dev/a", Driver = "nobody" }, new PortForm { Udp = "192.0.2.7", Driver = "philips-intellivue" }, new PortForm { Serial = "/dev/b", Line = "fast" }, null],
        };
        Assert.Equal(SettingsReply.Done, bench.Prepare(form));

        IReadOnlyList<SettingsFault> faults = bench.Desk.State.Draft!.Faults;
        string[] fields = ["timeZone", "language", "units.temperature", "colours.ecg", "colours.nothing", "ports./dev/a", "ports.192.0.2.7", "ports./dev/b", "ports."];
        Assert.Equal(fields.Order(StringComparer.Ordinal), faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
        Assert.All(faults, fault => Assert.True(fault.French.Length > 10 && fault.English.Length > 10));
        Assert.Equal(SettingsReply.Faulty, bench.Desk.Apply());
        Assert.Equal(SettingsReply.Faulty, bench.Prepare(new SettingsForm { DayStart = "25:00" }));
        Assert.Equal("Europe/Paris", bench.Desk.Ward.TimeZone);
    }

    [Fact]
    public void What_the_configuration_says_holds_and_stays_when_it_says_nothing_any_more()
    {
        var disk = new FaultyDisk(new Random(1));
        var ward = new WardSettings { Bed = "12", Units = new WardUnits { Temperature = "[degF]" }, Colours = ImmutableSortedDictionary<string, string>.Empty.Add("art", "#ff9e80") };
        var pinned = new PinnedSettings(ward, ["bed", "units.temperature", "colours.art"], ["/dev/ttyS1"]);
        SettingsBench bench = new SettingsBench(disk, pinned).Start();
        Assert.Equal(("12", "[degF]"), (bench.Desk.Ward.Bed, bench.Desk.Ward.Units.Temperature));

        bench.Prepare(new SettingsForm { Bed = "13", Language = "en", Colours = Colours(), Ports = [PortForm.Of(SettingsBench.Pin)] });
        Assert.Equal(["bed", "colours.art", "ports./dev/ttyS1"], bench.Desk.State.Draft!.Faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
        bench.Prepare(new SettingsForm { Language = "en" });
        Assert.Equal(SettingsReply.Done, bench.Desk.Apply());

        SettingsBench later = new SettingsBench(disk).Start();
        Assert.Equal(("12", "en", "[degF]"), (later.Desk.Ward.Bed, later.Desk.Ward.Language, later.Desk.Ward.Units.Temperature));
        Assert.Equal(SettingsReply.Done, later.Prepare(new SettingsForm { Bed = "13" }));
        Assert.Equal(SettingsReply.Done, later.Desk.Apply());

        SettingsBench again = new SettingsBench(disk, pinned).Start();
        Assert.Equal("12", again.Desk.Ward.Bed);
        Assert.Equal(SettingsOrigin.Configuration, again.Desk.State.Versions[0].Origin);
    }

    [Fact]
    public void The_history_is_bounded_and_the_version_in_effect_is_always_in_it()
    {
        var disk = new FaultyDisk(new Random(1));
        SettingsBench bench = new SettingsBench(disk).Start();
        PortPin[] many = [.. Enumerable.Range(0, 32).Select(i => new PortPin { Serial = $"/dev/{new string('x', 240)}{i:00}", Driver = "draeger-medibus", Line = "19200 8E1" })];
        bench.Prepare(SettingsBench.Ports(many));
        bench.Desk.Apply();
        bench.Desk.Confirm();
        for (int i = 0; i < 200; i++)
        {
            bench.Prepare(new SettingsForm { Bed = $"{i}" });
            Assert.Equal(SettingsReply.Done, bench.Desk.Apply());
        }

        Assert.InRange(bench.Desk.State.Versions.Count, 2, SettingsFile.MostVersions);
        SettingsBench later = new SettingsBench(disk).Start();
        Assert.Equal("199", later.Desk.Ward.Bed);
        Assert.Equal(32, later.Desk.State.Effective.Ports.Length);
        Assert.InRange(disk.Bytes, 1, 2 * ((512 * 1024) + 8192));
    }

    [Fact]
    public void A_file_of_which_both_copies_are_damaged_is_set_aside_and_said()
    {
        var disk = new FaultyDisk(new Random(1));
        SettingsBench bench = new SettingsBench(disk).Start();
        bench.Prepare(new SettingsForm { Bed = "12" });
        bench.Desk.Apply();
        byte[] bytes = disk.Content(SettingsFile.Name);
        bytes[100] ^= 1;
        Assert.Equal("12", new SettingsBench(disk).Start().Desk.Ward.Bed);

        bytes[(bytes.Length / 2) + 100] ^= 1;
        SettingsBench later = new SettingsBench(disk).Start();
        Assert.Equal(string.Empty, later.Desk.Ward.Bed);
        Assert.Contains("set aside", later.Desk.State.Kept, StringComparison.Ordinal);
        Assert.Contains($"{SettingsFile.Name}.bad", disk.Names());
    }

    [Fact]
    public void Steps_of_the_wall_clock_neither_end_a_trial_nor_hold_it()
    {
        var wall = new SteppedWall();
        var newest = new UtcInstant(0);
        var hearing = new DeviceHearing(() => [("monitor", newest)], wall);
        var desk = new SettingsDesk(new SettingsFile(new FaultyDisk(new Random(1)), SettingsBench.Secret), PinnedSettings.Nothing, hearing, wall, SettingsBench.Trial);
        Pass(3);
        desk.Prepare(SettingsBench.Ports(SettingsBench.Pin), 1);
        desk.Apply();
        wall.Wall = wall.Wall.AddYears(9);
        Pass(30);
        Assert.Empty(desk.State.Trial!.Lost);
        wall.Wall = wall.Wall.AddYears(-20);
        Pass(29);
        Assert.NotNull(desk.State.Trial);
        Pass(1);
        Assert.Equal(SettingsOutcome.Unconfirmed, desk.State.Versions[0].Outcome);

        void Pass(int seconds)
        {
            for (int i = 0; i < seconds; i++)
            {
                wall.Seconds++;
                newest = UtcInstant.FromDateTime(wall.GetUtcNow().AddSeconds(wall.Seconds));
                desk.Look();
            }
        }
    }

    private static SettingsBench Bench() => new SettingsBench(new FaultyDisk(new Random(1))).Start();

    private static ImmutableSortedDictionary<string, string?> Colours(params (string Group, string Colour)[] colours) =>
        colours.ToImmutableSortedDictionary(pair => pair.Group, pair => (string?)pair.Colour, StringComparer.Ordinal);

    /// <summary>A steady count of seconds beside a wall clock that is set at will.</summary>
    private sealed class SteppedWall : TimeProvider
    {
        public long Seconds { get; set; }

        public DateTimeOffset Wall { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;

        public override DateTimeOffset GetUtcNow() => Wall;
    }
}
