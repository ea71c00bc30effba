using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Tests.Storage;

/// <summary>Blocks as the tests of the store need them.</summary>
internal static class SampleBlocks
{
    public static readonly UtcInstant Start = new(1_795_285_519_789_086_700);

    public static SampleBlock Of(params int[] samples) => new()
    {
        Signal = new SignalNumber(7),
        Start = Start,
        Period = SamplePeriod.FromHertz(500),
        Samples = samples,
        Scale = new Scale(0.005, -1.5),
        UncertaintyMicroseconds = 1_500,
        ClockEpoch = 3,
        FirstIndex = 90_000_000_001,
        DeviceNanoseconds = 86_400_000_125_000,
    };

    /// <summary>Equal in everything: records compare memory by reference, and immutable arrays too.</summary>
    public static bool Same(Block left, Block right) => (left, right) switch
    {
        (SampleBlock a, SampleBlock b) => a with { Samples = default, Validity = [] } == b with { Samples = default, Validity = [] }
            && a.Samples.Span.SequenceEqual(b.Samples.Span)
            && a.Validity.SequenceEqual(b.Validity),
        (NumericBlock a, NumericBlock b) => a with { Readings = [] } == b with { Readings = [] } && a.Readings.SequenceEqual(b.Readings),
        (DeviceBlock { Identity: { } a } x, DeviceBlock { Identity: { } b } y) => x with { Identity = null } == y with { Identity = null }
            && a with { Properties = Nothing } == b with { Properties = Nothing }
            && a.Properties.SequenceEqual(b.Properties),
        _ => left == right,
    };

    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary<string, string>.Empty;
}
