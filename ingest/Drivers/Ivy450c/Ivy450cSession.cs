using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.Ivy450c;

/// <summary>
/// One line with an Ansar-B output: bytes to blocks, blocks to events. The device tells no time, so its seconds are counted: a block is one.
/// A block that came damaged but whole is a second without data; where blocks are lost nobody knows how many, and the count begins anew.
/// </summary>
internal sealed class Ivy450cSession : IDriverSession
{
    private const long Second = 1_000_000_000;

    /// <summary>A block takes 0.6 s at 9600 bits per second; one that stops for so long has lost its end.</summary>
    private const long StalledBlock = Second;

    /// <summary>Blocks come each second; one that is so late is not the next one.</summary>
    private const long LateBlock = 1_600_000_000;

    private const long SilenceTimeout = 3 * Second;
    private const long StrayTold = 4_096;

    private readonly Deframer _deframer = new();
    private readonly BlockReader _reader = new();
    private readonly LinkWatch _link = new(SilenceTimeout);
    private MonotonicInstant _byteAt;
    private MonotonicInstant _blockAt;
    private bool _begun;
    private bool _broken;
    private long _seconds;

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            return;
        }

        MonotonicInstant now = chunk.ArrivedAt;
        _broken |= _link.Elapse(now, output);
        if (_deframer.IsOpen && now.Since(_byteAt) >= StalledBlock)
        {
            Handle(_deframer.Abandon(), now, output);
        }

        foreach (byte value in chunk.Bytes.Span)
        {
            _byteAt = now;
            Handle(_deframer.Take(value), now, output);
            if (_deframer.StrayNow > 0 && _deframer.StrayNow % StrayTold == 0 && !_deframer.IsOpen)
            {
                output.Report(new DeviceEvent.Fault($"{_deframer.StrayNow} bytes belong to no block", _deframer.Taken - _deframer.StrayNow));
            }
        }
    }

    private void Handle(Part part, MonotonicInstant now, IDriverOutput output)
    {
        switch (part)
        {
            case Part.Block:
                TakeBlock(now, output);
                break;
            case Part.Damaged:
                _broken = true;
                Damage(_deframer.Reason, output);
                break;
        }
    }

    private void TakeBlock(MonotonicInstant now, IDriverOutput output)
    {
        var text = BlockText.Read(_deframer.Text);
        Continue(now, output);
        long start = _seconds * Second;
        _seconds++;
        if (!text.IsInPlace)
        {
            Damage("the text of a block does not begin where it should: bytes were lost or added", output);
            return;
        }

        _link.Hear(now, output);
        if (text.Broken > 0)
        {
            output.Report(new DeviceEvent.Fault($"{text.Broken} lines of a block cannot be read", _deframer.At));
        }

        _reader.Take(_deframer.Waves, text, start, _deframer.At, output);
    }

    /// <summary>Whether this block is the second after the one before; if not, the count of seconds begins anew.</summary>
    private void Continue(MonotonicInstant now, IDriverOutput output)
    {
        bool late = _begun && now.Since(_blockAt) >= LateBlock;
        if (_begun && (late || _broken || _deframer.Stray > 0))
        {
            if (_deframer.Stray > 0)
            {
                output.Report(new DeviceEvent.Fault($"{_deframer.Stray} bytes belong to no block", _deframer.At - _deframer.Stray));
            }

            output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1));
            output.Report(new DeviceEvent.ClockRestarted("blocks were lost"));
            _seconds = 0;
        }

        _begun = true;
        _broken = false;
        _blockAt = now;
    }

    private void Damage(string reason, IDriverOutput output)
    {
        output.Report(new DeviceEvent.Fault(reason, _deframer.At));
        output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
    }
}
