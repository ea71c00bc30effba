using Bedside.Simulators;
using Bedside.Simulators.Philips;

DeviceKind[] devices = [IntelliVue.Kind];
return CommandLine.Run(devices, args);
