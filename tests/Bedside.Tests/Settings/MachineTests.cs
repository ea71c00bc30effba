using Bedside.Host.Machine;
using Bedside.Ingest.Intake;
using Bedside.Tests.Ingest;
using Bedside.Viewer;
using Microsoft.Extensions.Logging;

namespace Bedside.Tests.Settings;

/// <summary>What is read of the machine, why a run began, and what of the log may leave the box.</summary>
public sealed class MachineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_without_sensors_says_that_nothing_is_measured()
    {
        MachineReport report = Sensors().Read();
        Assert.Equal((null, null, null, null), (report.TemperatureCelsius, report.Throttled, report.Undervoltage, report.BootedAt));
        Assert.Equal((true, 250u), (report.ClockSynchronised, report.ClockUncertaintyUs));
    }

    [Fact]
    public void The_hottest_sensor_counts_and_one_that_reads_nonsense_does_not()
    {
        Put("sys/class/thermal/thermal_zone0/temp", "61250\n");
        Put("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
        Put("sys/class/thermal/thermal_zone1/temp", "-274000\n");
        Put("sys/class/hwmon/hwmon1/name", "nvme\n");
        Put("sys/class/hwmon/hwmon1/temp1_input", "44000\n");
        Put("proc/stat", "cpu 1 2 3\nbtime 1790000000\n");
        MachineReport report = Sensors().Read();
        Assert.Equal((61.25, "cpu-thermal", 1_790_000_000L), (report.TemperatureCelsius, report.TemperatureSensor, report.BootedAt?.UnixNanoseconds / 1_000_000_000));
    }

    [Theory]
    [InlineData("0", false, false, false, false)]
    [InlineData("50005", true, true, true, true)]
    [InlineData("50000", false, true, false, true)]
    [InlineData("80008", true, true, false, false)]
    public void The_firmware_of_a_raspberry_pi_tells_of_heat_and_power_now_and_before(string flags, bool slow, bool slowBefore, bool low, bool lowBefore)
    {
        Put("sys/devices/platform/soc/soc:firmware/get_throttled", flags);
        MachineReport report = Sensors().Read();
        Assert.Equal((slow, slowBefore, low, lowBefore), (report.Throttled, report.ThrottledBefore, report.Undervoltage, report.UndervoltageBefore));
    }

    [Fact]
    public void A_run_knows_why_it_began()
    {
        string folder = Path.GetDirectoryName(_folder.PathOf("x"))!;
        var time = new ManualTime();
        var first = RunMark.Begin(folder, "boot-1", time);
        var afterKill = RunMark.Begin(folder, "boot-1", time);
        afterKill.End();
        var afterEnd = RunMark.Begin(folder, "boot-1", time);
        var afterCut = RunMark.Begin(folder, "boot-2", time);
        afterCut.End();
        var afterShutdown = RunMark.Begin(folder, "boot-3", time);
        Assert.Equal(
            [StartCause.First, StartCause.ProgramDied, StartCause.Restarted, StartCause.PowerLost, StartCause.MachineRestarted],
            new[] { first, afterKill, afterEnd, afterCut, afterShutdown }.Select(run => run.Cause));
        Assert.NotNull(afterShutdown.FormerUntil);
    }

    [Fact]
    public void Of_the_log_the_words_of_the_program_are_told_and_nothing_that_was_put_into_them()
    {
        using var tail = new LogTail(new ManualTime());
        ILogger log = tail.CreateLogger("Bedside.Test");
        log.Log(LogLevel.Information, "{Port} carries {Driver} for {Patient}", "/dev/a", "ivy-450c", "CANARY");
        log.Log(LogLevel.Error, new InvalidOperationException("CANARY"), "{Sender} failed", "CANARY");
        log.Log(LogLevel.Warning, default, "CANARY", exception: null, (state, _) => state);
        log.Log(LogLevel.Debug, "not told");

        Assert.Equal(["/dev/a carries ivy-450c for {Patient}", "{Sender} failed", string.Empty], tail.Lines.Select(line => line.Text));
        Assert.DoesNotContain(tail.Lines, line => line.ToString().Contains("CANARY", StringComparison.Ordinal));
        Assert.Equal("InvalidOperationException", tail.Lines[1].Failure);
    }

    private MachineSensors Sensors() => new(Path.GetDirectoryName(_folder.PathOf("x"))!, () => new ClockState(Synchronised: true, 250));

    private void Put(string file, string text)
    {
        string path = _folder.PathOf(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
