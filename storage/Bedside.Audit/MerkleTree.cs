using System.Numerics;
using System.Security.Cryptography;

namespace Bedside.Audit;

/// <summary>The hash tree of RFC 6962, section 2.1 (RFC 9162 says the same): leaves and nodes, roots and proofs of consistency.</summary>
internal static class MerkleTree
{
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>Hashes of a proof, at most: no tree of 2^62 leaves needs more.</summary>
    public const int MostProof = 63;

    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        Span<byte> bytes = stackalloc byte[1 + LogLine.MostBytes];
        bytes[0] = 0;
        entry.CopyTo(bytes[1..]);
        return SHA256.HashData(bytes[..(1 + entry.Length)]);
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * HashBytes)];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + HashBytes)..]);
        return SHA256.HashData(bytes);
    }

    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        var frontier = new MerkleFrontier();
        foreach (byte[] leaf in leaves)
        {
            frontier.Add(leaf);
        }

        return frontier.Root();
    }

    /// <summary>That the tree of all leaves goes on from the one of the first <paramref name="old"/>; empty for none and for all. RFC 6962, 2.1.2.</summary>
    public static IReadOnlyList<byte[]> ConsistencyProof(ReadOnlySpan<byte[]> leaves, int old)
    {
        var proof = new List<byte[]>();
        if (old > 0 && old < leaves.Length)
        {
            SubProof(leaves, old, isWhole: true, proof);
        }

        return proof;
    }

    /// <summary>Whether the proof shows that the larger tree begins with the smaller one. RFC 9162, 2.1.4.2.</summary>
    public static bool IsConsistent(long oldSize, ReadOnlySpan<byte> oldRoot, long size, ReadOnlySpan<byte> root, IReadOnlyList<byte[]> proof)
    {
        if (oldSize > size || oldSize < 0)
        {
            return false;
        }

        if (oldSize == size || oldSize == 0)
        {
            return proof.Count == 0 && (oldSize == 0 || oldRoot.SequenceEqual(root));
        }

        var left = new Queue<byte[]>(proof);
        (long node, long last) = (oldSize - 1, size - 1);
        int shared = BitOperations.TrailingZeroCount(~node);
        (node, last) = (node >> shared, last >> shared);
        byte[] oldHash = oldRoot.ToArray();
        if (node > 0 && !left.TryDequeue(out oldHash!))
        {
            return false;
        }

        byte[] hash = oldHash;
        while (last > 0)
        {
            bool isRight = (node & 1) == 1;
            if (isRight || node < last)
            {
                if (!left.TryDequeue(out byte[]? next))
                {
                    return false;
                }

                hash = isRight ? Node(next, hash) : Node(hash, next);
                oldHash = isRight ? Node(next, oldHash) : oldHash;
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return left.Count == 0 && oldHash.AsSpan().SequenceEqual(oldRoot) && hash.AsSpan().SequenceEqual(root);
    }

    private static void SubProof(ReadOnlySpan<byte[]> leaves, int old, bool isWhole, List<byte[]> proof)
    {
        if (old == leaves.Length)
        {
            if (!isWhole)
            {
                proof.Add(Root(leaves));
            }

            return;
        }

        int split = 1 << (31 - BitOperations.LeadingZeroCount((uint)(leaves.Length - 1)));
        if (old <= split)
        {
            SubProof(leaves[..split], old, isWhole, proof);
            proof.Add(Root(leaves[split..]));
        }
        else
        {
            SubProof(leaves[split..], old - split, isWhole: false, proof);
            proof.Add(Root(leaves[..split]));
        }
    }
}

/// <summary>A tree that only grows: the roots of the whole trees that make it up, largest first, which is all that its root needs.</summary>
internal sealed class MerkleFrontier
{
    private readonly List<byte[]> _whole = [];

    public long Size { get; private set; }

    /// <summary>One for each bit of the size, the highest first.</summary>
    public IReadOnlyList<byte[]> Whole => _whole;

    /// <summary>Null when so many roots do not make a tree of that size.</summary>
    public static MerkleFrontier? Of(long size, IReadOnlyList<byte[]> whole)
    {
        if (size < 0 || whole.Count != BitOperations.PopCount((ulong)size) || whole.Any(hash => hash.Length != MerkleTree.HashBytes))
        {
            return null;
        }

        var frontier = new MerkleFrontier { Size = size };
        frontier._whole.AddRange(whole);
        return frontier;
    }

    public void Add(byte[] leaf)
    {
        byte[] hash = leaf;
        for (long bit = Size; (bit & 1) == 1; bit >>= 1)
        {
            hash = MerkleTree.Node(_whole[^1], hash);
            _whole.RemoveAt(_whole.Count - 1);
        }

        _whole.Add(hash);
        Size++;
    }

    public byte[] Root()
    {
        if (_whole.Count == 0)
        {
            return SHA256.HashData([]);
        }

        byte[] root = _whole[^1];
        for (int i = _whole.Count - 2; i >= 0; i--)
        {
            root = MerkleTree.Node(_whole[i], root);
        }

        return root;
    }
}
