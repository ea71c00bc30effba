using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>A whole message, or what was wrong with the bytes where one was looked for.</summary>
/// <param name="Message">Empty when <paramref name="Fault"/> says something.</param>
/// <param name="Fault">One plain sentence; empty when all is well.</param>
/// <param name="Offset">Bytes before it since the session began.</param>
internal readonly record struct Piece(ReadOnlyMemory<byte> Message, string Fault, long Offset);

/// <summary>Makes messages of chunks: one for each way the protocol is carried.</summary>
internal interface IMessageSource
{
    /// <summary>Takes the next bytes; none = time passed.</summary>
    void Push(ReadOnlySpan<byte> bytes, MonotonicInstant at);

    bool TryTake(out Piece piece);
}

/// <summary>
/// Messages of a datagram link. A datagram is normally one message, but recordings join and cut them: what counts is the
/// length a message gives of itself. Never holds more than two messages' worth of bytes.
/// </summary>
internal sealed class MessageStream : IMessageSource
{
    private const long QuietNanoseconds = 2_000_000_000;
    private readonly byte[] _buffer = new byte[2 * MessageShape.LongestMessage];
    private readonly Queue<Piece> _pieces = new();
    private int _start;
    private int _end;
    private long _offset;
    private int _skipped;
    private bool _inStep = true;
    private MonotonicInstant _lastByteAt;

    public void Push(ReadOnlySpan<byte> bytes, MonotonicInstant at)
    {
        if (bytes.IsEmpty && at.Since(_lastByteAt) > QuietNanoseconds)
        {
            GiveUp();
        }

        while (!bytes.IsEmpty)
        {
            _lastByteAt = at;
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            int taken = Math.Min(bytes.Length, _buffer.Length - _end);
            bytes[..taken].CopyTo(_buffer.AsSpan(_end));
            _end += taken;
            bytes = bytes[taken..];
            Split();
        }
    }

    public bool TryTake(out Piece piece) => _pieces.TryDequeue(out piece);

    private void Split()
    {
        while (_start < _end)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            Shape shape = MessageShape.Look(rest, _inStep, out int length);
            int other = shape switch
            {
                Shape.Message => MessageShape.StartWithin(rest[..length], isComplete: true),
                Shape.NeedMore => MessageShape.StartWithin(rest, isComplete: false),
                _ => 1,
            };
            if (other > 0)
            {
                Skip(other);
                continue;
            }

            if (shape == Shape.NeedMore)
            {
                return;
            }

            SaySkipped();
            _inStep = true;
            _pieces.Enqueue(new Piece(rest[..length].ToArray(), string.Empty, _offset));
            Advance(length);
        }
    }

    /// <summary>What waits for more bytes since seconds waits in vain: a datagram was cut short.</summary>
    private void GiveUp()
    {
        while (_start < _end)
        {
            Skip(1);
            Split();
        }

        SaySkipped();
    }

    private void Skip(int count)
    {
        _skipped += count;
        Advance(count);
        _inStep = false;
        if (_skipped >= MessageShape.LongestMessage)
        {
            SaySkipped();
        }
    }

    private void SaySkipped()
    {
        if (_skipped > 0)
        {
            _pieces.Enqueue(new Piece(default, $"{_skipped} bytes that belong to no message", _offset - _skipped));
            _skipped = 0;
        }
    }

    private void Advance(int count)
    {
        _start += count;
        _offset += count;
    }
}
