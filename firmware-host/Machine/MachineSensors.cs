using System.Globalization;
using Bedside.Ingest.Intake;
using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Host.Machine;

/// <summary>
/// What the kernel tells of the machine through its files: thermal zones, hardware monitors, the firmware of a Raspberry Pi. A file that is not there is not measured; nothing is guessed.
/// </summary>
/// <param name="root">Folder that holds <c>sys</c> and <c>proc</c>; <c>/</c> but in tests.</param>
internal sealed class MachineSensors(string root, Func<ClockState?> clock)
{
    private const double LeastCelsius = -40;
    private const double MostCelsius = 150;

    /// <summary>Of <c>vcgencmd get_throttled</c>: now in the low half, since boot in the high half.</summary>
    private const long UndervoltageNow = 1 << 0;
    private const long CappedNow = 1 << 1;
    private const long ThrottledNow = 1 << 2;
    private const long HeatLimitNow = 1 << 3;
    private const int SinceBoot = 16;

    public MachineReport Read()
    {
        (double? celsius, string sensor) = Hottest();
        long? flags = ThrottledFlags();
        ClockState? state = clock();
        return new MachineReport
        {
            TemperatureCelsius = celsius,
            TemperatureSensor = sensor,
            Throttled = flags is { } now ? (now & (CappedNow | ThrottledNow | HeatLimitNow)) != 0 : null,
            ThrottledBefore = flags is { } before ? ((before >> SinceBoot) & (CappedNow | ThrottledNow | HeatLimitNow)) != 0 : Counted("sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count"),
            Undervoltage = flags is { } low ? (low & UndervoltageNow) != 0 : LowVoltage(),
            UndervoltageBefore = flags is { } was ? ((was >> SinceBoot) & UndervoltageNow) != 0 : null,
            ClockSynchronised = state?.Synchronised,
            ClockUncertaintyUs = state?.UncertaintyMicroseconds,
            ClockCounter = Text("sys/devices/system/clocksource/clocksource0/current_clocksource") ?? string.Empty,
            BootedAt = BootTime(),
        };
    }

    /// <summary>Which boot of the machine this is; empty = not told.</summary>
    public string BootId => Text("proc/sys/kernel/random/boot_id") ?? string.Empty;

    private (double? Celsius, string Sensor) Hottest()
    {
        (double? hottest, string sensor) = (null, string.Empty);
        foreach ((string file, string name) in Folders("sys/class/thermal", "thermal_zone*").Select(zone => (Path.Combine(zone, "temp"), Path.Combine(zone, "type")))
            .Concat(Folders("sys/class/hwmon", "hwmon*").SelectMany(monitor => Files(monitor, "temp*_input").Select(input => (input, Path.Combine(monitor, "name"))))))
        {
            if (Number(file) is { } milli && milli / 1000.0 is > LeastCelsius and < MostCelsius and var celsius && !(celsius <= hottest))
            {
                (hottest, sensor) = (celsius, Text(name) ?? string.Empty);
            }
        }

        return (hottest, sensor);
    }

    private long? ThrottledFlags() =>
        Text("sys/devices/platform/soc/soc:firmware/get_throttled") is { } text && long.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long flags) ? flags : null;

    /// <summary>The Raspberry Pi's monitor of its supply (rpi_volt).</summary>
    private bool? LowVoltage() =>
        Folders("sys/class/hwmon", "hwmon*").Where(monitor => Text(Path.Combine(monitor, "name")) == "rpi_volt")
            .Select(monitor => Number(Path.Combine(monitor, "in0_lcrit_alarm")))
            .OfType<long>()
            .Select(alarm => (bool?)(alarm != 0))
            .FirstOrDefault();

    private bool? Counted(string file) => Number(file) is { } count ? count > 0 : null;

    private UtcInstant? BootTime()
    {
        string? line = (Text("proc/stat") ?? string.Empty).Split('\n').FirstOrDefault(one => one.StartsWith("btime ", StringComparison.Ordinal));
        return long.TryParse(line?["btime ".Length..], CultureInfo.InvariantCulture, out long seconds) ? new UtcInstant(seconds * 1_000_000_000) : null;
    }

    private long? Number(string file) => long.TryParse(Text(file), CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>Null = there is no such file, or it cannot be read now.</summary>
    private string? Text(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, file)).Trim();
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string[] Folders(string folder, string pattern) => List(() => Directory.GetDirectories(Path.Combine(root, folder), pattern));

    private static string[] Files(string folder, string pattern) => List(() => Directory.GetFiles(folder, pattern));

    private static string[] List(Func<string[]> list)
    {
        try
        {
            string[] names = list();
            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
