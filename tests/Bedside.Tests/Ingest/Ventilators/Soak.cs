using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Ventilators;

/// <summary>Millions of bytes of nothing in particular through one session, and how much it grew.</summary>
internal sealed class Soak : IDriverOutput
{
    private const int ChunkBytes = 1000;
    private const long ChunkNanoseconds = 100_000_000;

    public long Events { get; private set; }

    public long Grown { get; private set; }

    public long Now { get; private set; }

    /// <summary>Feeds the bytes; growth is measured from the first tenth on, when all that is kept is there.</summary>
    public void Run(IDriverSession session, int bytes, int seed, Func<byte, byte>? shape = null)
    {
        var random = new Random(seed);
        byte[] chunk = new byte[ChunkBytes];
        long before = 0;
        for (int taken = 0; taken < bytes; taken += ChunkBytes)
        {
            random.NextBytes(chunk);
            for (int i = 0; shape is not null && i < chunk.Length; i++)
            {
                chunk[i] = shape(chunk[i]);
            }

            Now += ChunkNanoseconds;
            session.OnChunk(new Chunk(new MonotonicInstant(Now), chunk), this);
            if (taken == bytes / 10 / ChunkBytes * ChunkBytes)
            {
                before = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        Grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(session);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        // Who is spoken to here is noise.
    }

    public void Report(DeviceEvent said) => Events++;
}
