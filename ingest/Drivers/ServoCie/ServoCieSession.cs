using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>One conversation with a SERVO ventilator: text until RADC, blocks after it, and our side of the talk.</summary>
internal sealed class ServoCieSession : IDriverSession
{
    /// <summary>Samples that were held back are told when nothing more comes for so long.</summary>
    private const long Stalled = 300_000_000;
    private const long TappedSilence = 10_000_000_000;

    private readonly Configuration _configuration = new();
    private readonly TextReader _text = new();
    private readonly TextReader _host = new();
    private readonly Readings _readings;
    private readonly CurveStreams _curves;
    private readonly DataStream _stream;
    private readonly Listening _listening;

    /// <summary>Null when we only listen.</summary>
    private readonly Conversation? _conversation;

    /// <summary>The last command overheard; null = none was, or data flow.</summary>
    private string? _overheard;
    private bool _overheardStream;
    private long _taken;
    private MonotonicInstant _byteAt;
    private bool _receiving;
    private bool _strayTold;

    public ServoCieSession(SessionOptions options)
    {
        _readings = new Readings(_configuration);
        _curves = new CurveStreams(_configuration);
        _stream = new DataStream(_configuration, _readings, _curves);
        _listening = new Listening(_configuration, _readings);
        _conversation = options.ListenOnly ? null : new Conversation(_configuration, _listening, new CurveChoice());
    }

    private bool IsStreaming => _conversation?.IsStreaming ?? _overheardStream;

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            Overhear(chunk.Bytes.Span, output);
            return;
        }

        MonotonicInstant now = chunk.ArrivedAt;
        if (now.Since(_byteAt) >= Stalled)
        {
            _stream.Flush(output);
        }

        Steer(now, output);
        bool lost = _conversation?.IsLost ?? (now.Since(_byteAt) >= TappedSilence);
        if (_receiving && lost)
        {
            _receiving = false;
            output.Report(new DeviceEvent.Link(Receiving: false, "the ventilator does not answer"));
        }

        foreach (byte value in chunk.Bytes.Span)
        {
            _byteAt = now;
            _taken++;
            _conversation?.Heard(now);
            if (_conversation?.IsDraining == true)
            {
                continue;
            }

            if (IsStreaming)
            {
                TakeBlockByte(value, now, output);
            }
            else if (_text.Take(value))
            {
                TakeAnswer(now, output);
            }
        }
    }

    public void Stop(IDriverOutput output)
    {
        _stream.Flush(output);
        _conversation?.Leave(output);
    }

    /// <summary>Lets our side speak where it is its turn; what the ventilator then says begins anew.</summary>
    private void Steer(MonotonicInstant now, IDriverOutput output)
    {
        if (_conversation is null)
        {
            return;
        }

        bool streamed = _conversation.IsStreaming;
        _conversation.Advance(now, output);
        Turn(streamed, output);
    }

    private void Turn(bool streamed, IDriverOutput output)
    {
        if (IsStreaming && !streamed)
        {
            _stream.Begin(output);
        }
        else if (!IsStreaming && streamed)
        {
            _stream.Flush(output);
            _text.Clear();
        }
    }

    private void TakeBlockByte(byte value, MonotonicInstant now, IDriverOutput output)
    {
        StreamNews news = _stream.Take(value, now, _taken - 1, output);
        if (news == StreamNews.None)
        {
            return;
        }

        switch (news)
        {
            case StreamNews.Block:
                Receive("the ventilator sends data", output);
                _conversation?.Sound();
                break;
            case StreamNews.Refused:
                output.Report(new DeviceEvent.Fault($"the ventilator sends no data: error {_stream.Error}, {Messages.MeaningOf(_stream.Error)}", _taken - 1));
                _conversation?.Refused(_stream.Error, now);
                break;
            case StreamNews.Ended:
                output.Report(new DeviceEvent.Fault("the ventilator ended the stream: standby, or more data than the line carries", _taken - 1));
                _conversation?.Ended(now);
                break;
            case StreamNews.Damaged:
                _conversation?.Damaged(now, output);
                break;
        }

        if (news is StreamNews.Refused or StreamNews.Ended)
        {
            _overheardStream = false;
        }

        Turn(streamed: true, output);
    }

    private void TakeAnswer(MonotonicInstant now, IDriverOutput output)
    {
        string? command = _conversation is null ? _overheard : _conversation.Asked;
        string? message = _text.Message;
        Answer? answer = message is null ? null : Answer.Read(command ?? string.Empty, message);
        if (answer is not { } said)
        {
            if (command is not null)
            {
                output.Report(new DeviceEvent.Fault($"an answer to {Shown(command)} has a wrong checksum", _taken - 1));
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
                _conversation?.AnsweredDamaged(now, output);
            }
            else if (!_strayTold)
            {
                _strayTold = true;
                output.Report(new DeviceEvent.Fault("data flow whose configuration was not heard, or it is no ventilator of this kind", _taken - 1));
            }
        }
        else
        {
            TakeGood(command ?? Guessed(said.Body), said, now, output);
        }

        Turn(streamed: false, output);
    }

    private void TakeGood(string? command, Answer said, MonotonicInstant now, IDriverOutput output)
    {
        bool understood = said.Error != 0 || command is null || _listening.Take(command, said.Body, _curves.Now, output);
        if (said.Error != 0)
        {
            output.Report(new DeviceEvent.Fault($"the ventilator answers {Shown(command)} with error {said.Error}, {Messages.MeaningOf(said.Error)}", _taken - 1));
        }
        else if (!understood)
        {
            output.Report(new DeviceEvent.Fault($"the answer to {Shown(command)} is not of its form", _taken - 1));
        }
        else
        {
            Receive("the ventilator answers", output);
        }

        _conversation?.Answered(said.Error, understood, now, output);
    }

    private void Receive(string reason, IDriverOutput output)
    {
        if (!_receiving)
        {
            _receiving = true;
            _readings.Forget();
            output.Report(new DeviceEvent.Link(Receiving: true, reason));
        }
    }

    /// <summary>The other side of a tapped line. An answer does not name its question, so the question must have been heard.</summary>
    private void Overhear(ReadOnlySpan<byte> bytes, IDriverOutput output)
    {
        foreach (byte value in bytes)
        {
            if (value == Frame.Escape)
            {
                _host.Clear();
                Overheard(string.Empty, output);
            }
            else if (_host.Take(value) && _host.Message is { } message && Messages.CommandOf(message) is { } command && !(_overheardStream && _conversation is null))
            {
                Overheard(command, output);
            }
        }
    }

    private void Overheard(string command, IDriverOutput output)
    {
        bool streamed = _overheardStream;
        _overheard = command;
        _overheardStream = command == "RADC";
        _text.Clear();
        if (_conversation is null)
        {
            Turn(streamed, output);
        }
    }

    /// <summary>Two answers say by themselves what they are, for a tap that hears one side only.</summary>
    private static string? Guessed(string body) =>
        body.Length > 40 && body[3] == ';' ? "RCCO" : Messages.ReadProduct(body) is not null ? "RCTY" : null;

    private static string Shown(string? command) => string.IsNullOrEmpty(command) ? "an empty command" : command[..Math.Min(5, command.Length)];
}
