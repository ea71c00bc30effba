using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Tests.Storage.Keys;

/// <summary>Keys for tests: always the same, and random bytes from a seed.</summary>
internal static class TestKeys
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(1, BoxKey.Bytes).Select(number => (byte)number)];

    public static BoxKey Box => new(Bytes);

    public static BoxKey OtherBox => new([.. Bytes.Reverse()]);

    public static Action<Span<byte>> Randomness(int seed)
    {
        var random = new Random(seed);
        return random.NextBytes;
    }

    public static StoreOptions Options(int seed = 1) => new() { JournalBytes = 32 << 10, SegmentBytes = 32 << 10, BoxKey = Box, Randomness = Randomness(seed) };

    public static FileCipher Cipher(FileIdentity file) => FileCipher.Derive(Bytes, new StayId(7), file, 42, witness: null);
}
