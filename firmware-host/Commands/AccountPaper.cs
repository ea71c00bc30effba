using System.Text.Json;
using Bedside.Model;
using Bedside.Model.People;

namespace Bedside.Host.Commands;

/// <summary>Accounts as they are printed: JSON, and the sheet of the yearly review. No hash, no key.</summary>
internal static class AccountPaper
{
    private const long Nanoseconds = 1_000_000_000;

    private static readonly (Role Role, string French, string English)[] RoleNames =
    [
        (Role.Clinician, "soignant", "clinician"),
        (Role.Biomed, "biomédical", "biomedical engineer"),
        (Role.Researcher, "chercheur", "researcher"),
        (Role.Steward, "responsable des données", "data steward"),
        (Role.RightsOfficer, "délégué aux droits", "rights officer"),
        (Role.Administrator, "administrateur", "administrator"),
    ];

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static string RolesOf(Account account) => string.Join(' ', account.Roles.Select(Word));

    public static bool IsDue(Account account, UtcInstant now) =>
        account.State == AccountState.Active && now.Since(account.Reviewed?.At ?? account.CreatedAt) > (long)AccountLimits.ReviewEvery.TotalSeconds * Nanoseconds;

    public static void PrintJson(AccountList list, UtcInstant now)
    {
        using var json = new Utf8JsonWriter(Console.OpenStandardOutput(), new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (Account account in list.All)
        {
            json.WriteStartObject();
            json.WriteString("badge", account.Badge);
            json.WriteString("name", account.Name);
            json.WriteStartArray("roles");
            foreach (Role role in account.Roles)
            {
                json.WriteStringValue(Word(role));
            }

            json.WriteEndArray();
            json.WriteString("state", Word(account.State));
            json.WriteString("createdBy", account.CreatedBy);
            json.WriteString("createdAt", account.CreatedAt.ToString());
            json.WriteString("reviewedBy", account.Reviewed?.By);
            json.WriteString("reviewedAt", account.Reviewed?.At.ToString());
            json.WriteBoolean("reviewDue", IsDue(account, now));
            json.WriteBoolean("hasPassword", account.Password is not null);
            json.WriteBoolean("hasPin", account.Pin is not null);
            json.WriteBoolean("codeApp", account.CodeApp is not null);
            json.WriteNumber("passkeys", account.Passkeys.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void PrintReview(AccountList list, UtcInstant now, bool isFrench)
    {
        Console.WriteLine(isFrench ? $"Revue annuelle des droits — {Environment.MachineName} — {Day(now)}" : $"Yearly review of rights — {Environment.MachineName} — {Day(now)}");
        Console.WriteLine();
        Console.WriteLine(isFrench
            ? "Pour chaque personne : travaille-t-elle encore ici, et a-t-elle besoin de ces droits ? Rayez ce qui doit partir, datez, signez."
            : "For each person: do they still work here, and do they need these rights? Strike what must go, date, sign.");
        Console.WriteLine();
        foreach (Account account in list.All.Where(account => account.State == AccountState.Active).OrderBy(account => account.Name, StringComparer.Ordinal))
        {
            string roles = string.Join(", ", account.Roles.Select(role => Array.Find(RoleNames, one => one.Role == role) is var names && isFrench ? names.French : Array.Find(RoleNames, one => one.Role == role).English));
            string reviewed = account.Reviewed is { } review
                ? (isFrench ? $"revu le {Day(review.At)} par {review.By}" : $"reviewed {Day(review.At)} by {review.By}")
                : (isFrench ? "jamais revu" : "never reviewed");
            string due = IsDue(account, now) ? (isFrench ? "  À REVOIR" : "  DUE") : string.Empty;
            Console.WriteLine($"[ ]  {account.Name} ({account.Badge}): {roles}");
            Console.WriteLine(isFrench
                ? $"     compte créé le {Day(account.CreatedAt)} par {account.CreatedBy}, {reviewed}{due}"
                : $"     account made {Day(account.CreatedAt)} by {account.CreatedBy}, {reviewed}{due}");
        }

        int open = list.Emergencies.Count(one => one.Review is null);
        Console.WriteLine();
        Console.WriteLine(isFrench ? $"Accès d’urgence non relus : {open}" : $"Emergency accesses not reviewed: {open}");
        Console.WriteLine(isFrench ? "Nom, date, signature : ______________________________" : "Name, date, signature: ______________________________");
    }

    private static string Day(UtcInstant at) => at.ToDateTime().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
