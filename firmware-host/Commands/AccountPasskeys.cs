using System.CommandLine;
using System.Text.Json;
using Bedside.Model.Audit;
using Bedside.Model.People;

namespace Bedside.Host.Commands;

/// <summary>
/// <c>bedside account passkeys</c> and <c>remove-passkey</c>: an authenticator that was lost counts no more, and its person keeps everything else. A running box follows at once: sessions that rest on it end with the next request.
/// </summary>
internal static class AccountPasskeys
{
    public static Command List()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        Argument<string> badge = AccountCommand.Badge();
        var command = new Command("passkeys", "The passkeys of a person: by what each is taken away, when and under which name it was made, and what its person called it.") { badge, data, json };
        command.SetAction((result, _) => Task.FromResult(AccountCommand.Run(() =>
            Print(Find(AccountCommand.Read(result.GetRequiredValue(data)), result.GetRequiredValue(badge)), result.GetValue(json)))));
        return command;
    }

    public static Command Remove()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        Argument<string> badge = AccountCommand.Badge();
        var key = new Argument<string>("KEY") { Description = "As bedside account passkeys BADGE shows it." };
        var command = new Command("remove-passkey", "One passkey of a person counts no more; their password, PIN and other passkeys do.") { badge, key, data, json };
        command.SetAction((result, _) => Task.FromResult(AccountCommand.Run(() =>
        {
            string who = result.GetRequiredValue(badge);
            string which = result.GetRequiredValue(key);
            AuditEntry entry = AccountCommand.Entry(AuditAct.AccountChange, who, "passkey-removed");
            AccountList list = AccountCommand.Do(
                result.GetRequiredValue(data),
                entry with { What = [.. entry.What, AuditFact.Of(AuditFactKind.Hash, which)] },
                accounts => AccountRules.RemovePasskey(accounts, who, which)).Current;
            Print(Find(list, who), result.GetValue(json));
        })));
        return command;
    }

    private static Account Find(AccountList list, string badge) =>
        list.Find(badge) ?? throw new CommandFailedException("there is no account with that badge; bedside account list shows those there are.");

    private static void Print(Account account, bool asJson)
    {
        Passkey[] passkeys = [.. account.Passkeys.OrderBy(passkey => passkey.CreatedAt)];
        if (asJson)
        {
            PrintJson(passkeys);
            return;
        }

        foreach (Passkey passkey in passkeys)
        {
            Console.WriteLine($"{AccountRules.KeyOf(passkey)} {passkey.CreatedAt} {passkey.Domain} {passkey.Label}".TrimEnd());
        }

        Console.WriteLine($"{account.Badge}: {passkeys.Length} passkeys");
    }

    private static void PrintJson(Passkey[] passkeys)
    {
        using var json = new Utf8JsonWriter(Console.OpenStandardOutput(), new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (Passkey passkey in passkeys)
        {
            json.WriteStartObject();
            json.WriteString("key", AccountRules.KeyOf(passkey));
            json.WriteString("label", passkey.Label);
            json.WriteString("domain", passkey.Domain);
            json.WriteString("createdAt", passkey.CreatedAt.ToString());
            json.WriteBoolean("backedUp", passkey.IsBackedUp);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
