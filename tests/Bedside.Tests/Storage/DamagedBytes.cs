using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Storage;

/// <summary>What must become of bytes of a block that are not as they were written, however it was written.</summary>
internal static class DamagedBytes
{
    public static void NoPrefixIsABlock(byte[] whole)
    {
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<BlockFormatException>(() => BlockCodec.Decode(whole.AsSpan(0, length)));
        }
    }

    /// <summary>The bytes with one to four bits turned, none of them before <paramref name="from"/>.</summary>
    public static byte[] Flipped(byte[] whole, Random random, int from = 0)
    {
        byte[] bytes = [.. whole];
        for (int flips = random.Next(1, 5); flips > 0; flips--)
        {
            bytes[random.Next(from, bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    /// <summary>Decodes or refuses, and nothing else.</summary>
    public static void AreABlockOrRefused(byte[] bytes)
    {
        Block block;
        try
        {
            block = BlockCodec.Decode(bytes);
        }
        catch (BlockFormatException)
        {
            return;
        }

        // What was understood can be written again, sealed and for the screen, and means the same.
        Assert.True(SampleBlocks.Same(block, BlockCodec.Decode(BlockCodec.EncodeSealed(block))), Convert.ToHexString(bytes));
        Assert.True(SampleBlocks.Same(block, BlockCodec.Decode(BlockCodec.Encode(block))), Convert.ToHexString(bytes));
    }
}
