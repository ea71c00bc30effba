using Bedside.Simulators;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.GeDatex;
using Bedside.Simulators.Ivy;
using Bedside.Simulators.Masimo;
using Bedside.Simulators.Nonin;
using Bedside.Simulators.Philips;
using Bedside.Simulators.PuritanBennett;
using Bedside.Simulators.Servo;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>A simulator of a serial device, and whose it is.</summary>
/// <param name="Kind">The simulator.</param>
/// <param name="Driver">Who must recognise it.</param>
/// <param name="Model">What the device says it is; empty = its own words, whatever they are.</param>
/// <param name="Options">As on the command line.</param>
internal sealed record EveryDevice(DeviceKind Kind, string Driver, string Model, string[] Options)
{
    public static IReadOnlyList<EveryDevice> All { get; } =
    [
        new(IntelliVue.Kind, "philips-intellivue", "", []),
        new(Medibus.Evita, "draeger-medibus", "Evita 4", []),
        new(Medibus.V500, "draeger-medibus", "Evita V500", []),
        new(PuritanBennettPorts.Pb840, "puritan-bennett-840", "840", []),
        new(PuritanBennettPorts.Pb840, "puritan-bennett-840", "840", ["--basic-only"]),
        new(PuritanBennettPorts.Pb980, "puritan-bennett-840", "980", []),
        new(PuritanBennettPorts.Waveform, "puritan-bennett-waveform", "", []),
        new(ServoPorts.Servo, "servo-cie", "", []),
        new(S5.Kind, "ge-datex-dri", "", ["--level", "3"]),
        new(S5.Kind, "ge-datex-dri", "", ["--level", "11"]),
        new(IvyMonitor.Kind, "ivy-450c", "", []),
        new(MasimoOximeter.Kind, "masimo-ascii", "", []),
        new(NoninOximeter.Kind, "nonin-df", "", ["--format", "2"]),
        new(NoninOximeter.Kind, "nonin-df", "", ["--format", "7"]),
    ];
}
