using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// The curves of one stream as samples on a timeline. The ventilator tells no time, so samples are counted; all curves share one instant. Samples are told
/// in runs of about 0.2 s and before the check at the end of their block is known, for a block lasts a breath; when it then fails, that is said with
/// the number of samples it throws doubt on.
/// </summary>
internal sealed class CurveStreams(Configuration configuration)
{
    private const int RunMilliseconds = 200;

    private List<int>[] _runs = [];
    private Metric[] _metrics = [];
    private ChannelScale?[] _scales = [];
    private SamplePeriod _period;
    private SampleClock? _clock;
    private long _runStart;
    private int _phase;
    private bool _phaseDescribed;

    /// <summary>The instant of the next sample.</summary>
    public DeviceTicks? Now => _clock is null ? null : new DeviceTicks((ulong)_clock.Now);

    /// <summary>A stream begins: with the same sampling time the count goes on, otherwise it begins anew.</summary>
    public void Begin(IDriverOutput output)
    {
        Flush(output);
        int milliseconds = configuration.SampleMilliseconds;
        if (milliseconds <= 0)
        {
            (_runs, _metrics, _scales) = ([], [], []);
            return;
        }

        if (_clock is null || _clock.Period != milliseconds * 1_000_000L)
        {
            if (_clock is not null)
            {
                output.Report(new DeviceEvent.ClockRestarted("the ventilator's sampling time changed"));
            }

            _clock = new SampleClock(milliseconds * 1_000_000L);
            _period = new SamplePeriod(milliseconds, 1000);
        }

        _phase = 0;
        _scales = [.. configuration.Curves.Select(channel => configuration.Scales.GetValueOrDefault(channel))];
        _metrics = [.. configuration.Curves.Select((channel, i) => ServoNomenclature.MetricOf(channel, SignalKind.Waveform, _scales[i]?.Unit ?? string.Empty))];
        _runs = [.. configuration.Curves.Select(_ => new List<int>())];
        for (int i = 0; i < _metrics.Length; i++)
        {
            if (_scales[i]?.Linear is { } scale)
            {
                output.Report(new DeviceEvent.Descriptor(_metrics[i]) { Period = _period, Scale = scale });
            }
        }
    }

    public void Add(ReadOnlySpan<int> sample, byte phase, MonotonicInstant arrival, IDriverOutput output)
    {
        if (_clock is null || _runs.Length != sample.Length)
        {
            return;
        }

        long missing = _clock.Missing(arrival);
        if (missing > 0)
        {
            Flush(output);
            Lost(missing, GapCause.LostMessage, output);
        }

        if (_runs[0].Count == 0)
        {
            _runStart = _clock.Now;
        }

        if (phase != _phase && phase != 0)
        {
            _phase = phase;
            TellPhase(output);
        }

        for (int i = 0; i < sample.Length; i++)
        {
            _runs[i].Add(sample[i]);
        }

        _clock.Count();
        if (_runs[0].Count * configuration.SampleMilliseconds >= RunMilliseconds)
        {
            Flush(output);
        }
    }

    /// <summary>The check of a block failed, or it was no block: its last <paramref name="samples"/> samples may be wrong.</summary>
    public void Doubt(int samples, IDriverOutput output)
    {
        Flush(output);
        if (samples > 0)
        {
            Lost(samples, GapCause.Checksum, output);
        }
    }

    public void Flush(IDriverOutput output)
    {
        if (_runs.Length == 0 || _runs[0].Count == 0)
        {
            return;
        }

        for (int i = 0; i < _runs.Length; i++)
        {
            if (_scales[i]?.Linear is { } scale)
            {
                output.Report(new DeviceEvent.Samples(_metrics[i], _period, CollectionsMarshal.AsSpan(_runs[i]).ToArray())
                {
                    Scale = scale,
                    At = new DeviceTicks((ulong)_runStart),
                    Runs = WithoutValue(_runs[i]),
                });
            }
            else
            {
                output.Report(new DeviceEvent.Missing(_metrics[i], GapCause.Uncalibrated, _runs[i].Count) { At = new DeviceTicks((ulong)_runStart) });
            }

            _runs[i].Clear();
        }
    }

    private void Lost(long samples, GapCause cause, IDriverOutput output)
    {
        foreach (Metric metric in _metrics)
        {
            long start = Math.Max(0, (_clock?.Now ?? 0) - (samples * (_clock?.Period ?? 0)));
            output.Report(new DeviceEvent.Missing(metric, cause, samples) { At = new DeviceTicks((ulong)start) });
        }
    }

    private void TellPhase(IDriverOutput output)
    {
        Metric metric = ServoNomenclature.Named("raw/servo/81/breath-phase", SignalKind.Text, "breath phase", string.Empty) with { DeviceCode = "servo:81" };
        if (!_phaseDescribed)
        {
            _phaseDescribed = true;
            output.Report(new DeviceEvent.Descriptor(metric));
        }

        string word = _phase switch
        {
            0x10 => "inspiration",
            0x20 => "pause",
            0x30 => "expiration",
            _ => string.Create(CultureInfo.InvariantCulture, $"phase {_phase:X2}H"),
        };
        output.Report(new DeviceEvent.Text(metric, word) { At = Now, Code = (uint)_phase });
    }

    private static ImmutableArray<ValidityRun> WithoutValue(List<int> samples)
    {
        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        for (int start = 0, end; start < samples.Count; start = end)
        {
            end = start + 1;
            bool missing = samples[start] == BlockReader.Missing;
            while (end < samples.Count && (samples[end] == BlockReader.Missing) == missing)
            {
                end++;
            }

            if (missing)
            {
                runs.Add(new ValidityRun(start, end - start, Validity.NotAvailable));
            }
        }

        return runs.ToImmutable();
    }
}
