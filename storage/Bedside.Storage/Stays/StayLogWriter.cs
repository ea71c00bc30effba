using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Stays;

/// <summary>
/// Appends to the book of stays; what <see cref="Append"/> took is durable. The number of a frame is its nonce and never serves twice: whoever begins to write, and whoever goes on
/// after a failure, first makes an empty frame durable whose number no other is above. For one thread at a time.
/// </summary>
internal sealed class StayLogWriter : IDisposable
{
    /// <summary>Low bits of a number count the frames of one run of a writer.</summary>
    public const int NumberBitsOfRun = 32;

    private const int MostRecordBytes = 64 << 10;

    private readonly IDisk _disk;
    private readonly StoreOptions _options;
    private readonly TimeProvider _clock;
    private FileHead? _head;
    private FileCipher? _cipher;
    private IDiskFile? _file;
    private long _tail;
    private ulong _number;
    private bool _isReady;
    private bool _isDirty;

    public StayLogWriter(IDisk disk, StoreOptions options, TimeProvider clock, StayLogContent? content)
    {
        _disk = disk;
        _options = options;
        _clock = clock;
        _head = content?.Head;
        _tail = content?.Tail ?? 0;
        _number = content?.LastNumber ?? 0;
        _isDirty = content?.IsDirty ?? false;
    }

    /// <summary>Events, each in a frame of its own, then everything else; one write and one sync. Throws the disk's errors, and nothing of it counts then.</summary>
    public void Append(IReadOnlyList<StayEvent> events, IReadOnlyList<StayChange> changes, IReadOnlyList<StayKey> keys)
    {
        try
        {
            MakeReady();
            byte[] frames = Frames(events, [.. changes.Select(StayCoding.Encode), .. keys.Select(StayCoding.Encode)]);
            _file!.Write(_tail, frames);
            _file.Sync();
            _tail += frames.Length;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // What reached the file is unknown: it is taken away, and the numbers are not used again.
            _isReady = false;
            _isDirty = true;
            Close();
            throw;
        }
    }

    public void Dispose()
    {
        Close();
        _cipher?.LetGo();
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private void MakeReady()
    {
        if (_head is null)
        {
            Create();
        }

        _file ??= _disk.Open(FileNames.Stays, DiskAccess.Write);
        if (_cipher is null && _head!.Value.Seal is { } seal)
        {
            BoxKey key = _options.BoxKey ?? throw new KeyMissingException($"{FileNames.Stays} is encrypted, and no box key was given");
            _cipher = key.CipherOfBook(StayLogReading.File, seal.Salt, _options.Witness);
        }

        if (_isDirty)
        {
            _file.Write(_tail, new byte[Math.Max(0, _file.Length - _tail)]);
            _file.Sync();
            _isDirty = false;
        }

        if (!_isReady)
        {
            _number = ((_number >> NumberBitsOfRun) + 1) << NumberBitsOfRun;
            byte[] begin = new byte[Frame.TotalBytes(0)];
            _ = Frame.Write(begin, StayLogReading.File, _tail, _number, []);
            _file.Write(_tail, begin);
            _file.Sync();
            _disk.Sync(); // Whoever was killed before may have made the file and not its name durable.
            _tail += begin.Length;
            _isReady = true;
        }
    }

    private void Create()
    {
        Span<byte> salt = stackalloc byte[FileCipher.SaltBytes];
        _options.Randomness(salt);
        var head = new FileHead(StayLogReading.File, UtcInstant.FromDateTime(_clock.GetUtcNow()), 0, 0, 0)
        {
            Seal = _options.BoxKey is null ? null : new FileSeal(StayId.None, BinaryPrimitives.ReadUInt128LittleEndian(salt)),
        };
        if (_disk.Names().Contains(FileNames.Stays))
        {
            _disk.Rename(FileNames.Stays, FileNames.Bad(FileNames.Stays));
        }

        string unfinished = FileNames.Unfinished(FileNames.Stays);
        using (IDiskFile file = _disk.Open(unfinished, DiskAccess.CreatePrivate))
        {
            file.Write(0, head.ToBytes());
            file.Sync();
        }

        _disk.Rename(unfinished, FileNames.Stays);
        _disk.Sync();
        _head = head;
        _tail = FileHead.BytesOf(FileKind.Stays);
    }

    private byte[] Frames(IReadOnlyList<StayEvent> events, IReadOnlyList<byte[]> others)
    {
        var frames = new MemoryStream();
        foreach (StayEvent said in events)
        {
            AddFrame(frames, said.Number, StayCoding.Encode(said));
        }

        for (int i = 0; i < others.Count;)
        {
            var together = new MemoryStream();
            while (i < others.Count && together.Length < MostRecordBytes)
            {
                together.Write(others[i++]);
            }

            AddFrame(frames, 0, together.ToArray());
        }

        return frames.ToArray();
    }

    private void AddFrame(MemoryStream frames, long eventNumber, byte[] records)
    {
        ulong number = ++_number;
        byte[] block = new byte[StayLogReading.ClearBytes + records.Length + (_cipher is null ? 0 : FileCipher.TagBytes)];
        BinaryPrimitives.WriteInt64LittleEndian(block, _tail);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(sizeof(ulong)), eventNumber);
        Span<byte> rest = block.AsSpan(StayLogReading.ClearBytes);
        records.CopyTo(rest);
        if (_cipher is not null)
        {
            Span<byte> associated = stackalloc byte[sizeof(ulong) + StayLogReading.ClearBytes];
            StayLogReading.Associate(associated, number, block.AsSpan(0, StayLogReading.ClearBytes));
            _cipher.Encrypt(number, associated, records, rest[..records.Length], rest[records.Length..]);
        }

        byte[] frame = new byte[Frame.TotalBytes(block.Length)];
        _ = Frame.Write(frame, StayLogReading.File, _tail + frames.Length, number, block);
        frames.Write(frame);
    }
}
