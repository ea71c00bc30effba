using System.Buffers;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;

namespace Bedside.Storage.Reading;

/// <summary>Fetches single blocks out of files.</summary>
internal static class BlockLoader
{
    /// <summary>The block of an entry, perhaps without its samples from <paramref name="until"/> on, or null, and what is wrong there, be it the bytes or the disk.</summary>
    public static Block? TryLoad(IDiskFile file, FileIdentity identity, BlockEntry entry, UtcInstant until, out Damage? damage)
    {
        try
        {
            return Load(file, identity, entry, until, out damage);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            damage = new Damage(identity.Name, entry.At, new SignalNumber(entry.Signal), error.Message);
            return null;
        }
    }

    /// <summary>The block of an entry, or null, and what is wrong with the bytes there: a single flipped bit is put right and named. Throws the disk's errors.</summary>
    public static Block? Load(IDiskFile file, FileIdentity identity, BlockEntry entry, out Damage? damage) => Load(file, identity, entry, entry.End, out damage);

    /// <summary>The same, perhaps without the samples from <paramref name="until"/> on.</summary>
    private static Block? Load(IDiskFile file, FileIdentity identity, BlockEntry entry, UtcInstant until, out Damage? damage)
    {
        damage = null;
        int length = Frame.TotalBytes(Math.Clamp(entry.Length, 0, BlockCodec.MaximumBytes));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int read = file.Read(entry.At, buffer.AsSpan(0, length));
            Span<byte> frame = buffer.AsSpan(0, read);
            if (Decode(frame, identity, entry, until) is { } whole)
            {
                return whole;
            }

            if (read == length && Frame.TryRepair(frame, identity, entry.At) && Decode(frame, identity, entry, until) is { } repaired)
            {
                damage = new Damage(identity.Name, entry.At, new SignalNumber(entry.Signal), "one bit of a block was flipped, and was put right by its checksum");
                return repaired;
            }

            damage = new Damage(identity.Name, entry.At, new SignalNumber(entry.Signal), "a block is not what was written");
        }
        catch (BlockFormatException error)
        {
            damage = new Damage(identity.Name, entry.At, new SignalNumber(entry.Signal), error.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return null;
    }

    /// <summary>Null when the frame is not what the entry says. Throws <see cref="BlockFormatException"/>.</summary>
    private static Block? Decode(ReadOnlySpan<byte> frame, FileIdentity identity, BlockEntry entry, UtcInstant until) =>
        Frame.TryRead(frame, identity, entry.At, out ulong number, out ReadOnlySpan<byte> block) && number == entry.Number && block.Length == entry.Length
            ? (until < entry.End ? BlockCodec.DecodeBefore(block, until) : BlockCodec.Decode(block))
            : null;
}
