using System.Net;
using System.Text.Json;
using Bedside.Host.Services;
using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Tests.Viewer;

/// <summary>What the setup page and the help pages ask for.</summary>
public class PortsTests
{
    private const string UsbPort = "/dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.3:1.0-port0";

    [Fact]
    public async Task A_port_tells_what_is_on_it_in_the_devices_own_words()
    {
        UtcInstant since = new(1_000_000_000);
        await using ViewerHost host = await ViewerHost.StartAsync(options =>
        {
            options.Help = DeviceHelp.Pages(DriverCatalog.All);
            options.Ports = () =>
            [
                new PortReport(UsbPort, Blocks.Monitor, DeviceState.Connecting, "philips-intellivue", "115200 8N1", "recognised", since)
                {
                    MovedFrom = "/dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.4:1.0-port0",
                    ListenOnly = true,
                    Traffic = new PortTraffic(1234, 0, 2, "a sum was wrong", LineErrors: 7),
                },
            ];
        });
        await host.StoreAsync(Blocks.Device(host.Now, DeviceState.Receiving));

        JsonElement port = (await host.GetAsync("/api/v1/ports")).GetProperty("ports").EnumerateArray().Single();

        Assert.Equal(("USB 1.3", "USB 1.4", "receiving", "Maker", "MX1"), (Text(port, "name"), Text(port, "movedFrom"), Text(port, "state"), Text(port, "manufacturer"), Text(port, "model")));
        Assert.Equal(("P1", "115200 8N1", "philips-intellivue", "bronze"), (Text(port, "protocol"), Text(port, "line"), Text(port, "help"), Text(port, "quality")));
        Assert.Equal("Maker MX1 is received and recorded.", port.GetProperty("sentence").GetProperty("en").GetString());
        Assert.True(port.GetProperty("listenOnly").GetBoolean());
        Assert.Equal((1234, 7), (port.GetProperty("traffic").GetProperty("bytesIn").GetInt32(), port.GetProperty("traffic").GetProperty("lineErrors").GetInt32()));
        Assert.Equal(JsonValueKind.Null, port.GetProperty("trying").ValueKind);
    }

    [Fact]
    public async Task A_port_on_which_nothing_is_found_tells_what_is_tried_and_what_helps()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Ports = () =>
        [
            new PortReport("/dev/ttyS0", "ttyS0", DeviceState.Searching, string.Empty, string.Empty, "silent", new UtcInstant(1))
            {
                English = "Nothing is heard.",
                French = "On n’entend rien.",
                Remedies = [new Sentence("Vérifiez.", "Check.")],
                Trying = new PortAttempt("19200 8E1", ["draeger-medibus", "ge-datex-dri"], 2, 9),
            },
        ]);

        JsonElement port = (await host.GetAsync("/api/v1/ports")).GetProperty("ports").EnumerateArray().Single();

        Assert.Equal(("ttyS0", "silent", "searching"), (Text(port, "name"), Text(port, "finding"), Text(port, "state")));
        Assert.Equal("Check.", port.GetProperty("remedies")[0].GetProperty("en").GetString());
        JsonElement trying = port.GetProperty("trying");
        Assert.Equal(("19200 8E1", 2, 9), (Text(trying, "line"), trying.GetProperty("stop").GetInt32(), trying.GetProperty("stops").GetInt32()));
        Assert.Equal(["draeger-medibus", "ge-datex-dri"], trying.GetProperty("asked").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(JsonValueKind.Null, port.GetProperty("help").ValueKind);
    }

    [Theory]
    [InlineData("/dev/ttyS0", "ttyS0")]
    [InlineData("/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0", "USB 2")]
    [InlineData("/dev/serial/by-path/pci-0000:00:14.0-usbv2-0:1.4.2:1.2-port1", "USB 1.4.2 / 1")]
    [InlineData("/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0", "USB 2")]
    [InlineData("/tmp/somewhere/monitor", "monitor")]
    [InlineData("192.0.2.7:24105", "192.0.2.7:24105")]
    public async Task A_port_is_called_by_its_place(string port, string name)
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Ports = () =>
            [new PortReport(port, "x", DeviceState.Searching, string.Empty, string.Empty, string.Empty, new UtcInstant(1))]);

        Assert.Equal(name, Text((await host.GetAsync("/api/v1/ports")).GetProperty("ports")[0], "name"));
    }

    [Fact]
    public async Task A_port_that_was_pulled_still_tells_whose_it_was()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options =>
        {
            options.Help = DeviceHelp.Pages(DriverCatalog.All);
            options.Ports = () =>
            [
                new PortReport("/dev/ttyUSB0", Blocks.Monitor, DeviceState.Unplugged, string.Empty, string.Empty, "no-port", new UtcInstant(1)) { English = "Plug the adapter in.", French = "Branchez l’adaptateur." },
            ];
        });
        await host.StoreAsync(Blocks.Device(host.Now, DeviceState.Receiving));

        JsonElement port = (await host.GetAsync("/api/v1/ports")).GetProperty("ports")[0];

        Assert.Equal(("unplugged", "MX1", "", "Plug the adapter in."), (Text(port, "state"), Text(port, "model"), Text(port, "driver"), port.GetProperty("sentence").GetProperty("en").GetString()));
    }

    [Fact]
    public async Task Every_device_of_the_catalogue_has_its_page_at_the_box()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Help = DeviceHelp.Pages(DriverCatalog.All));

        JsonElement[] all = [.. (await host.GetAsync("/api/v1/help/devices")).EnumerateArray()];
        JsonElement page = await host.GetAsync("/api/v1/help/devices/ge-datex-dri");

        Assert.Equal(DriverCatalog.All.Select(driver => driver.Name), all.Select(one => Text(one, "driver")));
        Assert.All(all, one => Assert.NotEmpty(one.GetProperty("tried").EnumerateArray()));
        JsonElement pins = page.GetProperty("french").GetProperty("sections")[1];
        Assert.Equal(("pinout", "db9-male"), (Text(pins, "topic"), Text(pins.GetProperty("blocks")[1], "connector")));
        Assert.Equal("depends", Text(page.GetProperty("english").GetProperty("sections")[2], "verdict"));
        await host.GetProblemAsync("/api/v1/help/devices/nobody", HttpStatusCode.NotFound);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
