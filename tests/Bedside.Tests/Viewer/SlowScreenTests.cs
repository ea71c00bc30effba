using System.Net.WebSockets;
using System.Text.Json;
using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Tests.Viewer;

/// <summary>Screens that do not keep up: credit, gaps, acknowledgements.</summary>
public class SlowScreenTests
{
    [Fact]
    public async Task A_stalled_screen_is_told_of_the_gap_and_never_shown_old_waves_as_live()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options =>
        {
            options.Live.FrameInterval = TimeSpan.FromMilliseconds(1);
            options.Live.Credit = 5;
            options.Live.WaitingBatches = 6;
        });
        Signal ecg = Blocks.Ecg(host.Store);
        Signal rate = Blocks.HeartRate(host.Store);
        using LiveConnection stalled = await host.ConnectAsync();
        using LiveConnection quick = await host.ConnectAsync();
        await stalled.BeginAsync();
        await quick.BeginAsync();

        const int count = 30;
        for (int i = 0; i < count; i++)
        {
            string key = $"a{i}";
            await host.Store.StoreAsync(Blocks.Second(host, ecg, i), Blocks.Reading(rate, host.Now.Add(i), 60 + i), Blocks.Alert(host.Now.Add(i), key, AlertPhase.Start));
            await quick.BlocksUntilAsync(block => block is AlertBlock alert && alert.Alert.Key == key);
        }

        var received = new List<Block>();
        uint last = 0;
        for (int frames = 0; frames < 5;)
        {
            LiveFrame frame = await stalled.NextAsync(LiveFrame.Blocks);
            received.AddRange(frame.Decoded);
            last = frame.Sequence;
            frames++;
        }

        Assert.Equal(LiveFrame.Status, (await stalled.ReceiveAsync())!.Type);
        await stalled.AcknowledgeAsync(last);
        JsonElement gap = (await stalled.NextAsync(LiveFrame.Gap)).Json;
        List<Block> after = await stalled.BlocksUntilAsync(block => block is AlertBlock { Alert.Key: "a29" });
        received.AddRange(after);

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"a{i}"), received.OfType<AlertBlock>().Select(block => block.Alert.Key));
        long[] shown = [.. received.OfType<SampleBlock>().Select(block => block.FirstIndex / Blocks.Rate)];
        long[] missed = [.. Enumerable.Range(0, count).Select(i => (long)i).Except(shown)];
        Assert.Equal(shown.Order(), shown);
        Assert.InRange(missed.Length, 15, count - 3);
        Assert.InRange(after.OfType<SampleBlock>().Count(), 2, 6);
        Assert.Equal(Blocks.Second(host, ecg, (int)missed[0]).Start.ToString(), gap.GetProperty("from").GetString());
        Assert.Equal(Blocks.Second(host, ecg, (int)missed[^1]).End.ToString(), gap.GetProperty("to").GetString());
        Assert.Equal(missed.Length, gap.GetProperty("frames").GetInt32());
        Assert.Equal(60 + count - 1, after.OfType<NumericBlock>().Last().Readings[^1].Value!.Value.Mantissa);
        Assert.InRange(after.OfType<NumericBlock>().Count(), 2, 7);
    }

    [Fact]
    public async Task A_screen_that_never_reads_slows_neither_the_store_nor_another()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Live.FrameInterval = TimeSpan.FromMilliseconds(1));
        Signal ecg = Blocks.Ecg(host.Store);
        using LiveConnection mute = await host.ConnectAsync();
        using LiveConnection quick = await host.ConnectAsync();
        await mute.HelloAsync();
        await quick.BeginAsync();
        var random = new Random(5);
        var received = new List<Block>();

        for (int i = 0; i < 40; i++)
        {
            int[] noise = [.. Enumerable.Range(0, 50_000).Select(_ => random.Next())];
            await host.Store.StoreAsync(Blocks.Wave(ecg, host.Now.Add(i * 200_000_000_000L), noise, i * 50_000L));
            int index = i;
            received.AddRange(await quick.BlocksUntilAsync(block => block is SampleBlock wave && wave.FirstIndex == index * 50_000L));
        }

        Assert.Equal(40, received.OfType<SampleBlock>().Count());
    }

    [Fact]
    public async Task A_screen_that_does_not_acknowledge_is_closed_with_4008()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(Impatient);
        Signal ecg = Blocks.Ecg(host.Store);
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync();

        await host.Store.StoreAsync(Blocks.Second(host, ecg, 0));

        Assert.Equal(4008, (int)(await screen.UntilClosedAsync())!.Value);
    }

    [Fact]
    public async Task A_screen_that_says_no_hello_is_closed_with_4008()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options =>
            (options.Live.HelloTimeout, options.Live.StatusInterval) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(30)));
        using LiveConnection screen = await host.ConnectAsync();

        Assert.Equal(4008, (int)(await screen.UntilClosedAsync())!.Value);
    }

    [Fact]
    public async Task A_screen_that_owes_nothing_is_left_alone()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(Impatient);
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync();

        for (int i = 0; i < 20; i++)
        {
            await screen.NextAsync(LiveFrame.Status);
        }

        await screen.CloseAsync();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, screen.CloseStatus);
    }

    private static void Impatient(ViewerOptions options)
    {
        options.Live.AckTimeout = TimeSpan.FromMilliseconds(200);
        options.Live.StatusInterval = TimeSpan.FromMilliseconds(30);
    }
}
