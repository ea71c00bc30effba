using Bedside.Model;
using Bedside.Model.Audit;

namespace Bedside.Audit;

/// <summary>Goes through the entries of a journal in their order, and stops at the first that is not as it must be.</summary>
internal sealed class AuditWalk(IReadOnlyList<VerificationKey> keys, IReadOnlyList<long> sizes)
{
    private readonly MerkleFrontier _tree = new();
    private readonly Dictionary<long, byte[]> _roots = new() { [0] = new MerkleFrontier().Root() };
    private readonly HashSet<long> _sizes = [.. sizes];
    private readonly byte[] _hash = LogLine.Beginning;
    private SealingKey? _key = keys.FirstOrDefault(key => key.Epoch == 0)?.Key;

    /// <summary>Which entry stood where <see cref="Finding"/> is.</summary>
    public long Instead { get; private set; }

    public long Number { get; private set; }

    public long Epoch { get; private set; }

    public bool IsEpochEnd { get; private set; }

    public long Sealed { get; private set; }

    public long Checkpoints { get; private set; }

    public UtcInstant? First { get; private set; }

    public UtcInstant? Last { get; private set; }

    /// <summary>The public key that the journal names in its beginning; null = it was not come to.</summary>
    public byte[]? Signer { get; private set; }

    /// <summary>The first thing that is wrong; null = nothing so far.</summary>
    public AuditFinding? Finding { get; private set; }

    /// <summary>Where the seals go on under another key that nobody showed.</summary>
    public List<AuditFinding> KeyChanges { get; } = [];

    /// <summary>Of the last entry.</summary>
    public byte[] Hash => [.. _hash];

    /// <summary>The root over the first entries; null = there are not so many, or it was not asked for.</summary>
    public byte[]? RootAt(long size) => _roots.GetValueOrDefault(size);

    /// <summary>The key of an epoch that is this one or the next; null = none was given.</summary>
    public SealingKey? KeyAfter(long epoch) => epoch == Epoch ? _key : _key?.Next();

    public void Fail(AuditFault fault, long from, long to, string file, string sentence) => Finding ??= new AuditFinding(fault, from, to, file, sentence);

    public void Take(ReadOnlySpan<byte> line, string file)
    {
        long next = Number + 1;
        Span<byte> hash = stackalloc byte[LogLine.HashBytes];
        Span<byte> seal = stackalloc byte[LogLine.SealBytes];
        if (!LogLine.TrySplit(line, out ReadOnlySpan<byte> json, hash, seal) || EntryJson.Decode(json) is not { } entry)
        {
            Fail(AuditFault.Altered, next, next, file, $"entry {next} is altered: what stands in its place is no entry");
            return;
        }

        if (entry.Number != next)
        {
            FailNumber(entry, next, file);
            return;
        }

        Span<byte> expected = stackalloc byte[LogLine.HashBytes];
        LogLine.Hash(_hash, json, expected);
        if (!expected.SequenceEqual(hash))
        {
            Fail(AuditFault.Altered, next, next, file, $"entry {next} is altered: it is not what its hash says");
            return;
        }

        if (IsInEpoch(entry, file) && IsSealed(entry, hash, seal, file) && IsCheckpointRight(entry, file))
        {
            Accept(entry, json, hash);
        }
    }

    /// <summary>Null for what is no line.</summary>
    public static byte[]? HashOf(ReadOnlySpan<byte> line)
    {
        byte[] hash = new byte[LogLine.HashBytes];
        return LogLine.TrySplit(line, out _, hash, stackalloc byte[LogLine.SealBytes]) ? hash : null;
    }

    public static long? NumberOf(ReadOnlySpan<byte> line) =>
        LogLine.TrySplit(line, out ReadOnlySpan<byte> json, stackalloc byte[LogLine.HashBytes], stackalloc byte[LogLine.SealBytes]) ? EntryJson.Decode(json)?.Number : null;

    public static bool Follows(ReadOnlySpan<byte> before, ReadOnlySpan<byte> line)
    {
        Span<byte> hash = stackalloc byte[LogLine.HashBytes];
        return LogLine.TrySplit(line, out ReadOnlySpan<byte> json, hash, stackalloc byte[LogLine.SealBytes]) && LogLine.Hash(before, json).AsSpan().SequenceEqual(hash);
    }

    /// <summary>Whether entries are missing, stand elsewhere, or one says a wrong number is for whoever looks through all of them.</summary>
    private void FailNumber(KeptEntry entry, long next, string file)
    {
        Instead = entry.Number;
        long to = Math.Max(next, entry.Number - 1);
        string which = to == next ? $"entry {next} is missing" : $"entries {next} to {to} are missing";
        Fail(AuditFault.Missing, next, to, file, $"{which}: entry {entry.Number} stands in the place");
    }

    private bool IsInEpoch(KeptEntry entry, string file)
    {
        long expected = IsEpochEnd ? Epoch + 1 : Epoch;
        if (entry.Is(AuditAct.KeyLost) && entry.Epoch == Epoch + 1)
        {
            ChangeKey(entry, file);
            return true;
        }

        if (entry.Epoch == expected)
        {
            _key = IsEpochEnd ? _key?.Next() : _key;
            return true;
        }

        if (entry.Epoch > expected)
        {
            Fail(AuditFault.Missing, entry.Number, entry.Number, file, $"entries are missing before entry {entry.Number}, or were sealed anew: it is of epoch {entry.Epoch}, and epoch {Epoch} was not ended; the place is between entries {Number} and {entry.Number}");
        }
        else
        {
            Fail(AuditFault.Altered, entry.Number, entry.Number, file, $"entry {entry.Number} is altered: it is of epoch {entry.Epoch}, and epoch {Epoch} had begun");
        }

        return false;
    }

    /// <summary>Where the box lost its key it says so and goes on under another: whoever holds that one too may check it.</summary>
    private void ChangeKey(KeptEntry entry, string file)
    {
        string id = entry.Fact(AuditFactKind.Key) ?? string.Empty;
        _key = keys.FirstOrDefault(key => key.Id == id)?.Key;
        if (_key is null)
        {
            KeyChanges.Add(new AuditFinding(
                AuditFault.Missing, entry.Number, entry.Number, file, $"from entry {entry.Number} on the journal is sealed under another key, because the former was lost: entries before it may be missing, and whoever lost the key on purpose could have cut them away"));
        }
    }

    private bool IsSealed(KeptEntry entry, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> seal, string file)
    {
        if (_key is null)
        {
            return true;
        }

        Span<byte> expected = stackalloc byte[LogLine.SealBytes];
        _key.Seal(hash, expected);
        if (expected.SequenceEqual(seal))
        {
            Sealed++;
            return true;
        }

        if (entry.Number == 1 && entry.Fact(AuditFactKind.Key) is { } named && keys.All(key => key.Id != named))
        {
            Fail(AuditFault.Reference, 1, 1, file, $"the key that was given is not the one that this journal names ({named}): it is another journal's key, or entry 1 was altered");
            return false;
        }

        Fail(AuditFault.Altered, entry.Number, entry.Number, file, $"entry {entry.Number} is altered, or was sealed anew: its seal is not of the key of epoch {entry.Epoch}");
        return false;
    }

    private bool IsCheckpointRight(KeptEntry entry, string file)
    {
        if (entry.Is(AuditAct.LogBegin))
        {
            Signer ??= entry.Fact(AuditFactKind.Signer) is { } key ? Checkpoint.Base64(key) : null;
        }

        if (!entry.Is(AuditAct.Checkpoint))
        {
            return true;
        }

        if (Signer is { } signer && LogTree.CheckpointOf(entry, signer) is { } made && made.Size == Number && made.Root.AsSpan().SequenceEqual(_tree.Root()) && made.IsSigned)
        {
            Checkpoints++;
            return true;
        }

        Fail(AuditFault.Altered, entry.Number, entry.Number, file, $"the checkpoint that entry {entry.Number} holds does not fit the entries before it: it, or one of them, was rewritten");
        return false;
    }

    private void Accept(KeptEntry entry, ReadOnlySpan<byte> json, ReadOnlySpan<byte> hash)
    {
        hash.CopyTo(_hash);
        _tree.Add(MerkleTree.Leaf(json));
        (Number, Epoch, IsEpochEnd) = (entry.Number, entry.Epoch, entry.Is(AuditAct.EpochEnd));
        First ??= entry.At;
        Last = entry.At;
        if (_sizes.Contains(Number))
        {
            _roots[Number] = _tree.Root();
        }
    }
}
