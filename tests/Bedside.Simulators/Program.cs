using Bedside.Simulators;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.Philips;
using Bedside.Simulators.PuritanBennett;
using Bedside.Simulators.Servo;

DeviceKind[] devices = [IntelliVue.Kind, Medibus.Evita, Medibus.V500, PuritanBennettPorts.Pb840, PuritanBennettPorts.Pb980, PuritanBennettPorts.Waveform, ServoPorts.Servo];
return CommandLine.Run(devices, args);
