using System.Net;
using Bedside.Simulators;

namespace Bedside.Tests.Simulators;

/// <summary>Keeps what a simulated device sends, and when.</summary>
internal sealed class RecordingPort(ManualTime time) : IPort
{
    private readonly long _started = time.GetTimestamp();

    public List<(double Seconds, byte[] Bytes, IPEndPoint? To)> Sent { get; } = [];

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to) =>
        Sent.Add((time.GetElapsedTime(_started).TotalSeconds, bytes.ToArray(), to));

    public IReadOnlyList<(double Seconds, byte[] Bytes, IPEndPoint? To)> Take()
    {
        (double Seconds, byte[] Bytes, IPEndPoint? To)[] taken = [.. Sent];
        Sent.Clear();
        return taken;
    }
}
