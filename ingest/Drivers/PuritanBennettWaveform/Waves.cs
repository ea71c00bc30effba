using System.Runtime.InteropServices;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennettWaveform;

/// <summary>Flow, pressure and the breaths' numbers as signals. Samples are told in runs of about 0.2 s.</summary>
internal sealed class Waves
{
    private const int RunSamples = 10;

    private static readonly SamplePeriod Period = SamplePeriod.FromHertz(50);

    /// <summary>The device's two decimals, as whole numbers.</summary>
    private static readonly Scale Hundredths = new(0.01, 0);

    private static readonly Metric Flow = MetricOf("airway-flow", SignalKind.Waveform, "flow", "L/min", "flow");
    private static readonly Metric Pressure = MetricOf("paw", SignalKind.Waveform, "airway pressure", "cm[H2O]", "pressure");
    private static readonly Metric Number = MetricOf("raw/puritan-bennett/BS/breath-number", SignalKind.Numeric, "breath number", "1", "BS");

    private readonly List<int> _flow = [];
    private readonly List<int> _pressure = [];
    private readonly SampleClock _clock = new(Period.Nanoseconds);
    private long _runStart;
    private bool _described;

    /// <summary>Samples waiting to be told.</summary>
    public bool IsHolding => _flow.Count > 0;

    public void Add(WaveLine line, MonotonicInstant arrival, IDriverOutput output)
    {
        long missing = _clock.Missing(arrival);
        if (missing > 0)
        {
            Flush(output);
            TellMissing(missing, output);
        }

        if (_flow.Count == 0)
        {
            _runStart = _clock.Now;
        }

        _flow.Add(line.Flow);
        _pressure.Add(line.Pressure);
        _clock.Count();
        if (_flow.Count == RunSamples)
        {
            Flush(output);
        }
    }

    /// <summary>A line could not be read: it was one sample, mostly.</summary>
    public void Lose(IDriverOutput output)
    {
        Flush(output);
        _clock.Count();
        TellMissing(1, output);
    }

    /// <summary>A breath begins with the next sample.</summary>
    public void Begin(long breath, IDriverOutput output)
    {
        Describe(output);
        output.Report(new DeviceEvent.Numeric(Number, new Fixed(breath, 0)) { At = new DeviceTicks((ulong)_clock.Now) });
    }

    public void Flush(IDriverOutput output)
    {
        if (_flow.Count == 0)
        {
            return;
        }

        Describe(output);
        Tell(Flow, _flow, output);
        Tell(Pressure, _pressure, output);
    }

    private void Tell(Metric metric, List<int> run, IDriverOutput output)
    {
        output.Report(new DeviceEvent.Samples(metric, Period, CollectionsMarshal.AsSpan(run).ToArray())
        {
            Scale = Hundredths,
            At = new DeviceTicks((ulong)_runStart),
        });
        run.Clear();
    }

    private void TellMissing(long count, IDriverOutput output)
    {
        foreach (Metric metric in new[] { Flow, Pressure })
        {
            output.Report(new DeviceEvent.Missing(metric, GapCause.LostMessage, count) { At = new DeviceTicks((ulong)(_clock.Now - (count * _clock.Period))) });
        }
    }

    private void Describe(IDriverOutput output)
    {
        if (_described)
        {
            return;
        }

        _described = true;
        output.Report(new DeviceEvent.Descriptor(Flow) { Period = Period, Scale = Hundredths });
        output.Report(new DeviceEvent.Descriptor(Pressure) { Period = Period, Scale = Hundredths });
        output.Report(new DeviceEvent.Descriptor(Number));
    }

    private static Metric MetricOf(string id, SignalKind kind, string label, string unit, string code)
    {
        NomenclatureEntry? entry = Nomenclature.Shipped.ById(id);
        return new Metric
        {
            SignalId = id,
            Kind = kind,
            Code = entry?.Code ?? 0,
            CodeName = string.IsNullOrEmpty(entry?.CodeName) ? label : entry.CodeName,
            Unit = unit,
            Label = label,
            DeviceCode = $"puritan-bennett:waveform:{code}",
        };
    }
}
