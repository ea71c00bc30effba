using System.Text;

namespace Bedside.EndToEnd;

/// <summary>A real box whose bed and whose patient have names that occur nowhere else, looked for in everything that it leaves.</summary>
public sealed class CanaryTests
{
    private const string Bed = "CANARYBED";
    private const string Family = "KANARIEN";
    private const string Given = "ZOFIELINE";
    private const string Number = "CANARY0815";
    private static readonly string[] Patient = [Family, Given, Number, "1950-02-03", "19500203"];

    [Fact]
    public async Task Of_the_patient_whom_a_monitor_names_nothing_is_left_in_the_clear_and_of_the_bed_its_label_in_the_settings_alone()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["config.json"], $$"""{"bed":"{{Bed}}"}""");
        string line = folder["monitor"];
        await using Running monitor = Installed.Simulator("philips-intellivue", "--pty", "--link", line, "--seed", "7", "--accept-delay", "0.05", "--admit", $"{Family},{Given},{Number},1950-02-03,f");
        await monitor.LineAsync("ready ");
        string errors;
        await using (Box box = await Box.StartAsync(folder["data"], "--config", folder["config.json"], "--serial", $"{line}=philips-intellivue"))
        {
            await box.LiveAsync(waves: 1, numerics: 3);

            // The vault has who it is once the monitor was asked.
            await Until.TrueAsync(() => File.Exists(Path.Combine(folder["data"], "identities")), 60, () => $"nobody was named: {box.Process.Errors}");
            foreach (string path in (string[])["health", "devices", "diagnostic", "signals", "numerics", "alerts", "ports", "stays", "events"])
            {
                string said = (await box.GetAsync($"/api/v1/{path}")).GetRawText();
                Assert.All(Patient, canary => Assert.DoesNotContain(canary, said, StringComparison.OrdinalIgnoreCase));
            }

            await box.Process.KillAsync();
            errors = box.Process.Errors;
        }

        Assert.All([Bed, .. Patient], canary => Assert.DoesNotContain(canary, errors, StringComparison.OrdinalIgnoreCase));
        string[] found = [.. Directory.EnumerateFiles(folder["data"], "*", SearchOption.AllDirectories).SelectMany(file => In(file).Select(canary => $"{Path.GetRelativePath(folder["data"], file)} {canary}"))];
        Assert.Equal([$"settings {Bed}"], found);
    }

    /// <summary>Which of them a file has, in the writings in which text is kept.</summary>
    private static IEnumerable<string> In(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        return ((string[])[Bed, .. Patient]).Where(canary => ((Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode]).Any(writing => bytes.AsSpan().IndexOf(writing.GetBytes(canary)) >= 0));
    }
}
