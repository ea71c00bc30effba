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
        ["samples-dense-fixed"] = SampleBlocks.Of(SealedCodecTests.Samples("quiet", new Random(7), 900)),
        ["samples-dense-few"] = SampleBlocks.Of(SealedCodecTests.Samples("quiet", new Random(8), 400)) with { Scale = null, DeviceNanoseconds = null },
        ["samples-dense-fitted"] = SampleBlocks.Of(SealedCodecTests.Samples("resonant", new Random(9), 3_000)),
        ["samples-dense-long"] = SampleBlocks.Of(SealedCodecTests.Samples("two tones", new Random(10), 3_000)),
        ["samples-dense-numbered"] = SampleBlocks.Of(SealedCodecTests.Samples("gapped", new Random(11), 2_000)),
        ["samples-dense-outliers"] = SampleBlocks.Of(SealedCodecTests.Samples("outliers", new Random(12), 1_500)),
        ["samples-dense-validity"] = SampleBlocks.Of(SealedCodecTests.Samples("ecg", new Random(13), 1_200)) with
        {
            Validity = [new ValidityRun(0, 300, Validity.DemoData), new ValidityRun(400, 1, Validity.PacerMark)],
        },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static NumericBlock WithoutDeviceTime(NumericBlock block) =>
        block with { Readings = [.. block.Readings.Select(reading => reading with { DeviceNanoseconds = null })] };
}
