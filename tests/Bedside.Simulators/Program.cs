using Bedside.Simulators;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.Philips;

DeviceKind[] devices = [IntelliVue.Kind, Medibus.Evita, Medibus.V500];
return CommandLine.Run(devices, args);
