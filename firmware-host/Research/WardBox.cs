using Bedside.Host.Commands;
using Bedside.Identity;
using Bedside.Identity.Studies;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Storage.Stays;

namespace Bedside.Host.Research;

/// <summary>The data folder of one box of the ward, opened to be read beside a box that may be running.</summary>
internal sealed class WardBox : IAsyncDisposable
{
    private readonly BoxKey _box;
    private readonly IdentityVault? _vault;
    private readonly StaySettings _stays;
    private readonly TimeProvider _clock;

    private WardBox(DirectoryInfo data, BoxKey box, StaySettings stays, TimeProvider clock)
    {
        (Data, _box, _stays, _clock) = (data, box, stays, clock);
        Store = Store.OpenReadOnly(data.FullName, clock, box);
        _vault = IdentityVault.IsIn(data.FullName) ? IdentityVault.Open(data.FullName, box) : null;
    }

    public DirectoryInfo Data { get; }

    public Store Store { get; }

    /// <summary>Throws <see cref="CommandFailedException"/>, <see cref="IOException"/>.</summary>
    public static WardBox Open(DirectoryInfo data, FileInfo? key, StaySettings stays, TimeProvider clock) =>
        new(data, BoxKeyPlace.Read(StoreArguments.Existing(data), key) ?? throw new CommandFailedException($"{data.FullName} has no box key; a study needs it to know whose stays there are."), stays, clock);

    /// <summary>The stays that a study may know, as the book of stays is at this moment: objections of now are out.</summary>
    public StudyRoll Roll(StudyNames names, SubjectKey subjects, TimeZoneInfo zone, RefusedElsewhere? elsewhere)
    {
        using StayBook book = Book();
        return _vault is null ? new StudyRoll([], new Dictionary<NoStudyReason, int>()) : StudySubjects.Of(_vault, book.Spans, book.Wishes, names, subjects, zone, elsewhere);
    }

    /// <summary>Of these stays those whose patient says no by now, or that are to be erased.</summary>
    public IReadOnlySet<StayId> Objected(IEnumerable<StayId> stays, RefusedElsewhere? elsewhere)
    {
        using StayBook book = Book();
        return Objected((Data, _box), book, [.. stays], elsewhere);
    }

    /// <summary>Everybody who refuses on this box by now, as <see cref="StudySubject.Marks"/>: what other boxes have of them is refused too. Throws <see cref="IOException"/>.</summary>
    public IReadOnlySet<UInt128> Refusing(SubjectKey subjects)
    {
        using StayBook book = Book();
        return Refusing(Data, _box, book, subjects);
    }

    /// <summary>
    /// Both without opening the store, for a box that is looked at often: of these stays those that are refused there, and everybody who refuses there. Throws <see cref="IOException"/> for a box that
    /// cannot be asked.
    /// </summary>
    public static (IReadOnlySet<StayId> Stays, IReadOnlySet<UInt128> Refusing) Objected(DirectoryInfo data, BoxKey? key, StaySettings settings, TimeProvider clock, (SubjectKey Subjects, RefusedElsewhere? Elsewhere) unit, IEnumerable<StayId> stays)
    {
        if (!data.Exists)
        {
            throw new IOException($"{data.FullName} is not there, so nobody can ask its patients’ objections, and nothing leaves unasked; put it back");
        }

        using var book = StayBook.OpenReadOnly(data.FullName, key, settings, clock);
        return book.Locked > 0 ? throw Unread(data) : (Objected((data, key), book, [.. stays], unit.Elsewhere), Refusing(data, key, book, unit.Subjects));
    }

    /// <summary>Hours in which a signal had values, to the minute; no sample is read.</summary>
    public double HoursOf(string signal, UtcInstant from, UtcInstant to) =>
        Store.Signals.Where(one => one.Metric.SignalId == signal).Select(one => HoursOf(one, from, to)).DefaultIfEmpty().Max();

    public async ValueTask DisposeAsync()
    {
        _vault?.Dispose();
        await Store.DisposeAsync();
        _box.Dispose();
    }

    private double HoursOf(Signal signal, UtcInstant from, UtcInstant to)
    {
        const double Minute = 60e9;
        const double Hour = 3600e9;
        int columns = (int)Math.Clamp(Math.Ceiling(to.Since(from) / Minute), 1, 100_000);
        return Store.EnvelopeOnGrid(signal, from, to, columns)
            .Where(point => point.Count > 0)
            .Sum(point => Math.Max(0, (point.Until < to ? point.Until : to).Since(point.Time > from ? point.Time : from))) / Hour;
    }

    /// <summary>The vault is read anew: who was merged or named since is known.</summary>
    private static IReadOnlySet<UInt128> Refusing(DirectoryInfo data, BoxKey? key, StayBook book, SubjectKey subjects)
    {
        if (!IdentityVault.IsIn(data.FullName))
        {
            return new HashSet<UInt128>();
        }

        using var vault = IdentityVault.Open(data.FullName, key ?? throw Unread(data));
        return StudySubjects.Refusing(vault, book.Spans, book.Wishes, subjects);
    }

    private static IOException Unread(DirectoryInfo data) => new($"objections in {data.FullName} cannot be read without its box key, and nothing leaves unread");

    private StayBook Book() => StayBook.OpenReadOnly(Data.FullName, _box, _stays, _clock);

    /// <summary>Said here, or at another bed of the unit; the vault is read anew.</summary>
    private static HashSet<StayId> Objected((DirectoryInfo Data, BoxKey? Key) place, StayBook book, IReadOnlyList<StayId> stays, RefusedElsewhere? elsewhere)
    {
        HashSet<StayId> objected = [.. stays.Where(stay => StayWishes.ResearchOf(stay, book.Spans, book.Wishes) is { IsRefused: true } || StayWishes.IsErasureAgreed(stay, book.Wishes))];
        if (elsewhere is { Marks.Count: > 0 } && IdentityVault.IsIn(place.Data.FullName))
        {
            using var vault = IdentityVault.Open(place.Data.FullName, place.Key ?? throw Unread(place.Data));
            objected.UnionWith(StudySubjects.Refused(vault, book.Spans, stays, elsewhere));
        }

        return objected;
    }
}
