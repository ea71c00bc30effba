using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;

namespace Bedside.Storage.Journal;

/// <summary>Fetches single blocks out of journals and keeps the window that it unpacked last. For one reader.</summary>
internal sealed class WindowLoader
{
    private JournalFile? _journal;
    private long _at;
    private Window? _window;
    private Damage? _repaired;

    /// <summary>The block of an entry, or null, and what is wrong there, be it the bytes or the disk.</summary>
    public Block? TryLoad(JournalFile journal, BlockEntry entry, out Damage? damage)
    {
        try
        {
            return Load(journal, entry, out damage);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            damage = new Damage(journal.Identity.Name, entry.At, new SignalNumber(entry.Signal), error.Message);
            return null;
        }
    }

    /// <summary>The block of an entry, or null, and what is wrong with the bytes there: a single flipped bit is put right and named. Throws the disk's errors.</summary>
    public Block? Load(JournalFile journal, BlockEntry entry, out Damage? damage) =>
        LoadBytes(journal, entry, out damage) is { } bytes ? Decode(journal, entry, bytes, ref damage) : null;

    /// <summary>A block of its bytes, or null, and what is wrong with them.</summary>
    public static Block? Decode(JournalFile journal, BlockEntry entry, byte[] bytes, ref Damage? damage)
    {
        try
        {
            return BlockCodec.Decode(bytes);
        }
        catch (BlockFormatException error)
        {
            damage = new Damage(journal.Identity.Name, entry.At, new SignalNumber(entry.Signal), error.Message);
            return null;
        }
    }

    /// <summary>The bytes of the block, as <see cref="Load"/>.</summary>
    public byte[]? LoadBytes(JournalFile journal, BlockEntry entry, out Damage? damage)
    {
        damage = null;
        try
        {
            if (_window is null || _journal != journal || _at != entry.At)
            {
                _window = null;
                _window = Read(journal, entry);
                (_journal, _at) = (journal, entry.At);
            }

            damage = _repaired;
            if (_window is { } window && entry.Place < window.Count && window.NumberOf(entry.Place) == entry.Number)
            {
                return window.Part(entry.Place);
            }

            damage = new Damage(journal.Identity.Name, entry.At, new SignalNumber(entry.Signal), "a window is not what was written");
        }
        catch (BlockFormatException error)
        {
            damage = new Damage(journal.Identity.Name, entry.At, new SignalNumber(entry.Signal), error.Message);
        }

        return null;
    }

    /// <summary>Null when the frame is not what was written. Throws <see cref="BlockFormatException"/> and the disk's errors.</summary>
    private Window? Read(JournalFile journal, BlockEntry entry)
    {
        _repaired = null;
        byte[] frame = new byte[entry.FrameBytes];
        if (journal.File.Read(entry.At, frame) < frame.Length)
        {
            return null;
        }

        if (!Frame.TryRead(frame, journal.Identity, entry.At, out ulong first, out ReadOnlySpan<byte> content))
        {
            if (!Frame.TryRepair(frame, journal.Identity, entry.At) || !Frame.TryRead(frame, journal.Identity, entry.At, out first, out content))
            {
                return null;
            }

            _repaired = new Damage(journal.Identity.Name, entry.At, SignalNumber.None, "one bit of a window was flipped, and was put right by its checksum");
        }

        if (journal.Cipher is { } cipher)
        {
            byte[]? decrypted = cipher.Decrypt((ulong)entry.At, first, content);
            return decrypted is null ? null : Window.Unpack(first, decrypted);
        }

        return Window.Unpack(first, content);
    }
}
