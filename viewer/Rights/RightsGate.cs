using System.Security.Cryptography;
using System.Text;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer.People;
using Bedside.Viewer.Ward;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Rights;

/// <summary>
/// Stands between routing and the endpoints. Once the box has an account, a request passes only where <see cref="RightsTable"/> lets whoever sent it; before, everything passes.
/// </summary>
internal sealed class RightsGate(RequestDelegate next, IAccountBook accounts, PersonReader persons, VisitorScreen visitors, AmbientWindow window, PeopleTrail trail, RefusalPace pace, TimeProvider time, IOptions<ViewerOptions> options)
{
    public const string TokenHeader = "X-Bedside-Token";

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
        if (row is null || reach == Reach.None)
        {
            await Refuse(context, row, person).ExecuteAsync(context);
            return;
        }

        if ((Check(context, row, person) ?? (reach == Reach.Limited ? window.Cut(context) : null)) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
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
    private ProblemHttpResult? Check(HttpContext context, RightsRow row, Person person)
    {
        bool isByPerson = row.Of(person.Callers & (Callers.Bed | Callers.Elsewhere)) != row.Of(person.Callers);
        bool changes = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (changes && isByPerson && !HasToken(context, person))
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

    private static bool HasToken(HttpContext context, Person person) =>
        person.Session is { } session
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.Request.Headers[TokenHeader].ToString()), Encoding.UTF8.GetBytes(session.Token));

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
