using Bedside.Model;
using static Bedside.Extract.ExportColumn;

namespace Bedside.Extract;

/// <summary>
/// The tables that every export has, whatever its format: the dictionary of signals, readings, texts, alerts, marks,
/// clocks, devices and gaps. Instants are UTC and named *_utc; empty = none or unknown.
/// </summary>
internal sealed class ExportTables : IDisposable
{
    private readonly ExportRequest _request;
    private readonly Dictionary<SignalNumber, string> _ids;
    private readonly IExportTable _numerics;
    private readonly IExportTable _texts;
    private readonly IExportTable _alerts;
    private readonly IExportTable _annotations;
    private readonly IExportTable _clock;
    private readonly IExportTable _devices;
    private readonly IExportTable _gaps;

    public ExportTables(TableMaker make, ExportRequest request)
    {
        _request = request;
        _ids = request.Signals.ToDictionary(signal => signal.Number, signal => signal.Id);
        SignalDictionary.Write(make, request);
        ExportContext.Write(make, request.Context);
        _numerics = make("numerics", [Instant("time_utc"), Text("signal"), Decimal("value"), Text("unit"), Text("validity"), Seconds("device_time_s"), Whole("uncertainty_us")]);
        _texts = make("texts", [Instant("time_utc"), Text("signal"), Text("text"), Whole("code"), Text("validity"), Whole("uncertainty_us")]);
        _alerts = make("alerts", [
            Instant("time_utc"), Text("device"), Text("key"), Text("phase"), Text("priority"), Flag("technical"), Text("text"), Whole("code"), Text("code_name"), Text("source"), Flag("silenced"), Flag("latched"),
            Flag("inhibited"), Whole("uncertainty_us")]);
        _annotations = make("annotations", [
            Instant("time_utc"), Instant("until_utc"), Text("key"), Whole("version"), Text("kind"), Text("text"), Text("source"), Flag("withdrawn"), Text("signal"), Text("attributes")]);
        _clock = make("clock", [
            Instant("time_utc"), Text("device"), Whole("epoch"), Instant("anchor_utc"), Number("drift_ppm"), Seconds("wall_offset_s"), Text("reason"), Whole("uncertainty_us")]);
        _devices = make("devices", [
            Instant("time_utc"), Text("device"), Text("state"), Text("reason"), Text("manufacturer"), Text("model"), Text("serial"), Text("firmware"), Text("protocol"), Flag("demo"), Flag("experimental")]);
        _gaps = make("gaps", [
            Instant("start_utc"), Instant("end_utc"), Seconds("seconds"), Text("signal"), Text("device"), Text("cause"), Whole("missing"), Flag("recorded")]);
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
        var uncertainty = ExportCell.Uncertainty(block.UncertaintyMicroseconds);
        switch (block)
        {
            case NumericBlock numerics when signal is not null:
                TakeReadings(signal, numerics, uncertainty);
                break;
            case TextBlock text when signal is not null && Asked(text.Start):
                _texts.Row(text.Start, signal.Id, text.Text, ExportCell.Code(text.Code), Spelling.Of(text.Validity), uncertainty);
                break;
            case AlertBlock alert when Asked(alert.Start):
                TakeAlert(alert, uncertainty);
                break;
            case AnnotationBlock mark when signal is null && mark.Start < _request.To && mark.End >= _request.From:
                _annotations.Row(
                    mark.Start, mark.Until, mark.Key, mark.Version, mark.Kind, mark.Text, mark.Source, mark.Withdrawn,
                    _ids.GetValueOrDefault(mark.Signal, string.Empty), mark.Attributes.ToString());
                break;
            case ClockBlock clock when Asked(clock.Start):
                _clock.Row(
                    clock.Start, clock.Device, clock.ClockEpoch, new UtcInstant(clock.AnchorNanoseconds), clock.DriftPpm, ExportCell.Seconds(clock.WallOffsetNanoseconds), clock.Reason, uncertainty);
                break;
            case DeviceBlock device when Asked(device.Start):
                _devices.Row(
                    device.Start, device.Device, Spelling.Of(device.State), device.Reason, device.Identity?.Manufacturer ?? string.Empty, device.Identity?.Model ?? string.Empty,
                    device.Identity?.SerialNumber ?? string.Empty, device.Identity?.Firmware ?? string.Empty, device.Identity?.Protocol ?? string.Empty, device.Identity?.Demo ?? false,
                    _request.Experimental.Contains(device.Device));
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

    private void TakeReadings(Signal signal, NumericBlock block, ExportCell uncertainty)
    {
        foreach (NumericReading reading in block.Readings)
        {
            if (Asked(reading.Time))
            {
                _numerics.Row(
                    reading.Time, signal.Id, reading.Value, signal.Metric.Unit, Spelling.Of(reading.Validity), ExportCell.Seconds(reading.DeviceNanoseconds), uncertainty);
            }
        }
    }

    private void TakeAlert(AlertBlock block, ExportCell uncertainty)
    {
        Alert alert = block.Alert;
        _alerts.Row(
            block.Start, block.Device, alert.Key, Spelling.Of(alert.Phase), Spelling.Of(alert.Priority), alert.Technical, alert.Text, ExportCell.Code(alert.Code),
            alert.CodeName, alert.Source, alert.Silenced, alert.Latched, alert.Inhibited, uncertainty);
    }

    private void WriteGap(UtcInstant from, UtcInstant to, Signal? signal, string device, (string Cause, long Missing, bool Recorded) what) =>
        _gaps.Row(
            from, to, ExportCell.Seconds(to.Since(from)), signal?.Id ?? string.Empty, device.Length > 0 ? device : signal?.Device ?? string.Empty, what.Cause,
            what.Missing == 0 ? default(ExportCell) : what.Missing, what.Recorded);

    private bool Asked(UtcInstant instant) => instant >= _request.From && instant < _request.To;
}
