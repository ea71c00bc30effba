using Bedside.Identity;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Storage.Retention;
using Bedside.Storage.Stays;

namespace Bedside.Host.Services;

/// <summary>Which keys hold a stay, and the end of them.</summary>
/// <param name="vault">Null = there is no vault to forget anybody in. Throws <see cref="IOException"/> when it cannot be had now.</param>
internal sealed class StayErasure(Store store, StayBook book, Func<IdentityVault?> vault) : IStayEraser
{
    /// <summary>A key that has less of a stay, and more of others, is theirs; but not the one that has most of it.</summary>
    private static readonly TimeSpan LeastOwn = TimeSpan.FromMinutes(10);

    public bool IsClockTrusted => store.Health.Retention.Pause != RetentionPause.ClockUntrusted;

    public ErasurePlan? Plan(StayId stay)
    {
        Stay[] keys = KeysOf(stay);
        StayId most = keys.MaxBy(key => book.TimesUnder(key.Id, stay).Own)?.Id ?? StayId.None;
        Stay[] spared = [.. keys.Where(key => key.Id != most && book.TimesUnder(key.Id, stay) is var (own, others) && own < LeastOwn && own < others)];
        return PlanOf(stay, [.. keys.Except(spared)], spared);
    }

    /// <summary>Every key that has anything of it, whoever else lies under it.</summary>
    public ErasurePlan? PlanWhole(StayId stay) => PlanOf(stay, KeysOf(stay), []);

    public async Task EraseAsync(StayId stay, ErasurePlan plan, CancellationToken cancel)
    {
        foreach (StayId key in plan.Keys)
        {
            await store.EraseStayAsync(key, cancel);
        }

        await StayBinding.BindAsync(store, book, cancel);
        await Task.Run(() => ForgetPersons([stay, .. plan.Keys.SelectMany(book.StaysOf)]), cancel);
    }

    private ErasurePlan? PlanOf(StayId stay, Stay[] keys, Stay[] spared) => keys.Length == 0 ? null : new ErasurePlan(
        [.. keys.Select(key => key.Id)],
        keys.Sum(key => key.Bytes),
        OthersOf(stay, keys),
        keys.Aggregate(TimeSpan.Zero, (sum, key) => sum + book.TimesUnder(key.Id, stay).Others),
        spared.Aggregate(TimeSpan.Zero, (sum, key) => sum + book.TimesUnder(key.Id, stay).Own));

    /// <summary>Those that can still be destroyed; of the id of a key that one, in whatever state it is.</summary>
    public Stay[] KeysOf(StayId stay)
    {
        bool isStay = IsStay(stay);
        IReadOnlyList<StayId> wanted = isStay ? book.KeysOf(stay) : [stay];
        return [.. store.ListStays().Where(key => wanted.Contains(key.Id) && (!isStay || key.State is not (StayState.Erased or StayState.Erasing)))];
    }

    /// <summary>False = it is the id of a key, or of nothing.</summary>
    public bool IsStay(StayId stay) => book.Spans.Any(span => span.Stay == stay);

    /// <summary>Keys change when it becomes known that another patient lies in the bed: what came before that is under the key of whoever was there.</summary>
    private StayId[] OthersOf(StayId stay, Stay[] keys) =>
    [
        .. keys.Select(key => book.StaysOf(key.Id))
            .Select(stays => (All: stays, Others: stays.Where(other => other != stay).ToArray()))
            .Where(one => one.Others.Length > (one.All.Contains(stay) ? 0 : 1))
            .SelectMany(one => one.Others)
            .Distinct(),
    ];

    /// <summary>The vault forgets who had none but the stays that are gone.</summary>
    private void ForgetPersons(HashSet<StayId> gone)
    {
        PersonToken[] persons = [.. book.Spans.Where(span => gone.Contains(span.Stay) && span.Person.IsKnown).Select(span => span.Person).Distinct()];
        if (persons.Length == 0 || vault() is not { } identities)
        {
            return;
        }

        HashSet<PersonToken> left = [.. book.Spans.Where(span => !gone.Contains(span.Stay)).Select(span => identities.SurvivorOf(span.Person))];
        foreach (PersonToken person in persons.Where(person => !left.Contains(identities.SurvivorOf(person))))
        {
            _ = identities.Forget(person);
        }
    }
}
