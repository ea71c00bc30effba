using System.Security.Cryptography;
using System.Text;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer.People;
using Bedside.Viewer.Research;
using Bedside.Viewer.Ward;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Rights;

/// <summary>
/// Stands between routing and the endpoints. Once the box has an account, a request passes only where <see cref="RightsTable"/> lets whoever sent it; before, everything passes.
/// </summary>
internal sealed class RightsGate(RequestDelegate next, IAccountBook accounts, PersonReader persons, VisitorScreen visitors, AmbientWindow window, PeopleTrail trail, RefusalPace pace, TimeProvider time, IOptions<ViewerOptions> options)
{
    public const string TokenHeader = "X-Bedside-Token";

    /// <summary>The same as a field, for pages without a script (<see cref="TakesForm"/>).</summary>
    public const string TokenField = "token";

    public async Task InvokeAsync(HttpContext context)
    {
        // Nothing is mapped there, or not for that method: the framework says so. What is for other boxes asks them for more than a person has.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || !accounts.HasAccounts || context.Items.ContainsKey(typeof(WardDoor)) || endpoint.Metadata.GetMetadata<ForBoxes>() is not null)
        {
            await next(context);
            return;
        }

        RightsRow? row = RightsTable.Find(context.Request.Method, endpoint.RoutePattern.RawText ?? string.Empty);
        Person person = persons.Read(context);
        Reach reach = ReachOf(row, person);
        IFormCollection? form = await FormOfAsync(context, endpoint);
        if (row is null || reach == Reach.None)
        {
            await OnPage(context, Refuse(context, row, person), form).ExecuteAsync(context);
            return;
        }

        if ((Check(context, row, person, form) ?? (reach == Reach.Limited ? window.Cut(context) : null)) is { } refusal)
        {
            await OnPage(context, refusal, form).ExecuteAsync(context);
            return;
        }

        if (!row.OfPatient)
        {
            await next(context);
            return;
        }

        KeepOutOfBrowsers(context);
        if (context.WebSockets.IsWebSocketRequest)
        {
            await WatchAsync(context, row, reach);
            return;
        }

        await next(context);
    }

    private Reach ReachOf(RightsRow? row, Person person)
    {
        Callers callers = visitors.IsBlank && row is { OfPatient: true } ? person.Callers & ~Callers.Bed : person.Callers;
        return row?.Of(callers) ?? Reach.None;
    }

    /// <summary>What else a request needs that may be answered.</summary>
    private ProblemHttpResult? Check(HttpContext context, RightsRow row, Person person, IFormCollection? form)
    {
        bool isByPerson = row.Of(person.Callers & (Callers.Bed | Callers.Elsewhere)) != row.Of(person.Callers);
        bool changes = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (changes && isByPerson && !HasToken(context, person, form))
        {
            TurnDown(context, $"{row.Pattern}/token", person);
            return Problems.Forbidden($"What changes something carries the token of the session in the header {TokenHeader}; /api/v1/people/me tells it.");
        }

        if (row.OfPatient && isByPerson && person.Session is { } session && !session.HasOnRecord(row.Pattern))
        {
            try
            {
                trail.Reads(person.Who, person.Role, row.Pattern);
                session.PutOnRecord(row.Pattern);
            }
            catch (IOException unwritable) when (!session.IsEmergency)
            {
                return Problems.NotNow(unwritable.Message);
            }
            catch (IOException)
            {
                // An emergency goes on; it was told of when it began.
            }
        }

        return null;
    }

    private static bool HasToken(HttpContext context, Person person, IFormCollection? form) =>
        person.Session is { } session
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes((form?[TokenField] ?? context.Request.Headers[TokenHeader]).ToString()), Encoding.UTF8.GetBytes(session.Token));

    /// <summary>Null = no form, or of an endpoint that takes none. What cannot be read has no token either, and the endpoint says why.</summary>
    private static async Task<IFormCollection?> FormOfAsync(HttpContext context, RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<TakesForm>() is null || !context.Request.HasFormContentType)
        {
            return null;
        }

        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception unreadable) when (unreadable is BadHttpRequestException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Whoever reads pages gets a page: to sign in, with what they had typed, or why not.</summary>
    private static IResult OnPage(HttpContext context, ProblemHttpResult refusal, IFormCollection? form)
    {
        if (!context.Request.Path.StartsWithSegments($"{ResearchFrame.Root}/area", StringComparison.Ordinal) || !ResearchFrame.ReadsPages(context.Request))
        {
            return refusal;
        }

        AreaDesk area = context.RequestServices.GetRequiredService<AreaDesk>();
        Tongue tongue = context.RequestServices.GetRequiredService<ResearchFrame>().TongueOf(context);
        return refusal.StatusCode == StatusCodes.Status401Unauthorized
            ? area.SignIn(context, tongue, form, fault: null)
            : area.Refuse(context, tongue, refusal.StatusCode, ResearchWords.NotYours(refusal.StatusCode));
    }

    private ProblemHttpResult Refuse(HttpContext context, RightsRow? row, Person person)
    {
        TurnDown(context, row?.Pattern ?? "no-row", person);
        return person.Session is null || person.IsResting
            ? Problems.NeedsPerson("This needs a person who signed in: #/people, or in an emergency its red button.")
            : Problems.NotYours("None of your roles may do that; who may stands in RIGHTS.md of the program.");
    }

    /// <summary>Once for a session and address; of somebody whom nobody knows once an hour for a place and address, as the screen at the bed or as nobody.</summary>
    private void TurnDown(HttpContext context, string what, Person person)
    {
        string source = PersonReader.SourceOf(context);
        if (person.Session is not { } session)
        {
            if (pace.IsDue(source, what))
            {
                trail.TurnedDown(AuditWho.Screen, source == PersonReader.Here ? AuditRole.Screen : AuditRole.Nobody, what);
            }
        }
        else if (!session.HasOnRecord($"refused {what}"))
        {
            session.PutOnRecord($"refused {what}");
            trail.TurnedDown(person.Who, person.Role, what);
        }
    }

    private static void KeepOutOfBrowsers(HttpContext context) => context.Response.OnStarting(
        static response =>
        {
            ((HttpResponse)response).Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        },
        context.Response);

    /// <summary>An open connection ends when whoever opened it may see less than then: the page asks again, as who it is now.</summary>
    private async Task WatchAsync(HttpContext context, RightsRow row, Reach reach)
    {
        await using ITimer watch = time.CreateTimer(
            _ =>
            {
                if (ReachOf(row, persons.Read(context)) < reach)
                {
                    context.Abort();
                }
            },
            state: null,
            options.Value.People.LookEvery,
            options.Value.People.LookEvery);
        await next(context);
    }
}

/// <summary>Who sent a request.</summary>
/// <param name="Session">Null = nobody signed in.</param>
/// <param name="IsResting">The session counts as nobody until its person comes back.</param>
/// <param name="Callers">All that it may be.</param>
internal sealed record Person(Session? Session, Account? Account, bool IsResting, Callers Callers)
{
    public string Who => Session is null ? AuditWho.Screen : Account?.Badge ?? AuditWho.Screen;

    public AuditRole Role => Account is { } account ? PeopleTrail.RoleOf(account) : AuditRole.Screen;
}

/// <summary>Finds the session of a request: its cookie has one name over TLS, where it is bound to the host, and another on this machine.</summary>
internal sealed class PersonReader(SessionBook sessions, IAccountBook accounts)
{
    public const string SecureCookie = "__Host-bedside";
    public const string LocalCookie = "bedside-here";

    public Person Read(HttpContext context)
    {
        Callers place = SourceOf(context) == Here ? Callers.Bed : Callers.Elsewhere;
        if (context.Request.Cookies[CookieOf(context)] is not { Length: > 0 and < 64 } cookie || sessions.Find(cookie) is not { } session)
        {
            return new Person(Session: null, Account: null, IsResting: false, place);
        }

        if (session.IsEmergency)
        {
            return new Person(session, Account: null, IsResting: false, place | Callers.Emergency);
        }

        Account? account = accounts.Current.Find(session.Badge!);
        bool isResting = sessions.IsResting(session);
        return new Person(session, account, isResting, isResting || account is null ? place : account.Roles.Aggregate(place, (sum, role) => sum | CallerOf(role)));
    }

    public const string Here = "bed";

    public static string CookieOf(HttpContext context) => context.Request.IsHttps ? SecureCookie : LocalCookie;

    /// <summary><c>bed</c> for this machine, else the address.</summary>
    public static string SourceOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && !System.Net.IPAddress.IsLoopback(address) ? address.ToString() : Here;

    private static Callers CallerOf(Role role) => role switch
    {
        Role.Clinician => Callers.Clinician,
        Role.Biomed => Callers.Biomed,
        Role.Researcher => Callers.Researcher,
        Role.Steward => Callers.Steward,
        Role.RightsOfficer => Callers.RightsOfficer,
        Role.Administrator => Callers.Administrator,
        _ => Callers.None,
    };
}

/// <summary>Whether visitors are there: then the screen of the bed shows nothing until somebody wants it back. In memory.</summary>
internal sealed class VisitorScreen
{
    private volatile bool _isBlank;

    public bool IsBlank
    {
        get => _isBlank;
        set => _isBlank = value;
    }
}
