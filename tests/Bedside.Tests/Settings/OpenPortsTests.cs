using System.Collections.Concurrent;
using Bedside.Host.Services;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Model.Settings;

namespace Bedside.Tests.Settings;

/// <summary>Only what is set otherwise is opened anew; everything else reads on, on the thread it had.</summary>
public sealed class OpenPortsTests : IDisposable
{
    private readonly ConcurrentQueue<string> _said = new();
    private readonly OpenPorts _ports;

    public OpenPortsTests() => _ports = new OpenPorts(
        (port, cancel) =>
        {
            _said.Enqueue($"open {port.Name} {port.Pinned?.Name ?? "?"}{(port.ListenOnly ? " listening" : string.Empty)}");
            var thread = new Thread(() =>
            {
                cancel.WaitHandle.WaitOne();
                _said.Enqueue($"end {port.Name}");
            });
            thread.Start();
            return thread;
        },
        (pin, found) => Options(pin.Place) with { Pinned = DriverCatalog.ByName(pin.Driver), ListenOnly = pin.ListenOnly, UsbId = found?.UsbId ?? string.Empty },
        (port, again) => _said.Enqueue($"{(again ? "again" : "leave")} {port}"));

    public void Dispose() => _ports.Dispose();

    [Fact]
    public void Only_the_port_of_which_something_else_is_said_is_opened_anew()
    {
        _ports.Add(Options("/dev/a"));
        _ports.Add(Options("/dev/b"));
        Said();

        _ports.Pin([new PortPin { Serial = "/dev/b", Driver = "ivy-450c" }]);
        Assert.Equal(["end /dev/b", "again /dev/b", "open /dev/b ivy-450c"], Said());

        _ports.Pin([new PortPin { Serial = "/dev/b", Driver = "ivy-450c" }]);
        Assert.Empty(Said());

        _ports.Pin([new PortPin { Serial = "/dev/b", Driver = "ivy-450c", ListenOnly = true }, new PortPin { Tcp = "192.0.2.7:4601", Driver = "mindray-pds" }]);
        Assert.Equal(["end /dev/b", "again /dev/b", "open /dev/b ivy-450c listening", "open 192.0.2.7:4601 mindray-pds"], Said());

        _ports.Pin([]);
        Assert.Equal(["again /dev/b", "end /dev/b", "end 192.0.2.7:4601", "leave 192.0.2.7:4601", "open /dev/b ?"], Said().Order(StringComparer.Ordinal));

        _ports.Close();
        Assert.Equal(["end /dev/a", "end /dev/b"], Said().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_port_that_is_found_after_it_was_pinned_is_open_once_and_stays_when_its_pin_goes()
    {
        _ports.Pin([new PortPin { Serial = "/dev/a", Driver = "ivy-450c" }]);
        _ports.Add(Options("/dev/a"));
        Assert.Equal(["open /dev/a ivy-450c"], Said());

        _ports.Pin([]);
        Assert.Equal(["end /dev/a", "again /dev/a", "open /dev/a ?"], Said());
    }

    [Fact]
    public void A_port_that_the_site_fixed_takes_no_pin()
    {
        _ports.Add(Options("/dev/a"), isFixed: true);
        Said();
        _ports.Pin([new PortPin { Serial = "/dev/a", Driver = "ivy-450c" }]);
        Assert.Empty(Said());
    }

    private static PortOptions Options(string name) => new(name, Transport.Serial, () => throw new IOException());

    private string[] Said()
    {
        string[] said = [.. _said];
        _said.Clear();
        return said;
    }
}
