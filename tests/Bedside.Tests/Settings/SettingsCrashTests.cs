using Bedside.Model.Settings;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Settings;

/// <summary>The power goes, or the disk fails, at every operation of a story of settings.</summary>
public class SettingsCrashTests
{
    private static readonly Loss[] Losses = [Loss.Nothing, Loss.Everything, Loss.RandomSectors, Loss.RandomPages, Loss.Garbage];

    /// <summary>What a person does: a bed, a port that is confirmed, a port that is lost, and back.</summary>
    private static readonly (string What, Func<SettingsBench, SettingsReply> Do)[] Story =
    [
        ("prepare", bench => bench.Prepare(new SettingsForm { Bed = "12" })),
        ("apply", bench => bench.Desk.Apply()),
        ("prepare", bench => bench.Prepare(SettingsBench.Ports(SettingsBench.Pin))),
        ("try", bench => bench.Desk.Apply()),
        ("confirm", bench => bench.Pass(3).Desk.Confirm()),
        ("prepare", bench => bench.Prepare(new SettingsForm { Bed = "13", Ports = [] })),
        ("try", bench => bench.Desk.Apply()),
        ("time out", bench => bench.Pass(61).Desk.State.Trial is null ? SettingsReply.Done : SettingsReply.Conflict),
    ];

    [Fact]
    public void A_power_cut_at_any_operation_leaves_what_was_last_acknowledged_or_what_was_being_written_and_never_what_was_on_trial()
    {
        int operations = Play(new FaultyDisk(new Random(0)), out _);
        for (int cut = 0; cut < operations; cut++)
        {
            foreach (Loss loss in Losses)
            {
                var disk = new FaultyDisk(new Random((cut * 10) + (int)loss)) { CutAt = cut };
                Play(disk, out List<(string Bed, int Ports)> allowed);
                disk.Restart(loss);

                SettingsBench after = new SettingsBench(disk).Start();

                (string, int) now = (after.Desk.Ward.Bed, after.Desk.State.Effective.Ports.Length);
                Assert.True(allowed.Contains(now), $"cut {cut}, {loss}: {now} is none of {string.Join(", ", allowed)}");
                Assert.Null(after.Desk.State.Trial);
                Assert.DoesNotContain(after.Desk.State.Versions, version => version.Outcome == SettingsOutcome.OnTrial);
                Assert.Null(after.Desk.State.Kept);
            }
        }
    }

    [Fact]
    public void A_disk_that_fails_at_any_operation_changes_nothing_that_it_did_not_take()
    {
        int operations = Play(new FaultyDisk(new Random(0)), out _);
        for (int failing = 0; failing < operations; failing++)
        {
            var disk = new FaultyDisk(new Random(failing));
            disk.FailAt.Add(failing);
            Play(disk, out List<(string Bed, int Ports)> allowed);
            disk.Restart(Loss.Everything);
            SettingsBench after = new SettingsBench(disk).Start();
            Assert.Contains((after.Desk.Ward.Bed, after.Desk.State.Effective.Ports.Length), allowed);
        }
    }

    /// <summary>Plays the story until the power is cut. What may be in effect afterwards: what was acknowledged last, and where a step was not acknowledged, also what it would have made.</summary>
    private static int Play(FaultyDisk disk, out List<(string Bed, int Ports)> allowed)
    {
        SettingsBench bench = new SettingsBench(disk).Start();
        bench.Sending.Add("monitor");
        bench.Pass(3);
        (string Bed, int Ports) standing = (string.Empty, 0);
        allowed = [standing];
        foreach ((string what, Func<SettingsBench, SettingsReply> act) in Story)
        {
            (string Bed, int Ports) made = (what, bench.Desk.State) switch
            {
                ("apply" or "try", { Draft: { } draft } state) when draft.Settings.SamePorts(state.Effective) => (draft.Settings.Ward.Bed, standing.Ports),
                ("confirm", { Trial: not null } state) => (state.Effective.Ward.Bed, state.Effective.Ports.Length),
                _ => standing,
            };
            SettingsReply reply = act(bench);
            if (reply == SettingsReply.Done)
            {
                standing = made;
                allowed = [standing];
            }
            else if (made != standing)
            {
                allowed.Add(made);
            }

            if (disk.IsCut)
            {
                break;
            }
        }

        return disk.Operations;
    }
}
