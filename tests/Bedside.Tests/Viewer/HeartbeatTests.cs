using System.Net;
using System.Text.Json;
using Bedside.Viewer.Screens;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Tests.Viewer;

/// <summary>What the page at the bed says of itself, and what the box tells of it.</summary>
public class HeartbeatTests
{
    private const string Good = """{"screen":"kiosk-1-1","beat":3,"frames":900,"pageFrames":60,"checksum":4294967295,"lanes":6,"held":false,"fps":60,"heap":1000000,"build":"index-a_b-1.js","restarts":2,"reason":"frozen"}""";

    private readonly SteadyClock _steady = new();

    [Fact]
    public async Task A_heartbeat_is_told_with_its_age_and_in_words_and_a_silent_screen_asks_for_attention()
    {
        await using ViewerHost host = await StartAsync();
        await host.StoreAsync(Blocks.Device(host.Now, Bedside.Model.DeviceState.Receiving));
        Assert.Equal(JsonValueKind.Null, (await host.GetAsync("/api/v1/health")).GetProperty("screen").ValueKind);

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(host, Good));
        _steady.Advance(TimeSpan.FromSeconds(3));

        JsonElement screen = (await host.GetAsync("/api/v1/screens")).GetProperty("screens").EnumerateArray().Single();
        Assert.Equal(("kiosk-1-1", 3.0, 900, uint.MaxValue), (screen.GetProperty("screen").GetString(), screen.GetProperty("ageSeconds").GetDouble(), screen.GetProperty("frames").GetInt32(), screen.GetProperty("checksum").GetInt64()));
        JsonElement health = (await host.GetAsync("/api/v1/health")).GetProperty("screen");
        Assert.Equal("Screen at the bed seen 3 s ago, 60 frames/s; started anew 2 times, last because the picture stood still.", health.GetProperty("sentence").GetProperty("en").GetString());

        _steady.Advance(TimeSpan.FromSeconds(60));
        Assert.StartsWith("The screen at the bed has given no sign of life for 63 s", (await host.GetAsync("/api/v1/health")).GetProperty("screen").GetProperty("sentence").GetProperty("en").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"screen":"<b>","beat":1,"frames":1,"pageFrames":1}""")]
    [InlineData("""{"screen":"a","beat":0,"frames":1,"pageFrames":1}""")]
    [InlineData("""{"screen":"a","beat":1,"frames":-1,"pageFrames":1}""")]
    [InlineData("""{"screen":"a","beat":1,"frames":1,"pageFrames":1,"checksum":4294967296}""")]
    [InlineData("""{"screen":"a","beat":1,"frames":1,"pageFrames":1,"reason":"bored"}""")]
    [InlineData("""{"screen":"a","beat":1,"frames":1,"pageFrames":1,"build":"a b"}""")]
    [InlineData("[")]
    public async Task What_is_no_heartbeat_is_refused_with_a_sentence(string body)
    {
        await using ViewerHost host = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(host, body));
        Assert.Empty((await host.GetAsync("/api/v1/screens")).GetProperty("screens").EnumerateArray());
    }

    [Fact]
    public async Task Sixty_a_minute_are_heard_four_screens_are_remembered_and_none_is_large()
    {
        await using ViewerHost host = await StartAsync();
        for (int i = 0; i < 60; i++)
        {
            _steady.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(host, $$"""{"screen":"s{{i % 6}}","beat":{{i + 1}},"frames":1,"pageFrames":1}"""));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await SendAsync(host, Good));
        Assert.Equal(["s5", "s4", "s3", "s2"], (await host.GetAsync("/api/v1/screens")).GetProperty("screens").EnumerateArray().Select(one => one.GetProperty("screen").GetString()));

        _steady.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(host, Good));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(host, Good.Replace("}", $",\"more\":\"{new string('x', 2000)}\"}}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_pages_of_this_box_are_heard()
    {
        await using ViewerHost host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/heartbeat") { Content = new StringContent(Good, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", "http://elsewhere.example");

        using HttpResponseMessage answer = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private Task<ViewerHost> StartAsync() => ViewerHost.StartAsync(services: services => services.AddSingleton(new ScreenBook(_steady)));

    private static async Task<HttpStatusCode> SendAsync(ViewerHost host, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await host.Http.PostAsync(new Uri("/api/v1/heartbeat", UriKind.Relative), content);
        return answer.StatusCode;
    }

    /// <summary>A monotonic clock that runs when it is told to.</summary>
    private sealed class SteadyClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }
}
