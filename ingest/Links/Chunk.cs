using Bedside.Model;

namespace Bedside.Ingest.Links;

/// <summary>Which way bytes went, seen from the box.</summary>
public enum ChunkDirection
{
    /// <summary>The device sent them.</summary>
    FromDevice,

    /// <summary>The box, or whoever polls the device on a tapped line, sent them.</summary>
    ToDevice,
}

/// <summary>
/// Bytes and when they arrived: what a link returns, what a capture stores and what a test feeds. On a datagram link one
/// chunk is one datagram; on a stream it is whatever one read gave. Empty = 100 ms passed without a byte.
/// </summary>
public readonly record struct Chunk(MonotonicInstant ArrivedAt, ReadOnlyMemory<byte> Bytes, ChunkDirection Direction = ChunkDirection.FromDevice);

/// <summary>
/// A line to a device. <see cref="Read"/> waits at most 100 ms and throws <see cref="IOException"/> when the line is lost;
/// one thread owns the link.
/// </summary>
public interface ILink : IDisposable
{
    Chunk Read();

    /// <summary>Sends as one datagram or in one write; throws <see cref="IOException"/> when the line is lost or opened for listening only.</summary>
    void Send(ReadOnlySpan<byte> bytes);
}
