using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Host.Trust;
using Bedside.Storage.Keys;

namespace Bedside.Host.Commands;

/// <summary><c>bedside unit wishes</c>: whether the unit knows what patients say of research at every bed.</summary>
internal static class UnitWishesCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> data = UnitCommand.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<bool> json = StoreArguments.Json();
        var command = new Command(
            "wishes",
            "Ask the unit head whether it hears what patients say of research at every bed: boxes that are silent, and how many numbers refuse. Nobody is named. Exits 1 while a box is silent: nothing leaves to research then.") { data, key, json };
        command.SetAction(async (result, cancel) =>
        {
            DirectoryInfo place = StoreArguments.Existing(result.GetRequiredValue(data));
            using BoxKey box = BoxKeyPlace.Read(place, result.GetValue(key)) ?? throw new CommandFailedException("there is no box key, and the certificate of this box cannot be opened without it; name its file with --box-key.");
            WishAnswer answer;
            try
            {
                answer = await UnitRefusals.AnswerAsync((place, box), desk: null, TimeProvider.System, cancel) ?? throw new CommandFailedException("this box is in no unit, or alone in one: what its own patients say holds, and there is nobody else to be asked.");
            }
            catch (Exception failed) when (failed is UnitFaultException or IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException(failed.Message);
            }

            var text = new UnitWishesText(answer.Refused?.Count ?? 0, answer.Silent ?? []);
            if (result.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(text, UnitWishesTexts.Default.UnitWishesText));
            }
            else
            {
                Console.WriteLine($"refused      {text.Refused} numbers of patients");
                Console.WriteLine(text.Silent.Count == 0 ? "silent       none: every bed is heard" : $"silent       {string.Join(", ", text.Silent)}: nothing leaves to research until they are heard");
            }

            return text.Silent.Count == 0 ? 0 : 1;
        });
        return command;
    }
}

/// <summary>What <c>unit wishes --json</c> prints.</summary>
/// <param name="Refused">Numbers of patients who refuse at some bed; a patient may have several.</param>
/// <param name="Silent">Host names of boxes that the head has not heard of late.</param>
internal sealed record UnitWishesText(int Refused, IReadOnlyList<string> Silent);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UnitWishesText))]
internal sealed partial class UnitWishesTexts : JsonSerializerContext;
