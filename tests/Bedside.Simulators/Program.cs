using Bedside.Simulators;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.GeDatex;
using Bedside.Simulators.Philips;

DeviceKind[] devices = [IntelliVue.Kind, Medibus.Evita, Medibus.V500, S5.Kind];
return CommandLine.Run(devices, args);
