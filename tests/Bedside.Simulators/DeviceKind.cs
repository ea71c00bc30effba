using System.Net;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators;

/// <summary>
/// A simulated device: its protocol alone. It is told what arrives and when to look at the clock, and it
/// writes to an <see cref="IPort"/>; it opens nothing, waits for nothing and starts no thread.
/// </summary>
public interface IDevice
{
    /// <summary>
    /// Takes what arrived: one datagram, or on a line whatever the last read returned, cut anywhere.
    /// <paramref name="from"/> is null on a line.
    /// </summary>
    void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from);

    /// <summary>Does what is due; returns when it wants to be asked again at the latest, on the simulation's clock.</summary>
    long Advance();
}

/// <summary>Where a device's bytes go: a pty, a TCP connection, a UDP socket, or a list in a test.</summary>
public interface IPort
{
    /// <summary>Sends at once or not at all; <paramref name="to"/> is null on a line.</summary>
    void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to);
}

/// <summary>A line that the device's end can hang up.</summary>
public interface ILineThatEnds
{
    /// <summary>Ends the connection, if there is one.</summary>
    void End();
}

/// <summary>An option of one device, beside those that all have; <paramref name="Argument"/> is null for a mere switch.</summary>
public sealed record DeviceOption(string Name, string? Argument, string Meaning);

/// <summary>
/// What can go wrong with one device. Named without a time it lasts from <paramref name="Start"/> for
/// <paramref name="Duration"/> seconds; infinity is the whole run.
/// </summary>
public sealed record FaultKind(string Name, double Start, double Duration, string Meaning);

/// <summary>What the command line offers: a device, its options, its faults and the line it speaks on.</summary>
public sealed record DeviceKind(string Name, string Title, int Baud, Transport Transports, Func<Simulation, IDevice> Create)
{
    /// <summary>Data bits, parity and stop bits of its line unless another is asked for.</summary>
    public string Frame { get; init; } = "8N1";

    public IReadOnlyList<DeviceOption> Options { get; init; } = [];

    public IReadOnlyList<FaultKind> Faults { get; init; } = [];

    /// <summary>It calls the address of <c>--tcp</c> instead of listening there.</summary>
    public bool Calls { get; init; }
}

/// <summary>How a device can be reached.</summary>
[Flags]
public enum Transport
{
    None = 0,
    Pty = 1,
    Tcp = 2,
    Udp = 4,
}

/// <summary>What a device is given to live with.</summary>
public sealed record Simulation(SimulationClock Clock, Patient Patient, IPort Port, FaultSchedule Faults, Arguments Arguments)
{
    /// <summary>Where the port is bound, for a device that must say so itself; null on a line.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>Lines for the person who started the simulator.</summary>
    public TextWriter Log { get; init; } = TextWriter.Null;
}
