using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Tests.Storage;

/// <summary>The blocks behind <c>tests/vectors/sealed/*.bin</c>.</summary>
internal static class SealedBlocks
{
    public static ImmutableSortedDictionary<string, Block> All { get; } = new Dictionary<string, Block>
    {
        ["readings-steady"] = SealedCodecTests.Readings("steady", new Random(1), 120),
        ["readings-jitter"] = SealedCodecTests.Readings("jitter", new Random(2), 60),
        ["readings-absent"] = SealedCodecTests.Readings("absent", new Random(3), 60),
        ["readings-exponents"] = SealedCodecTests.Readings("exponents", new Random(4), 30),
        ["readings-extremes"] = SealedCodecTests.Readings("extremes", new Random(5), 12),
        ["readings-no-device-time"] = WithoutDeviceTime(SealedCodecTests.Readings("walk", new Random(6), 40)),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static NumericBlock WithoutDeviceTime(NumericBlock block) =>
        block with { Readings = [.. block.Readings.Select(reading => reading with { DeviceNanoseconds = null })] };
}
