using Bedside.Model;

namespace Bedside.Extract;

/// <summary>
/// The tables that every export has, whatever its format: the dictionary of signals, readings, texts, alerts, marks,
/// clocks, devices and gaps. Instants are UTC and named *_utc; empty = none or unknown.
/// </summary>
internal sealed class ExportTables : IDisposable
{
    private readonly ExportRequest _request;
    private readonly Dictionary<SignalNumber, string> _ids;
    private readonly CsvTable _numerics;
    private readonly CsvTable _texts;
    private readonly CsvTable _alerts;
    private readonly CsvTable _annotations;
    private readonly CsvTable _clock;
    private readonly CsvTable _devices;
    private readonly CsvTable _gaps;

    public ExportTables(ExportFolder folder, ExportRequest request)
    {
        _request = request;
        _ids = request.Signals.ToDictionary(signal => signal.Number, signal => signal.Id);
        WriteSignals(folder, request);
        ExportContext.Write(folder, request.Context);
        _numerics = Table(folder, "numerics.csv", "time_utc", "signal", "value", "unit", "validity", "device_time_s", "uncertainty_us");
        _texts = Table(folder, "texts.csv", "time_utc", "signal", "text", "code", "validity", "uncertainty_us");
        _alerts = Table(
            folder, "alerts.csv", "time_utc", "device", "key", "phase", "priority", "technical", "text", "code", "code_name", "source", "silenced", "latched", "inhibited", "uncertainty_us");
        _annotations = Table(folder, "annotations.csv", "time_utc", "until_utc", "key", "version", "kind", "text", "source", "withdrawn", "signal", "attributes");
        _clock = Table(folder, "clock.csv", "time_utc", "device", "epoch", "anchor_utc", "drift_ppm", "wall_offset_s", "reason", "uncertainty_us");
        _devices = Table(folder, "devices.csv", "time_utc", "device", "state", "reason", "manufacturer", "model", "serial", "firmware", "protocol", "demo", "experimental");
        _gaps = Table(folder, "gaps.csv", "start_utc", "end_utc", "seconds", "signal", "device", "cause", "missing", "recorded");
    }

    public long Readings => _numerics.Rows + _texts.Rows;

    public long Gaps => _gaps.Rows;

    /// <summary>
    /// Reads what concerns the whole bed, then every signal that is no waveform; waveforms are the format's own business,
    /// which hands their other blocks to <see cref="Take"/>.
    /// </summary>
    public void Fill(Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source, CancellationToken cancel)
    {
        foreach (Block block in source(SignalNumber.None, _request.From, _request.To))
        {
            cancel.ThrowIfCancellationRequested();

            // Marks and gaps of all signals are among those of the bed: marks are taken here, gaps with their signal.
            if (block.Signal == SignalNumber.None || (block is AnnotationBlock && _ids.ContainsKey(block.Signal)))
            {
                Take(signal: null, block);
            }
        }

        foreach (Signal signal in _request.Signals.Where(signal => signal.Metric.Kind != SignalKind.Waveform))
        {
            foreach (Block block in source(signal.Number, _request.From, _request.To))
            {
                cancel.ThrowIfCancellationRequested();
                Take(signal, block);
            }
        }
    }

    /// <summary>Writes any block that is not one of samples into its table.</summary>
    public void Take(Signal? signal, Block block)
    {
        string uncertainty = Spelling.Uncertainty(block.UncertaintyMicroseconds);
        switch (block)
        {
            case NumericBlock numerics when signal is not null:
                TakeReadings(signal, numerics, uncertainty);
                break;
            case TextBlock text when signal is not null && Asked(text.Start):
                _texts.Row(text.Start.ToString(), signal.Id, text.Text, text.Code == 0 ? string.Empty : Spelling.Of(text.Code), Spelling.Of(text.Validity), uncertainty);
                break;
            case AlertBlock alert when Asked(alert.Start):
                TakeAlert(alert, uncertainty);
                break;
            case AnnotationBlock mark when signal is null && mark.Start < _request.To && mark.End >= _request.From:
                _annotations.Row(
                    mark.Start.ToString(), mark.Until?.ToString() ?? string.Empty, mark.Key, Spelling.Of(mark.Version), mark.Kind, mark.Text, mark.Source, Yes(mark.Withdrawn),
                    _ids.GetValueOrDefault(mark.Signal, string.Empty), mark.Attributes.ToString());
                break;
            case ClockBlock clock when Asked(clock.Start):
                _clock.Row(
                    clock.Start.ToString(), clock.Device, Spelling.Of(clock.ClockEpoch), new UtcInstant(clock.AnchorNanoseconds).ToString(), Spelling.Of(clock.DriftPpm),
                    clock.WallOffsetNanoseconds is long offset ? Spelling.Seconds(offset) : string.Empty, clock.Reason, uncertainty);
                break;
            case DeviceBlock device when Asked(device.Start):
                _devices.Row(
                    device.Start.ToString(), device.Device, Spelling.Of(device.State), device.Reason, device.Identity?.Manufacturer ?? string.Empty, device.Identity?.Model ?? string.Empty,
                    device.Identity?.SerialNumber ?? string.Empty, device.Identity?.Firmware ?? string.Empty, device.Identity?.Protocol ?? string.Empty, Yes(device.Identity?.Demo ?? false),
                    Yes(_request.Experimental.Contains(device.Device)));
                break;
            case GapBlock gap when gap.Start < _request.To && gap.Until > _request.From:
                WriteGap(gap.Start, gap.Until, signal, gap.Device, (Spelling.Of(gap.Cause), gap.Missing, true));
                break;
        }
    }

    /// <summary>A hole that nothing in the store explains.</summary>
    public void TakeHole(Signal signal, Hole hole, SamplePeriod period) =>
        WriteGap(hole.From, hole.To, signal, signal.Device, (Spelling.Of(GapCause.Unexplained), period.SamplesIn(hole.To.Since(hole.From)), false));

    public void Dispose()
    {
        _numerics.Dispose();
        _texts.Dispose();
        _alerts.Dispose();
        _annotations.Dispose();
        _clock.Dispose();
        _devices.Dispose();
        _gaps.Dispose();
    }

    private static CsvTable Table(ExportFolder folder, string name, params string[] columns) => new(folder.Create(name), [], columns);

    private static string Yes(bool value) => value ? "true" : "false";

    private static void WriteSignals(ExportFolder folder, ExportRequest request)
    {
        using CsvTable table = Table(
            folder, "signals.csv", "signal", "kind", "name_en", "name_fr", "unit_ucum", "code_11073", "code_name", "loinc", "device", "channel", "device_code", "device_label",
            "plausible_min", "plausible_max", "expected_every_s", "experimental");
        foreach (Signal signal in request.Signals)
        {
            Metric metric = signal.Metric;
            NomenclatureEntry? entry = Nomenclature.Shipped.Of(signal);
            table.Row(
                signal.Id, Spelling.Of(metric.Kind), entry?.English ?? string.Empty, entry?.French ?? string.Empty, metric.Unit, metric.Code == 0 ? string.Empty : Spelling.Of(metric.Code),
                metric.CodeName, entry?.Loinc ?? string.Empty, signal.Device, metric.Channel, metric.DeviceCode, metric.Label, Plausible(metric, entry, entry?.PlausibleMin),
                Plausible(metric, entry, entry?.PlausibleMax), Spelling.Of(metric.ExpectedEvery?.TotalSeconds),
                Yes(request.Experimental.Contains(signal.Device)));
        }
    }

    /// <summary>The nomenclature's range is in its own unit; it says nothing of values in another.</summary>
    private static string Plausible(Metric metric, NomenclatureEntry? entry, double? limit) => entry?.Unit == metric.Unit ? Spelling.Of(limit) : string.Empty;

    private void TakeReadings(Signal signal, NumericBlock block, string uncertainty)
    {
        foreach (NumericReading reading in block.Readings)
        {
            if (Asked(reading.Time))
            {
                _numerics.Row(
                    reading.Time.ToString(), signal.Id, reading.Value?.ToString() ?? string.Empty, signal.Metric.Unit, Spelling.Of(reading.Validity),
                    reading.DeviceNanoseconds is long device ? Spelling.Seconds(device) : string.Empty, uncertainty);
            }
        }
    }

    private void TakeAlert(AlertBlock block, string uncertainty)
    {
        Alert alert = block.Alert;
        _alerts.Row(
            block.Start.ToString(), block.Device, alert.Key, Spelling.Of(alert.Phase), Spelling.Of(alert.Priority), Yes(alert.Technical), alert.Text, alert.Code == 0 ? string.Empty : Spelling.Of(alert.Code),
            alert.CodeName, alert.Source, Yes(alert.Silenced), Yes(alert.Latched), Yes(alert.Inhibited), uncertainty);
    }

    private void WriteGap(UtcInstant from, UtcInstant to, Signal? signal, string device, (string Cause, long Missing, bool Recorded) what) =>
        _gaps.Row(
            from.ToString(), to.ToString(), Spelling.Seconds(to.Since(from)), signal?.Id ?? string.Empty, device.Length > 0 ? device : signal?.Device ?? string.Empty, what.Cause,
            what.Missing == 0 ? string.Empty : Spelling.Of(what.Missing), Yes(what.Recorded));

    private bool Asked(UtcInstant instant) => instant >= _request.From && instant < _request.To;
}
