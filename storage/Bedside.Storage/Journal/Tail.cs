using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>
/// What a kill would cost, kept in memory that outlives the process: the frames of every block since the sync before. Two areas
/// in turn, so that what a sync is taking stays until it is durable. It is never synced: a power cut takes it, and costs what
/// the bound of the sync says. Its errors are said and stop nothing. For one task.
/// </summary>
internal sealed class Tail(IDisk disk, StayKeys keys, HealthLog health, int areaBytes)
{
    public const int Areas = 2;

    private readonly IDiskFile?[] _areas = new IDiskFile?[Areas];
    private readonly ulong[] _lastNumbers = new ulong[Areas];
    private FileIdentity _life;
    private FileCipher? _cipher;
    private byte[] _buffer = new byte[16 << 10];
    private int _current;
    private long _position;
    private bool _isBroken;
    private bool _isSaid;

    public bool IsOpen { get; private set; }

    /// <summary>Whose blocks it takes.</summary>
    public StayId Stay { get; private set; }

    /// <summary>The area has no room for what came last: a sync makes some.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Everything handed to it would outlive the process.</summary>
    public bool Holds => IsOpen && !_isBroken && !IsFull;

    /// <summary>Begins a life, for the blocks of one stay: what another left in the areas is gone then. False = it cannot be had, and that was said.</summary>
    public bool TryOpen(ulong mark, ulong firstNumber, StayId stay, UtcInstant now)
    {
        try
        {
            Close();
            _life = new FileIdentity(FileKind.Tail, mark);
            FileSeal? seal = keys.IsOn ? new FileSeal(stay, keys.NewSalt()) : null;
            _cipher = seal is { } known ? keys.Cipher(_life, known) : null;
            Stay = stay;
            byte[] head = new FileHead(_life, now, firstNumber, 0, 0) { Seal = seal }.ToBytes();
            for (int area = 0; area < Areas; area++)
            {
                _areas[area]?.Dispose();
                _areas[area] = disk.Open(FileNames.Tail(area), DiskAccess.Create);
                _areas[area]!.Write(0, head); // opened on the line before
                _lastNumbers[area] = 0;
            }

            (_current, _position, _isBroken, IsFull, IsOpen) = (0, FileHead.TailBytes, false, false, true);
            return true;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            Break(error);
            return false;
        }
    }

    /// <summary>Writes blocks at once, one behind the other. After one that was not written the area takes no more: numbers in it have no holes.</summary>
    public void Append(ReadOnlySpan<PendingBlock> blocks)
    {
        if (!Holds || blocks.IsEmpty)
        {
            return;
        }

        int length = 0;
        ulong last = 0;
        foreach (PendingBlock block in blocks)
        {
            int frame = Frame.TotalBytes(block.Bytes.Length + (_cipher is null ? 0 : FileCipher.TagBytes));
            if (_position + length + frame > areaBytes)
            {
                IsFull = true;
                break;
            }

            Reserve(length + frame);

            // An area is written over and over: what no two frames of a life share is the number of their block.
            byte[] content = _cipher?.Encrypt(block.Number, block.Number, block.Bytes) ?? block.Bytes;
            length += Frame.Write(_buffer.AsSpan(length), _life, _position + length, block.Number, content);
            last = block.Number;
        }

        try
        {
            if (length > 0)
            {
                _areas[_current]!.Write(_position, _buffer.AsSpan(0, length)); // it is open
                _position += length;
                _lastNumbers[_current] = last;
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // Some of it may have been written: the frames themselves say how much.
            _lastNumbers[_current] = last;
            Break(error);
        }
    }

    /// <summary>A sync takes everything so far: what comes goes into the other area, unless that holds what is not durable yet.</summary>
    public void Switch(ulong lastDurable)
    {
        int other = (_current + 1) % Areas;
        if (IsOpen && _lastNumbers[other] <= lastDurable)
        {
            (_current, _position, _isBroken, IsFull) = (other, FileHead.TailBytes, false, false);
            _lastNumbers[other] = 0;
        }
    }

    /// <summary>Something was written to the area without an error: the next error is news again.</summary>
    public void Settle() => _isSaid &= _isBroken || !IsOpen;

    /// <summary>Everything is durable: the areas go.</summary>
    public void Discard()
    {
        Close();
        try
        {
            string[] there = [.. disk.Names().Intersect(Enumerable.Range(0, Areas).Select(FileNames.Tail), StringComparer.Ordinal)];
            Array.ForEach(there, disk.Delete);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // What stays has numbers that are durable: nobody takes it.
        }
    }

    public void Close()
    {
        foreach (IDiskFile? area in _areas)
        {
            area?.Dispose();
        }

        Array.Clear(_areas);
        _cipher?.LetGo();
        _cipher = null;
        IsOpen = false;
    }

    private void Reserve(int length)
    {
        if (length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(length, 2 * _buffer.Length));
        }
    }

    private void Break(Exception error)
    {
        _isBroken = true;
        if (!_isSaid)
        {
            health.Failed($"what a kill would cost cannot be kept in memory, until it can it costs as much as a power cut: {error.Message}");
            _isSaid = true;
        }
    }
}
