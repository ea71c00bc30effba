using System.Collections.Immutable;
using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Tests.Ingest;

/// <summary>One event in one line, with all that it says: what golden files hold and what runs are compared by.</summary>
internal static class EventText
{
    public static string Of(DeviceEvent said) => said switch
    {
        DeviceEvent.Identity { Device: var device } =>
            $"identity {device.Manufacturer}|{device.Model}|{device.SerialNumber}|{device.Firmware}|{device.Protocol}|demo={device.Demo} {Fields(device.Properties)}",
        DeviceEvent.Descriptor one => $"descriptor {Name(one.Metric)} kind={one.Metric.Kind} code={one.Metric.Code} name={one.Metric.CodeName} "
            + $"label=\"{one.Metric.Label}\" device={one.Metric.DeviceCode} every={Text(one.Metric.ExpectedEvery?.TotalMilliseconds)} period={one.Period} "
            + $"scale={Text(one.Scale)} axis={Text(one.Metric.DisplayMin)}..{Text(one.Metric.DisplayMax)}",
        DeviceEvent.Samples one => $"samples {Name(one.Metric)} at={one.At?.Counter} period={one.Period} scale={Text(one.Scale)} "
            + $"validity={Words(one.Validity)} runs=[{string.Join(' ', Runs(one).Select(run => $"{run.Start}+{run.Length}:{Words(run.Validity)}"))}] "
            + $"raw={string.Join(' ', one.Raw.ToArray())}",
        DeviceEvent.Numeric one => $"numeric {Name(one.Metric)} = {one.Value?.ToString() ?? "-"} at={one.At?.Counter} validity={Words(one.Validity)}"
            + (one.MeasuredAt is { } time ? $" measured={time:s}" : string.Empty),
        DeviceEvent.Text one => $"text {Name(one.Metric)} = \"{one.Value}\" code={one.Code} at={one.At?.Counter} validity={Words(one.Validity)}",
        DeviceEvent.AlertSaid { Alert: var alert } one => $"alert {alert.Phase} {alert.Priority} technical={alert.Technical} \"{alert.Text}\" "
            + $"code={alert.Code} name={alert.CodeName} source={alert.Source} silenced={alert.Silenced} latched={alert.Latched} inhibited={alert.Inhibited} "
            + $"key={alert.Key} at={one.At?.Counter}",
        DeviceEvent.Patient one => $"patient {Fields(one.Fields)}",
        DeviceEvent.WallClock one => $"wall-clock {one.Wall:s} at={one.At?.Counter}",
        DeviceEvent.ClockRestarted one => $"clock-restarted {one.Reason}",
        DeviceEvent.Link one => $"link {(one.Receiving ? "receiving" : "not-receiving")}: {one.Reason}",
        DeviceEvent.Missing one => $"missing {(one.Metric is { } metric ? Name(metric) : "*")} {one.Cause} {one.Count} at={one.At?.Counter}",
        DeviceEvent.Fault one => $"fault @{one.Offset}: {one.Reason}",
        _ => throw new InvalidOperationException(said.ToString()),
    };

    private static string Name(Metric metric) => $"{metric.SignalId}{(metric.Channel.Length > 0 ? $"[{metric.Channel}]" : string.Empty)} {metric.Unit}".Trim();

    private static ImmutableArray<ValidityRun> Runs(DeviceEvent.Samples samples) => samples.Runs.IsDefaultOrEmpty ? [] : samples.Runs;

    private static string Fields(IEnumerable<KeyValuePair<string, string>> fields) => string.Join(' ', fields.Select(field => $"{field.Key}=\"{field.Value}\""));

    private static string Words(Validity validity) => validity == Validity.Valid ? "valid" : string.Join('+', validity.Names());

    private static string Text(Scale? scale) => scale is { } known ? $"{Text(known.Gain)}x{Text(known.Offset)}" : "none";

    private static string Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty;
}
