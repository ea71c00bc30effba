using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Disk;

namespace Bedside.Audit;

/// <summary>
/// The journal of access of a box, in the folder <c>audit</c> of its store's folder, which may be a file system of its own. Any thread may call, and other processes may write beside this one.
/// </summary>
public sealed class AuditTrail : IAuditTrail, IDisposable
{
    private readonly Lock _lock = new();
    private readonly AuditPlace _place;
    private readonly AuditOptions _options;
    private readonly TimeProvider _clock;
    private readonly AuditReserve _reserve;
    private readonly AuditLog _log;
    private readonly Queue<(AuditEntry Entry, UtcInstant At)> _waiting = new();
    private long _lost;
    private UtcInstant _lostFrom;
    private UtcInstant _lostTo;
    private volatile string _fault = string.Empty;

    internal AuditTrail(AuditPlace place, AuditOptions options, TimeProvider clock, bool isBox = false)
    {
        (_place, _options, _clock) = (place, options, clock);
        _reserve = new AuditReserve(place.Disk, place.Room, options.ReserveBytes);
        _log = new AuditLog(place, options, clock) { KeepsTree = isBox };
    }

    public AuditState State => _fault.Length > 0 ? AuditState.Unwritable : _reserve.IsGiven ? AuditState.OnReserve : AuditState.Kept;

    /// <summary>What the disk said last, while nothing can be written; empty = it can.</summary>
    public string Fault => _fault;

    /// <summary>Entries that wait in memory.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>For the box itself, which calls <see cref="Tick"/>: the folder is made when it is not there. Never throws for the disk: what cannot be opened is <see cref="AuditState.Unwritable"/>.</summary>
    public static AuditTrail OpenForBox(string data, AuditOptions options, TimeProvider clock) =>
        new(AuditFolder.Place(data, clock), options with { ReserveBytes = options.ReserveBytes > 0 ? options.ReserveBytes : AuditOptions.ReserveOfBox }, clock, isBox: true);

    /// <summary>For a command beside a box or on a stopped one.</summary>
    public static AuditTrail Open(string data, AuditOptions options, TimeProvider clock) => new(AuditFolder.Place(data, clock), options, clock);

    public void Append(AuditEntry entry)
    {
        lock (_lock)
        {
            if (!TryWrite(entry))
            {
                throw AuditUnwritableException.Because(_fault);
            }
        }
    }

    public void Tell(AuditEntry entry)
    {
        lock (_lock)
        {
            if (TryWrite(entry))
            {
                return;
            }

            if (_waiting.Count >= _options.MostWaiting)
            {
                (_, UtcInstant at) = _waiting.Dequeue();
                (_lostFrom, _lostTo) = (_lost == 0 ? at : _lostFrom, at);
                _lost++;
            }

            _waiting.Enqueue((entry, Now()));
        }
    }

    /// <summary>Writes what waits, ends an epoch, makes a checkpoint, keeps the reserve. To be called about every half minute; never throws for the disk.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            _ = TryDo(() =>
            {
                _reserve.Keep();
                WriteLate();
                _log.Tick();
            });
        }
    }

    public void Dispose() => _log.Dispose();

    /// <summary>The newest checkpoint, made now where entries came since the last, with a proof that it goes on from so many entries. Throws <see cref="AuditUnwritableException"/>; null = there never were so many.</summary>
    internal WitnessRequest? Checkpoint(long old)
    {
        lock (_lock)
        {
            WitnessRequest? made = null;
            Do(() =>
            {
                Checkpoint checkpoint = _log.Checkpoint();
                made = _log.Proof(old, checkpoint) is { } proof ? new WitnessRequest(old, proof, checkpoint) : null;
            });
            return made;
        }
    }

    /// <summary>This box's word on a checkpoint of another; that it gave it, or did not, is an entry. Throws <see cref="AuditUnwritableException"/>.</summary>
    internal WitnessAnswer Cosign(WitnessRequest request, AuditEntry asked)
    {
        lock (_lock)
        {
            WitnessAnswer? answer = null;
            Do(() =>
            {
                answer = Witness.Cosign(_place.Disk, _log.Signer(), request, Now());
                AuditFact[] facts = [AuditFact.Of(AuditFactKind.Hash, request.Checkpoint.Origin), AuditFact.Of(AuditFactKind.Size, request.Checkpoint.Size)];
                _log.Append(asked with { Result = answer.Cosigned is null ? AuditResult.Refused : AuditResult.Done, What = facts }, Now());
            });
            return answer!;
        }
    }

    /// <summary>
    /// The same for a box of the unit that asks by itself every few minutes: an entry tells of the first time and, where <paramref name="isTold"/>, of a refusal; the rest stands in what is kept of that journal.
    /// Throws <see cref="AuditUnwritableException"/>.
    /// </summary>
    /// <param name="box">Name in the unit, as the certificate has it; the journal belongs to it from the first time on.</param>
    internal WitnessAnswer Cosign(WitnessRequest request, string box, AuditEntry asked, bool isTold)
    {
        lock (_lock)
        {
            WitnessAnswer? answer = null;
            Do(() =>
            {
                answer = Witness.Cosign(_place.Disk, _log.Signer(), request, Now(), box);
                if (answer.IsFirst || (answer.Cosigned is null && answer.From is null && isTold))
                {
                    AuditFact[] facts = [AuditFact.Of(AuditFactKind.Hash, request.Checkpoint.Origin), AuditFact.Of(AuditFactKind.Size, request.Checkpoint.Size)];
                    _log.Append(asked with { Result = answer.Cosigned is null ? AuditResult.Refused : AuditResult.Done, What = facts }, Now());
                }
            });
            return answer!;
        }
    }

    /// <summary>How many entries this box saw of the journal of another; 0 = none. Throws <see cref="AuditUnwritableException"/>.</summary>
    internal long Seen(string box)
    {
        lock (_lock)
        {
            long seen = 0;
            Do(() => seen = Witness.ReadAll(_place.Disk).FirstOrDefault(one => one.Box == box)?.Checkpoint.Size ?? 0);
            return seen;
        }
    }

    /// <summary>Keeps a checkpoint of this box that another cosigned; false = it is none. Throws <see cref="AuditUnwritableException"/>.</summary>
    internal bool Take(Checkpoint cosigned)
    {
        lock (_lock)
        {
            bool isTaken = false;
            Do(() => isTaken = OwnWitnesses.Take(_place.Disk, _log.Signer().Name, cosigned));
            return isTaken;
        }
    }

    /// <summary>The verification keys that are still in the box; with <paramref name="isTaken"/> they leave it. Throws <see cref="AuditUnwritableException"/>.</summary>
    internal IReadOnlyList<VerificationKey> Keys(bool isTaken, AuditEntry asked)
    {
        lock (_lock)
        {
            IReadOnlyList<VerificationKey> keys = [];
            Do(() =>
            {
                _ = _log.Signer();
                keys = VerificationFile.Read(_place.Disk);
                if (isTaken && keys.Count > 0)
                {
                    _log.Append(asked, Now());
                    VerificationFile.Remove(_place.Disk);
                }
            });
            return keys;
        }
    }

    private bool TryWrite(AuditEntry entry) => TryDo(() =>
    {
        WriteLate();
        _log.Append(entry, Now());
    });

    private void Do(Action act)
    {
        if (!TryDo(act))
        {
            throw AuditUnwritableException.Because(_fault);
        }
    }

    /// <summary>Under the gate. A disk that failed is tried once more, and one that is full as long as there is a reserve to give.</summary>
    private bool TryDo(Action act)
    {
        try
        {
            using IDisposable gate = _place.Gate();
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    act();
                    _fault = string.Empty;
                    return true;
                }
                catch (Exception error) when (DiskErrors.Is(error) && (_reserve.TryGive() || attempt == 1))
                {
                    // Once more.
                }
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            _fault = error.Message;
            return false;
        }
    }

    /// <summary>What did not wait long enough is told of, and what waited is written in its order.</summary>
    private void WriteLate()
    {
        if (_lost > 0)
        {
            AuditFact[] facts = [AuditFact.Of(AuditFactKind.Count, _lost), AuditFact.Of(AuditFactKind.From, _lostFrom), AuditFact.Of(AuditFactKind.To, _lostTo)];
            _log.Append(new AuditEntry(AuditAct.RingLost) { Result = AuditResult.Failed, What = facts }, Now());
            _lost = 0;
        }

        while (_waiting.TryPeek(out (AuditEntry Entry, UtcInstant At) first))
        {
            _log.Append(first.Entry, first.At);
            _ = _waiting.Dequeue();
        }
    }

    private UtcInstant Now() => UtcInstant.FromDateTime(_clock.GetUtcNow());
}
