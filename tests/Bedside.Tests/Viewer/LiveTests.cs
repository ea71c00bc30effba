using System.Net.WebSockets;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Viewer;

/// <summary>The WebSocket of PROTOCOL.md, section 2, over a real connection.</summary>
public class LiveTests
{
    [Fact]
    public async Task Hello_is_answered_with_everything_there_is_then_the_past_flagged_as_such_then_what_is_new()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        SampleBlock past = Blocks.Second(host, ecg, 0);
        using LiveConnection first = await host.ConnectAsync();
        await first.BeginAsync();
        await host.Store.StoreAsync(past);
        await first.BlocksUntilAsync(block => block is SampleBlock);

        using LiveConnection second = await host.ConnectAsync();
        LiveFrame snapshot = await second.BeginAsync();
        LiveFrame history = await second.NextAsync(LiveFrame.Blocks);
        SampleBlock present = Blocks.Second(host, ecg, 1);
        await host.Store.StoreAsync(present);
        LiveFrame live = await second.NextAsync(LiveFrame.Blocks);

        Assert.Equal("bedside.v1", second.SubProtocol);
        Assert.Equal("ecg-ii", snapshot.Json.GetProperty("signals")[0].GetProperty("id").GetString());
        Assert.Equal("12", snapshot.Json.GetProperty("session").GetProperty("bed").GetString());
        Assert.Equal("monitor", snapshot.Json.GetProperty("devices")[0].GetProperty("device").GetString());
        Assert.Equal(snapshot.Epoch, snapshot.Json.GetProperty("session").GetProperty("epoch").GetUInt32());
        Assert.True(history.IsHistory);
        Assert.Contains(BlockCodec.Encode(past), history.BlockBytes);
        Assert.False(live.IsHistory);
        Assert.Equal([BlockCodec.Encode(present)], live.BlockBytes);
        Assert.Equal((host.Now.UnixNanoseconds, uint.MaxValue), (live.TimeNanoseconds, live.Uncertainty));
        Assert.Equal(1u, snapshot.Sequence);
    }

    [Fact]
    public async Task Frames_hold_the_very_blocks_that_were_appended_in_order()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        Signal rate = Blocks.HeartRate(host.Store);
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync();
        var stored = new List<Block>();
        for (int i = 0; i < 40; i++)
        {
            stored.Add(Blocks.Second(host, ecg, i));
            stored.Add(Blocks.Reading(rate, host.Now.Add(i), 60 + i, -1, Validity.DemoData));
            stored.Add(Blocks.Alert(host.Now.Add(i), $"a{i}", AlertPhase.Start));
        }

        Task<List<Block>> receiving = screen.BlocksUntilAsync(block => block is AlertBlock { Alert.Key: "a39" });
        await host.Store.StoreAsync([.. stored]);
        List<Block> received = await receiving;

        Assert.Equal(stored.ConvertAll(BlockCodec.Encode), received.Where(block => block is not SignalBlock).Select(BlockCodec.Encode));
    }

    [Fact]
    public async Task Sequence_numbers_have_no_holes_and_frames_keep_their_distance()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Live.StatusInterval = TimeSpan.FromMilliseconds(20));
        Signal ecg = Blocks.Ecg(host.Store);
        using LiveConnection screen = await host.ConnectAsync();
        await screen.HelloAsync();
        uint expected = 1;
        int blocks = 0;
        while (blocks < 5)
        {
            LiveFrame frame = (await screen.ReceiveAsync())!;
            Assert.Equal(expected++, frame.Sequence);
            if (frame.Type is LiveFrame.Snapshot or LiveFrame.Blocks)
            {
                blocks++;
                await host.Store.StoreAsync(Blocks.Second(host, ecg, blocks));
            }
        }
    }

    [Fact]
    public async Task The_heart_beats_when_nothing_happens()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Live.StatusInterval = TimeSpan.FromMilliseconds(30));
        Signal rate = Blocks.HeartRate(host.Store);
        await host.Store.StoreAsync(Blocks.Reading(rate, host.Now, 80));
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync();

        JsonElement fresh = (await screen.NextAsync(LiveFrame.Status)).Json;
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await screen.NextAsync(LiveFrame.Status);
        JsonElement lost = (await screen.NextAsync(LiveFrame.Status)).Json;
        Blocks.Cuff(host.Store);
        await screen.NextAsync(LiveFrame.Status);
        JsonElement grown = (await screen.NextAsync(LiveFrame.Status)).Json;

        Assert.Equal("live", fresh.GetProperty("signals").GetProperty("hr").GetString());
        Assert.Equal("lost", lost.GetProperty("signals").GetProperty("hr").GetString());
        Assert.Equal("silent", lost.GetProperty("devices")[0].GetProperty("state").GetString());
        Assert.Equal(fresh.GetProperty("dictionary").GetString(), lost.GetProperty("dictionary").GetString());
        Assert.NotEqual(fresh.GetProperty("dictionary").GetString(), grown.GetProperty("dictionary").GetString());
        Assert.Equal(JsonValueKind.String, fresh.GetProperty("storedUpTo").ValueKind);
        Assert.Equal(JsonValueKind.String, fresh.GetProperty("build").ValueKind);
    }

    [Fact]
    public async Task Whoever_comes_at_any_moment_gets_each_block_once()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options =>
            (options.Live.FrameInterval, options.Live.Credit, options.Live.WaitingBatches) = (TimeSpan.FromMilliseconds(1), 10_000, 1_000));
        Signal ecg = Blocks.Ecg(host.Store);
        const int count = 300;
        using LiveConnection opening = await host.ConnectAsync();
        await opening.BeginAsync();
        var producing = Task.Run(async () =>
        {
            for (int i = 0; i < count; i++)
            {
                await host.Store.AppendAsync(Blocks.Second(host, ecg, i), CancellationToken.None);
                await Task.Yield();
            }
        });

        var all = new List<List<Block>>();
        for (int i = 0; i < 4; i++)
        {
            using LiveConnection screen = await host.ConnectAsync();
            await screen.BeginAsync();
            all.Add(await screen.BlocksUntilAsync(block => IsWave(block, count - 1)));
        }

        await producing;
        all.Add(await opening.BlocksUntilAsync(block => IsWave(block, count - 1)));
        foreach (List<Block> blocks in all)
        {
            int[] seen = [.. blocks.OfType<SampleBlock>().Select(block => (int)(block.FirstIndex / Blocks.Rate))];
            Assert.Equal(Enumerable.Range(0, count), seen);
        }
    }

    [Fact]
    public async Task A_second_hello_begins_anew()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync();
        await host.Store.StoreAsync(Blocks.Second(host, ecg, 0));
        await screen.BlocksUntilAsync(block => block is SampleBlock);

        LiveFrame snapshot = await screen.BeginAsync();
        LiveFrame history = await screen.NextAsync(LiveFrame.Blocks);

        Assert.True(snapshot.Sequence > 1);
        Assert.True(history.IsHistory);
        Assert.Single(history.Decoded.OfType<SampleBlock>());
    }

    [Fact]
    public async Task A_hidden_tab_gets_no_waves_and_their_history_when_it_is_shown_again()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        Signal rate = Blocks.HeartRate(host.Store);
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync(waves: false);
        await host.Store.StoreAsync(Blocks.Second(host, ecg, 0), Blocks.Reading(rate, host.Now, 80));
        List<Block> hidden = await screen.BlocksUntilAsync(block => block is NumericBlock);

        await screen.SayAsync("""{"type":"waves","on":true}""");
        LiveFrame history = await screen.NextAsync(LiveFrame.Blocks);
        await host.Store.StoreAsync(Blocks.Second(host, ecg, 1));
        LiveFrame live = await screen.NextAsync(LiveFrame.Blocks);
        await screen.SayAsync("""{"type":"waves","on":false}""");
        await screen.SayAsync("""{"type":"ping","t":1}""");
        await screen.NextAsync(0);
        await host.Store.StoreAsync(Blocks.Second(host, ecg, 2), Blocks.Reading(rate, host.Now.Add(1), 81));
        LiveFrame again = await screen.NextAsync(LiveFrame.Blocks);

        Assert.DoesNotContain(hidden, block => block is SampleBlock);
        Assert.True(history.IsHistory);
        Assert.Equal(0, Assert.IsType<SampleBlock>(Assert.Single(history.Decoded)).FirstIndex);
        Assert.Equal(Blocks.Rate, Assert.IsType<SampleBlock>(Assert.Single(live.Decoded)).FirstIndex);
        Assert.IsType<NumericBlock>(Assert.Single(again.Decoded));
    }

    [Fact]
    public async Task Waves_that_come_late_are_flagged_as_the_past()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync();
        var flags = new Dictionary<long, bool>();

        await host.Store.StoreAsync(Blocks.Wave(ecg, host.Now.Add(TimeSpan.FromMinutes(-5)), Blocks.Counting(0, 250)), Blocks.Wave(ecg, host.Now.Add(TimeSpan.FromSeconds(-1)), Blocks.Counting(0, 250), 250));
        await screen.BlocksUntilAsync(block => block is SampleBlock { FirstIndex: 250 }, frame =>
        {
            foreach (SampleBlock wave in frame.Decoded.OfType<SampleBlock>())
            {
                flags[wave.FirstIndex] = frame.IsHistory;
            }
        });

        Assert.Equal([0L], flags.Where(flag => flag.Value).Select(flag => flag.Key));
        Assert.Equal([250L], flags.Where(flag => !flag.Value).Select(flag => flag.Key));
    }

    [Fact]
    public async Task A_ping_is_answered_with_the_time_of_the_box()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using LiveConnection screen = await host.ConnectAsync();

        await screen.SayAsync("""{"type":"ping","t":1234.5}""");
        JsonElement pong = (await screen.NextAsync(0)).Json;

        Assert.Equal("pong", pong.GetProperty("type").GetString());
        Assert.Equal(1234.5, pong.GetProperty("t").GetDouble());
        Assert.Equal(host.Now.ToString(), pong.GetProperty("serverTime").GetString());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"type":"reboot"}""")]
    [InlineData("""{"type":"ack"}""")]
    [InlineData("""{"type":"ack","seq":-1}""")]
    [InlineData("""{"type":"ping","t":1e999}""")]
    public async Task A_message_that_is_none_closes_the_connection(string message)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using LiveConnection screen = await host.ConnectAsync();

        await screen.SayAsync(message);

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await screen.UntilClosedAsync());
    }

    [Fact]
    public async Task A_message_that_is_too_long_closes_the_connection()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using LiveConnection screen = await host.ConnectAsync();

        await screen.SayAsync($$"""{"type":"hello","x":"{{new string('x', 5000)}}"}""");

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await screen.UntilClosedAsync());
    }

    [Fact]
    public async Task Only_pages_of_this_box_may_listen_and_only_in_this_protocol()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        Assert.Equal(403, (await Assert.ThrowsAsync<LiveRefusedException>(() => LiveConnection.OpenAsync(host.Address, origin: "http://evil.example"))).Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<LiveRefusedException>(() => LiveConnection.OpenAsync(host.Address, subProtocol: null))).Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<LiveRefusedException>(() => LiveConnection.OpenAsync(host.Address, subProtocol: "bedside.v2"))).Status);
        await host.GetProblemAsync("/api/v1/live", System.Net.HttpStatusCode.BadRequest);
        using LiveConnection own = await LiveConnection.OpenAsync(host.Address, origin: host.Address.GetLeftPart(UriPartial.Authority));
        await own.BeginAsync();
    }

    [Fact]
    public async Task There_is_a_place_again_when_a_screen_has_gone()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Live.Clients = 1);
        using (LiveConnection only = await host.ConnectAsync())
        {
            Assert.Equal(503, (await Assert.ThrowsAsync<LiveRefusedException>(host.ConnectAsync)).Status);
            await only.CloseAsync();
        }

        await ViewerHost.UntilAsync(
            async () =>
            {
                try
                {
                    using LiveConnection next = await host.ConnectAsync();
                    return true;
                }
                catch (LiveRefusedException)
                {
                    return false;
                }
            },
            "the place is free");
    }

    [Fact]
    public async Task When_the_box_stops_the_screens_are_told()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync();

        Task stopping = host.StopAsync();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await screen.UntilClosedAsync());
        await stopping;
    }

    private static bool IsWave(Block block, int second) => block is SampleBlock wave && wave.FirstIndex == (long)second * Blocks.Rate;
}
