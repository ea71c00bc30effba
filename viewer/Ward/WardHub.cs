using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Bedside.Model;
using Bedside.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Ward;

/// <summary>
/// The ward as this box sees it: one conversation with each other box, and the last seconds of every bed's wave for the screens, which take them at their own pace. Where no other bed is named it does nothing at all.
/// </summary>
internal sealed class WardHub : BackgroundService
{
    private const int KeptBatches = 100;
    private const int MostWaiting = 4_096;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<byte[]> _waiting = [];
    private readonly WardPageOptions _page;
    private readonly TimeProvider _time;
    private readonly IOptions<ViewerOptions> _options;
    private readonly WardGiver _giver;
    private readonly ImmutableArray<(PeerBed Bed, PeerLink Link, PeerRequests Requests, Uri? Address)> _peers;
    private ImmutableArray<WaveBatch> _batches = [];
    private long _number;
    private int _places;

    public WardHub(IOptions<ViewerOptions> options, WardGiver giver, PeerPace pace, TimeProvider time, ILogger<WardHub> log)
    {
        (_options, _giver, _time, _page) = (options, giver, time, options.Value.WardPage);
        _places = _page.MostScreens;
        IEnumerable<(string Bed, Uri? Address)> beds = _page.Peers.Select(peer => (peer.Bed, (Uri?)peer.Address));
        if (_page.Peers.Count > 0 && _page.HasOwnBed)
        {
            beds = beds.Append((options.Value.Ward().Bed, null));
        }

        _peers = [.. beds.OrderBy(one => one.Bed, BedOrder.Natural).Select((one, i) => Dial(i + 1, one.Bed, one.Address, pace, log))];
    }

    public bool IsHub => _peers.Length > 0;

    public IEnumerable<PeerBed> Beds => _peers.Select(peer => peer.Bed);

    /// <summary>The batches that are kept, oldest first.</summary>
    public ImmutableArray<WaveBatch> Batches
    {
        get
        {
            lock (_gate)
            {
                return _batches;
            }
        }
    }

    public bool TryEnter()
    {
        if (Interlocked.Decrement(ref _places) >= 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Increment(ref _places);

    /// <summary>Where another bed's box answers, and how it is asked; null = there is no such bed, or it is this box's own.</summary>
    public (PeerBed Bed, PeerRequests Requests, Uri Live)? Find(string bed)
    {
        foreach ((PeerBed known, _, PeerRequests requests, Uri? address) in _peers)
        {
            if (address is not null && string.Equals(known.Bed, bed, StringComparison.OrdinalIgnoreCase))
            {
                return (known, requests, new Uri(WardPaths.RootOf(address), "live"));
            }
        }

        return null;
    }

    /// <summary>All beds, or those that changed since the versions that are given, which are brought up to date.</summary>
    public WardAnswer Read(Dictionary<int, long>? seen = null)
    {
        bool isWhole = seen is null || seen.Count == 0;
        var beds = new List<WardBedAnswer>();
        foreach ((PeerBed bed, _, _, _) in _peers)
        {
            long version = bed.Version;
            if (seen is null || !seen.TryGetValue(bed.Place, out long before) || before != version)
            {
                beds.Add(bed.Read(_options.Value.Ward().Bed));
                _ = seen?[bed.Place] = version;
            }
        }

        return new WardAnswer(_time.Instant(), isWhole, IsHub, _giver.Given, beds);
    }

    public override void Dispose()
    {
        foreach ((_, _, PeerRequests requests, _) in _peers)
        {
            requests.Dispose();
        }

        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsHub)
        {
            return;
        }

        Task[] talking = [.. _peers.Select(peer => peer.Link.RunAsync(stoppingToken))];
        using var timer = new PeriodicTimer(Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Gather();
            }
        }
        catch (OperationCanceledException)
        {
            // The box stops.
        }

        await Task.WhenAll(talking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private (PeerBed, PeerLink, PeerRequests, Uri?) Dial(int place, string name, Uri? address, PeerPace pace, ILogger log)
    {
        var bed = new PeerBed(place, name, isOwn: address is null, _time);
        Uri? Root() => address is not null ? WardPaths.RootOf(address) : _page.Own() is { } own ? new Uri(own, "/api/v1/") : null;
        var requests = new PeerRequests(Root, _page.Tls);
        return (bed, new PeerLink(bed, () => Root() is { } root ? new Uri(root, "live") : null, requests, Offer, pace, _time, log), requests, address);
    }

    /// <summary>Samples of one bed, coded once for all screens.</summary>
    private void Offer(SampleBlock samples)
    {
        var encoded = new ArrayBufferWriter<byte>();
        encoded.Write(stackalloc byte[sizeof(uint)]);
        try
        {
            BlockCodec.Encode(samples, encoded);
        }
        catch (ArgumentException)
        {
            // Times that the format cannot hold: the other box's clock is far outside any sense, and its wave shows as missing.
            return;
        }

        byte[] bytes = encoded.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(bytes.Length - sizeof(uint)));
        lock (_gate)
        {
            if (_waiting.Count < MostWaiting)
            {
                _waiting.Add(bytes);
            }
        }
    }

    private void Gather()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            byte[] body = new byte[_waiting.Sum(one => one.Length)];
            int at = 0;
            foreach (byte[] one in _waiting)
            {
                one.CopyTo(body, at);
                at += one.Length;
            }

            _waiting.Clear();
            int drop = Math.Max(0, _batches.Length + 1 - KeptBatches);
            _batches = _batches.RemoveRange(0, drop).Add(new WaveBatch(++_number, _time.Instant(), body));
        }
    }
}

/// <summary>Waves of all beds that came within a tenth of a second, as the body of a DATA frame.</summary>
/// <param name="Number">Counts up by one.</param>
internal sealed record WaveBatch(long Number, UtcInstant At, byte[] Body);
