namespace Bedside.Ingest.Links;

/// <summary>A serial port of this machine.</summary>
/// <param name="Path">Name by physical position where there is one, so that a swapped adapter is noticed; else the device file.</param>
/// <param name="DeviceFile">What it is today, as /dev/ttyUSB0.</param>
/// <param name="Adapter">What the adapter says of itself; empty for a built-in port.</param>
public sealed record SerialPortName(string Path, string DeviceFile, string Adapter)
{
    /// <summary>Vendor and product of the adapter (<c>0403:6001</c>, lower case); empty = built in.</summary>
    public string UsbId { get; init; } = "";

    /// <summary>Serial number of the adapter; many have none.</summary>
    public string AdapterSerial { get; init; } = "";
}

/// <summary>The serial ports that there are.</summary>
public static class SerialPorts
{
    /// <summary>Sorted by path. Built-in ports that have no hardware behind them are left out.</summary>
    /// <param name="root">The root of the file system; another one in tests.</param>
    public static IReadOnlyList<SerialPortName> List(string root = "/")
    {
        var byDevice = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in Entries(Path.Combine(root, "dev/serial/by-path")).Order(StringComparer.Ordinal))
        {
            if (File.ResolveLinkTarget(name, returnFinalTarget: true) is { } device)
            {
                byDevice.TryAdd(device.FullName, name);
            }
        }

        foreach (string tty in Entries(Path.Combine(root, "sys/class/tty")))
        {
            string device = Path.Combine(root, "dev", Path.GetFileName(tty));
            if (Path.Exists(Path.Combine(tty, "device")) && HasHardware(tty) && Path.Exists(device))
            {
                byDevice.TryAdd(device, device);
            }
        }

        return [.. byDevice.Select(port => Describe(root, port.Value, port.Key)).OrderBy(port => port.Path, StringComparer.Ordinal)];
    }

    /// <summary>A port of type 0 is a place where hardware could be.</summary>
    private static bool HasHardware(string tty)
    {
        string type = Path.Combine(tty, "type");
        return !File.Exists(type) || File.ReadAllText(type).Trim() != "0";
    }

    private static SerialPortName Describe(string root, string path, string device)
    {
        string? usb = Path.Combine(root, "sys/class/tty", Path.GetFileName(device), "device");
        for (int up = 0; up < 4 && usb is not null; up++)
        {
            if (File.Exists(Path.Combine(usb, "product")))
            {
                string vendor = Said(usb, "idVendor");
                return new SerialPortName(path, device, Said(usb, "product"))
                {
                    UsbId = vendor.Length > 0 ? $"{vendor}:{Said(usb, "idProduct")}".ToLowerInvariant() : "",
                    AdapterSerial = Said(usb, "serial"),
                };
            }

            // The product stands at the USB device, above its interface and its port; ".." must be taken after the link.
            usb = Path.GetDirectoryName(Directory.ResolveLinkTarget(usb, returnFinalTarget: true)?.FullName ?? usb);
        }

        return new SerialPortName(path, device, "");
    }

    /// <summary>An adapter may be pulled out while it is asked.</summary>
    private static string Said(string usb, string what)
    {
        try
        {
            string file = Path.Combine(usb, what);
            return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string[] Entries(string folder) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [];
}
