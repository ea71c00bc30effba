namespace Bedside.Simulators.Philips;

internal static class IntelliVue
{
    public static DeviceKind Kind { get; } = new("philips-intellivue", "Philips IntelliVue patient monitor", 115_200, Transport.Pty | Transport.Tcp | Transport.Udp, _ => throw new NotSupportedException());
}
