using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Viewer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bedside.Tests.Viewer;

/// <summary>A viewer on a port of its own over a store in a folder of its own.</summary>
internal sealed class ViewerHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _directory;
    private readonly WebApplication _app;
    private int _settled;

    private ViewerHost(string directory, Store store, WebApplication app, TestClock clock)
    {
        _directory = directory;
        _app = app;
        Store = store;
        Clock = clock;
        Address = new Uri(app.Urls.Single());
        Http = new HttpClient { BaseAddress = Address, Timeout = Patience };
    }

    public Store Store { get; }

    public TestClock Clock { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public UtcInstant Now => UtcInstant.FromDateTime(Clock.GetUtcNow());

    /// <summary><paramref name="before"/> fills the store before the viewer starts; <paramref name="desk"/> is where it learns of stays, <paramref name="services"/> adds what else the box has.</summary>
    public static async Task<ViewerHost> StartAsync(
        Action<ViewerOptions>? set = null,
        Func<Store, TestClock, Task>? before = null,
        Func<TestClock, IStayDesk>? desk = null,
        Action<IServiceCollection>? services = null)
    {
        string directory = Directory.CreateTempSubdirectory("bedside-viewer-").FullName;
        var clock = new TestClock();
        var store = Store.Open(Path.Combine(directory, "store"), new StoreOptions(), clock);
        if (before is not null)
        {
            await before(store, clock);
        }

        var options = new ViewerOptions { WebRoot = Path.Combine(directory, "web"), Ward = () => new WardSettings { Bed = "12" } };
        set?.Invoke(options);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(_ => store);
        if (desk is not null)
        {
            builder.Services.AddSingleton(desk(clock));
        }

        builder.Services.AddBedsideViewer(options);
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapBedside();
        await app.StartAsync();
        return new ViewerHost(directory, store, app, clock);
    }

    /// <summary>Stores, and waits until the viewer has seen it: what it tells of the present comes from following the store.</summary>
    public async Task StoreAsync(params Block[] blocks)
    {
        await Store.StoreAsync(blocks);
        await SettleAsync();
    }

    /// <summary>Waits until the viewer has seen everything that was appended: a mark of long ago, outside all ranges, is the last.</summary>
    public async Task SettleAsync()
    {
        string key = $"settle-{++_settled}";
        using LiveConnection screen = await ConnectAsync();
        await screen.BeginAsync();
        await Store.StoreAsync(new AnnotationBlock { Signal = SignalNumber.None, Start = new UtcInstant(_settled), Key = key, Kind = "note", Source = "test" });
        await screen.BlocksUntilAsync(block => block is AnnotationBlock mark && mark.Key == key);
        await screen.CloseAsync();
    }

    public Task StopAsync() => _app.StopAsync();

    public Task<LiveConnection> ConnectAsync() => LiveConnection.OpenAsync(Address);

    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Http.GetAsync(path);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The problem document of an answer that must have this status.</summary>
    public async Task<JsonElement> GetProblemAsync(string path, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await Http.GetAsync(path);
        return await ProblemOfAsync(answer, status);
    }

    public static async Task<JsonElement> ProblemOfAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        return problem;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string json, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await Http.SendAsync(request);
    }

    public async Task<(byte[] Bytes, HttpResponseHeaders Headers, HttpContentHeaders Content)> GetBytesAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        using HttpResponseMessage answer = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsByteArrayAsync(), answer.Headers, answer.Content.Headers);
    }

    public static string Range(UtcInstant from, UtcInstant to) => $"from={from}&to={to}";

    /// <summary>Asks until it is so, where nothing tells when it is.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            Assert.False(patience.IsCancellationRequested, $"not in time: {what}");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
