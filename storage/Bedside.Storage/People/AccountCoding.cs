using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model;
using Bedside.Model.People;

namespace Bedside.Storage.People;

/// <summary>The text of the file of accounts (FORMAT.md beside this file).</summary>
internal static class AccountCoding
{
    public const int Version = 1;

    public static string Write(AccountList list) =>
        JsonSerializer.Serialize(new AccountWords { Version = Version, Accounts = list.All, First = list.First, Emergencies = list.Emergencies }, AccountJson.Default.AccountWords);

    /// <summary>Null when it is no list of this version, or makes no sense.</summary>
    public static AccountList? Read(string text)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, AccountJson.Default.AccountWords) is not { Version: Version, Accounts: { } accounts, Emergencies: { } emergencies } words)
            {
                return null;
            }

            bool makesSense = accounts.All(account => account is { Roles.Count: > 0, Passkeys: not null } && AccountRules.IsBadge(account.Badge) && AccountRules.IsName(account.Name))
                && accounts.Select(account => account.Badge).ToHashSet().Count == accounts.Count
                && emergencies.All(one => one is not null);
            return makesSense ? new AccountList(accounts, words.First, emergencies) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The whole file.</summary>
internal sealed class AccountWords
{
    public int Version { get; set; }

    public IReadOnlyList<Account>? Accounts { get; set; }

    public OneTimeCode? First { get; set; }

    public IReadOnlyList<BreakGlass>? Emergencies { get; set; }
}

/// <summary>Nanoseconds since 1970.</summary>
internal sealed class InstantNumberConverter : JsonConverter<UtcInstant>
{
    public override UtcInstant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long nanoseconds) ? new UtcInstant(nanoseconds) : throw new JsonException("a time is a whole number of nanoseconds");

    public override void Write(Utf8JsonWriter writer, UtcInstant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.UnixNanoseconds);
}

/// <summary>Names as in RIGHTS.md: <c>rights-officer</c>.</summary>
internal sealed class RoleWordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(InstantNumberConverter), typeof(RoleWordConverter<Role>), typeof(RoleWordConverter<AccountState>)])]
[JsonSerializable(typeof(AccountWords))]
internal sealed partial class AccountJson : JsonSerializerContext;
