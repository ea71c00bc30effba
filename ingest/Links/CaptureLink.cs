using Bedside.Ingest.Captures;
using Bedside.Model;

namespace Bedside.Ingest.Links;

/// <summary>How a recording is played back.</summary>
/// <param name="Paced">True = at the pace of the recording; false = as fast as it is read, with the recorded times.</param>
/// <param name="Tapped">True = what went to the device is read too, as on a tapped line; false = the session sends that itself.</param>
public sealed record ReplayOptions(bool Paced, bool Tapped = false);

/// <summary>
/// A recording as if it were a line. What the session sends goes nowhere; it is compared with what was sent when
/// the recording was made. At its end, <see cref="Read"/> throws <see cref="EndOfStreamException"/>.
/// </summary>
public sealed class CaptureLink : ILink
{
    private const int MostUncompared = 1_024;

    private readonly IEnumerator<Chunk> _chunks;
    private readonly TimeProvider _time;
    private readonly ReplayOptions _options;
    private readonly MonotonicInstant _begun;
    private readonly Queue<byte[]> _sent = [];
    private readonly Queue<byte[]> _recorded = [];

    public CaptureLink(Conversation conversation, TimeProvider time, ReplayOptions options) =>
        (_chunks, _time, _options, _begun) = (conversation.Chunks().GetEnumerator(), time, options, time.MonotonicNow());

    /// <summary>Messages sent that are as in the recording, in its order.</summary>
    public long Agreeing { get; private set; }

    /// <summary>Messages sent in the place of different ones in the recording.</summary>
    public long Differing { get; private set; }

    public Chunk Read()
    {
        while (_chunks.MoveNext())
        {
            Chunk chunk = _chunks.Current;
            if (chunk.Direction == ChunkDirection.ToDevice && !_options.Tapped)
            {
                Compare(_recorded, chunk.Bytes.Span);
                continue;
            }

            MonotonicInstant arrivesAt = _begun.Add(chunk.ArrivedAt.Nanoseconds);
            if (_options.Paced)
            {
                _time.Rest(TimeSpan.FromMicroseconds(arrivesAt.Since(_time.MonotonicNow()) / 1_000.0), CancellationToken.None);
            }

            return chunk with { ArrivedAt = arrivesAt };
        }

        throw new EndOfStreamException("The recording is over.");
    }

    public void Send(ReadOnlySpan<byte> bytes) => Compare(_sent, bytes);

    public void Dispose() => _chunks.Dispose();

    private void Compare(Queue<byte[]> into, ReadOnlySpan<byte> bytes)
    {
        if (into.Count < MostUncompared)
        {
            into.Enqueue(bytes.ToArray());
        }

        while (_sent.Count > 0 && _recorded.Count > 0)
        {
            if (_sent.Dequeue().AsSpan().SequenceEqual(_recorded.Dequeue()))
            {
                Agreeing++;
            }
            else
            {
                Differing++;
            }
        }
    }
}
