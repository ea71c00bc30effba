namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// The slow half of MEDIBUS on the wire (90 28 258, framing; sheet 3):
/// <code>
/// command   1B code [argument, at most 251 bytes] HH LL 0D
/// response  01 echo [payload]                     HH LL 0D      (at most 3845 bytes)
/// </code>
/// HH LL are two upper-case hexadecimal digits of the sum of all bytes before them, modulo 256.
/// </summary>
internal static class Frame
{
    public const byte Escape = 0x1B;
    public const byte StartOfHeading = 0x01;
    public const byte CarriageReturn = 0x0D;
    public const byte EndOfText = 0x03;

    /// <summary>Sense opposite to XON/XOFF: 11H suspends.</summary>
    public const byte Suspend = 0x11;
    public const byte Resume = 0x13;
    public const byte Abort = 0x18;

    /// <summary>Bytes from here on belong to the realtime half.</summary>
    public const byte FirstRealtime = 0x80;

    public const int MostArgumentBytes = 251;
    public const int MostResponseBytes = 3845;
    public const int MostCommandBytes = MostArgumentBytes + Overhead;

    /// <summary>Start, code, two digits, carriage return.</summary>
    public const int Overhead = 5;

    public static byte[] Command(byte code, params ReadOnlySpan<byte> argument) => Write(Escape, code, argument);

    public static byte[] Response(byte echo, params ReadOnlySpan<byte> payload) => Write(StartOfHeading, echo, payload);

    /// <summary>Whether the bytes, without the carriage return, end in the right two digits.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> frame) =>
        frame.Length >= Overhead - 1
        && frame[^2] == Digit(Sum(frame[..^2]) >> 4)
        && frame[^1] == Digit(Sum(frame[..^2]) & 0xF);

    /// <summary>Upper-case hexadecimal digit of a number below 16.</summary>
    public static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);

    /// <summary>Value of an upper-case hexadecimal digit; -1 for any other byte.</summary>
    public static int Value(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    /// <summary>Reads two upper-case hexadecimal digits; false for anything else.</summary>
    public static bool TryReadCode(ReadOnlySpan<byte> digits, out byte code)
    {
        int high = Value(digits[0]);
        int low = Value(digits[1]);
        code = (byte)((high << 4) | (low & 0xF));
        return high >= 0 && low >= 0;
    }

    private static byte[] Write(byte start, byte code, ReadOnlySpan<byte> body)
    {
        byte[] frame = [start, code, .. body, 0, 0, CarriageReturn];
        int sum = Sum(frame.AsSpan(0, frame.Length - 3));
        frame[^3] = Digit(sum >> 4);
        frame[^2] = Digit(sum & 0xF);
        return frame;
    }

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return sum & 0xFF;
    }
}

/// <summary>What one byte completed.</summary>
internal enum Part
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>The byte belongs to the realtime half.</summary>
    Realtime,

    Command,
    Response,

    /// <summary>A whole frame with a wrong checksum, which has to be answered with NAK.</summary>
    CorruptCommand,
    CorruptResponse,

    /// <summary>A frame ended early, grew too long, or bytes stood outside any frame.</summary>
    Broken,

    Suspend,
    Resume,
    Abort,
}

/// <summary>
/// Takes one direction of a line apart, byte by byte. A command may stand at any place inside a response, with a
/// checksum of its own, and realtime bytes anywhere at all (sheet 3, rules 1 and 2); so a command and a response are
/// collected side by side, and realtime bytes are handed on at once.
/// </summary>
internal sealed class Deframer
{
    /// <summary>A run of noise is told at latest after this many bytes.</summary>
    private const int MostNoise = 4096;

    private readonly Collector _command = new(Frame.MostCommandBytes);
    private readonly Collector _response = new(Frame.MostResponseBytes);
    private long _noiseStart;
    private int _noise;

    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Code of the command or echo of the response just completed.</summary>
    public byte Code { get; private set; }

    /// <summary>Argument or payload of what was just completed; valid until the next byte.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Where the thing just told began: bytes taken before it.</summary>
    public long Start { get; private set; }

    /// <summary>Why it is <see cref="Part.Broken"/> or corrupt.</summary>
    public string Reason { get; private set; } = string.Empty;

    public Part Take(byte value)
    {
        long at = Taken++;
        switch (value)
        {
            case >= Frame.FirstRealtime:
                return Part.Realtime;
            case Frame.Suspend:
                return Part.Suspend;
            case Frame.Resume:
                return Part.Resume;
            case Frame.Abort:
                return Part.Abort;
            case Frame.Escape:
                return Open(_command, value, at);
            case Frame.StartOfHeading:
                // A response never stands inside a command: a command that is still open lost its end.
                Part lost = Cut(_command, at);
                Part opened = Open(_response, value, at);
                return lost == Part.Broken ? lost : opened;
            case Frame.CarriageReturn when _command.IsOpen:
                return Close(_command, Part.Command, Part.CorruptCommand);
            case Frame.CarriageReturn when _response.IsOpen:
                return Close(_response, Part.Response, Part.CorruptResponse);
        }

        Collector into = _command.IsOpen ? _command : _response;
        if (into.IsOpen)
        {
            return into.Add(value) ? Part.None : Tell("a frame grew longer than the protocol allows", into.Drop());
        }

        _noiseStart = _noise == 0 ? at : _noiseStart;
        return ++_noise < MostNoise ? Part.None : TellNoise();
    }

    /// <summary>Bytes of the response that is still open; 0 = none is.</summary>
    public int OpenResponse => _response.Bytes.Length;

    /// <summary>The open response will not go on: gives it up, and a command inside it. <see cref="Part.None"/> when none is open.</summary>
    public Part Abandon()
    {
        if (!_response.IsOpen)
        {
            return Part.None;
        }

        _command.Drop();
        Tell("a frame stopped before its end", _response.Drop());
        return Part.CorruptResponse;
    }

    private Part Open(Collector into, byte value, long at)
    {
        Part told = _noise > 0 ? TellNoise() : Cut(into, at);
        into.Open(value, at);
        return told;
    }

    private Part Cut(Collector open, long at) =>
        open.IsOpen ? Tell($"a frame was cut off after {at - open.Start} bytes", open.Drop()) : Part.None;

    private Part Close(Collector open, Part whole, Part corrupt)
    {
        Code = open.Code;
        Body = open.Body;
        bool intact = Frame.IsIntact(open.Bytes) && Code is >= 0x20 or MedibusCode.NotAcknowledged;
        if (!intact)
        {
            Body = ReadOnlyMemory<byte>.Empty;
            Tell($"a frame of {open.Bytes.Length + 1} bytes has a wrong checksum", open.Start);
        }

        Start = open.Drop();
        return intact ? whole : corrupt;
    }

    private Part TellNoise()
    {
        Part told = Tell($"{_noise} bytes stood outside any frame", _noiseStart);
        _noise = 0;
        return told;
    }

    private Part Tell(string reason, long start)
    {
        Reason = reason;
        Start = start;
        return Part.Broken;
    }

    /// <summary>The bytes of one frame, up to the carriage return.</summary>
    private sealed class Collector(int most)
    {
        private readonly byte[] _bytes = new byte[most];
        private int _length;

        public bool IsOpen => _length > 0;

        public long Start { get; private set; }

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

        public byte Code => _length > 1 ? _bytes[1] : (byte)0;

        /// <summary>Between the code and the two digits.</summary>
        public ReadOnlyMemory<byte> Body =>
            _length >= Frame.Overhead - 1 ? _bytes.AsMemory(2, _length - Frame.Overhead + 1) : ReadOnlyMemory<byte>.Empty;

        public void Open(byte first, long at)
        {
            _bytes[0] = first;
            _length = 1;
            Start = at;
        }

        /// <summary>False when it does not fit any more.</summary>
        public bool Add(byte value)
        {
            if (_length == _bytes.Length)
            {
                return false;
            }

            _bytes[_length++] = value;
            return true;
        }

        /// <summary>Closes it; gives where it began.</summary>
        public long Drop()
        {
            _length = 0;
            return Start;
        }
    }
}
