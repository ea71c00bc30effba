using System.Net;

namespace Bedside.Simulators.Transports;

/// <summary>A port that is open: what the simulator's one thread reads from and writes to.</summary>
internal interface ITransport : IPort, IDisposable
{
    /// <summary>What comes after "ready ".</summary>
    string Where { get; }

    /// <summary>The bound address; null on a pty.</summary>
    IPEndPoint? Address { get; }

    /// <summary>Waits at most so long; 0 when nothing came.</summary>
    int Receive(Span<byte> buffer, TimeSpan wait, out IPEndPoint? from);
}
