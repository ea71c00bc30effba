using System.Runtime.InteropServices;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.BisBinary;

/// <summary>
/// The raw EEG. Its scale comes with the processed values, so the first samples wait for it, bounded. What the numbers of its messages count is not known: samples
/// that never came are noticed by their arrivals.
/// </summary>
internal sealed class Electroencephalogram(Readout readout)
{
    private const int MostHeldSeconds = 5;

    private readonly List<int>[] _held = [.. Enumerable.Range(0, RawPiece.MostChannels).Select(_ => new List<int>())];
    private SamplePeriod _period = SamplePeriod.FromHertz(128);
    private SampleClock? _clock;
    private Scale? _scale;
    private int _channels;
    private int _rate;
    private long _dropped;

    public void Take(in RawPiece piece, MonotonicInstant arrival, IDriverOutput output)
    {
        if (_clock is null || piece.Rate != _rate || piece.Channels != _channels)
        {
            Restart(_clock is null ? string.Empty : "the EEG has another rate or other channels", output);
            (_rate, _channels, _period) = (piece.Rate, piece.Channels, SamplePeriod.FromHertz(piece.Rate));
            _clock = new SampleClock(_period.Nanoseconds);
        }

        for (int moment = 0; moment < piece.Count; moment++)
        {
            // A piece comes whole when its last sample is taken.
            long missing = _clock.Missing(arrival.Add(-_period.NanosecondsOf(piece.Count - 1 - moment)));
            if (missing > 0)
            {
                Flush(output);
                TellMissing(GapCause.LostMessage, missing, _clock.Now - _period.NanosecondsOf(missing), output);
            }

            for (int channel = 0; channel < _channels; channel++)
            {
                _held[channel].Add(piece[moment, channel]);
            }

            _clock.Count();
        }

        Flush(output);
        Bound();
    }

    /// <summary>The processed values say what a count is worth.</summary>
    public void Tell(Scale scale, IDriverOutput output)
    {
        if (_scale == scale)
        {
            return;
        }

        Flush(output);
        _scale = scale;
        if (_dropped > 0 && _clock is not null)
        {
            TellMissing(GapCause.Uncalibrated, _dropped, _clock.Now - _period.NanosecondsOf(_held[0].Count + (int)_dropped), output);
            _dropped = 0;
        }

        Flush(output);
    }

    /// <summary>The count of samples begins anew with the next one; nothing is to be told where none came yet.</summary>
    public void Restart(string reason, IDriverOutput output)
    {
        Flush(output);
        if (_clock is not null)
        {
            output.Report(new DeviceEvent.ClockRestarted(reason));
            Array.ForEach(_held, held => held.Clear());
            _clock = null;
        }
    }

    /// <summary>Tells what is held, if it may be told.</summary>
    public void Flush(IDriverOutput output)
    {
        if (_scale is not { } scale || _clock is null || _held[0].Count == 0)
        {
            return;
        }

        var at = new DeviceTicks((ulong)(_clock.Now - _period.NanosecondsOf(_held[0].Count)));
        for (int channel = 0; channel < _channels; channel++)
        {
            readout.Samples(new DeviceEvent.Samples(MetricOf(channel), _period, CollectionsMarshal.AsSpan(_held[channel]).ToArray()) { Scale = scale, At = at }, output);
            _held[channel].Clear();
        }
    }

    private void Bound()
    {
        int over = _held[0].Count - (MostHeldSeconds * _rate);
        if (over > 0)
        {
            for (int channel = 0; channel < _channels; channel++)
            {
                _held[channel].RemoveRange(0, over);
            }

            _dropped += over;
        }
    }

    private void TellMissing(GapCause cause, long count, long at, IDriverOutput output)
    {
        for (int channel = 0; channel < _channels; channel++)
        {
            output.Report(new DeviceEvent.Missing(MetricOf(channel), cause, count) { At = new DeviceTicks((ulong)Math.Max(0, at)) });
        }
    }

    private Metric MetricOf(int channel)
    {
        string code = $"32:{channel + 1}";
        string id = channel < 2 ? $"eeg-{channel + 1}" : readout.RawId($"32.{channel + 1}", "EEG");
        return readout.Metric(id, SignalKind.Waveform, code, "uV", $"EEG {channel + 1}");
    }
}
