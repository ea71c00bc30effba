using Bedside.Host.Services;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Storage.Stays;
using Bedside.Tests.Storage;
using Bedside.Tests.Viewer;

namespace Bedside.Tests.Services;

/// <summary>Which keys go with a stay: messages come a little after what they tell, so that the ends of stays lie under their neighbours' keys.</summary>
public sealed class StayErasureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();

    private UtcInstant Now => UtcInstant.FromDateTime(_clock.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_keys_of_a_stay_go_and_those_of_its_neighbours_stay_though_they_share_some_seconds()
    {
        using var box = BoxKey.ReadOrCreate(Path.Combine(_folder.Path, "box.key"), out string _);
        await using var store = Store.Open(_folder.Path, new StoreOptions { BoxKey = box }, _clock);
        using StayBook book = store.OpenStays(new StaySettings());
        StayId first = await AdmitAsync(store, book, 1, late: TimeSpan.FromSeconds(30));
        _clock.Pass(TimeSpan.FromHours(5));
        StayId second = await AdmitAsync(store, book, 2, late: TimeSpan.FromSeconds(40));
        _clock.Pass(TimeSpan.FromHours(5));
        StayId third = await AdmitAsync(store, book, 3, late: TimeSpan.FromSeconds(50));
        _clock.Pass(TimeSpan.FromHours(5));
        await book.ElapseAsync(CancellationToken.None);
        var erasure = new StayErasure(store, book, () => null);
        StayId[] keys = [.. book.Keys.Select(key => key.Key)];
        StayId Of(StayId stay) => keys.MaxBy(key => book.TimesUnder(key, stay).Own);

        ErasurePlan plan = erasure.Plan(second)!;

        Assert.Equal([Of(second)], plan.Keys);
        Assert.Equal(TimeSpan.FromSeconds(40), plan.LeftTime);
        Assert.Equal(TimeSpan.FromSeconds(50), plan.OthersTime);
        await erasure.EraseAsync(second, plan, CancellationToken.None);
        Assert.Equal([Of(second)], store.ListStays().Where(key => key.State == StayState.Erased).Select(key => key.Id));
        Assert.NotNull(erasure.Plan(first));
        Assert.Equal([Of(third)], erasure.Plan(third)!.Keys);
        Assert.Equal(2, erasure.PlanWhole(first)!.Keys.Count);
    }

    /// <summary>Somebody is admitted now, and that is told, and has a key, so much later.</summary>
    private async Task<StayId> AdmitAsync(Store store, StayBook book, int number, TimeSpan late)
    {
        UtcInstant happened = Now;
        _clock.Pass(late);
        await book.SayAsync(
            new StayEvent
            {
                Kind = StayEventKind.Admit,
                Source = StaySource.Admissions,
                Arrived = Now,
                Happened = happened,
                Sent = happened,
                Place = Place.Here,
                Visit = new VisitToken((UInt128)number),
                Person = new PersonToken((UInt128)number),
                Content = (UInt128)number,
            },
            CancellationToken.None);
        await store.BeginStayAsync(StayId.New(), CancellationToken.None);
        await StayBinding.BindAsync(store, book, CancellationToken.None);
        return book.Present!.Stay;
    }
}
