using System.Net.Mime;
using System.Text;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Research;

/// <summary>Which of the pages of the bar is open.</summary>
internal enum ResearchPlace
{
    Public,
    Area,
    Availability,
    SignIn,
    None,
}

/// <summary>What stands around every page of research: head, bar, statement that this is no monitor. No script on any of them.</summary>
internal sealed class ResearchFrame(IOptions<ViewerOptions> options, PersonReader persons)
{
    /// <summary>Names that the pages share with the style sheet, and where they are.</summary>
    public const string Root = "/research";

    public const string StylePath = $"{Root}/style.css";

    public Tongue TongueOf(HttpContext context) => Tongue.Of(context.Request, TimeZoneInfo.FindSystemTimeZoneById(options.Value.Ward().TimeZone));

    /// <summary>Whether whoever asks reads pages; programs get problem documents.</summary>
    public static bool ReadsPages(HttpRequest request) => request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    /// <summary>A whole page.</summary>
    /// <param name="refreshSeconds">The page asks for itself again; null = it does not.</param>
    public IResult Page(HttpContext context, Tongue tongue, ResearchPlace place, string title, Action<Html> body, int status = StatusCodes.Status200OK, int? refreshSeconds = null)
    {
        var page = new Html();
        using (page.In("html", ("lang", tongue.Code)))
        {
            Head(page, tongue, title, refreshSeconds);
            using (page.In("body"))
            {
                page.Tag("a", tongue.Of("Aller au contenu", "Go to the content"), ("class", "skip"), ("href", "#content"));
                Bar(page, context, tongue, place);
                using (page.In("main", ("id", "content"), ("tabindex", "-1")))
                {
                    body(page);
                }

                Foot(page, tongue);
            }
        }

        return Send(page, status);
    }

    public static ContentHttpResult Send(Html page, int status = StatusCodes.Status200OK) => TypedResults.Content(page.ToString(), MediaTypeNames.Text.Html, Encoding.UTF8, status);

    public static void Head(Html page, Tongue tongue, string title, int? refreshSeconds = null)
    {
        using (page.In("head"))
        {
            page.Void("meta", ("charset", "utf-8"));
            page.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
            page.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
            if (refreshSeconds is int seconds)
            {
                page.Void("meta", ("http-equiv", "refresh"), ("content", $"{seconds}"));
            }

            page.Tag("title", $"{title} – {tongue.Of("Recherche", "Research")}");
            page.Void("link", ("rel", "stylesheet"), ("href", StylePath));
            page.Void("link", ("rel", "icon"), ("href", "/icon.svg"));
        }
    }

    private void Bar(Html page, HttpContext context, Tongue tongue, ResearchPlace place)
    {
        Person person = persons.Read(context);
        bool isSignedIn = person is { Account: not null, IsResting: false };
        using (page.In("header", ("class", "header")))
        {
            using (page.In("a", ("class", "bed"), ("href", "/")))
            {
                page.Tag("span", tongue.Of($"Lit {options.Value.Ward().Bed}", $"Bed {options.Value.Ward().Bed}"), ("class", "bed-name"));
                page.Tag("span", tongue.Of("l’écran du lit", "the bed’s screen"), ("class", "bed-note"));
            }

            using (page.In("nav", ("class", "nav"), ("aria-label", tongue.Of("Recherche", "Research"))))
            {
                Item(page, tongue, place == ResearchPlace.Public, Root, tongue.Of("Registre public", "Public log"));
                Item(page, tongue, place == ResearchPlace.Area, $"{Root}/area", tongue.Of("Espace recherche", "Research area"));
                if (isSignedIn)
                {
                    Item(page, tongue, place == ResearchPlace.Availability, $"{Root}/area/availability", tongue.Of("Données disponibles", "Available data"));
                }
                else
                {
                    Item(page, tongue, place == ResearchPlace.SignIn, $"{Root}/sign-in", tongue.Of("S’identifier", "Sign in"));
                }
            }

            page.Tag("span", tongue.Of("VISUALISATION SEULE – ce n’est pas un moniteur", "VIEW ONLY – not a monitor"), ("class", "badge"));
            page.Tag("a", tongue.Of("English", "Français"), ("class", "button"), ("lang", tongue.Other.Code), ("hreflang", tongue.Other.Code), ("href", InOther(context.Request, tongue)));
        }

        if (isSignedIn)
        {
            SignedIn(page, person, tongue);
        }
    }

    private static void SignedIn(Html page, Person person, Tongue tongue)
    {
        using (page.In("section", ("aria-label", tongue.Of("Votre session", "Your session"))))
        using (page.In("form", ("class", "signed-in"), ("method", "post"), ("action", tongue.Link($"{Root}/sign-out"))))
        {
            Token(page, person);
            page.Tag("span", $"{person.Account!.Name} – {string.Join(", ", person.Account.Roles.Select(role => tongue.Of(ResearchWords.Of(role))))}");
            page.Tag("button", tongue.Of("Se déconnecter", "Sign out"), ("class", "button"), ("type", "submit"));
        }
    }

    /// <summary>What a form that changes something carries, because it cannot send a header.</summary>
    public static void Token(Html page, Person person)
    {
        if (person.Session is { } session)
        {
            page.Void("input", ("type", "hidden"), ("name", RightsGate.TokenField), ("value", session.Token));
        }
    }

    private static void Item(Html page, Tongue tongue, bool isHere, string path, string name) =>
        page.Tag("a", name, ("class", "nav-item"), ("href", tongue.Link(path)), ("aria-current", isHere ? "page" : null));

    private static void Foot(Html page, Tongue tongue)
    {
        using (page.In("footer", ("class", "foot")))
        {
            page.Tag("p", tongue.Of(
                "Ces pages marchent sans JavaScript et n’utilisent qu’un témoin de connexion (cookie).",
                "These pages work without JavaScript, and use one cookie, to keep you signed in."));
        }
    }

    private static string InOther(HttpRequest request, Tongue tongue)
    {
        // The answer to a form is no page that can be asked for again.
        string path = HttpMethods.IsGet(request.Method) ? request.Path.Value ?? Root : Root;
        return tongue.Other.Link(path == "/recherche" ? Root : path);
    }
}
