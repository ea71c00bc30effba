using System.Collections.Concurrent;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Services;

/// <summary>
/// Everything the ports say goes to the intake of the device it is about. Ports call on their own threads; each port has an
/// intake of its own, so nothing is shared but the store.
/// </summary>
internal sealed class BedIntake(Store store, TimeProvider time) : IPortSink
{
    private readonly StoreSink _sink = new(store);
    private readonly ConcurrentDictionary<string, OnPortNow> _ports = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _nameless = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _devices = new(StringComparer.Ordinal);

    public void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at)
    {
        if (port.Driver is { } driver)
        {
            IntakeOf(port.Name, driver).OnPort(state, reason, at);
            if (_nameless.TryRemove(port.Name, out _))
            {
                Tell(port, DeviceState.Superseded, string.Empty);
            }
        }
        else if (_ports.TryGetValue(port.Name, out OnPortNow? now))
        {
            now.Intake.OnPort(state, reason, at);
        }
        else if (reason.Length > 0)
        {
            // Nothing was ever recognised here: the port itself is all there is to tell of.
            _nameless[port.Name] = true;
            Tell(port, state, reason);
        }
    }

    public void OnChunk(PortIdentity port, MonotonicInstant at, bool empty)
    {
        if (_ports.TryGetValue(port.Name, out OnPortNow? now))
        {
            now.Intake.OnChunk(at, empty);
        }
    }

    public void OnEvent(PortIdentity port, MonotonicInstant arrivedAt, DeviceEvent said)
    {
        if (port.Driver is { } driver)
        {
            IntakeOf(port.Name, driver).OnEvent(said, arrivedAt);
        }
    }

    private void Tell(PortIdentity port, DeviceState state, string reason) =>
        store.TryAppend(new DeviceBlock
        {
            Signal = SignalNumber.None,
            Start = UtcInstant.FromDateTime(time.GetUtcNow()),
            Device = Path.GetFileName(port.Name),
            Identity = null,
            State = state,
            Reason = reason,
        });

    private DeviceIntake IntakeOf(string port, IDriver driver)
    {
        if (_ports.TryGetValue(port, out OnPortNow? now) && now.Driver == driver)
        {
            return now.Intake;
        }

        string device = NameOf(driver, port);
        var intake = new DeviceIntake(device, driver.Traits, _sink, new BoxClock(time));
        intake.BeginAfter(LastEpoch(device));
        _ports[port] = new OnPortNow(driver, intake);
        return intake;
    }

    /// <summary>The driver's name for the first device of its kind, <c>name@port</c> for others: stable while nobody moves a cable.</summary>
    private string NameOf(IDriver driver, string port)
    {
        string owner = _devices.GetOrAdd(driver.Name, port);
        return owner == port ? driver.Name : $"{driver.Name}@{Path.GetFileName(port)}";
    }

    private uint LastEpoch(string device) =>
        store.Signals.Where(signal => signal.Device == device)
            .Select(signal => store.Last(signal.Number)?.ClockEpoch ?? 0)
            .DefaultIfEmpty()
            .Max();

    private sealed record OnPortNow(IDriver Driver, DeviceIntake Intake);
}
