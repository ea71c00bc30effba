using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>Ten million bytes of nothing in particular.</summary>
[Collection(Alone.Name)]
public class RandomByteTests
{
    private const int Bytes = 3_400_000;
    private const long MostGrowth = 4_000_000;

    [Theory]
    [InlineData("listening")]
    [InlineData("talking")]
    [InlineData("streaming")]
    public void MillionsOfRandomBytesAreSurvivedWithoutGrowth(string how)
    {
        var random = new Random(2404);
        byte[] chunk = new byte[1000];
        var output = new CountingOutput();
        IDriverSession session = how == "streaming" ? RealtimeTests.Streaming(new Ear(Wire.Driver), 8000, "00010101030106011C01") : Wire.Session(how == "listening");
        long before = 0;
        for (int taken = 0; taken < Bytes; taken += chunk.Length)
        {
            random.NextBytes(chunk);
            if (how == "streaming")
            {
                // Frames begin seldom here, so that the traces stay chosen and their records are what is damaged.
                for (int i = 0; i < chunk.Length; i++)
                {
                    chunk[i] |= 0x80;
                }
            }

            session.OnChunk(Wire.From(taken / 10, chunk), output);
            if (taken == Bytes / 10 / chunk.Length * chunk.Length)
            {
                before = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(session);
        Assert.True(output.Events > 100);
        Assert.InRange(grown, long.MinValue, MostGrowth);
    }

    private sealed class CountingOutput : IDriverOutput
    {
        public long Events { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes)
        {
        }

        public void Report(DeviceEvent said) => Events++;
    }
}
