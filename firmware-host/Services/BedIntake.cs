using System.Collections.Concurrent;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Services;

/// <summary>
/// Everything the ports say goes to the intake of the device it is about. Ports call on their own threads; each port has an
/// intake of its own, so nothing is shared but the store.
/// </summary>
internal sealed class BedIntake(Store store, PortBoard board, KernelClock clock, TimeProvider time, AdmissionIntake? admissions = null) : IPortSink
{
    private readonly StoreSink _sink = new(store);
    private readonly ConcurrentDictionary<string, OnPortNow> _ports = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _nameless = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _taken = new(StringComparer.Ordinal);
    private long _notes;

    public void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at)
    {
        board.Enter(port, state, DeviceOn(port));
        if (port.Driver is { } driver)
        {
            IntakeOf(port.Name, driver).OnPort(state, reason, at);
            if (_nameless.TryRemove(port.Name, out _))
            {
                Tell(Path.GetFileName(port.Name), DeviceState.Superseded, string.Empty);
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
            Tell(Path.GetFileName(port.Name), state, reason);
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
        if (port.Driver is not { } driver)
        {
            return;
        }

        IntakeOf(port.Name, driver).OnEvent(said, arrivedAt);
        if (said is DeviceEvent.Patient patient && _ports.TryGetValue(port.Name, out OnPortNow? now))
        {
            admissions?.HearDevice(now.Device, patient.Fields);
        }
    }

    /// <summary>
    /// The port is opened anew, or not at all any more. A device that never sent anything on it is forgotten; one that did is told to be away until it is heard again.
    /// </summary>
    public void Leave(string port, string reason)
    {
        if (!_ports.TryGetValue(port, out OnPortNow? now))
        {
            return;
        }

        if (store.Signals.Any(signal => signal.Device == now.Device))
        {
            now.Intake.OnPort(DeviceState.Unplugged, reason, time.MonotonicNow());
            return;
        }

        _ports.TryRemove(port, out _);
        Tell(now.Device, DeviceState.Superseded, reason);
    }

    /// <summary>Something happened to the box itself.</summary>
    public void Note(string kind, string text)
    {
        var now = UtcInstant.FromDateTime(time.GetUtcNow());
        store.TryAppend(new AnnotationBlock
        {
            Signal = SignalNumber.None,
            Start = now,
            Key = $"box/{now.UnixNanoseconds}/{Interlocked.Increment(ref _notes)}",
            Kind = kind,
            Text = text,
            Source = "box",
            UncertaintyMicroseconds = clock.State.UncertaintyMicroseconds,
        });
    }

    /// <summary>The name under which the port's data are kept; before anything is recognised on it, the port's own.</summary>
    private string DeviceOn(PortIdentity port)
    {
        if (port.Driver is not { } driver)
        {
            return _ports.TryGetValue(port.Name, out OnPortNow? now) ? now.Device : Path.GetFileName(port.Name);
        }

        if (board.Memory.Of(port.Name) is { } before && before.Driver != driver.Name && before.Driver.Length > 0)
        {
            Note("device-exchanged", $"{port.Name} carries {driver.Name} now; it was {before.Driver} before.");
        }

        return NameOf(driver, port.Name);
    }

    private void Tell(string device, DeviceState state, string reason) =>
        store.TryAppend(new DeviceBlock
        {
            Signal = SignalNumber.None,
            Start = UtcInstant.FromDateTime(time.GetUtcNow()),
            Device = device,
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
        GapCause before = _taken.TryAdd(device, value: true) ? GapCause.Restart : GapCause.Unplugged;
        var intake = new DeviceIntake(device, driver.Traits, new FairShare(_sink, time), new BoxClock(time, () => clock.State.UncertaintyMicroseconds), before);
        intake.BeginAfter(LastEpoch(device));
        _ports[port] = new OnPortNow(driver, device, intake);
        return intake;
    }

    /// <summary>
    /// The driver's name for the first device of its kind, <c>name@port</c> for others. It is remembered with the port, so that two of a kind keep
    /// their names whichever is heard first after a restart.
    /// </summary>
    private string NameOf(IDriver driver, string port)
    {
        if (board.Memory.Of(port) is { } known && known.Driver == driver.Name)
        {
            return known.Device;
        }

        bool isTaken = board.Memory.Named(driver.Name) is { } other && other.Port != port && !TookOver(other.Port, driver, port);
        if (_devices.TryGetValue(driver.Name, out string? former) && !board.Carries(former, driver.Name) && board.Memory.Of(former)?.Driver != driver.Name)
        {
            _devices[driver.Name] = port;
        }

        string owner = isTaken ? string.Empty : _devices.GetOrAdd(driver.Name, port);
        return owner == port ? driver.Name : $"{driver.Name}@{Path.GetFileName(port)}";
    }

    /// <summary>A device keeps its name when it is plugged in elsewhere: the port that had it carries it no more.</summary>
    private bool TookOver(string from, IDriver driver, string to)
    {
        if (board.Carries(from, driver.Name))
        {
            return false;
        }

        Note("device-moved", $"{driver.Name} is at {to} now; it was at {from} before.");
        board.Memory.Forget(from);
        _devices[driver.Name] = to;
        _ports.TryRemove(from, out _);
        return true;
    }

    private uint LastEpoch(string device) =>
        store.Signals.Where(signal => signal.Device == device)
            .Select(signal => store.Last(signal.Number)?.ClockEpoch ?? 0)
            .DefaultIfEmpty()
            .Max();

    private sealed record OnPortNow(IDriver Driver, string Device, DeviceIntake Intake);
}
