using System.Globalization;
using System.Text;
using System.Text.Json;
using Xunit.Abstractions;

namespace Bedside.EndToEnd;

/// <summary>
/// <c>bedside detect</c> and the simulators as processes, on pseudo-terminals: the box is told nothing, and the simulator hears and sends what a wrong speed or
/// parity gives. A few devices; all of them at all settings with <c>BEDSIDE_DETECT=all</c>, which also holds the bounds of time.
/// </summary>
[Collection(Alone.Name)]
public class DetectTests(ITestOutputHelper output)
{
    private const int AtOnce = 4;
    private const double Median = 10_000;
    private const double Worst = 45_000;

    private static readonly (string Device, string Driver, string[] Lines)[] Devices =
    [
        ("philips-intellivue", "philips-intellivue", ["115200 8N1", "19200 8N1"]),
        ("draeger-evita", "draeger-medibus", ["19200 8E1", "9600 8E1", "19200 8N1", "38400 8E1", "38400 8N1"]),
        ("draeger-v500", "draeger-medibus", ["19200 8E1", "9600 8E1", "19200 8N1", "38400 8E1", "38400 8N1"]),
        ("puritan-bennett-840", "puritan-bennett-840", ["9600 8N1", "38400 8N1", "19200 8N1"]),
        ("puritan-bennett-980", "puritan-bennett-840", ["9600 8N1", "38400 8N1", "19200 8N1"]),
        ("puritan-bennett-waveform", "puritan-bennett-waveform", ["38400 8N1"]),
        ("servo-i", "servo-cie", ["9600 8E1"]),
        ("ge-s5", "ge-datex-dri", ["19200 8E1", "115200 8E1"]),
        ("ivy-450c", "ivy-450c", ["9600 8N1"]),
        ("masimo", "masimo-ascii", ["9600 8N1", "19200 8N1"]),
        ("nonin", "nonin-df", ["9600 8N1"]),
    ];

    private static readonly (string Device, string Line)[] Few = [("draeger-evita", "9600 8E1"), ("draeger-v500", "38400 8N1"), ("ge-s5", "115200 8E1"), ("masimo", "19200 8N1")];

    [Fact]
    public async Task A_device_on_a_pseudo_terminal_is_named_with_its_settings()
    {
        bool all = Environment.GetEnvironmentVariable("BEDSIDE_DETECT") == "all";
        var rows = new List<string>();
        var took = new List<double>();
        await Parallel.ForEachAsync(
            Devices.SelectMany(device => device.Lines.Where(line => all || Few.Contains((device.Device, line))).Select(line => (device.Device, device.Driver, Line: line))),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (row, _) =>
            {
                (double milliseconds, string says) = await NameAsync(row.Device, row.Driver, row.Line);
                lock (rows)
                {
                    took.Add(milliseconds);
                    rows.Add(string.Create(CultureInfo.InvariantCulture, $"{row.Device,-24} {row.Line,-10} {milliseconds / 1000,5:0.0} s  {says}"));
                }
            });

        took.Sort();
        StringBuilder table = new StringBuilder().AppendJoin('\n', rows.Order(StringComparer.Ordinal));
        table.AppendLine(CultureInfo.InvariantCulture, $"\nmedian {took[took.Count / 2] / 1000:0.0} s, worst {took[^1] / 1000:0.0} s of {took.Count}");
        output.WriteLine(table.ToString());
        Assert.True(!all || (took[took.Count / 2] <= Median && took[^1] <= Worst), table.ToString());
    }

    private static async Task<(double Milliseconds, string Says)> NameAsync(string device, string driver, string line)
    {
        await using Running simulator = Installed.Simulator(device, "--pty", "--line", line);
        string port = (await simulator.LineAsync("ready pty ")).Split(' ')[^1];
        await using Running detect = Installed.Bedside("detect", port, "--json");
        int code = await detect.EndAsync();
        using var document = JsonDocument.Parse(string.Join('\n', detect.Output));
        JsonElement report = document.RootElement[0];
        string Text(string name) => report.GetProperty(name).GetString() ?? "";
        Assert.True(
            (code, Text("driver"), Text("line")) == (0, driver, line),
            $"{device} at {line}: {Text("sentence")} {detect.Errors}\n{report.GetProperty("trials")}\n{simulator.Errors}");
        Assert.True(Text("model").Length > 0, $"{device} at {line} does not say what it is: {detect.Errors}\n{simulator.Errors}");
        return (report.GetProperty("took_ms").GetDouble(), $"{Text("manufacturer")} {Text("model")}, {Text("protocol")}");
    }
}
