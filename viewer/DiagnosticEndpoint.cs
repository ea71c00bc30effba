using System.Globalization;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Settings;
using Bedside.Storage;
using Bedside.Viewer.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary>A line of the log without what was put into it: the words of the program alone.</summary>
/// <param name="Text">The template; of its values only those that name a port, a driver or a line.</param>
/// <param name="Failure">Kind of the failure; empty = none.</param>
public sealed record LogLine(UtcInstant At, string Level, string From, string Text, string Failure);

/// <summary>
/// What a person may send to whoever mends the box. It is made of named fields only, and none of them can hold a value of a signal, a text of a device, a name of a bed or of a stay.
/// </summary>
internal sealed record Diagnostic(
    UtcInstant At,
    string Box,
    string Build,
    string System,
    HealthState State,
    IReadOnlyList<HealthLight> Lights,
    DiagnosticStore Store,
    ProcessAnswer Process,
    IReadOnlyList<DiagnosticDevice> Devices,
    IReadOnlyList<DiagnosticPort> Ports,
    IReadOnlyList<DiagnosticSettings> Settings,
    IReadOnlyList<LogLine> Log);

internal sealed record DiagnosticStore(long Bytes, long FreeBytes, int Segments, long JournalBytes, long Damaged, double? DaysLeft, double? BytesPerDay);

internal sealed record DiagnosticDevice(
    string Protocol, string Manufacturer, string Model, string Firmware, bool Experimental, DeviceState State, UtcInstant? Since, UtcInstant? LastData, ClockAnswer? Clock, int Signals);

internal sealed record DiagnosticPort(string Port, DeviceState State, string Finding, string Driver, string Line, bool ListenOnly, long BytesIn, long BytesOut, long Faults, long? LineErrors);

/// <summary>A version of the settings: what changed, and not to what.</summary>
internal sealed record DiagnosticSettings(int Number, UtcInstant At, SettingsOrigin Origin, SettingsOutcome Outcome, IReadOnlyList<string> Changes);

/// <summary><c>/diagnostic</c>: one file for whoever mends the box.</summary>
internal static class DiagnosticEndpoint
{
    public static void MapDiagnostic(this IEndpointRouteBuilder api) =>
        api.MapGet("/diagnostic", (HttpContext context, BedView view, SettingsView settings, IAuditTrail trail, IOptions<ViewerOptions> options, TimeProvider time) =>
            {
                UtcInstant now = time.Instant();
                string stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
                context.Response.Headers.ContentDisposition = $"attachment; filename=\"bedside-diagnostic-{stamp}.json\"";
                return TypedResults.Ok(Read(view, settings, HealthEndpoint.JournalOf(trail), options.Value, now));
            })
            .WithName("diagnostic").WithTags("box").WithSummary("Health, ports, versions and the last words of the log, without any patient data.")
            .Produces<Diagnostic>();

    private static Diagnostic Read(BedView view, SettingsView settings, AuditState? journal, ViewerOptions options, UtcInstant now)
    {
        StoreHealth store = view.Store.Health;
        IReadOnlyList<DeviceAnswer> devices = view.Devices();
        return new Diagnostic(
            now,
            options.Box,
            options.Build,
            $"{Environment.OSVersion.VersionString}, .NET {Environment.Version}, {Environment.ProcessorCount} processors",
            HealthEndpoint.Judge(store, devices).State,
            HealthLights.Read(store, devices, options.Machine(), options.Certificates(), journal, options.Notes()),
            new DiagnosticStore(store.Bytes, store.FreeBytes, store.Segments, store.JournalBytes, store.Damaged, store.Retention.DaysLeft, store.Retention.BytesPerDay),
            new ProcessAnswer(Environment.WorkingSet, Environment.CpuUsage.TotalTime.TotalSeconds, view.Run.StartedAt),
            [.. devices.Select(device => new DiagnosticDevice(
                device.Protocol,
                device.Manufacturer,
                device.Model,
                device.Firmware,
                device.Experimental,
                device.State,
                device.Since,
                device.LastData,
                device.Clock,
                view.Store.Signals.Count(signal => signal.Device == device.Device)))],
            [.. options.Ports().Select(port => new DiagnosticPort(
                port.Port,
                port.State,
                port.Finding,
                port.Driver,
                port.Line,
                port.ListenOnly,
                port.Traffic.BytesIn,
                port.Traffic.BytesOut,
                port.Traffic.Faults,
                port.Traffic.LineErrors))],
            settings.Desk is { } desk
                ? [.. SettingsView.Answer(desk.State).Versions.Select(version => new DiagnosticSettings(version.Number, version.At, version.Origin, version.Outcome, version.Changes))]
                : [],
            options.Log());
    }
}
