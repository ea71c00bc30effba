using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Host.Measuring;

namespace Bedside.Host.Commands;

/// <summary><c>bedside bench screen</c>: what the screen costs and how quick it is, in a real browser.</summary>
internal static class ScreenBenchCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each figure of the live screen is measured.", DefaultValueFactory = _ => 20 };
        var soak = new Option<int>("--soak-minutes") { Description = "Minutes for which the live screen runs eight times as fast, to see whether anything grows: 180 for a day, 23 at least; 0 = leave it out.", DefaultValueFactory = _ => 0 };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("screen", "The screen in Chromium: frames, processor time, first pictures, trends, with the processor slowed four times where the goal says so.") { seconds, soak, json };
        command.SetAction(async (result, cancel) =>
        {
            (int duration, int minutes) = (result.GetValue(seconds), result.GetValue(soak));
            if (duration is < 2 or > 3600 || minutes is not 0 and (< 23 or > 1440))
            {
                throw new CommandFailedException("--seconds must lie between 2 and 3600, --soak-minutes be 0 or lie between 23 and 1440.");
            }

            using JsonDocument figures = await ScreenBench.RunAsync(duration, minutes, TimeProvider.System, BenchCommand.Progress, cancel);
            BenchCommand.Progress(string.Empty);
            if (result.GetValue(json))
            {
                Console.WriteLine(figures.RootElement.GetRawText());
            }
            else
            {
                Print(figures.RootElement);
            }

            return 0;
        });
        return command;
    }

    private static void Print(JsonElement figures)
    {
        foreach (JsonElement one in figures.GetProperty("figures").EnumerateArray())
        {
            string Text(string name) => one.GetProperty(name).GetString() ?? string.Empty;
            string value = one.GetProperty("value").ValueKind == JsonValueKind.Null ? "not measured" : one.GetProperty("value").GetDouble().ToString("0.##", CultureInfo.InvariantCulture);
            string goal = one.GetProperty("goal").ValueKind == JsonValueKind.Null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{Text("sense")} {one.GetProperty("goal").GetDouble():0.##}");
            Console.WriteLine($"{Text("id"),-4} {Text("what"),-66} {value,12} {Text("unit"),-4} {goal,-9} {(one.GetProperty("met").ValueKind == JsonValueKind.False ? "MISSED" : string.Empty)}".TrimEnd());
        }

        Console.WriteLine($"load average at the beginning and the end: {figures.GetProperty("load")}; on a Raspberry Pi: not measured.");
    }
}
