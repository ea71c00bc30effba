using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>
/// What the last process left in its tail. <paramref name="FirstNumber"/> is the number of that process's first block.
/// Memory is bounded by the areas.
/// </summary>
internal sealed record TailContent(ulong FirstNumber, SortedDictionary<ulong, byte[]> Blocks)
{
    /// <summary>Whose blocks they are.</summary>
    public StayId Stay { get; init; }

    /// <summary>Areas are not longer: the rest of one that is counts for nothing.</summary>
    private const long MostBytes = 64L << 20;

    public static TailContent None => new(0, []);

    /// <summary>Every whole frame of the process with this mark, in whichever place; what is torn or of another life is passed over.</summary>
    public static TailContent Read(IEnumerable<IDisk> places, ulong mark, StayKeys keys)
    {
        var life = new FileIdentity(FileKind.Tail, mark);
        var blocks = new SortedDictionary<ulong, byte[]>();
        ulong first = 0;
        StayId stay = StayId.None;
        foreach (IDisk place in places)
        {
            for (int area = 0; area < Tail.Areas; area++)
            {
                (ulong firstThere, StayId stayThere) = ReadArea(place, area, life, keys, blocks);
                (first, stay) = firstThere > 0 ? (Math.Max(first, firstThere), stayThere) : (first, stay);
            }
        }

        return new TailContent(first, blocks) { Stay = stay };
    }

    /// <summary>The blocks behind the last durable one, up to the first hole.</summary>
    public List<PendingBlock> Behind(ulong lastDurable)
    {
        var behind = new List<PendingBlock>();
        for (ulong next = Math.Max(lastDurable + 1, FirstNumber); Blocks.TryGetValue(next, out byte[]? bytes) && Decode(next, bytes) is { } block; next++)
        {
            behind.Add(block with { Stay = Stay });
        }

        return behind;
    }

    /// <summary>Returns the first number of the process that wrote the area, and the stay; 0 when it is not there, or not of this life, or its key is not there.</summary>
    private static (ulong First, StayId Stay) ReadArea(IDisk place, int area, FileIdentity life, StayKeys keys, SortedDictionary<ulong, byte[]> blocks)
    {
        FileCipher? cipher = null;
        try
        {
            using IDiskFile file = place.Open(FileNames.Tail(area), DiskAccess.Read);
            byte[] bytes = new byte[(int)Math.Min(file.Length, MostBytes)];
            ReadOnlySpan<byte> content = bytes.AsSpan(0, file.Read(0, bytes));
            if (FileHead.Read(content, life) is not { } head)
            {
                return (0, StayId.None);
            }

            cipher = head.Seal is { } seal ? keys.Cipher(life, seal) : null;

            // Behind the frames of this turn of the area stand those of an earlier one: their numbers do not follow.
            ulong last = 0;
            int total;
            for (int at = FileHead.TailBytes; Frame.TryRead(content[at..], life, at, out ulong number, out ReadOnlySpan<byte> block) && (last == 0 || number == last + 1); at += total)
            {
                if ((cipher is null ? block.ToArray() : cipher.Decrypt(number, number, block)) is not { } plain)
                {
                    break;
                }

                blocks[number] = plain;
                last = number;
                total = Frame.TotalBytes(block.Length);
            }

            return (head.FirstNumber, head.Seal?.Stay ?? StayId.None);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return (0, StayId.None);
        }
        finally
        {
            cipher?.LetGo();
        }
    }

    private static PendingBlock? Decode(ulong number, byte[] bytes)
    {
        try
        {
            Block block = BlockCodec.Decode(bytes);
            return new PendingBlock(BlockEntry.Of(block, bytes, number, 0), block, bytes, 0);
        }
        catch (BlockFormatException)
        {
            return null;
        }
    }
}
