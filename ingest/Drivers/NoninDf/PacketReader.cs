using System.Collections.Immutable;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.NoninDf;

/// <summary>What the packets of one conversation say: pleth, values, alarms.</summary>
internal sealed class PacketReader
{
    private const string System = "nonin-df";
    private static readonly TimeSpan EveryPacket = TimeSpan.FromSeconds(1) * Frame.PerPacket / Frame.PerSecond;

    private readonly Readout _readout = new(System);
    private readonly StandingAlerts _alerts = new();
    private byte? _revision;
    private byte _second;

    /// <summary>Takes a packet of one third of a second; times are ns of the counted packets, <paramref name="offset"/> is where it ends among the bytes.</summary>
    public void Take(DataFormat format, ReadOnlySpan<Frame?> frames, long start, long end, long offset, IDriverOutput output)
    {
        var values = new PacketValues(frames);
        var at = new DeviceTicks((ulong)end);
        Introduce(format, values, output);
        TakePleth(format, frames, start, offset, output);
        byte status = values.Status;
        foreach (PlaceRow row in NoninNomenclature.Values)
        {
            TakeValue(row, row.IsRate ? values.Rate(row.Place) : values.Saturation(row.Place), ValidityOf(status, format), at, output);
        }

        TakeRest(format, values, at, output);
        Say("status", "status", (byte)(status & StatusBit.Conditions), at, output);
        TakePerfusion(frames, at, output);
        _second = values[NoninNomenclature.SecondStatus] ?? _second;
        _alerts.Take(Alerts(status, format, _second), at, output);
    }

    private void Introduce(DataFormat format, PacketValues values, IDriverOutput output)
    {
        if (values[NoninNomenclature.Revision] is { } revision && revision != _revision)
        {
            _revision = revision;
            output.Report(new DeviceEvent.Identity(new DeviceIdentity
            {
                Manufacturer = "Nonin",
                Model = "oximeter",
                Firmware = revision.ToString(CultureInfo.InvariantCulture),
                Protocol = $"data format {(int)format}",
            }));
        }
    }

    /// <summary>The samples of the packet, in as many pieces as damaged frames leave.</summary>
    private void TakePleth(DataFormat format, ReadOnlySpan<Frame?> frames, long start, long offset, IDriverOutput output)
    {
        Metric metric = _readout.Metric("pleth", SignalKind.Waveform, "pleth", "1", "pleth") with { DisplayMin = 0, DisplayMax = format == DataFormat.Two ? byte.MaxValue : ushort.MaxValue };
        var period = SamplePeriod.FromHertz(Frame.PerSecond);
        for (int first = 0, next; first < frames.Length; first = next)
        {
            next = first + 1;
            while (next < frames.Length && (frames[next] is null) == (frames[first] is null))
            {
                next++;
            }

            var at = new DeviceTicks((ulong)(start + period.NanosecondsOf(first)));
            if (frames[first] is null)
            {
                output.Report(new DeviceEvent.Fault($"{next - first} frames of a packet have a wrong sum", offset));
                output.Report(new DeviceEvent.Missing(metric, GapCause.Checksum, next - first) { At = at });
                continue;
            }

            int[] raw = new int[next - first];
            ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
            for (int i = 0; i < raw.Length; i++)
            {
                Frame frame = frames[first + i].GetValueOrDefault();
                raw[i] = frame.Pleth;
                if (ValidityOf(frame.Status, format) is var validity and not Validity.Valid)
                {
                    runs.Add(new ValidityRun(i, 1, validity));
                }
            }

            _readout.Samples(new DeviceEvent.Samples(metric, period, raw) { Scale = null, At = at, Runs = Joined(runs) }, output);
        }
    }

    private static ImmutableArray<ValidityRun> Joined(ImmutableArray<ValidityRun>.Builder each)
    {
        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        foreach (ValidityRun run in each)
        {
            if (runs.Count > 0 && runs[^1] is var last && last.Validity == run.Validity && last.Start + last.Length == run.Start)
            {
                runs[^1] = last with { Length = last.Length + 1 };
            }
            else
            {
                runs.Add(run);
            }
        }

        return runs.DrainToImmutable();
    }

    private void TakeValue(PlaceRow row, int? value, Validity validity, DeviceTicks at, IDriverOutput output)
    {
        if (value is not { } number)
        {
            return;
        }

        string id = row.Id.Length > 0 ? row.Id : _readout.RawId($"F{row.Place}", row.Name);
        Metric metric = _readout.Metric(id, SignalKind.Numeric, $"F{row.Place}", row.IsRate ? "/min" : "%", row.Name) with { ExpectedEvery = EveryPacket };
        bool none = number == (row.IsRate ? PacketValues.NoRate : PacketValues.NoSaturation);
        _readout.Number(metric, none ? null : new Fixed(number, 0), at, output, validity);
    }

    /// <summary>What no source explains is kept byte by byte where it is not zero.</summary>
    private void TakeRest(DataFormat format, PacketValues values, DeviceTicks at, IDriverOutput output)
    {
        foreach (int place in NoninNomenclature.Reserved)
        {
            Say($"F{place}", "reserved", values[place], at, output);
        }

        Say($"F{NoninNomenclature.SecondStatus}", "STAT2", values[NoninNomenclature.SecondStatus], at, output);
        foreach (int place in (int[])[NoninNomenclature.TimerHigh, NoninNomenclature.TimerLow])
        {
            string name = place == NoninNomenclature.TimerHigh ? "timer-MSB" : "timer-LSB";
            if (format != DataFormat.Seven)
            {
                Say($"F{place}", "reserved", values[place], at, output);
            }
            else if (values[place] is { } part)
            {
                Metric metric = _readout.Metric(_readout.RawId($"F{place}", name), SignalKind.Numeric, $"F{place}", "1", name) with { ExpectedEvery = EveryPacket };
                _readout.Number(metric, new Fixed(part, 0), at, output);
            }
        }
    }

    private void Say(string code, string name, byte? value, DeviceTicks at, IDriverOutput output)
    {
        if (value is not { } bits)
        {
            return;
        }

        // Zero is nothing to tell of, until there was something else.
        Metric metric = _readout.Metric(_readout.RawId(code, name), SignalKind.Text, code, string.Empty, name);
        _readout.Text(metric, bits == 0 && !_readout.HasTold(metric) ? string.Empty : bits.ToString("X2", CultureInfo.InvariantCulture), at, output, bits);
    }

    /// <summary>The colour of the last pulse in the packet, if a pulse was in it.</summary>
    private void TakePerfusion(ReadOnlySpan<Frame?> frames, DeviceTicks at, IDriverOutput output)
    {
        int bits = 0;
        foreach (Frame? frame in frames)
        {
            int now = (frame?.Status ?? 0) & StatusBit.YellowPerfusion;
            bits = now != 0 ? now : bits;
        }

        if (bits != 0)
        {
            string colour = bits switch { StatusBit.RedPerfusion => "red", StatusBit.GreenPerfusion => "green", _ => "yellow" };
            _readout.Text(_readout.Metric(_readout.RawId("perfusion", "perfusion"), SignalKind.Text, "perfusion", string.Empty, "perfusion"), colour, at, output, (uint)bits);
        }
    }

    /// <summary>Bit 40 is documented for data format 2 alone.</summary>
    private static Validity ValidityOf(byte status, DataFormat format)
    {
        bool unusable = (status & StatusBit.SensorAlarm) != 0 || (format == DataFormat.Two && (status & StatusBit.Disconnected) != 0);
        bool doubtful = (status & (StatusBit.Artefact | StatusBit.OutOfTrack)) != 0;
        return (unusable ? Validity.Invalid : Validity.Valid) | (doubtful ? Validity.Questionable : Validity.Valid);
    }

    private static IEnumerable<Alert> Alerts(byte status, DataFormat format, byte second)
    {
        if (format == DataFormat.Two && (status & StatusBit.Disconnected) != 0)
        {
            yield return AlertOf("disconnected", "Sensor disconnected", AlertPriority.Low);
        }

        if ((status & StatusBit.SensorAlarm) != 0)
        {
            yield return AlertOf("sensor-alarm", "Sensor alarm", AlertPriority.Low);
        }

        if ((status & StatusBit.OutOfTrack) != 0)
        {
            yield return AlertOf("out-of-track", "Out of track", AlertPriority.None);
        }

        if ((status & StatusBit.Artefact) != 0)
        {
            yield return AlertOf("artefact", "Artefact", AlertPriority.None);
        }

        if ((second & NoninNomenclature.LowBattery) != 0)
        {
            yield return AlertOf("low-battery", "Low battery", AlertPriority.Low);
        }
    }

    private static Alert AlertOf(string code, string text, AlertPriority priority) => new()
    {
        Key = $"{System}:{code}",
        Phase = AlertPhase.Start,
        Priority = priority,
        Technical = true,
        Text = text,
        CodeName = $"{System}:{code}",
        Source = "spo2",
    };
}
