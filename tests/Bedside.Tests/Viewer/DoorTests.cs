using System.Net;
using System.Text.Json;
using Bedside.Viewer;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bedside.Tests.Viewer;

/// <summary>What every answer carries, who is turned away, the front end's files, and the OpenAPI document.</summary>
public class DoorTests
{
    [Theory]
    [InlineData("/api/v1/session")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/v1/signals/x/samples?from=nonsense")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        using HttpResponseMessage answer = await host.Http.GetAsync(path);

        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        foreach (string rule in new[] { "default-src 'self'", "script-src 'self'", "worker-src 'self'", "connect-src 'self'", "img-src 'self' data:", "style-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'" })
        {
            Assert.Contains(rule, policy);
        }

        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.NotNull(answer.Headers.CacheControl);
        Assert.Empty(answer.Headers.Server);
    }

    [Fact]
    public async Task Patient_data_are_not_kept_by_the_browser()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        foreach (string path in new[] { "signals", "numerics", "alerts", "annotations", "health" })
        {
            using HttpResponseMessage answer = await host.Http.GetAsync($"/api/v1/{path}");
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        }
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("evil.example:80", false)]
    [InlineData("192.168.1.20", false)]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    public async Task Only_the_box_s_own_names_are_answered(string name, bool isAnswered)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        request.Headers.Host = name;

        using HttpResponseMessage answer = await host.Http.SendAsync(request);

        if (isAnswered)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        else
        {
            await ViewerHost.ProblemOfAsync(answer, HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_foreign_page_cannot_mark_anything(string header, string value)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/annotations") { Content = JsonContent("""{"kind":"note"}""") };
        request.Headers.Add(header, value);

        using HttpResponseMessage answer = await host.Http.SendAsync(request);

        await ViewerHost.ProblemOfAsync(answer, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("application/json; charset=nonsense", false)]
    [InlineData("application/json; charset=utf-7", false)]
    [InlineData("application/json; charset=UTF-8", true)]
    [InlineData("application/json; charset=\"utf-8\"", true)]
    [InlineData("application/json", true)]
    public async Task A_body_in_another_encoding_is_refused_and_is_no_error_of_the_box(string type, bool isTaken)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/annotations") { Content = new ByteArrayContent("""{"kind":"note"}"""u8.ToArray()) };
        Assert.True(request.Content.Headers.TryAddWithoutValidation("Content-Type", type));

        using HttpResponseMessage answer = await host.Http.SendAsync(request);

        Assert.Equal(isTaken ? HttpStatusCode.Created : HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task The_box_s_own_page_can()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/annotations") { Content = JsonContent("""{"kind":"note"}""") };
        request.Headers.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");

        using HttpResponseMessage answer = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_too_long_is_refused()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        using HttpResponseMessage query = await host.Http.GetAsync($"/api/v1/session?x={new string('x', 5000)}");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        request.Headers.Add("X-Long", new string('x', 20_000));
        using HttpResponseMessage header = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestUriTooLong, query.StatusCode);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, header.StatusCode);
    }

    [Fact]
    public async Task An_address_that_is_not_there_is_a_problem()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        await host.GetProblemAsync("/api/v1/nothing", HttpStatusCode.NotFound);
        await host.GetProblemAsync("/openapi/v2.json", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_a_built_front_end_a_plain_page_says_what_to_do()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        using HttpResponseMessage answer = await host.Http.GetAsync("/trends");
        string page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("npm run build", page);
        Assert.DoesNotContain("<script", page);
    }

    [Fact]
    public async Task The_built_front_end_is_served_with_the_right_life_times()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options =>
        {
            Directory.CreateDirectory(Path.Combine(options.WebRoot, "assets"));
            File.WriteAllText(Path.Combine(options.WebRoot, "index.html"), "<!doctype html><title>Bedside</title>");
            File.WriteAllText(Path.Combine(options.WebRoot, "icon.svg"), "<svg/>");
            File.WriteAllText(Path.Combine(options.WebRoot, "assets", "index-Bx3k9_aZ.js"), "export {};");
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(options.WebRoot)!, "secret.txt"), "secret");
        });

        await FileAsync(host, "/", "text/html", "no-cache");
        await FileAsync(host, "/trends", "text/html", "no-cache");
        await FileAsync(host, "/bed/12/trends?from=x", "text/html", "no-cache");
        await FileAsync(host, "/icon.svg", "image/svg+xml", "no-cache");
        await FileAsync(host, "/assets/index-Bx3k9_aZ.js", "text/javascript", "public, max-age=31536000, immutable");
        await host.GetProblemAsync("/assets/index-gone.js", HttpStatusCode.NotFound);
        await host.GetProblemAsync("/..%2Fsecret.txt", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_unchanged_file_is_not_sent_again()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options =>
        {
            Directory.CreateDirectory(options.WebRoot);
            File.WriteAllText(Path.Combine(options.WebRoot, "index.html"), "<!doctype html>");
        });
        using HttpResponseMessage first = await host.Http.GetAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task The_document_lists_every_route_there_is()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        JsonElement document = await host.GetAsync("/openapi/v1.json");

        string[] documented =
        [
            .. document.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
                .Order(),
        ];
        string[] mapped =
        [
            .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
                .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Plain(endpoint.RoutePattern)}"))
                .Order(),
        ];

        Assert.Equal(mapped, documented);
        Assert.Equal(82, mapped.Length);
        Assert.All(mapped, route => Assert.Contains("/api/v1/", route));
    }

    [Fact]
    public async Task The_document_says_what_a_time_and_a_state_look_like()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        string document = await host.Http.GetStringAsync("/openapi/v1.json");
        JsonElement schemas = JsonSerializer.Deserialize<JsonElement>(document).GetProperty("components").GetProperty("schemas");

        JsonElement session = schemas.GetProperty("SessionAnswer").GetProperty("properties");
        Assert.Contains("date-time", session.GetProperty("serverTime").GetRawText() + (schemas.TryGetProperty("UtcInstant", out JsonElement instant) ? instant.GetRawText() : string.Empty));
        Assert.Contains("\"live\"", document);
        Assert.Contains("device-silent", document);
        Assert.Contains("application/vnd.bedside.block", document);
        Assert.Contains("signals-after-discharge", document);
        Assert.Contains("no-patient-yet", document);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused_at_once()
    {
        var services = new ServiceCollection();

        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => services.AddBedsideViewer(new ViewerOptions { Box = string.Empty }));
        Assert.Throws<OptionsValidationException>(() => services.AddBedsideViewer(new ViewerOptions { Live = { Credit = 0 } }));

        Assert.Contains("Box", error.Message);
    }

    private static async Task FileAsync(ViewerHost host, string path, string type, string life)
    {
        using HttpResponseMessage answer = await host.Http.GetAsync(path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(life, answer.Headers.CacheControl?.ToString());
    }

    private static StringContent JsonContent(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static string Plain(RoutePattern pattern) =>
        "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            RoutePatternLiteralPart literal => literal.Content,
            _ => string.Empty,
        }))));
}
