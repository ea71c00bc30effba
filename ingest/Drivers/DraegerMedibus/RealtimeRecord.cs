using System.Numerics;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>How a realtime record ended.</summary>
internal enum RecordEnd
{
    /// <summary>It goes on.</summary>
    None,
    Whole,
    Damaged,
}

/// <summary>
/// Takes the realtime half of the line apart (sheet 7.3 and 7.4):
/// <code>
/// Dm  [Cx Cy]…  v1lo v1hi v2lo v2hi …
/// </code>
/// m says which of streams 1 to 4 follow; C4 and C5 say which of 5 to 8 and 9 to 12 do, from now on. A value is twelve
/// bits, the lower six first, each byte 10dddddd. The next Dx ends the record, and only then is it known to be whole.
/// </summary>
internal sealed class RecordReader
{
    private const byte FirstSync = 0xD0;
    private const byte LastSync = 0xDF;
    private const byte FirstCommand = 0xC0;
    private const byte LastValue = 0xBF;
    private const byte Streams5To8 = 0xC4;
    private const byte Streams9To12 = 0xC5;
    private const byte Breath = 0xC6;
    private const byte Corrupt = 0xCF;
    private const int MostPairs = 16;
    private const int ValueBits = 6;
    private const int ValueMask = 0x3F;
    private const int Nibble = 0xF;

    private readonly byte[] _bytes = new byte[2 * Outgoing.MostTraces];
    private readonly int[] _values = new int[Outgoing.MostTraces];
    private bool _open;
    private bool _damaged;
    private int _mask;
    private int _upperMask;
    private int _count;
    private int _pairs;
    private byte _command;
    private bool? _inspiration;

    /// <summary>Bit 0 = stream 1: which streams the record just ended holds.</summary>
    public int Present { get; private set; }

    /// <summary>Values of the record just ended, in the order of its streams.</summary>
    public ReadOnlySpan<int> Values => _values.AsSpan(0, BitOperations.PopCount((uint)Present));

    /// <summary>True = an inspiration, false = an expiration began with the record just ended; null = neither.</summary>
    public bool? Inspiration { get; private set; }

    /// <summary>When the first byte of the record just ended arrived.</summary>
    public MonotonicInstant ArrivedAt { get; private set; }

    /// <summary>When the first byte of the record that is still open arrived.</summary>
    public MonotonicInstant OpenedAt { get; private set; }

    public bool IsOpen => _open;

    /// <summary>How often the device said that our own sync commands arrived damaged.</summary>
    public int Complaints { get; private set; }

    /// <summary>Takes the next byte from 80H on.</summary>
    public RecordEnd Take(byte value, MonotonicInstant at)
    {
        if (value is >= FirstSync and <= LastSync)
        {
            RecordEnd ended = Finish();
            _open = true;
            _mask = value & Nibble;
            OpenedAt = at;
            return ended;
        }

        if (!_open)
        {
            return RecordEnd.None;
        }

        switch (value)
        {
            case <= LastValue when _command == 0 && _count < _bytes.Length:
                _bytes[_count++] = value;
                break;
            case >= FirstCommand and < FirstSync when _count == 0:
                TakePairByte(value);
                break;
            default:
                _damaged = true;
                break;
        }

        return RecordEnd.None;
    }

    /// <summary>Ends the open record, as the next sync byte would.</summary>
    public RecordEnd Finish()
    {
        if (!_open)
        {
            return RecordEnd.None;
        }

        Present = _mask | _upperMask;
        Inspiration = _inspiration;
        ArrivedAt = OpenedAt;
        bool whole = !_damaged && _command == 0 && _count == 2 * BitOperations.PopCount((uint)Present);

        // A record may hold sync commands and nothing else; the upper masks then wait for the next one with data.
        bool commandsOnly = !_damaged && _command == 0 && _count == 0 && _pairs > 0 && _mask == 0;
        if (commandsOnly)
        {
            Present = 0;
        }

        for (int i = 0; whole && i < _count; i += 2)
        {
            _values[i / 2] = (_bytes[i] & ValueMask) | ((_bytes[i + 1] & ValueMask) << ValueBits);
        }

        Clear();
        return whole || commandsOnly ? RecordEnd.Whole : RecordEnd.Damaged;
    }

    /// <summary>Forgets everything, also which upper streams are present: after 54H and ICC (sheet 7.4).</summary>
    public void Reset()
    {
        Clear();
        _upperMask = 0;
    }

    private void Clear()
    {
        _open = false;
        _damaged = false;
        _mask = 0;
        _count = 0;
        _pairs = 0;
        _command = 0;
        _inspiration = null;
    }

    private void TakePairByte(byte value)
    {
        if (_command == 0)
        {
            _command = value;
            _damaged |= ++_pairs > MostPairs;
            return;
        }

        int argument = value & Nibble;
        switch (_command)
        {
            case Streams5To8:
                _upperMask = (_upperMask & ~(Nibble << 4)) | (argument << 4);
                break;
            case Streams9To12:
                _upperMask = (_upperMask & ~(Nibble << 8)) | (argument << 8);
                break;
            case Breath:
                _inspiration = argument == 0;
                break;
            case Corrupt:
                Complaints++;
                break;
        }

        _command = 0;
    }
}
