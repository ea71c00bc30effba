using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;

namespace Bedside.Tests.Storage;

/// <summary>Windows of a journal: what goes in comes out, joined where that loses nothing, and nothing else is taken for one.</summary>
public sealed class WindowTests
{
    private const ulong First = 77;

    [Fact]
    public void WhatIsPackedIsUnpacked_WhateverTheBlocks()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            List<PendingBlock> blocks = Blocks(seed, turns: 1 + (seed * 7 % 40));
            List<WindowPart> parts = WindowMaking.Join([.. blocks], sealing: seed % 2 == 0);
            byte[] bytes = Window.Pack(First, First + (ulong)blocks.Count, First - 1, parts);
            var window = Window.Unpack(First, bytes);
            Assert.Equal((First + (ulong)blocks.Count, First - 1, parts.Count), (window.Next, window.Follows, window.Count));
            for (int place = 0; place < parts.Count; place++)
            {
                Assert.Equal(parts[place].Entry.Number, window.NumberOf(place));
                Assert.Equal(parts[place].Bytes, window.Part(place));
            }

            IEnumerable<Block> decoded = parts.Select((_, place) => BlockCodec.Decode(window.Part(place)));
            Assert.Equal(Contents.Of(blocks.Select(one => one.Block)).Order(StringComparer.Ordinal), Contents.Of(decoded).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void BlocksOfOneSignalAreJoined_AndSoASecondTakesFewerBytesThanItsBlocks()
    {
        List<PendingBlock> blocks = Blocks(1, turns: 40);
        List<WindowPart> parts = WindowMaking.Join([.. blocks]);
        _ = Assert.Single(parts, part => part.Entry.Kind == BlockKind.Samples);
        _ = Assert.Single(parts, part => part.Entry.Kind == BlockKind.Readings);
        Assert.Equal(BlockEntry.Of(BlockCodec.Decode(parts[0].Bytes), parts[0].Bytes, First, 0), parts[0].Entry);
        Assert.True(Window.Pack(First, First + (ulong)blocks.Count, 0, parts).Length < blocks.Sum(block => block.Bytes.Length) / 2);
    }

    [Fact]
    public void ABlockThatWouldBeLongerJoinedIsLeftAsItIs()
    {
        // Constant blocks take four bytes of samples each, whatever their length; joined they are two levels with a step.
        SampleBlock low = SampleBlocks.Of([.. Enumerable.Repeat(0, 30_000)]);
        SampleBlock high = low with { Start = low.End, FirstIndex = low.FirstIndex + 30_000, DeviceNanoseconds = low.DeviceNanoseconds + low.Period.NanosecondsOf(30_000), Samples = Enumerable.Repeat(5, 30_000).ToArray() };
        Assert.Equal(2, WindowMaking.Join([Pending(low, First), Pending(high, First + 1)]).Count);
    }

    [Fact]
    public void AWindowReachesToTheFirstHoleInTheNumbersAndNoFartherThanItMay()
    {
        PendingBlock[] blocks = [.. Blocks(3, turns: 30)];
        Assert.Equal(blocks.Length, WindowMaking.Reach(blocks, Window.PreferredBytes));
        Assert.Equal(1, WindowMaking.Reach(blocks, 1));
        Assert.InRange(WindowMaking.Reach(blocks, 2_000), 2, blocks.Length - 1);
        PendingBlock late = blocks[9] with { Entry = blocks[9].Entry with { Number = 1UL << 40 } };
        Assert.Equal(9, WindowMaking.Reach([.. blocks[..9], late], Window.PreferredBytes));
    }

    [Fact]
    public void BytesThatAreNoWindowAreRefusedWithAReason()
    {
        List<PendingBlock> blocks = Blocks(2, turns: 12);
        byte[] whole = Window.Pack(First, First + (ulong)blocks.Count, 0, WindowMaking.Join([.. blocks]));
        var random = new Random(2);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] bytes = [.. whole];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(round % 2 == 0 ? Window.HeadBytes : bytes.Length)] = (byte)random.Next(256);
            }

            bytes = bytes[..random.Next(random.Next(2) == 0 ? 0 : bytes.Length, bytes.Length + 1)];
            AssertBounded(bytes);
        }

        for (int round = 0; round < 5_000; round++)
        {
            byte[] noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            AssertBounded(noise);
        }
    }

    [Fact]
    public void HeadsThatWouldUnpackToMoreThanABlockAreRefused()
    {
        byte[] whole = Window.Pack(First, First + 1, 0, [.. WindowMaking.Join([Pending(SampleBlocks.Of(1, 2, 3), First)])]);
        BitConverter.TryWriteBytes(whole.AsSpan(20), (uint)Window.MaximumBytes + 1);
        Assert.Contains("is not known", Assert.Throws<BlockFormatException>(() => Window.Unpack(First, whole)).Message, StringComparison.Ordinal);
    }

    private static void AssertBounded(byte[] bytes)
    {
        try
        {
            var window = Window.Unpack(First, bytes);
            Assert.All(Enumerable.Range(0, window.Count), place => Assert.InRange(window.Part(place).Length, 0, Window.MaximumBytes));
        }
        catch (BlockFormatException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    private static List<PendingBlock> Blocks(int seed, int turns)
    {
        var bed = new Bed(seed);
        ulong number = First;
        return [.. Enumerable.Range(0, turns).SelectMany(_ => bed.Next()).Select(block => Pending(block, number++))];
    }

    private static PendingBlock Pending(Block block, ulong number)
    {
        byte[] bytes = BlockCodec.Encode(block);
        return new PendingBlock(BlockEntry.Of(block, bytes, number, 0), block, bytes, 0);
    }
}
