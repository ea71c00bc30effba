using System.Net;
using System.Text;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Viewer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Tests.Viewer.People;

/// <summary>Accounts in memory; told to fail, it takes nothing.</summary>
internal sealed class BookInMemory : IAccountBook
{
    private readonly Lock _gate = new();

    public AccountList Current { get; private set; } = AccountList.Empty;

    public string? Damage { get; set; }

    public bool Fails { get; set; }

    public AccountFault Change(Func<AccountList, AccountChange> change)
    {
        lock (_gate)
        {
            if (Fails || Damage is not null)
            {
                throw new IOException("the disk takes nothing");
            }

            AccountChange made = change(Current);
            Current = made.List ?? Current;
            return made.Fault;
        }
    }
}

/// <summary>A journal in memory; told to be full, it takes nothing.</summary>
internal sealed class TrailInMemory : IAuditTrail, IAuditHistory
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<(UtcInstant At, AuditEntry Entry)> _entries = new();

    public IReadOnlyList<AuditEntry> Entries => [.. _entries.Select(one => one.Entry)];

    public bool IsFull { get; set; }

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public AuditState State => IsFull ? AuditState.Unwritable : AuditState.Kept;

    public void Append(AuditEntry entry)
    {
        if (IsFull)
        {
            throw new AuditUnwritableException();
        }

        Tell(entry);
    }

    public void Tell(AuditEntry entry) => _entries.Enqueue((UtcInstant.FromDateTime(Clock.GetUtcNow()), entry));

    public IEnumerable<AuditLine> Read() => _entries.Select(one => new AuditLine(
        one.At,
        one.Entry.Who,
        Word(one.Entry.Role),
        AuditCatalog.Of(one.Entry.Act).Code,
        Word(one.Entry.Result),
        one.Entry.Stay,
        From: null,
        To: null,
        one.Entry.What.FirstOrDefault(fact => fact.Kind == AuditFactKind.Kind).Text ?? string.Empty,
        one.Entry.Why));

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

/// <summary>A viewer whose box has one person of each role, and browsers that sign in. Passwords are hashed in few rounds.</summary>
internal sealed class PeopleHost : IAsyncDisposable
{
    public const string Password = "trois mots sans lien";
    public const string Pin = "294817";
    public const string ElsewhereHeader = "X-Test-From";

    private PeopleHost(ViewerHost host, BookInMemory book, TrailInMemory trail) => (Host, Book, Trail) = (host, book, trail);

    public ViewerHost Host { get; }

    public BookInMemory Book { get; }

    public TrailInMemory Trail { get; }

    public static async Task<PeopleHost> StartAsync(
        bool empty = false, Action<ViewerOptions>? set = null, Func<Store, TestClock, Task>? before = null, Func<TestClock, IStayDesk>? desk = null, IStayEraser? eraser = null,
        Action<IServiceCollection>? services = null)
    {
        BookInMemory book = new();
        TrailInMemory trail = new();
        ViewerHost host = await ViewerHost.StartAsync(
            options =>
            {
                options.People.HashIterations = 1000;
                options.People.TriesAMinute = 10_000;
                options.People.PinKey = () => new byte[32];
                options.People.LookEvery = TimeSpan.FromMilliseconds(50);
                set?.Invoke(options);
            },
            before,
            desk,
            box =>
            {
                box.AddSingleton<IAccountBook>(book);
                box.AddSingleton<IAuditTrail>(trail).AddSingleton<IAuditHistory>(trail);
                if (eraser is not null)
                {
                    box.AddSingleton(eraser);
                }

                services?.Invoke(box);
                box.Insert(0, ServiceDescriptor.Transient<IStartupFilter, ElsewhereFilter>());
            });
        trail.Clock = host.Clock;
        var people = new PeopleHost(host, book, trail);
        if (!empty)
        {
            foreach (Role role in Enum.GetValues<Role>())
            {
                await people.AddAsync($"{role}", role);
            }
        }

        return people;
    }

    /// <summary>One more person, who sets a password.</summary>
    public async Task AddAsync(string badge, Role role)
    {
        Book.Change(list => AccountRules.Add(list, new Account { Badge = badge, Name = $"A {badge}", Roles = [role], CreatedBy = "console", CreatedAt = Host.Now }));
        (string code, OneTimeCode kept) = OneTimeCodes.Make(Host.Now, AccountLimits.CodeLife);
        Book.Change(list => AccountRules.Reset(list, badge, kept));
        using PersonBrowser browser = Browser();
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync("POST", "people/enrol", new { badge, code, password = Password })).Status);
    }

    public PersonBrowser Browser(bool elsewhere = false) => new(Host.Address, elsewhere);

    public Task<PersonBrowser> SignedInAsync(Role role, bool elsewhere = false) => SignedInAsync($"{role}", elsewhere);

    public async Task<PersonBrowser> SignedInAsync(string badge, bool elsewhere = false)
    {
        PersonBrowser browser = Browser(elsewhere);
        (HttpStatusCode status, JsonElement _) = await browser.SendAsync("POST", "people/sign-in", new { badge, password = Password });
        Assert.Equal(HttpStatusCode.OK, status);
        return browser;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>Stands before everything: a request may say that it comes from another machine over TLS.</summary>
    private sealed class ElsewhereFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, go) =>
            {
                if (context.Request.Headers[ElsewhereHeader] is [{ } address])
                {
                    context.Connection.RemoteIpAddress = IPAddress.Parse(address);
                    context.Request.Scheme = "https";
                }

                return go(context);
            });
            next(app);
        };
    }
}

/// <summary>A browser that keeps its cookies and its token.</summary>
internal sealed class PersonBrowser : IDisposable
{
    private static int _machines;
    private readonly HttpClient _http;
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public PersonBrowser(Uri address, bool elsewhere)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = ViewerHost.Patience };
        if (elsewhere)
        {
            // Each is a machine of its own: the box limits what one of them asks.
            int machine = Interlocked.Increment(ref _machines);
            _http.DefaultRequestHeaders.Add(PeopleHost.ElsewhereHeader, $"198.{18 + (machine >> 16 & 1)}.{machine >> 8 & 255}.{machine & 255}");
        }
    }

    public string Token { get; set; } = string.Empty;

    /// <summary>The whole header of the last cookie that was set.</summary>
    public string SetCookie { get; private set; } = string.Empty;

    public void CopyCookiesFrom(PersonBrowser other)
    {
        foreach ((string name, string value) in other._cookies)
        {
            _cookies[name] = value;
        }
    }

    /// <summary>Paths without a slash are below /api/v1/.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : $"/api/v1/{path}");
        if (method is not ("GET" or "HEAD"))
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body ?? new object()), Encoding.UTF8, "application/json");
        }

        if (Token.Length > 0)
        {
            request.Headers.Add("X-Bedside-Token", Token);
        }

        return await AskAsync(request);
    }

    /// <summary>With the cookies, and nothing else; those of the answer are kept.</summary>
    public async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request)
    {
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        foreach (string set in answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) ? cookies : [])
        {
            SetCookie = set;
            string[] pair = set.Split(';')[0].Split('=', 2);
            _cookies[pair[0]] = pair[1];
        }

        return answer;
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(string method, string path, object? body = null)
    {
        using HttpResponseMessage answer = await AnswerAsync(method, path, body);
        string text = await answer.Content.ReadAsStringAsync();
        JsonElement json = text.StartsWith('{') || text.StartsWith('[') ? JsonSerializer.Deserialize<JsonElement>(text) : default;
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("token", out JsonElement token))
        {
            Token = token.GetString()!;
        }

        return (answer.StatusCode, json);
    }

    public void Dispose() => _http.Dispose();
}
