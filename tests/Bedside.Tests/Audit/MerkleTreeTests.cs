using Bedside.Audit;

namespace Bedside.Tests.Audit;

/// <summary>The tree of RFC 6962, against the roots that certificate transparency publishes for its eight sample leaves, and against itself.</summary>
public sealed class MerkleTreeTests
{
    private static readonly string[] Samples = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_roots_of_the_sample_leaves_are_those_that_others_publish()
    {
        byte[][] leaves = [.. Samples.Select(sample => MerkleTree.Leaf(Convert.FromHexString(sample)))];
        for (int size = 1; size <= leaves.Length; size++)
        {
            Assert.Equal(Roots[size - 1], Convert.ToHexStringLower(MerkleTree.Root(leaves.AsSpan(0, size))));
        }
    }

    [Fact]
    public void Every_smaller_tree_is_proved_to_begin_every_larger_one_and_no_other_is()
    {
        byte[][] leaves = [.. Enumerable.Range(0, 66).Select(i => MerkleTree.Leaf([(byte)i]))];
        byte[][] roots = [.. Enumerable.Range(0, leaves.Length + 1).Select(size => MerkleTree.Root(leaves.AsSpan(0, size)))];
        var random = new Random(20261122);
        for (int size = 1; size <= leaves.Length; size++)
        {
            for (int old = 0; old <= size; old++)
            {
                IReadOnlyList<byte[]> proof = MerkleTree.ConsistencyProof(leaves.AsSpan(0, size), old);
                Assert.True(MerkleTree.IsConsistent(old, roots[old], size, roots[size], proof), $"{old} in {size}");
                if (old == 0)
                {
                    continue;
                }

                byte[] other = [.. roots[old]];
                other[random.Next(other.Length)] ^= 1;
                Assert.False(MerkleTree.IsConsistent(old, other, size, roots[size], proof), $"another root of {old} in {size}");
                Assert.False(MerkleTree.IsConsistent(old, roots[old], size, other, proof), $"{old} in another root of {size}");
                Assert.False(MerkleTree.IsConsistent(old, roots[old], size, roots[size], [.. proof, other]), $"a proof too long, {old} in {size}");
                if (proof.Count > 0)
                {
                    byte[][] changed = [.. proof.Select(hash => (byte[])[.. hash])];
                    changed[random.Next(changed.Length)][random.Next(32)] ^= 0x40;
                    Assert.False(MerkleTree.IsConsistent(old, roots[old], size, roots[size], changed), $"a changed proof, {old} in {size}");
                    Assert.False(MerkleTree.IsConsistent(old, roots[old], size, roots[size], [.. proof.Skip(1)]), $"a proof too short, {old} in {size}");
                }
            }
        }
    }

    [Fact]
    public void A_tree_goes_on_from_its_whole_parts_alone()
    {
        byte[][] leaves = [.. Enumerable.Range(0, 100).Select(i => MerkleTree.Leaf([(byte)i, 1]))];
        for (int size = 0; size <= leaves.Length; size++)
        {
            var first = new MerkleFrontier();
            Array.ForEach(leaves[..size], first.Add);
            MerkleFrontier second = MerkleFrontier.Of(size, first.Whole)!;
            Array.ForEach(leaves[size..], second.Add);
            Assert.Equal(MerkleTree.Root(leaves), second.Root());
        }

        Assert.Null(MerkleFrontier.Of(3, [new byte[32]]));
        Assert.Null(MerkleFrontier.Of(1, [new byte[31]]));
    }
}
