using Bedside.Simulators;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.Ivy;
using Bedside.Simulators.Philips;

DeviceKind[] devices = [IntelliVue.Kind, Medibus.Evita, Medibus.V500, IvyMonitor.Kind];
return CommandLine.Run(devices, args);
