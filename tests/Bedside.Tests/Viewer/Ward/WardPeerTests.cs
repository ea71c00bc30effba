using Bedside.Viewer;
using Bedside.Viewer.Ward;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Viewer.Ward;

/// <summary>Another box that stalls, lies, floods, dies or begins anew: its tile says so, and this box goes on.</summary>
public class WardPeerTests
{
    private static readonly PeerPace Hurried = new()
    {
        Silence = TimeSpan.FromMilliseconds(800),
        Ask = TimeSpan.FromMilliseconds(100),
        AskWhileUnmeasured = TimeSpan.FromMilliseconds(50),
        FirstWait = TimeSpan.FromMilliseconds(20),
        AsksUntilBed = 2,
    };

    [Fact]
    public async Task What_a_box_says_is_on_its_tile()
    {
        await using FakePeer peer = await FakePeer.StartAsync(TalkAsync);
        await using var known = new Dialled(peer);

        WardBedAnswer bed = await known.UntilAsync(one => one.State == Freshness.Live && one.Wave is not null);

        Assert.Equal(("7", PeerLinkState.Open, "hr"), (bed.Bed, bed.Link, bed.Slots[0].Key));
        Assert.Equal(80, bed.Slots[0].Parts[0].Last!.Value);
        Assert.Equal("ecg-ii", bed.Wave!.Id);
        await known.UntilAsync(_ => known.Samples > 100);
    }

    [Fact]
    public async Task Another_run_of_the_box_is_taken_up_with_its_own_values()
    {
        await using FakePeer peer = await FakePeer.StartAsync(async (talk, number) =>
        {
            await talk.BeginAsync((uint)number);
            for (int i = 0; i < 5; i++)
            {
                await talk.LiveAsync(70 + number, (uint)number);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, talk.Cancel);
            }
        });
        await using var known = new Dialled(peer);

        await known.UntilAsync(one => one.Epoch == 1 && ValueOf(one) == 71);
        await known.UntilAsync(one => one.Epoch == 2 && ValueOf(one) == 72);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("not a frame")]
    [InlineData("block past the end")]
    [InlineData("huge")]
    [InlineData("broken json")]
    [InlineData("nested json")]
    [InlineData("silent")]
    [InlineData("trickle")]
    [InlineData("hangs up")]
    public async Task A_box_that_does_not_behave_is_given_up_and_tried_again(string fault)
    {
        await using FakePeer peer = await FakePeer.StartAsync((talk, number) => number < 3 ? MisbehaveAsync(talk, fault) : TalkAsync(talk, number));
        await using var known = new Dialled(peer);

        WardBedAnswer bed = await known.UntilAsync(one => one.State == Freshness.Live);

        Assert.True(peer.Connections >= 3, $"{peer.Connections} connections");
        Assert.Equal(80, ValueOf(bed));
    }

    [Fact]
    public async Task A_box_of_another_bed_shows_nothing_until_it_says_the_right_one()
    {
        await using FakePeer peer = await FakePeer.StartAsync(TalkAsync);
        peer.Bed = "8";
        await using var known = new Dialled(peer);

        WardBedAnswer other = await known.UntilAsync(one => one.Link == PeerLinkState.OtherBed);
        Assert.Equal("8", other.Said);
        Assert.Empty(other.Slots);

        peer.Bed = "7";
        await known.UntilAsync(one => one.State == Freshness.Live);
        peer.Bed = "9";
        WardBedAnswer moved = await known.UntilAsync(one => one.Link == PeerLinkState.OtherBed && one.Said == "9");
        Assert.Equal(Freshness.Lost, moved.State);
        Assert.Empty(moved.Slots);
    }

    [Fact]
    public async Task Nobody_there_is_a_tile_that_says_so()
    {
        Uri gone;
        await using (FakePeer peer = await FakePeer.StartAsync(TalkAsync))
        {
            gone = peer.Address;
        }

        await using var known = new Dialled(gone);
        WardBedAnswer bed = await known.UntilAsync(one => one.Link == PeerLinkState.Unreachable);
        Assert.Equal((Freshness.Lost, null), (bed.State, bed.Heard));
    }

    [Fact]
    public void Waiting_grows_to_eight_seconds_and_no_two_beds_wait_alike()
    {
        var pace = new PeerPace();
        Assert.All(Enumerable.Range(0, 40), attempt => Assert.InRange(pace.WaitOf(attempt, 1).TotalSeconds, 0.1, 8));
        Assert.True(pace.WaitOf(40, 1) > TimeSpan.FromSeconds(4));
        Assert.NotEqual(pace.WaitOf(3, 1), pace.WaitOf(3, 2));
    }

    private static double? ValueOf(WardBedAnswer bed) => bed.Slots.Count == 0 ? null : bed.Slots[0].Parts[0].Last?.Value;

    private static async Task TalkAsync(FakeTalk talk, int number)
    {
        await talk.BeginAsync();
        while (true)
        {
            await talk.LiveAsync(80);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, talk.Cancel);
        }
    }

    private static async Task MisbehaveAsync(FakeTalk talk, string fault)
    {
        switch (fault)
        {
            case "garbage":
                await talk.BeginAsync();
                await talk.FrameAsync(1, 7, [8, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
                break;
            case "not a frame":
                await talk.RawAsync(new byte[100]);
                break;
            case "block past the end":
                await talk.BeginAsync();
                await talk.FrameAsync(1, 7, [255, 255, 0, 0, 1, 2, 3]);
                break;
            case "huge":
                for (int i = 0; i < 40; i++)
                {
                    await talk.RawAsync(new byte[1 << 20], isEnd: false);
                }

                break;
            case "broken json":
                await talk.FrameAsync(4, 7, "{\"session\":"u8.ToArray());
                break;
            case "nested json":
                await talk.FrameAsync(4, 7, System.Text.Encoding.ASCII.GetBytes(new string('[', 10_000) + new string(']', 10_000)));
                break;
            case "trickle":
                await talk.BeginAsync();
                for (int i = 0; i < 200; i++)
                {
                    await talk.RawAsync([1], isEnd: false);
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, talk.Cancel);
                }

                break;
            case "hangs up":
                return;
        }

        // Says nothing more until the other side has enough of it.
        while (await talk.HearAsync() is { Length: > 0 })
        {
            await Task.Yield();
        }
    }

    /// <summary>This box's side of one conversation.</summary>
    private sealed class Dialled : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly PeerRequests _requests;
        private readonly PeerBed _bed = new(1, "7", isOwn: false, TimeProvider.System);
        private readonly Task _talking;
        private int _samples;

        public Dialled(FakePeer peer)
            : this(peer.Address)
        {
        }

        public Dialled(Uri address)
        {
            Uri root = WardPaths.RootOf(address);
            _requests = new PeerRequests(() => root);
            _talking = new PeerLink(_bed, () => new Uri(root, "live"), _requests, block => Interlocked.Add(ref _samples, block.Samples.Length), Hurried, TimeProvider.System, NullLogger.Instance).RunAsync(_stop.Token);
        }

        public int Samples => Volatile.Read(ref _samples);

        public async Task<WardBedAnswer> UntilAsync(Func<WardBedAnswer, bool> isSo)
        {
            using var patience = new CancellationTokenSource(ViewerHost.Patience);
            while (true)
            {
                WardBedAnswer bed = _bed.Read("own");
                if (isSo(bed))
                {
                    return bed;
                }

                Assert.False(patience.IsCancellationRequested, $"not in time; it stands so: {bed}");
                Assert.False(_talking.IsCompleted, $"it stopped talking: {_talking.Exception}");
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _talking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _requests.Dispose();
            _stop.Dispose();
        }
    }
}
