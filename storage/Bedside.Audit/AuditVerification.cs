using Bedside.Storage.Disk;

namespace Bedside.Audit;

/// <summary>
/// Reads a journal from its first entry to its last and holds it against what is known elsewhere: the chain by itself, the seals with a key, everything with checkpoints. The walk ends at the
/// first place that is wrong; what follows it rests on nothing.
/// </summary>
internal sealed class AuditVerification
{
    private readonly IDisk _disk;
    private readonly IReadOnlyList<VerificationKey> _keys;
    private readonly IReadOnlyList<Checkpoint> _known;
    private readonly List<AuditFinding> _findings = [];
    private readonly List<string> _held = [];
    private readonly AuditWalk _walk;
    private SealingState? _before;

    private AuditVerification(IDisk disk, IReadOnlyList<VerificationKey> keys, IReadOnlyList<Checkpoint> known)
    {
        (_disk, _keys, _known) = (disk, keys, known);
        _walk = new AuditWalk(keys, [.. known.Select(one => one.Size).Distinct()]);
    }

    /// <summary>Never throws for what stands in the files; throws the disk's errors, and <see cref="OperationCanceledException"/>.</summary>
    public static AuditReport Run(IDisk disk, IReadOnlyList<VerificationKey> keys, IReadOnlyList<Checkpoint> known, CancellationToken cancel) => new AuditVerification(disk, keys, known).Run(cancel);

    private AuditReport Run(CancellationToken cancel)
    {
        _before = ReadKey();
        IReadOnlyList<LogPart> parts = LogFiles.Parts(_disk);
        long unfinished = 0;
        for (int i = 0; i < parts.Count && _walk.Finding is null; i++)
        {
            cancel.ThrowIfCancellationRequested();
            unfinished = Read(parts[i], isLast: i == parts.Count - 1);
        }

        if (_walk.Finding is { } found)
        {
            _findings.Add(_walk.Instead > 0 ? Located(found, parts) : found);
        }
        else
        {
            CheckEnd();
        }

        _findings.AddRange(_walk.KeyChanges);
        foreach (Checkpoint known in _known.OrderBy(one => one.Size))
        {
            Hold(known);
        }

        return new AuditReport
        {
            Entries = _walk.Number,
            Sealed = _walk.Sealed,
            Epochs = _walk.Number == 0 ? 0 : _walk.Epoch + 1,
            Checkpoints = _walk.Checkpoints,
            Held = _held,
            First = _walk.First,
            Last = _walk.Last,
            UnfinishedBytes = _walk.Finding is null ? unfinished : 0,
            Limits = [.. Limits()],
            Findings = _findings,
        };
    }

    /// <summary>Once more where it was just being wiped.</summary>
    private SealingState? ReadKey()
    {
        SealingState? state = SealingFile.Read(_disk);
        return state ?? SealingFile.Read(_disk);
    }

    /// <summary>How many bytes behind the last line are no line.</summary>
    private long Read(LogPart part, bool isLast)
    {
        byte[] bytes = LogFiles.Read(_disk, part);
        string file = AuditNames.Log(part.File);
        List<Range> lines = LogFiles.Lines(bytes);
        int last = isLast && lines is [.., var final] && !IsPrintable(bytes.AsSpan(final)) ? lines.Count - 1 : lines.Count;
        for (int i = 0; i < last && _walk.Finding is null; i++)
        {
            _walk.Take(bytes.AsSpan(lines[i]), file);
        }

        int whole = last > 0 ? lines[last - 1].End.Value + 1 : 0;
        if (_walk.Finding is null && !isLast && bytes.Length > whole)
        {
            _walk.Fail(AuditFault.Altered, _walk.Number + 1, _walk.Number + 1, file, $"entry {_walk.Number + 1} is altered: {file} ends in the middle of it, and others follow");
        }

        if (_walk.Finding is null && part.Bytes != int.MaxValue)
        {
            CheckLeft(part.File, whole, file);
        }

        return bytes.Length - whole;
    }

    /// <summary>
    /// A write that the power met leaves less than a line, zeros or noise, one that the disk refused at most the line that was to come. A whole line that does not follow is an entry that somebody
    /// altered before the box found it at the end.
    /// </summary>
    private void CheckLeft(long number, int whole, string file)
    {
        byte[] bytes = LogFiles.Read(_disk, new LogPart(number, int.MaxValue))[whole..];
        foreach (Range line in LogFiles.Lines(bytes))
        {
            if (IsPrintable(bytes.AsSpan(line)) && !AuditWalk.Follows(_walk.Hash, bytes.AsSpan(line)))
            {
                _walk.Fail(AuditFault.Altered, _walk.Number + 1, _walk.Number + 1, file, $"entry {_walk.Number + 1} was altered while it was the last: the box found it so, left it behind in {file}, and went on");
                return;
            }
        }
    }

    /// <summary>As every line is that was written whole.</summary>
    private static bool IsPrintable(ReadOnlySpan<byte> line) => line.Length > 0 && line.IndexOfAnyExcept(Printable) < 0;

    private static readonly System.Buffers.SearchValues<byte> Printable = System.Buffers.SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => (byte)letter)]);

    /// <summary>Where an entry is not in its place: is it elsewhere, or nowhere?</summary>
    private AuditFinding Located(AuditFinding found, IReadOnlyList<LogPart> parts)
    {
        var places = new Dictionary<long, string>();
        int twice = 0;
        foreach (LogPart part in parts)
        {
            byte[] bytes = LogFiles.Read(_disk, part);
            foreach (Range line in LogFiles.Lines(bytes))
            {
                if (AuditWalk.NumberOf(bytes.AsSpan(line)) is { } number)
                {
                    twice += number == _walk.Instead ? 1 : 0;
                    _ = places.TryAdd(number, AuditNames.Log(part.File));
                }
            }
        }

        if (places.TryGetValue(found.From, out string? elsewhere))
        {
            return found with { Fault = AuditFault.Reordered, To = found.From, Sentence = $"entry {found.From} is not in its place, where entry {_walk.Instead} stands: it stands elsewhere in {elsewhere}, so the order was changed" };
        }

        return twice > 1 ? found with { Fault = AuditFault.Altered, To = found.From, Sentence = $"entry {found.From} is altered or missing: what stands in its place says that it is entry {_walk.Instead}, of which there is another" } : found;
    }

    /// <summary>The key of this epoch was written when the epoch began: a journal that ends before is cut.</summary>
    private void CheckEnd()
    {
        // Read while the box writes, it may be of another moment than the entries: then it is held against what was read for the first part only.
        SealingState? after = ReadKey();
        if (after is null || _before is not { } state)
        {
            _findings.Add(new AuditFinding(AuditFault.Truncated, _walk.Number + 1, _walk.Number + 1, AuditNames.Sealing, "the file of the sealing key is not there or cannot be read, so nothing says that the end is the end"));
            return;
        }

        bool isQuiet = after.Epoch == state.Epoch;
        bool goesOn = state.Epoch == _walk.Epoch || (_walk.IsEpochEnd && state.Epoch == _walk.Epoch + 1) || (!isQuiet && state.Epoch < _walk.Epoch);
        if (_walk.Number < state.Entries || (!goesOn && _walk.Number > 0))
        {
            long last = Math.Max(state.Entries, _walk.Number + 1);
            _findings.Add(new AuditFinding(
                AuditFault.Truncated, _walk.Number + 1, last, string.Empty, $"entries {_walk.Number + 1} to {last} or more are missing at the end: the sealing key is of epoch {state.Epoch}, which began after {state.Entries} entries, and the journal ends in epoch {_walk.Epoch}"));
        }
        else if (state.Epoch >= _walk.Epoch && _walk.KeyAfter(state.Epoch) is { } key && !key.IsSame(state.Key))
        {
            _findings.Add(new AuditFinding(
                AuditFault.Truncated, _walk.Number + 1, _walk.Number + 1, AuditNames.Sealing, $"the key in the box is not that of epoch {state.Epoch}, in which the journal ends: entries after {_walk.Number} were cut away, or the key was replaced"));
        }
    }

    private void Hold(Checkpoint known)
    {
        string name = $"the checkpoint of {known.At} over {known.Size} entries";
        if (!known.IsSigned)
        {
            _findings.Add(new AuditFinding(AuditFault.Reference, 0, 0, string.Empty, $"{name} cannot be used: its signature is not right"));
        }
        else if (_walk.Signer is { } signer && known.Origin != CheckpointSigner.NameOf(signer))
        {
            _findings.Add(new AuditFinding(AuditFault.RolledBack, 1, known.Size, string.Empty, $"{name} is of {known.Origin}, and this journal is of {CheckpointSigner.NameOf(signer)}: it is another box's, or the journal was begun anew and entries 1 to {known.Size} are missing"));
        }
        else if (_walk.RootAt(known.Size) is { } root)
        {
            if (root.AsSpan().SequenceEqual(known.Root))
            {
                IEnumerable<string> by = known.Cosigned.Where(known.IsCosigned).Select(one => $", cosigned by {one.Name} on {one.At}");
                _held.Add(name + string.Concat(by));
                return;
            }

            long from = _known.Where(one => one.Size < known.Size && _walk.RootAt(one.Size) is { } other && other.AsSpan().SequenceEqual(one.Root)).Select(one => one.Size).DefaultIfEmpty(0).Max() + 1;
            _findings.Add(new AuditFinding(AuditFault.RolledBack, from, known.Size, string.Empty, $"among entries {from} to {known.Size} something is not what it was when {name} was made: an older state was put back and went on, or entries were rewritten"));
        }
        else if (_walk.Finding is null)
        {
            _findings.Add(new AuditFinding(
                AuditFault.Truncated, _walk.Number + 1, known.Size, string.Empty, $"entries {_walk.Number + 1} to {known.Size} are missing at the end: {name} was made of more than there are; the journal was cut, or an older state was put back"));
        }
    }

    private IEnumerable<string> Limits()
    {
        if (_keys.Count == 0)
        {
            yield return "no verification key was given: chain and checkpoints were checked, not the seals. Whoever could write the files could have made both anew; give the key with --key.";
        }
        else if (_walk.Finding is null && _walk.Sealed < _walk.Number)
        {
            yield return $"the seals of {_walk.Number - _walk.Sealed} entries were not checked: they are under another key than those given.";
        }

        if (_known.Count == 0)
        {
            yield return "no checkpoint from elsewhere was given: that the newest entries were cut away, or a whole older state put back, cannot be seen from the box alone; give a checkpoint from paper or from a witness with --checkpoint.";
        }
    }
}
