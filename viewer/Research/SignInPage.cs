using Bedside.Model.Research;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>Signing in without a script: badge and password. What somebody had typed when their session came to rest goes along, and is sent afterwards by one more button.</summary>
internal static class SignInPage
{
    /// <summary>Before the names of fields that go along.</summary>
    public const string Kept = "kept:";

    public const string Next = "next";

    /// <summary>The form to sign in.</summary>
    /// <param name="next">Where it goes on; a path of these pages.</param>
    /// <param name="kept">What goes along; empty = nothing.</param>
    public static void Write(Html page, Tongue tongue, string next, IReadOnlyList<(string Name, string Value)> kept, TwoTongues? fault)
    {
        page.Tag("h1", tongue.Of("S’identifier", "Sign in"));
        if (kept.Count > 0)
        {
            Parts.Notice(
                page,
                tongue.Of("Votre session s’est reposée", "Your session came to rest"),
                tongue.Of("Rien n’est perdu : identifiez-vous, puis envoyez ce que vous aviez écrit.", "Nothing is lost: sign in, then send what you had written."),
                isFault: false);
        }

        if (fault is not null)
        {
            Parts.Notice(page, tongue.Of("Pas encore", "Not yet"), tongue.Of(fault), isFault: true);
        }

        using (page.In("form", ("method", "post"), ("action", tongue.Link($"{ResearchFrame.Root}/sign-in")), ("class", "card narrow")))
        {
            Parts.Carry(page, Next, next);
            foreach ((string name, string value) in kept)
            {
                Parts.Carry(page, name, value);
            }

            Parts.Field(page, tongue, FieldWords.Of("badge", "Badge", "Badge", longest: 32), string.Empty, [], complete: "username");
            Parts.Field(page, tongue, new FieldWords("password", new TwoTongues("Mot de passe", "Password"), new TwoTongues("Avec une application de codes : ses six chiffres juste après.", "Where an app makes codes: its six digits right after it."), 256), string.Empty, [], "password", complete: "current-password");
            page.Tag("button", tongue.Of("S’identifier", "Sign in"), ("class", "button button-sure"), ("type", "submit"));
        }

        page.Tag("p", tongue.Of(
            "Un administrateur donne les comptes. Une clé d’accès (passkey) se présente à l’écran du lit, page « Comptes ».",
            "An administrator gives accounts. A passkey is shown at the bed’s screen, page “People”."), ("class", "hint"));
    }

    /// <summary>After signing in: one button sends what was typed before.</summary>
    public static void Continue(Html page, Tongue tongue, string next, string token, IReadOnlyList<(string Name, string Value)> fields)
    {
        page.Tag("h1", tongue.Of("Vous êtes identifié", "You are signed in"));
        using (page.In("form", ("method", "post"), ("action", next), ("class", "card narrow")))
        {
            page.Tag("p", tongue.Of("Ce que vous aviez écrit est prêt.", "What you had written is ready."));
            Parts.Carry(page, Rights.RightsGate.TokenField, token);
            foreach ((string name, string value) in fields)
            {
                Parts.Carry(page, name, value);
            }

            page.Tag("button", tongue.Of("L’envoyer maintenant", "Send it now"), ("class", "button button-sure"), ("type", "submit"));
        }
    }

    /// <summary>A path of these pages and nothing else: nobody is sent elsewhere after signing in.</summary>
    public static string SafeNext(string? next) =>
        next is { Length: > 0 and < 512 } && next.StartsWith($"{ResearchFrame.Root}/area", StringComparison.Ordinal) && !next.Contains("..", StringComparison.Ordinal) && !next.Contains('\\', StringComparison.Ordinal) && !next.Any(char.IsControl)
            ? next
            : $"{ResearchFrame.Root}/area";

    /// <summary>What goes along of a form: neither token nor password.</summary>
    public static IReadOnlyList<(string Name, string Value)> Keep(IFormCollection? form) => form is null ? [] :
    [
        .. form.Where(field => field.Key is not (Rights.RightsGate.TokenField or "password")).SelectMany(field => field.Value.Select(value => (Kept + field.Key, value ?? string.Empty))),
    ];

    public static IReadOnlyList<(string Name, string Value)> Carried(IFormCollection form) =>
        [.. form.Where(field => field.Key.StartsWith(Kept, StringComparison.Ordinal)).SelectMany(field => field.Value.Select(value => (field.Key, value ?? string.Empty)))];

    public static (string Name, string Value) Unkept((string Name, string Value) field) => (field.Name[Kept.Length..], field.Value);
}
