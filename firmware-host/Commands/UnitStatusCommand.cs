using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Host.Trust;

namespace Bedside.Host.Commands;

/// <summary><c>bedside unit status</c>: which unit, which name, until when; on the head all boxes.</summary>
internal static class UnitStatusCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> data = UnitCommand.Data();
        Option<bool> json = StoreArguments.Json();
        var root = new Option<FileInfo?>("--root") { Description = "Also write the unit's root certificate (PEM) to FILE: what browsers and other programs are to trust." };
        var command = new Command("status", "Which unit this box is in, its name and how long its certificate is good; on the unit head, every box of it. Exits 1 when the box is in no unit or its certificate has ended.") { root, data, json };
        command.SetAction(result => UnitCommand.Try(() =>
        {
            DirectoryInfo place = result.GetRequiredValue(data);
            UnitFiles files = UnitSetup.FilesOf(place);
            if ((place.Exists ? files.ReadUnit() : null) is not { } unit)
            {
                throw new CommandFailedException("this box is in no unit: bedside unit create founds one, bedside unit join enters one.");
            }

            using var leaf = X509Certificate2.CreateFromPem(unit.Certificate);
            using var authority = X509Certificate2.CreateFromPem(unit.Root);
            if (result.GetValue(root) is { } file)
            {
                File.WriteAllText(file.FullName, unit.Root + "\n");
            }

            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            AuthorityBook? book = files.ReadAuthority();
            var status = new UnitStatusText(
                unit.Name,
                unit.Zone,
                unit.Host,
                unit.Box,
                unit.Head,
                EnrolmentCode.HashOf(authority),
                new DateTimeOffset(leaf.NotAfter.ToUniversalTime()),
                Math.Round((leaf.NotAfter.ToUniversalTime() - now.UtcDateTime).TotalDays, 1),
                book is not null,
                book is null ? null : [.. book.Issued.Select(issued => new UnitBoxText(issued.Host, issued.Box, new DateTimeOffset(DateTime.UnixEpoch.AddTicks(issued.NotAfterNs / 100))))]);
            Print(status, result.GetValue(json));
            return status.DaysLeft < 0 ? 1 : 0;
        }));
        return command;
    }

    private static void Print(UnitStatusText status, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(status, UnitTexts.Default.UnitStatusText));
            return;
        }

        Console.WriteLine($"unit         {status.Name} ({status.Zone})");
        Console.WriteLine($"this box     {status.Host}{(status.IsHead ? ", unit head" : $", head {status.Head}")}");
        Console.WriteLine($"certificate  until {status.Until:yyyy-MM-dd}, {status.DaysLeft} days left; renewed by itself when a third is left");
        Console.WriteLine($"root         {status.RootHash}");
        foreach (UnitBoxText box in status.Boxes ?? [])
        {
            Console.WriteLine($"box          {box.Host} until {box.Until:yyyy-MM-dd}");
        }
    }
}

/// <summary>What <c>unit create --json</c> prints.</summary>
/// <param name="Words">Of the root key; told this once. Null = in shares.</param>
/// <param name="Shares">Of the words, any two of which give them back; told this once. Null = not asked for.</param>
internal sealed record CreatedUnitText(string Name, string Zone, string Host, string Box, string RootKey, string? Words, IReadOnlyList<string>? Shares);

/// <summary>What <c>unit status --json</c> prints.</summary>
/// <param name="RootHash">SHA-256 of the root certificate, as codes carry it.</param>
/// <param name="Boxes">On the head; else null.</param>
internal sealed record UnitStatusText(
    string Name, string Zone, string Host, string Box, string Head, string RootHash, DateTimeOffset Until, double DaysLeft, bool IsHead, IReadOnlyList<UnitBoxText>? Boxes);

internal sealed record UnitBoxText(string Host, string Box, DateTimeOffset Until);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreatedUnitText))]
[JsonSerializable(typeof(UnitStatusText))]
internal sealed partial class UnitTexts : JsonSerializerContext;
