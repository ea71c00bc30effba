using System.Text.RegularExpressions;
using Bedside.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>/ports</c>: every port of the box, what was found on it or is being tried, for the setup page.</summary>
internal static class PortsEndpoint
{
    public static void MapPorts(this IEndpointRouteBuilder api) =>
        api.MapGet("/ports", (BedView view, IOptions<ViewerOptions> options, TimeProvider time) => TypedResults.Ok(Read(view, options.Value, time)))
            .WithName("ports").WithTags("box").WithSummary("Every port of the box: what is on it, or what is wrong and what to do, and what is being tried now.")
            .Produces<PortsAnswer>();

    private static PortsAnswer Read(BedView view, ViewerOptions options, TimeProvider time)
    {
        var devices = view.Devices().ToDictionary(device => device.Device, StringComparer.Ordinal);
        IReadOnlyList<HelpPage> help = options.Help;
        return new PortsAnswer(time.Instant(), [.. options.Ports().Select(report => Of(report, devices.GetValueOrDefault(report.Device), help))]);
    }

    private static PortState Of(PortReport report, DeviceAnswer? device, IReadOnlyList<HelpPage> help)
    {
        // A port that was pulled still tells whose it was; one on which nothing was recognised bears its own name.
        bool found = report.Driver.Length > 0;
        DeviceAnswer? on = found || device is { Model.Length: > 0 } ? device : null;
        HelpPage? page = help.FirstOrDefault(one => one.Driver == (found ? report.Driver : report.Announces.Length > 0 ? report.Announces : report.Device.Split('@')[0]));
        UtcInstant since = found && on?.Since is UtcInstant told && told > report.Since && told != on.LastData ? told : report.Since;
        return new PortState
        {
            Port = report.Port,
            Name = PortName.Of(report.Port),
            Adapter = report.Adapter,
            MovedFrom = report.MovedFrom.Length > 0 ? PortName.Of(report.MovedFrom) : null,
            State = found && on is not null ? on.State : report.State,
            Finding = report.Finding,
            Sentence = Say(report, found ? on : null),
            Remedies = report.Remedies,
            Since = since,
            Device = report.Device,
            Manufacturer = on is { Manufacturer.Length: > 0 } ? on.Manufacturer : page?.Manufacturer ?? string.Empty,
            Model = on?.Model ?? string.Empty,
            SerialNumber = on?.SerialNumber ?? string.Empty,
            Protocol = on?.Protocol ?? string.Empty,
            Driver = report.Driver,
            Quality = page?.Quality ?? string.Empty,
            Line = report.Line,
            ListenOnly = report.ListenOnly,
            LastData = on?.LastData,
            Traffic = report.Traffic,
            Trying = report.Trying,
            Help = page?.Driver,
        };
    }

    /// <summary>What the hunt said, until the device itself has something newer to tell.</summary>
    private static Sentence Say(PortReport report, DeviceAnswer? device)
    {
        if (device is null)
        {
            return new Sentence(report.French, report.English);
        }

        string name = $"{device.Manufacturer} {device.Model}".Trim() is { Length: > 0 } known ? known : report.Driver;
        return device.State switch
        {
            DeviceState.Receiving => new Sentence($"{name} est reçu et enregistré.", $"{name} is received and recorded."),
            DeviceState.Silent => new Sentence(
                $"{name} n’envoie plus rien : vérifiez qu’il est allumé et que son câble tient.",
                $"{name} sends nothing any more: check that it is on and its cable is firm."),
            _ => new Sentence(report.French, report.English),
        };
    }
}

/// <summary>What a port is called beside the box: <c>USB 1.3</c> instead of its path.</summary>
internal static partial class PortName
{
    public static string Of(string port)
    {
        if (!port.StartsWith('/'))
        {
            return port;
        }

        string file = port[(port.LastIndexOf('/') + 1)..];
        return UsbPlace.Match(file) is { Success: true } usb
            ? $"USB {usb.Groups["socket"].Value}{(usb.Groups["port"].ValueSpan.TrimStart('0').IsEmpty ? string.Empty : $" / {usb.Groups["port"].Value}")}"
            : file;
    }

    /// <summary>By-path names: <c>platform-…-usb-0:1.3:1.0-port0</c>; the socket is the chain of hub ports.</summary>
    [GeneratedRegex(@"usb[^-]*-0:(?<socket>[0-9]+(\.[0-9]+)*):[0-9]+\.[0-9]+(-port(?<port>[0-9]+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex UsbPlace { get; }
}

/// <summary>The ports of the box at one moment.</summary>
internal sealed record PortsAnswer(UtcInstant ServerTime, IReadOnlyList<PortState> Ports);

/// <summary>One port.</summary>
internal sealed record PortState
{
    /// <summary>By physical position.</summary>
    public required string Port { get; init; }

    /// <summary>What it is called beside the box.</summary>
    public required string Name { get; init; }

    /// <summary>What the adapter says of itself; empty = built in, or on the network.</summary>
    public required string Adapter { get; init; }

    /// <summary>Where the same adapter was before; null = it did not move.</summary>
    public required string? MovedFrom { get; init; }

    public required DeviceState State { get; init; }

    /// <summary>Empty = still looking for the first time.</summary>
    public required string Finding { get; init; }

    public required Sentence Sentence { get; init; }

    /// <summary>What usually helps, likeliest first.</summary>
    public required IReadOnlyList<Sentence> Remedies { get; init; }

    public required UtcInstant Since { get; init; }

    /// <summary>Name under which its data are kept.</summary>
    public required string Device { get; init; }

    public required string Manufacturer { get; init; }

    /// <summary>What the device says of itself; empty = nothing yet, as are the next two.</summary>
    public required string Model { get; init; }

    public required string SerialNumber { get; init; }

    public required string Protocol { get; init; }

    /// <summary>Empty = nothing is recognised.</summary>
    public required string Driver { get; init; }

    /// <summary>How well the driver is proven: experimental, bronze, silver, gold.</summary>
    public required string Quality { get; init; }

    public required string Line { get; init; }

    public required bool ListenOnly { get; init; }

    public required UtcInstant? LastData { get; init; }

    public required PortTraffic Traffic { get; init; }

    public required PortAttempt? Trying { get; init; }

    /// <summary>The device's page under <c>/help/devices</c>; null = there is none.</summary>
    public required string? Help { get; init; }
}
