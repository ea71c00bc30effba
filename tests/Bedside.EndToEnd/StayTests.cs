using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>Who lies in the bed, as a person meets it on the command line.</summary>
public class StayTests
{
    private const int SecondsToBelieveSignals = 90;

    [Fact]
    public async Task Signals_of_a_running_box_are_of_a_patient_to_come_until_a_person_says_that_the_bed_was_empty()
    {
        using var folder = new Folder();
        string line = folder["monitor"];
        await using Running monitor = Installed.Simulator("philips-intellivue", "--pty", "--link", line, "--seed", "5", "--accept-delay", "0.05");
        await monitor.LineAsync("ready ");
        await using (Box box = await Box.StartAsync(folder["data"], "--serial", $"{line}=philips-intellivue"))
        {
            await Until.TrueAsync(async () => (await ListAsync(folder)).GetProperty("stays").GetArrayLength() == 1, SecondsToBelieveSignals, () => $"no stay: {box.Process.Errors}");
        }

        JsonElement stay = (await ListAsync(folder)).GetProperty("stays")[0];
        JsonElement span = stay.GetProperty("spans")[0];
        Assert.Equal("no-patient-yet", span.GetProperty("certainty").GetString());
        Assert.Equal(1, stay.GetProperty("keys").GetArrayLength());
        Assert.True(stay.GetProperty("files").GetInt32() > 0);

        string from = span.GetProperty("from").GetString()!;
        Assert.Contains("undo 2", await SayAsync(folder, "confirm", "--from", from, "--nobody"), StringComparison.Ordinal);
        Assert.Equal(0, (await ListAsync(folder)).GetProperty("stays").GetArrayLength());
        _ = await SayAsync(folder, "undo", "2");
        Assert.Equal(stay.GetProperty("stay").GetString(), (await ListAsync(folder)).GetProperty("stays")[0].GetProperty("stay").GetString());

        await using Running verify = Installed.Bedside("verify", "--data", folder["data"]);
        Assert.Equal(0, await verify.EndAsync());
    }

    private static async Task<JsonElement> ListAsync(Folder folder)
    {
        await using Running list = Installed.Bedside("stay", "list", "--json", "--data", folder["data"]);
        Assert.Equal(0, await list.EndAsync());
        using var document = JsonDocument.Parse(string.Join('\n', list.Output));
        return document.RootElement.Clone();
    }

    private static async Task<string> SayAsync(Folder folder, params string[] arguments)
    {
        await using Running said = Installed.Bedside(["stay", .. arguments, "--data", folder["data"]]);
        Assert.True(await said.EndAsync() == 0, said.Errors);
        return string.Join('\n', said.Output);
    }
}
