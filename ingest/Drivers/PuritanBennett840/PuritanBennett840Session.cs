using System.Buffers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>One conversation over DCI: bytes to replies, replies to events, and our questions.</summary>
internal sealed class PuritanBennett840Session : IDriverSession
{
    /// <summary>A ventilator sends a reply in one go; one that stops this long lost its end.</summary>
    private const long StalledReply = 3 * Conversation.Second / 2;

    /// <summary>Another host on a tapped line asks when it likes; after this long it is gone, or the ventilator is.</summary>
    private const long TappedSilence = 30 * Conversation.Second;

    private const int FastestUsualRate = 9600;
    private const int BitsPerByte = 10;
    private const int LongestReply = 1244;

    private static readonly SearchValues<byte> OfSamples = SearchValues.Create("0123456789.-, "u8);

    private readonly Deframer _device = new();
    private readonly WidthWatch _widths = new();
    private readonly Readings _readings;

    /// <summary>Null when we only listen.</summary>
    private readonly Conversation? _conversation;
    private MonotonicInstant _byteAt;
    private MonotonicInstant _replyAt;
    private bool _receiving;
    private bool _wrongPortTold;
    private bool _countTold;

    public PuritanBennett840Session(SessionOptions options)
    {
        _readings = new Readings(options.ListenOnly ? null : Every(options.Line));
        _conversation = options.ListenOnly ? null : new Conversation();
    }

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            // A reply names its question and says all there is to know, so another host's questions need not be heard.
            return;
        }

        MonotonicInstant now = chunk.ArrivedAt;
        if (_device.Open > 0 && now.Since(_byteAt) >= StalledReply)
        {
            Handle(_device.GiveUp(), now, output);
        }

        if (_conversation?.Advance(now, output) == true && _receiving)
        {
            output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1));
        }

        bool silent = _conversation?.IsLost ?? (now.Since(_replyAt) > TappedSilence);
        if (silent)
        {
            Lose(output);
        }

        foreach (byte value in chunk.Bytes.Span)
        {
            _byteAt = now;
            _conversation?.Heard(now);
            Handle(_device.Take(value), now, output);
        }
    }

    public void Stop(IDriverOutput output)
    {
        _conversation?.Stop();
        if (_conversation is null)
        {
            // A recording ends where it ends: half a reply is said, and a whole one taken.
            Handle(_device.GiveUp(), _byteAt, output);
        }
    }

    /// <summary>Each turn may be MISCA's and one answer may be damaged; below the usual speed all takes longer.</summary>
    private static TimeSpan Every(LineSettings? line)
    {
        double reply = (double)LongestReply * BitsPerByte / (line?.BitsPerSecond ?? FastestUsualRate);
        return TimeSpan.FromSeconds(Math.Max(6, 3 + (3 * reply)));
    }

    private void Handle(Part part, MonotonicInstant now, IDriverOutput output)
    {
        if (part == Part.None)
        {
            return;
        }

        TellNoise(now, output);
        if (part == Part.Reply)
        {
            TakeReply(now, output);
        }
    }

    private void TakeReply(MonotonicInstant now, IDriverOutput output)
    {
        var reply = Reply.Read(_device.Line.Span, out string reason);
        string? wrong = reply is null ? reason : _widths.Judge(reply);
        if (reply is null || wrong is not null)
        {
            Damaged(wrong ?? reason, _device.Start, now, output);
            return;
        }

        if (!_receiving)
        {
            _receiving = true;
            output.Report(new DeviceEvent.Link(Receiving: true, "the ventilator answers"));
        }

        if (reply.StatedBytes != reply.Bytes && !_countTold)
        {
            _countTold = true;
            output.Report(new DeviceEvent.Fault($"the replies state {reply.StatedBytes} bytes and have {reply.Bytes}; their fields are whole, and are taken", _device.Start));
        }

        _wrongPortTold = false;
        _replyAt = now;
        _readings.Take(reply, _device.Start, now, output);
        _conversation?.Answered(reply.Kind, now);
    }

    /// <summary>Blanks between the lines are no trouble; what the waveform port says is another matter.</summary>
    private void TellNoise(MonotonicInstant now, IDriverOutput output)
    {
        ReadOnlySpan<byte> noise = _device.Noise.Span;
        if (!noise.ContainsAnyExcept((byte)' ', (byte)0))
        {
            return;
        }

        long offset = _device.Start - (_device.Line.IsEmpty ? 0 : noise.Length);
        if (noise.IndexOf(Frame.Head) >= 0)
        {
            Damaged($"a reply broke off after {noise.Length} bytes", offset, now, output);
        }
        else if (!IsWaveform(noise))
        {
            output.Report(new DeviceEvent.Fault($"{noise.Length} bytes belong to no reply", offset));
        }
        else if (!_wrongPortTold)
        {
            _wrongPortTold = true;
            output.Report(new DeviceEvent.Fault("this is the ventilator's waveform port; DCI is on serial port 1, or set this port to DCI", offset));
        }
    }

    private void Damaged(string reason, long offset, MonotonicInstant now, IDriverOutput output)
    {
        output.Report(new DeviceEvent.Fault(reason, offset));
        output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1));
        _conversation?.Damaged(now, output);
    }

    private void Lose(IDriverOutput output)
    {
        if (_receiving)
        {
            _receiving = false;
            _widths.Forget();
            output.Report(new DeviceEvent.Link(Receiving: false, "the ventilator does not answer"));
        }
    }

    /// <summary>A line of the waveform port: <c>BS, S:65426,</c>, <c>BE</c>, or two numbers.</summary>
    private static bool IsWaveform(ReadOnlySpan<byte> noise) =>
        noise.StartsWith("BS, S:"u8) || noise.SequenceEqual("BE"u8) || (noise.IndexOf(", "u8) > 0 && !noise.ContainsAnyExcept(OfSamples));
}
