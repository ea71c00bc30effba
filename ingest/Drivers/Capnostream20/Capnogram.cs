using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.Capnostream20;

/// <summary>
/// The CO2 wave. Its samples are numbered from 0 to 255 and over again; the unit, and with it the scale, comes with the numbers once a second, so the first
/// samples wait for it, bounded.
/// </summary>
internal sealed class Capnogram(Readout readout)
{
    private const int PerSecond = 20;
    private const int RunSamples = 10;
    private const int MostHeld = 5 * PerSecond;

    /// <summary>The number of a sample has eight bits; what is farther than half of them is no loss but another count.</summary>
    private const int MostLost = 127;

    private static readonly SamplePeriod Period = SamplePeriod.FromHertz(PerSecond);

    private readonly List<WaveSample> _held = [];
    private UnitRow? _unit;
    private byte? _last;
    private long _dropped;

    /// <summary>Nanoseconds of samples before the next one.</summary>
    public long Now { get; private set; }

    private Metric Metric
    {
        get
        {
            string id = _unit is { IsPressure: false } ? readout.RawId("0", "CO2") : "co2";
            return readout.Metric(id, SignalKind.Waveform, "0", _unit?.Ucum ?? string.Empty, "CO2");
        }
    }

    public void Take(WaveSample sample, IDriverOutput output)
    {
        int lost = _last is { } last ? (byte)(sample.Sequence - last - 1) : 0;
        _last = sample.Sequence;
        if (lost > MostLost)
        {
            Restart("the numbers of the samples do not continue", output);
        }
        else if (lost > 0)
        {
            Flush(output);
            output.Report(new DeviceEvent.Missing(Metric, GapCause.LostMessage, lost) { At = new DeviceTicks((ulong)Now) });
            Now += Period.NanosecondsOf(lost);
        }

        _held.Add(sample);
        Now += Period.Nanoseconds;
        if (_unit is null && _held.Count > MostHeld)
        {
            _held.RemoveAt(0);
            _dropped++;
        }
        else if (_unit is not null && _held.Count >= RunSamples)
        {
            Flush(output);
        }
    }

    /// <summary>The numbers say in which unit the wave is.</summary>
    public void Tell(UnitRow unit, IDriverOutput output)
    {
        if (unit == _unit)
        {
            return;
        }

        Flush(output);
        _unit = unit;
        if (_dropped > 0)
        {
            output.Report(new DeviceEvent.Missing(Metric, GapCause.Uncalibrated, _dropped) { At = new DeviceTicks((ulong)(Now - Period.NanosecondsOf(_held.Count + (int)_dropped))) });
            _dropped = 0;
        }

        Flush(output);
    }

    /// <summary>Nobody knows how many samples there were in between.</summary>
    public void Restart(string reason, IDriverOutput output)
    {
        Flush(output);
        output.Report(new DeviceEvent.ClockRestarted(reason));
        (_last, Now) = (null, 0);
    }

    /// <summary>Tells what is held, if it may be told.</summary>
    public void Flush(IDriverOutput output)
    {
        if (_unit is not { } unit || _held.Count == 0)
        {
            return;
        }

        long start = Now - Period.NanosecondsOf(_held.Count);
        readout.Samples(
            new DeviceEvent.Samples(Metric, Period, (int[])[.. _held.Select(sample => sample.Counts)]) { Scale = unit.Scale, At = new DeviceTicks((ulong)start), Runs = Marks() },
            output);
        Metric breath = readout.Metric(readout.RawId("0", "end-of-breath"), SignalKind.Numeric, "0:08", "1", "end of breath");
        for (int i = 0; i < _held.Count; i++)
        {
            if ((_held[i].Status & CapnostreamNomenclature.EndOfBreath) != 0)
            {
                readout.Number(breath, new Fixed(1, 0), new DeviceTicks((ulong)(start + Period.NanosecondsOf(i))), output);
            }
        }

        _held.Clear();
    }

    private ImmutableArray<ValidityRun> Marks()
    {
        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        for (int first = 0, next; first < _held.Count; first = next)
        {
            Validity validity = ValidityOf(_held[first].Status);
            for (next = first + 1; next < _held.Count && ValidityOf(_held[next].Status) == validity; next++)
            {
            }

            if (validity != Validity.Valid)
            {
                runs.Add(new ValidityRun(first, next - first, validity));
            }
        }

        return runs.DrainToImmutable();
    }

    private static Validity ValidityOf(byte status) =>
        ((status & CapnostreamNomenclature.UnusableWave) != 0 ? Validity.Invalid : Validity.Valid)
        | ((status & CapnostreamNomenclature.Occlusion) != 0 ? Validity.Questionable : Validity.Valid);
}
