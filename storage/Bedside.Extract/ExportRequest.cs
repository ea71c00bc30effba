using Bedside.Model;

namespace Bedside.Extract;

/// <summary>What shall leave the store, and where to.</summary>
/// <param name="Signals">The signals asked for, of any kind.</param>
/// <param name="From">First instant.</param>
/// <param name="To">First instant that is out again.</param>
/// <param name="Directory">Folder to write into; made when absent, refused when it holds anything.</param>
public sealed record ExportRequest(IReadOnlyList<Signal> Signals, UtcInstant From, UtcInstant To, string Directory)
{
    /// <summary>Devices whose driver was never tried on a real one: what comes of them is marked. The writers find it out.</summary>
    internal IReadOnlySet<string> Experimental { get; private init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What a device is was told when it was plugged in, which may be long before the range.</summary>
    internal ExportRequest Marked(Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source) => this with
    {
        Experimental = source(SignalNumber.None, new UtcInstant(0), To)
            .OfType<DeviceBlock>()
            .Where(block => block.Identity is { IsExperimental: true })
            .Select(block => block.Device)
            .ToHashSet(StringComparer.Ordinal),
    };
}

/// <summary>What was written.</summary>
/// <param name="Files">Names in the folder, in the order in which they were made.</param>
/// <param name="Samples">Samples of waveforms.</param>
/// <param name="Readings">Readings of numerics, settings and texts.</param>
/// <param name="Gaps">Stretches without data that were listed.</param>
public sealed record ExportResult(IReadOnlyList<string> Files, long Samples, long Readings, long Gaps);
