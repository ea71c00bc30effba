using System.CommandLine;
using System.Text.Json;
using Bedside.Host.Research;

namespace Bedside.Host.Commands;

/// <summary><c>bedside extract availability</c>: what there is to ask for, before anybody asks. No count under 11, and others to the nearest 5.</summary>
internal static class ExtractAvailabilityCommand
{
    public static Command Create(StudyConsoleWorld world)
    {
        Option<bool> json = StoreArguments.Json();
        Option<string> language = StoreArguments.Language();
        var also = new Option<DirectoryInfo[]>("--also") { Description = "Data folders of the other boxes of the ward; again for each." };
        return new ExtractArguments().On(new Command("availability", "Which signals there are, how complete, and in how many stays, rounded; objections are out.") { json, language, also }, world, async (console, result, _) =>
        {
            console.Looked("availability", string.Empty);
            Availability found = await Availability.ReadAsync(console, result.GetValue(also) ?? []);
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(json))
            {
                await output.WriteLineAsync(Json(found));
                return;
            }

            bool isFrench = result.GetRequiredValue(language) == "fr";
            await output.WriteLineAsync(isFrench ? $"patients {found.Patients}, séjours {found.Stays} (arrondis)" : $"patients {found.Patients}, stays {found.Stays} (rounded)");
            foreach (RoundedSignal signal in found.Signals)
            {
                await output.WriteLineAsync(isFrench ? $"{signal.Signal,-28} séjours {signal.Stays,-6} présent {signal.Percent} %" : $"{signal.Signal,-28} stays {signal.Stays,-6} present {signal.Percent} %");
            }
        });
    }

    public static Command Sample()
    {
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder in which the sample is written.", Required = true };
        var command = new Command("sample", "Write a package of made-up patients, in the form of a real one, before you ask for data.") { output };
        command.SetAction(async (result, cancel) =>
        {
            try
            {
                await result.InvocationConfiguration.Output.WriteLineAsync(SamplePackage.Write(result.GetRequiredValue(output).FullName, cancel));
                return 0;
            }
            catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException(disk.Message);
            }
        });
        return command;
    }

    private static string Json(Availability found)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("patients", found.Patients);
            json.WriteString("stays", found.Stays);
            json.WriteStartArray("signals");
            foreach (RoundedSignal signal in found.Signals)
            {
                json.WriteStartObject();
                json.WriteString("signal", signal.Signal);
                json.WriteString("stays", signal.Stays);
                json.WriteNumber("percent", signal.Percent);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
