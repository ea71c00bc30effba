namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>How many channels of each kind the ventilator was told to send; the blocks do not say.</summary>
internal readonly record struct BlockCounts(int Curves, int Breath, int Settings, int Trend, int Alarms)
{
    public bool IsKnown => Curves + Breath + Settings + Trend + Alarms > 0;
}

/// <summary>What one byte completed.</summary>
internal enum BlockPart
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>One sample of each curve.</summary>
    Sample,

    /// <summary>A curve block ended, and its check is right.</summary>
    CurveEnd,

    /// <summary>A block of breath values, settings, alarms or trends, and its check is right.</summary>
    Values,

    /// <summary>The ventilator refuses.</summary>
    Error,

    /// <summary>The stream is over: standby, or the ventilator's buffer ran full.</summary>
    StreamEnd,

    /// <summary>These bytes are no block, or its check is wrong. What follows has to be found anew.</summary>
    Damaged,
}

/// <summary>
/// Takes the binary stream apart, byte by byte (sheet 6). Every block ends with 7F and the exclusive or of all its bytes, 7F among them:
/// <code>
/// curve     [81 phase] item …                   item: 80 MSB LSB, or one byte of difference -126 … +126
/// breath    42 MSB LSB …    settings 53    trend 54 [81 YY MM DD hh mm ss]
/// alarms    41 00|FF …      extended alarms 45 00|01|02 …
/// error     E0 code
/// </code>
/// A value's MSB is never 7F, but its LSB may be anything, so blocks of values are measured by their count of channels. Inside a curve
/// E0 is a difference; only at the start of a block is it an error.
/// </summary>
internal sealed class BlockReader(BlockCounts counts)
{
    public const byte Curve = 0x80;
    public const byte Phase = 0x81;
    public const byte Breath = (byte)'B';
    public const byte Settings = (byte)'S';
    public const byte Trend = (byte)'T';
    public const byte Alarm = (byte)'A';
    public const byte ExtendedAlarm = (byte)'E';
    public const byte Refusal = 0xE0;
    public const byte EndFlag = 0x7F;

    /// <summary>There is no value.</summary>
    public const int Missing = 0x7EFF;

    private const int TrendTimeBytes = 7;

    private readonly int[] _values = new int[counts.Curves];
    private readonly byte[] _body = new byte[TrendTimeBytes + (2 * Math.Max(Math.Max(counts.Breath, counts.Settings), Math.Max(counts.Trend, counts.Alarms))) + 1];
    private State _state;
    private byte _check;
    private int _length;
    private int _due;
    private int _channel;
    private int _high;
    private bool _absolute;
    private bool _afterCurve;

    private enum State
    {
        Start,
        Item,
        High,
        Low,
        PhaseValue,
        Body,
        EndFlag,
        Check,
    }

    /// <summary>First byte of the block just completed or begun; both first bytes of a curve block are <see cref="Curve"/>.</summary>
    public byte Kind { get; private set; }

    /// <summary>Raw values of the sample just completed, in the order of the channels.</summary>
    public ReadOnlySpan<int> Sample => _values;

    /// <summary>Phase of the breath, 10, 20 or 30 hexadecimal; 0 = not told yet.</summary>
    public byte BreathPhase { get; private set; }

    /// <summary>Samples of the present curve block.</summary>
    public int Samples { get; private set; }

    /// <summary>The block's bytes between its first byte and 7F.</summary>
    public ReadOnlySpan<byte> Body => _body.AsSpan(0, _length);

    /// <summary>True between two blocks.</summary>
    public bool IsBetween => _state == State.Start;

    public BlockPart Take(byte value)
    {
        if (_state != State.Check)
        {
            _check = _state == State.Start ? value : (byte)(_check ^ value);
        }

        switch (_state)
        {
            case State.Start:
                return Begin(value);
            case State.Item:
                return TakeItem(value);
            case State.PhaseValue:
                BreathPhase = value;
                _state = State.Item;
                return value is 0x10 or 0x20 or 0x30 ? BlockPart.None : Damage();
            case State.High:
                _high = value;
                _state = State.Low;
                return value < EndFlag ? BlockPart.None : Damage();
            case State.Low:
                _state = State.Item;
                return Place((_high << 8) | value);
            case State.Body:
                return TakeBody(value);
            case State.EndFlag:
                _state = State.Check;
                return value == EndFlag ? BlockPart.None : Damage();
            default:
                return value == _check ? Complete() : Damage();
        }
    }

    /// <summary>What follows is the beginning of a block; what the ventilator told of the breath no longer holds.</summary>
    public void Reset()
    {
        _state = State.Start;
        _afterCurve = false;
        BreathPhase = 0;
    }

    private BlockPart Begin(byte value)
    {
        bool afterCurve = _afterCurve;
        _afterCurve = false;
        Kind = value is Phase ? Curve : value;
        _length = 0;
        switch (value)
        {
            case EndFlag when afterCurve:
                return BlockPart.StreamEnd;
            case Curve or Phase when counts.Curves > 0:
                Samples = 0;
                _channel = 0;
                _absolute = true;
                _state = value == Phase ? State.PhaseValue : State.High;
                return BlockPart.None;
            case Breath:
                return Expect(2 * counts.Breath);
            case Settings:
                return Expect(2 * counts.Settings);
            case Trend:
                return Expect(2 * counts.Trend);
            case Alarm or ExtendedAlarm:
                return Expect(counts.Alarms);
            case Refusal:
                return Expect(1);
            default:
                return Damage();
        }
    }

    private BlockPart Expect(int bytes)
    {
        _due = bytes;
        _state = State.Body;
        return bytes > 0 ? BlockPart.None : Damage();
    }

    private BlockPart TakeItem(byte value)
    {
        switch (value)
        {
            case EndFlag:
                // A block holds whole samples, and at least one.
                _state = State.Check;
                return _channel == 0 && Samples > 0 ? BlockPart.None : Damage();
            case Curve:
                _state = State.High;
                return BlockPart.None;
            case Phase:
                _state = State.PhaseValue;
                return BlockPart.None;
            default:
                return _absolute ? Damage() : Place(_values[_channel] + (sbyte)value);
        }
    }

    /// <summary>Differences are of raw values; a channel without value has none to differ from, and stays without.</summary>
    private BlockPart Place(int raw)
    {
        if (raw is < 0 or > Missing)
        {
            return Damage();
        }

        _values[_channel++] = raw;
        if (_channel < _values.Length)
        {
            return BlockPart.None;
        }

        _channel = 0;
        _absolute = false;
        Samples++;
        return BlockPart.Sample;
    }

    private BlockPart TakeBody(byte value)
    {
        if (Kind == Trend && _length == 0 && value == Phase)
        {
            _due += TrendTimeBytes;
        }

        bool time = Kind == Trend && _length < TrendTimeBytes && (_length > 0 ? _body[0] : value) == Phase;
        bool isRight = Kind switch
        {
            Alarm => value is 0x00 or 0xFF,
            ExtendedAlarm => value <= 2,
            Refusal => true,
            _ => time || (_length - (_due % 2)) % 2 != 0 || value < EndFlag,
        };
        _body[_length++] = value;
        _state = _length == _due ? State.EndFlag : State.Body;
        return isRight ? BlockPart.None : Damage();
    }

    private BlockPart Complete()
    {
        _state = State.Start;
        _afterCurve = Kind == Curve;
        return Kind switch
        {
            Curve => BlockPart.CurveEnd,
            Refusal => BlockPart.Error,
            _ => BlockPart.Values,
        };
    }

    private BlockPart Damage()
    {
        Reset();
        return BlockPart.Damaged;
    }
}
