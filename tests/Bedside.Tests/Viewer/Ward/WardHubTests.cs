using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Bedside.Model;
using Bedside.Viewer.Ward;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Tests.Viewer.Ward;

/// <summary>Two boxes: one gives its bed, the other shows it, and passes it through, to read only.</summary>
public class WardHubTests
{
    private static readonly PeerPace Hurried = new() { Ask = TimeSpan.FromMilliseconds(100), AskWhileUnmeasured = TimeSpan.FromMilliseconds(50), FirstWait = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task A_bed_that_was_approved_is_shown_beside_one_s_own_in_the_order_of_beds()
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await using ViewerHost hub = await HubAsync(giver, bed: "12");
        Signal rate = Blocks.HeartRate(giver.Store);
        JsonElement other = default;
        await ViewerHost.UntilAsync(
            async () =>
            {
                giver.Clock.Advance(TimeSpan.FromMilliseconds(100));
                await giver.StoreAsync(Blocks.Reading(rate, giver.Now, 80));
                other = await TileAsync(hub, "7", _ => true);
                return other.GetProperty("state").GetString() == "live";
            },
            "bed 7 is live");

        Assert.Equal("open", other.GetProperty("link").GetString());
        Assert.Equal(80, other.GetProperty("slots")[0].GetProperty("parts")[0].GetProperty("last").GetProperty("value").GetDouble());
        JsonElement ward = await hub.GetAsync("/api/v1/ward");
        Assert.Equal(["7", "12"], ward.GetProperty("beds").EnumerateArray().Select(bed => bed.GetProperty("bed").GetString()));
        Assert.Equal([false, true], ward.GetProperty("beds").EnumerateArray().Select(bed => bed.GetProperty("own").GetBoolean()));
        await TileAsync(hub, "12", tile => tile.GetProperty("link").GetString() == "open");
    }

    [Fact]
    public async Task Without_a_named_person_s_approval_nothing_is_given()
    {
        await using ViewerHost giver = await GiverAsync(approvedBy: string.Empty);
        await using ViewerHost hub = await HubAsync(giver, bed: "12");
        await giver.StoreAsync(Blocks.Reading(Blocks.HeartRate(giver.Store), giver.Now, 80));

        JsonElement tile = await TileAsync(hub, "7", one => one.GetProperty("link").GetString() == "refused");
        JsonElement problem = await giver.GetProblemAsync("/peer/v1/signals", HttpStatusCode.Forbidden);

        Assert.Equal(0, tile.GetProperty("slots").GetArrayLength());
        Assert.Contains("named person", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await giver.GetAsync("/api/v1/ward")).GetProperty("given").ValueKind);
        await hub.GetProblemAsync("/ward/7/api/v1/signals", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Who_approved_is_stored_before_anything_leaves_and_told()
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await ViewerHost.UntilAsync(async () => (await giver.GetAsync("/api/v1/ward")).GetProperty("given").GetProperty("since").ValueKind == JsonValueKind.String, "given");

        AnnotationBlock noted = giver.Store.ReadBed(new UtcInstant(0), new UtcInstant(long.MaxValue)).OfType<AnnotationBlock>().Single(mark => mark.Kind == "ward-approved");
        Assert.Contains("A Person", noted.Text, StringComparison.Ordinal);
        Assert.Equal("A Person", (await giver.GetAsync("/api/v1/ward")).GetProperty("given").GetProperty("approvedBy").GetString());
    }

    [Theory]
    [InlineData("annotations")]
    [InlineData("stays")]
    [InlineData("stays/tasks")]
    [InlineData("ports")]
    [InlineData("health")]
    [InlineData("ward")]
    [InlineData("..%2Fannotations")]
    [InlineData("signalsX")]
    [InlineData("")]
    public async Task Nothing_of_persons_and_nothing_of_the_box_is_given(string what)
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await OpenAsync(giver);
        await giver.GetProblemAsync($"/peer/v1/{what}", HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "http://127.0.0.1")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    public async Task A_browser_is_no_box(string header, string value)
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await OpenAsync(giver);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/peer/v1/signals");
        request.Headers.Add(header, value);
        using HttpResponseMessage answer = await giver.Http.SendAsync(request);
        await ViewerHost.ProblemOfAsync(answer, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Marks_of_people_are_taken_out_of_what_another_box_hears()
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await OpenAsync(giver);
        Signal rate = Blocks.HeartRate(giver.Store);
        using ClientWebSocket box = await PeerSocketAsync(giver);
        await giver.StoreAsync(
            new AnnotationBlock { Signal = SignalNumber.None, Start = giver.Now, Key = "a-mark-of-somebody", Kind = "note", Text = "Mr Secret coughs", Source = "bed" },
            Blocks.Reading(rate, giver.Now, 81));

        string heard = await ReadUntilAsync(box, bytes => bytes.Length > 28 && LiveFrame.Parse(bytes) is { Type: LiveFrame.Blocks } frame && frame.Decoded.OfType<NumericBlock>().Any());

        Assert.DoesNotContain("Secret", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bed_is_passed_through_to_read_and_nothing_else()
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await using ViewerHost hub = await HubAsync(giver, bed: "12");
        Signal mode = Blocks.Mode(giver.Store);
        await giver.StoreAsync(
            Blocks.Reading(Blocks.HeartRate(giver.Store), giver.Now, 80),
            new TextBlock { Signal = mode.Number, Start = giver.Now, Text = "PSV" });
        await TileAsync(hub, "7", tile => tile.GetProperty("link").GetString() == "open");

        Assert.Equal("7", (await hub.GetAsync("/ward/7/api/v1/session")).GetProperty("bed").GetString());
        Assert.Contains("hr", (await hub.GetAsync("/ward/7/api/v1/signals")).EnumerateArray().Select(one => one.GetProperty("id").GetString()));
        JsonElement text = await hub.GetAsync($"/ward/7/api/v1/signals/{Uri.EscapeDataString(mode.Id)}/samples?{ViewerHost.Range(giver.Now.Add(TimeSpan.FromSeconds(-5)), giver.Now.Add(TimeSpan.FromSeconds(5)))}");
        Assert.Equal("PSV", text.GetProperty("readings")[0].GetProperty("text").GetString());
        using (HttpResponseMessage kept = await hub.Http.GetAsync("/ward/7/api/v1/signals"))
        {
            Assert.Equal("no-store", kept.Headers.CacheControl?.ToString());
        }

        foreach (HttpMethod method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete })
        {
            using HttpResponseMessage answer = await hub.SendAsync(method, "/ward/7/api/v1/annotations", """{"kind":"note"}""");
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }

        await hub.GetProblemAsync("/ward/7/api/v1/annotations", HttpStatusCode.Forbidden);
        await hub.GetProblemAsync("/ward/99/api/v1/signals", HttpStatusCode.NotFound);
        await hub.GetProblemAsync("/ward/12/api/v1/signals", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_live_socket_of_another_bed_passes_through()
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await using ViewerHost hub = await HubAsync(giver, bed: "12");
        await TileAsync(hub, "7", tile => tile.GetProperty("link").GetString() == "open");
        using ClientWebSocket screen = await SocketAsync(hub, "/ward/7/api/v1/live");
        await giver.StoreAsync(Blocks.Reading(Blocks.HeartRate(giver.Store), giver.Now, 82));

        await ReadUntilAsync(screen, bytes => bytes.Length > 28 && bytes[5] == LiveFrame.Blocks && LiveFrame.Parse(bytes).Decoded.OfType<NumericBlock>().Any(block => block.Readings[0].Value?.Mantissa == 82));
    }

    [Fact]
    public async Task The_ward_comes_by_one_socket_whole_first_and_then_what_changes()
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await using ViewerHost hub = await HubAsync(giver, bed: "12");
        await TileAsync(hub, "7", tile => tile.GetProperty("link").GetString() == "open");
        using ClientWebSocket screen = await SocketAsync(hub, "/api/v1/ward/live");

        string first = await ReadUntilAsync(screen, bytes => bytes[5] == LiveFrame.Snapshot);
        Assert.Contains("\"isWhole\":true", first, StringComparison.Ordinal);
        await giver.StoreAsync(Blocks.Reading(Blocks.HeartRate(giver.Store), giver.Now, 83));
        await ReadUntilAsync(screen, bytes => bytes[5] == LiveFrame.Status && System.Text.Encoding.UTF8.GetString(bytes).Contains("\"value\":83", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_screen_that_acknowledges_nothing_is_closed()
    {
        await using ViewerHost giver = await GiverAsync("A Person");
        await using ViewerHost hub = await HubAsync(giver, bed: "12", options => options.Live.AckTimeout = TimeSpan.FromSeconds(1));
        using ClientWebSocket screen = await SocketAsync(hub, "/api/v1/ward/live");
        await ReadUntilAsync(screen, bytes => bytes.Length == 0);
        Assert.Equal((WebSocketCloseStatus)4008, screen.CloseStatus);
    }

    [Fact]
    public async Task A_box_that_knows_no_other_says_so()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        JsonElement ward = await host.GetAsync("/api/v1/ward");
        Assert.False(ward.GetProperty("isHub").GetBoolean());
        Assert.Equal(0, ward.GetProperty("beds").GetArrayLength());
    }

    [Fact]
    public void Beds_stand_in_the_order_in_which_people_count_them() =>
        Assert.Equal(["2", "3", "3b", "10", "A 2", "A 10", "Box"], new[] { "Box", "A 10", "10", "3b", "3", "A 2", "2" }.Order(BedOrder.Natural));

    private static Task<ViewerHost> GiverAsync(string approvedBy) => ViewerHost.StartAsync(options =>
    {
        options.Ward = () => new WardSettings { Bed = "7" };
        options.WardPage.ApprovedBy = approvedBy;
    });

    private static async Task<ViewerHost> HubAsync(ViewerHost giver, string bed, Action<Bedside.Viewer.ViewerOptions>? set = null)
    {
        Uri? own = null;
        ViewerHost hub = await ViewerHost.StartAsync(
            options =>
            {
                options.Ward = () => new WardSettings { Bed = bed };
                options.WardPage.Peers = [new WardPeerAddress("7", giver.Address)];
                options.WardPage.Own = () => Volatile.Read(ref own);
                set?.Invoke(options);
            },
            services: services => services.AddSingleton(Hurried));
        Volatile.Write(ref own, hub.Address);
        return hub;
    }

    private static Task OpenAsync(ViewerHost giver) => ViewerHost.UntilAsync(
        async () =>
        {
            using HttpResponseMessage answer = await giver.Http.GetAsync("/peer/v1/session");
            return answer.StatusCode == HttpStatusCode.OK;
        },
        "the bed is given");

    private static async Task<JsonElement> TileAsync(ViewerHost hub, string bed, Func<JsonElement, bool> isSo)
    {
        JsonElement tile = default;
        await ViewerHost.UntilAsync(
            async () =>
            {
                tile = (await hub.GetAsync("/api/v1/ward")).GetProperty("beds").EnumerateArray().Single(one => one.GetProperty("bed").GetString() == bed);
                return isSo(tile);
            },
            $"the tile of bed {bed}: {tile}");
        return tile;
    }

    private static Task<ClientWebSocket> PeerSocketAsync(ViewerHost giver) => SocketAsync(giver, "/peer/v1/live");

    private static async Task<ClientWebSocket> SocketAsync(ViewerHost host, string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("bedside.v1");
        using var patience = new CancellationTokenSource(ViewerHost.Patience);
        await socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}{path}"), patience.Token);
        await socket.SendAsync("""{"type":"hello","epoch":0,"seq":0,"waves":true}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        return socket;
    }

    /// <summary>All that was heard, as text, until a message is as wanted; a close is an empty one.</summary>
    private static async Task<string> ReadUntilAsync(ClientWebSocket socket, Func<byte[], bool> isLast)
    {
        using var patience = new CancellationTokenSource(ViewerHost.Patience);
        byte[] buffer = new byte[1 << 20];
        var heard = new System.Text.StringBuilder();
        while (true)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), patience.Token);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            byte[] message = part.MessageType == WebSocketMessageType.Close ? [] : buffer[..length];
            heard.Append(System.Text.Encoding.Latin1.GetString(message));
            if ((message.Length == 0 || part.MessageType == WebSocketMessageType.Binary) && isLast(message))
            {
                return heard.ToString();
            }

            Assert.NotEmpty(message);
        }
    }
}
