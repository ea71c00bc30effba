using Bedside.Host.Services;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Stays;
using Bedside.Tests.Simulators;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Services;

/// <summary>Keys of the store follow who lies in the bed, and signals tell the book that somebody does.</summary>
public sealed class StayWatchTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private Store _store;
    private StayBook _book;
    private StayWatch _watch;
    private StoreFollower _follower;

    public StayWatchTests() => (_store, _book, _watch, _follower) = Start();

    private static UtcInstant Now => UtcInstant.FromDateTime(TimeProvider.System.GetUtcNow());

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_patient_and_nobody_has_a_key_of_its_own()
    {
        StayId first = _store.CurrentStay;
        await LookAsync();
        Assert.Equal(first, _store.CurrentStay);
        await SayAsync(StayEventKind.Admit, 1);
        StayId second = _store.CurrentStay;
        Assert.NotEqual(first, second);
        await LookAsync();
        Assert.Equal(second, _store.CurrentStay);
        await SayAsync(StayEventKind.Discharge, 1);
        StayId third = _store.CurrentStay;
        await SayAsync(StayEventKind.Admit, 2);
        Assert.Equal(4, new[] { first, second, third, _store.CurrentStay }.Distinct().Count());
        Assert.Equal([first, second, third, _store.CurrentStay], _book.Keys.Select(key => key.Key));
        Assert.Equal([StayId.None, _book.Spans[0].Stay, StayId.None, _book.Present!.Stay], _book.Keys.Select(key => key.Stay));
        Assert.Contains(second, _book.KeysOf(_book.Spans[0].Stay));
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_key_and_what_changed_meanwhile_begins_another()
    {
        await SayAsync(StayEventKind.Admit, 1);
        StayId key = _store.CurrentStay;
        await RestartAsync();
        Assert.Equal(key, _store.CurrentStay);
        await StopAsync();
        using (var book = StayBook.Open(_folder.Path, TestKeys.Options(), new StaySettings(), TimeProvider.System))
        {
            _ = await book.SayAsync(Event(StayEventKind.Discharge, 1), CancellationToken.None);
        }

        await RestartAsync();
        Assert.NotEqual(key, _store.CurrentStay);
    }

    [Fact]
    public async Task A_key_that_was_erased_is_followed_by_one_of_the_same_stay()
    {
        await SayAsync(StayEventKind.Admit, 1);
        StayId stay = _book.Present!.Stay;
        await _store.EraseStayAsync(_store.CurrentStay, CancellationToken.None);
        StayId next = _store.CurrentStay;
        await LookAsync();
        Assert.Equal((next, next, stay), (_store.CurrentStay, _book.Keys[^1].Key, _book.Keys[^1].Stay));
    }

    [Fact]
    public async Task Signals_that_come_are_said_and_begin_a_stay_of_whoever_it_is()
    {
        StayId key = _store.CurrentStay;
        SignalNumber number = _store.Register("monitor", Bed.RateMetric).Number;
        UtcInstant from = Now.Add(-3_600_000_000_000);
        for (int second = 0; second < 40; second++)
        {
            UtcInstant at = from.Add(second * 1_000_000_000L);
            Assert.True(_store.TryAppend(new NumericBlock { Signal = number, Start = at, Readings = [new NumericReading(at, new Fixed(70, 0), Validity.Valid, DeviceNanoseconds: null)] }));
            _time.Pass(TimeSpan.FromSeconds(1));
            await LookAsync();
        }

        StaySpan span = Assert.Single(_book.Spans);
        Assert.Equal((from, null, StayCertainty.NoPatientYet), (span.From, span.To, span.Certainty));
        Assert.Equal((key, span.Stay), (_store.CurrentStay, _book.Keys[^1].Stay));
        _ = await _store.SyncAsync(CancellationToken.None);

        // The newest that is stored is an hour old: they ended then.
        await RestartAsync();
        Assert.Equal((StayEventKind.SignalsEnded, from.Add(39_000_000_000)), (_book.Events[^1].Kind, _book.Events[^1].Happened));
        Assert.Null(_book.Present);
    }

    private static StayEvent Event(StayEventKind kind, ulong visit) => new()
    {
        Kind = kind,
        Source = StaySource.Admissions,
        Arrived = Now,
        Happened = Now,
        Recorded = Now,
        Visit = new VisitToken(visit),
        Person = new PersonToken(visit),
        Place = Place.Here,
    };

    private async Task SayAsync(StayEventKind kind, ulong visit)
    {
        _ = await _book.SayAsync(Event(kind, visit), CancellationToken.None);
        await LookAsync();
    }

    private Task LookAsync() => _watch.LookAsync(_follower, CancellationToken.None);

    private async Task RestartAsync()
    {
        await StopAsync();
        (_store, _book, _watch, _follower) = Start();
        await LookAsync();
    }

    private async Task StopAsync()
    {
        _follower.Dispose();
        _watch.Dispose();
        _book.Dispose();
        await _store.DisposeAsync();
    }

    private (Store Store, StayBook Book, StayWatch Watch, StoreFollower Follower) Start()
    {
        var store = Store.Open(_folder.Path, TestKeys.Options(Environment.TickCount), TimeProvider.System);
        StayBook book = store.OpenStays(new StaySettings());
        return (store, book, new StayWatch(store, book, new TimeOfBox(_time), NullLogger<StayWatch>.Instance), store.Follow(4096));
    }

    /// <summary>The wall clock is the system's, what passes is the test's.</summary>
    private sealed class TimeOfBox(ManualTime passed) : TimeProvider
    {
        public override long TimestampFrequency => passed.TimestampFrequency;

        public override long GetTimestamp() => passed.GetTimestamp();
    }
}
