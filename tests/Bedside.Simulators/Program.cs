using Bedside.Simulators;
using Bedside.Simulators.Bis;
using Bedside.Simulators.Capnostream;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.GeDatex;
using Bedside.Simulators.Hamilton;
using Bedside.Simulators.Hl7;
using Bedside.Simulators.Ivy;
using Bedside.Simulators.Masimo;
using Bedside.Simulators.Mindray;
using Bedside.Simulators.Nonin;
using Bedside.Simulators.Philips;
using Bedside.Simulators.PuritanBennett;
using Bedside.Simulators.Servo;

DeviceKind[] devices =
[
    IntelliVue.Kind,
    Medibus.Evita,
    Medibus.V500,
    PuritanBennettPorts.Pb840,
    PuritanBennettPorts.Pb980,
    PuritanBennettPorts.Waveform,
    ServoPorts.Servo,
    S5.Kind,
    IvyMonitor.Kind,
    MasimoOximeter.Kind,
    NoninOximeter.Kind,
    MindrayMonitor.Kind,
    CapnostreamMonitor.Kind,
    BisMonitor.Kind,
    HamiltonVentilator.Kind,
    Hl7Gateway.Kind,
];
return CommandLine.Run(devices, args);
