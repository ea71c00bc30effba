using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Disk;

namespace Bedside.Audit;

/// <summary>
/// Writes the journal: entries behind each other, each on the disk before the next; a new key every epoch, a signed checkpoint now and then. Whoever calls holds the gate, and other processes may
/// have written meanwhile. Members throw the disk's errors; what was written before is then as it was, and a later call begins a new file.
/// </summary>
internal sealed class AuditLog(AuditPlace place, AuditOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Where a journal's beginning stands, whatever failed in it.</summary>
    private const int FirstEntries = 4;

    private readonly IDisk _disk = place.Disk;
    private readonly List<AuditEntry> _owed = [];
    private LogEnd? _end;
    private LogTree? _tree;
    private CheckpointSigner? _signer;
    private SealingState? _key;

    /// <summary>Files in which a write of this process failed, and how long they can be by it: what the kernel shows of that may never reach the disk.</summary>
    private readonly Dictionary<long, long> _failed = [];

    private (long Epoch, long Timestamp)? _epochSeen;
    private long? _checkpointSeen;

    /// <summary>Keep the tree, so that checkpoints are made while entries are written.</summary>
    public bool KeepsTree { get; init; }

    /// <summary>Entries that count, as far as this process has seen.</summary>
    public long Entries => _end?.Number ?? 0;

    public void Append(AuditEntry entry, UtcInstant at)
    {
        Open();
        EndEpochIfDue();
        Write(entry, at);
        if (KeepsTree && _tree?.Since >= options.CheckpointEntries)
        {
            _ = Sign();
        }
    }

    /// <summary>Ends an epoch whose time is over, and makes a checkpoint where one is due.</summary>
    public void Tick()
    {
        Open();
        EndEpochIfDue();
        LoadTree();
        if (_tree!.Since >= options.CheckpointEntries || (_tree.Since > 0 && (_checkpointSeen is not { } seen || clock.GetElapsedTime(seen) >= options.CheckpointEvery)))
        {
            _ = Sign();
        }
    }

    /// <summary>The newest checkpoint; where entries came since, a new one.</summary>
    public Checkpoint Checkpoint()
    {
        Open();
        LoadTree();
        return _tree is { Newest: { } newest, Since: 0 } ? newest : Sign();
    }

    /// <summary>The proof that the journal goes on from its first <paramref name="old"/> entries to those of the checkpoint. Null = there never were so many.</summary>
    public IReadOnlyList<byte[]>? Proof(long old, Checkpoint checkpoint) =>
        old < 0 || old > checkpoint.Size ? null : MerkleTree.ConsistencyProof(LogTree.Leaves(_disk, _end!).AsSpan(0, (int)checkpoint.Size), (int)old);

    /// <summary>The key that signs for this box.</summary>
    public CheckpointSigner Signer()
    {
        Open();
        return _signer!;
    }

    public void Dispose()
    {
        _signer?.Dispose();
        _key?.Key.Dispose();
    }

    /// <summary>Finds the end, what others wrote included, and the keys; a new journal gets both.</summary>
    private void Open()
    {
        if (_end is null || !IsWhereItWas(_end))
        {
            LogEnd found = LogFiles.End(_disk) ?? LogEnd.None;
            Settle(found);
            if (_end is { } known && found.Number < known.Number)
            {
                Owe(new AuditEntry(AuditAct.LogLost) { Result = AuditResult.Failed, What = [AuditFact.Of(AuditFactKind.Size, known.Number)] });
            }

            _tree = _end?.Number == found.Number && _end.Hash.AsSpan().SequenceEqual(found.Hash) ? _tree : null;
            _failed.Clear();
            _end = found;
        }

        _signer ??= CheckpointSigner.Read(_disk) ?? CheckpointSigner.Make(_disk);
        OpenKey();
    }

    /// <summary>
    /// What a process that is gone wrote last may be in the kernel's memory only, because its sync failed: a sync of clean pages would not help, so the line is written once more, byte for byte.
    /// </summary>
    private void Settle(LogEnd end)
    {
        if (end.Number > 0)
        {
            byte[] bytes = LogFiles.Read(_disk, new LogPart(end.File, end.Bytes));
            int from = bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n') + 1;
            using (IDiskFile file = _disk.Open(AuditNames.Log(end.File), DiskAccess.Write))
            {
                file.Write(from, bytes.AsSpan(from));
                file.Sync();
            }

            _disk.Sync();
        }
    }

    private bool IsWhereItWas(LogEnd end)
    {
        long last = LogFiles.Files(_disk) is [.., var newest] ? newest : 0;
        if (last == 0 || (last != end.File && !_failed.ContainsKey(last)))
        {
            return last == end.File;
        }

        using IDiskFile file = _disk.Open(AuditNames.Log(last), DiskAccess.Read);
        return end.Left ? _failed.TryGetValue(last, out long most) && file.Length <= most : file.Length == end.Bytes;
    }

    private void OpenKey()
    {
        LogEnd end = _end!;
        SealingState? kept = SealingFile.Read(_disk);
        if (kept is null)
        {
            _key = BeginKey(end);
        }
        else
        {
            _key?.Key.Dispose();
            _key = kept;
            if (end.Number < kept.Entries && !_owed.Exists(owed => owed.Act == AuditAct.LogLost))
            {
                Owe(new AuditEntry(AuditAct.LogLost) { Result = AuditResult.Failed, What = [AuditFact.Of(AuditFactKind.Size, kept.Entries)] });
                _key = kept with { Entries = end.Number };
                SealingFile.Write(_disk, _key);
            }

            if (end.IsEpochEnd && kept.Epoch == end.Epoch)
            {
                Evolve();
            }
        }

        if (end.Number <= FirstEntries && !_owed.Exists(owed => owed.Act == AuditAct.LogBegin) && !AuditReading.Read(_disk).Any(one => one.Entry.Is(AuditAct.LogBegin)))
        {
            _owed.Insert(0, new AuditEntry(AuditAct.LogBegin)
            {
                Result = AuditResult.Done,
                What = [AuditFact.OfBase64(AuditFactKind.Signer, Convert.ToBase64String(_signer!.PublicKey)), AuditFact.Of(AuditFactKind.Key, VerificationFile.IdOf(_disk) ?? "none")],
            });
        }
    }

    /// <summary>A new journal's first key, or another in the place of one that is lost.</summary>
    private SealingState BeginKey(LogEnd end)
    {
        var key = SealingKey.New();
        bool isNew = end.Number == 0 && end.File == 0;
        var state = new SealingState(isNew ? 0 : end.Epoch + 1, Now().UnixNanoseconds, end.Number, key);
        VerificationFile.Add(_disk, VerificationKey.Of(state.Epoch, key), isNew);
        SealingFile.Write(_disk, state);
        if (!isNew)
        {
            Owe(new AuditEntry(AuditAct.KeyLost) { Result = AuditResult.Failed, What = [AuditFact.Of(AuditFactKind.Key, key.Id)] });
        }

        return state;
    }

    private void Owe(AuditEntry entry) => _owed.Add(entry);

    private void EndEpochIfDue()
    {
        SealingState key = _key!;
        if (_epochSeen?.Epoch != key.Epoch)
        {
            _epochSeen = (key.Epoch, clock.GetTimestamp());
        }

        // The box's clock may be set, and this process may be new: either time is enough.
        bool isOver = Math.Abs(Now().Since(new UtcInstant(key.SinceNs))) >= options.Epoch.Ticks * 100 || clock.GetElapsedTime(_epochSeen!.Value.Timestamp) >= options.Epoch;
        if (isOver && _end!.Epoch == key.Epoch && _end.Number > 0)
        {
            Write(new AuditEntry(AuditAct.EpochEnd) { Result = AuditResult.Done }, Now());
            Evolve();
        }
    }

    private void Evolve()
    {
        SealingState former = _key!;
        SealingState next = new(former.Epoch + 1, Now().UnixNanoseconds, _end!.Number, former.Key.Next());
        SealingFile.Write(_disk, next);
        former.Key.Dispose();
        _key = next;
    }

    private Checkpoint Sign()
    {
        UtcInstant now = Now();
        Write(entry: null, now);
        MerkleFrontier frontier = _tree!.Frontier;
        var made = Audit.Checkpoint.Sign(_signer!, frontier.Size, frontier.Root(), now);
        AuditFact[] facts =
        [
            AuditFact.Of(AuditFactKind.Size, made.Size),
            AuditFact.OfBase64(AuditFactKind.Root, Convert.ToBase64String(made.Root)),
            AuditFact.OfBase64(AuditFactKind.Tree, string.Join(',', frontier.Whole.Select(Convert.ToBase64String))),
            AuditFact.OfBase64(AuditFactKind.Signature, Convert.ToBase64String(made.Signature)),
        ];
        Write(new AuditEntry(AuditAct.Checkpoint) { Result = AuditResult.Done, What = facts }, now);
        _tree = _tree! with { Newest = made, Since = 0 };
        _checkpointSeen = clock.GetTimestamp();
        return made;
    }

    private void LoadTree()
    {
        if (_tree is null || _tree.Frontier.Size != _end!.Number)
        {
            if (_end!.Number == 0)
            {
                Write(entry: null, Now());
            }

            _tree = LogTree.Read(_disk, _end!, _signer!);
        }
    }

    /// <summary>What is owed comes first: what was left behind by a write that failed, what was lost, a journal's beginning.</summary>
    private void Write(AuditEntry? entry, UtcInstant at)
    {
        if (_end!.Left)
        {
            WriteLine(new AuditEntry(AuditAct.LogTorn) { Result = AuditResult.Done, What = [AuditFact.Of(AuditFactKind.File, _end.File), AuditFact.Of(AuditFactKind.Bytes, _end.Bytes)] }, Now());
        }

        while (_owed is [var first, ..])
        {
            WriteLine(first, Now());
            _owed.RemoveAt(0);
        }

        if (entry is not null)
        {
            WriteLine(entry, at);
        }
    }

    /// <summary>One line, one sync: of two lines in one write the power could take the first and leave the second.</summary>
    private void WriteLine(AuditEntry entry, UtcInstant at)
    {
        LogEnd end = _end!;
        bool isNew = end.File == 0 || end.Left || end.Bytes >= options.MostFileBytes;
        byte[] json = EntryJson.Encode(new EntryStamp(end.Number + 1, at, options.Uncertainty, _key!.Epoch, options.Box), entry);
        byte[] hash = LogLine.Hash(end.Hash, json);
        byte[] seal = new byte[LogLine.SealBytes];
        _key.Key.Seal(hash, seal);
        byte[] line = LogLine.Write(json, hash, seal);
        long file = isNew ? (LogFiles.Files(_disk) is [.., var last] ? last : 0) + 1 : end.File;
        int from = isNew ? 0 : end.Bytes;
        try
        {
            Put(file, isNew, from, line);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // What the disk has of it nobody knows: it is left there, and the next file says where it begins.
            _failed[file] = from + line.Length;
            _end = end.File == 0 ? null : end with { Left = true };
            throw;
        }

        _end = new LogEnd(file, from + line.Length, end.Number + 1, hash, _key.Epoch, entry.Act == AuditAct.EpochEnd, Left: false);
        _failed.Clear();
        if (_tree is { } tree)
        {
            tree.Frontier.Add(MerkleTree.Leaf(json));
            _tree = tree with { Since = tree.Since + (entry.Act is AuditAct.Checkpoint or AuditAct.EpochEnd ? 0 : 1) };
        }
    }

    private void Put(long file, bool isNew, int at, byte[] bytes)
    {
        using (IDiskFile open = _disk.Open(AuditNames.Log(file), isNew ? DiskAccess.CreatePrivate : DiskAccess.Write))
        {
            open.Write(at, bytes);
            open.Sync();
        }

        if (isNew)
        {
            _disk.Sync();
        }
    }

    private UtcInstant Now() => UtcInstant.FromDateTime(clock.GetUtcNow());
}
