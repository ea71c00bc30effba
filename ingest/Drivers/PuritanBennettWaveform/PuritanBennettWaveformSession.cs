using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennettWaveform;

/// <summary>One stream of the waveform port: bytes to lines, lines to samples and breaths. It never sends anything.</summary>
internal sealed class PuritanBennettWaveformSession : IDriverSession
{
    /// <summary>A line takes 5 ms; one that stops this long lost its end, and samples that were held back are told.</summary>
    private const long Stalled = 250_000_000;

    private const long Silence = 5_000_000_000;

    /// <summary>As many whole lines of samples say that this is the port it seems to be.</summary>
    private const int LinesUntilReceiving = 5;

    private readonly LineReader _lines = new();
    private readonly Waves _waves = new();
    private MonotonicInstant _byteAt;
    private MonotonicInstant _sampleAt;
    private long? _breath;
    private bool _inBreath;
    private bool _receiving;
    private bool _introduced;
    private bool _otherPortTold;
    private int _goodLines;
    private bool _refused;

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            return;
        }

        MonotonicInstant now = chunk.ArrivedAt;
        if (now.Since(_byteAt) >= Stalled)
        {
            if (_lines.Abandon())
            {
                Take(now, output);
            }

            _waves.Flush(output);
        }

        if (_receiving && now.Since(_sampleAt) >= Silence)
        {
            (_receiving, _goodLines, _inBreath, _breath) = (false, 0, false, null);
            output.Report(new DeviceEvent.Link(Receiving: false, "no more samples come"));
        }

        foreach (byte value in chunk.Bytes.Span)
        {
            _byteAt = now;
            if (_lines.Take(value))
            {
                Take(now, output);
            }
        }
    }

    public void Stop(IDriverOutput output) => _waves.Flush(output);

    private void Take(MonotonicInstant now, IDriverOutput output)
    {
        var line = WaveLine.Read(_lines.Line.Span);
        _refused &= line.Kind == LineKind.Unknown;
        switch (line.Kind)
        {
            case LineKind.Sample:
                TakeSample(line, now, output);
                break;
            case LineKind.BreathBegins:
                Begin(line.Breath, output);
                break;
            case LineKind.BreathEnds:
                _waves.Flush(output);
                _inBreath = false;
                break;
            case LineKind.RecorderTime:
                break;
            case LineKind.OtherPort:
                TellOtherPort(output);
                break;
            default:
                Refuse(output);
                break;
        }
    }

    private void TakeSample(WaveLine line, MonotonicInstant now, IDriverOutput output)
    {
        _sampleAt = now;
        _goodLines++;
        if (!_receiving && _goodLines >= LinesUntilReceiving)
        {
            _receiving = true;
            output.Report(new DeviceEvent.Link(Receiving: true, "the ventilator sends samples"));
            Introduce(output);
        }

        _waves.Add(line, now, output);
    }

    /// <summary>Breaths are numbered one by one; where the number may wrap is not known, so one that falls is not called a loss.</summary>
    private void Begin(long breath, IDriverOutput output)
    {
        _waves.Flush(output);
        if (_inBreath)
        {
            output.Report(new DeviceEvent.Fault("a breath began before the one before had ended", _lines.Start));
        }

        if (_breath is long before && breath > before + 1)
        {
            output.Report(new DeviceEvent.Fault($"the breaths from {before + 1} to {breath - 1} never came", _lines.Start));
            output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, breath - before - 1));
        }

        (_breath, _inBreath) = (breath, true);
        _waves.Begin(breath, output);
    }

    /// <summary>In a running stream a line that cannot be read was a sample; what a run of such lines was, the arrivals tell.</summary>
    private void Refuse(IDriverOutput output)
    {
        output.Report(new DeviceEvent.Fault($"{_lines.Line.Length} bytes are no line of the waveform port", _lines.Start));
        if (_receiving && !_refused)
        {
            _refused = true;
            _waves.Lose(output);
        }
        else if (!_receiving)
        {
            _goodLines = 0;
        }
    }

    private void TellOtherPort(IDriverOutput output)
    {
        if (!_otherPortTold)
        {
            _otherPortTold = true;
            output.Report(new DeviceEvent.Fault("this port is set to DCI and answers another host; waveforms come from a port set to waveforms", _lines.Start));
        }
    }

    /// <summary>Nothing on this port says which ventilator it is.</summary>
    private void Introduce(IDriverOutput output)
    {
        if (!_introduced)
        {
            _introduced = true;
            output.Report(new DeviceEvent.Identity(new DeviceIdentity
            {
                Manufacturer = "Puritan Bennett",
                Model = "ventilator (840 or 980)",
                Protocol = "waveforms",
            }));
        }
    }
}
