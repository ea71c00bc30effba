using Bedside.Model;

namespace Bedside.Extract;

/// <summary>What shall leave the store, and where to.</summary>
/// <param name="Signals">The signals asked for, of any kind.</param>
/// <param name="From">First instant.</param>
/// <param name="To">First instant that is out again.</param>
/// <param name="Directory">Folder to write into; made when absent, refused when it holds anything.</param>
public sealed record ExportRequest(IReadOnlyList<Signal> Signals, UtcInstant From, UtcInstant To, string Directory)
{
    /// <summary>All signals of the store, where those asked for are not all: a mark on one is about others of its sensor.</summary>
    public IReadOnlyList<Signal>? Known { get; init; }

    /// <summary>Devices whose driver was never tried on a real one: what comes of them is marked. The writers find it out.</summary>
    internal IReadOnlySet<string> Experimental { get; private init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What was so while the data were taken. The writers find it out.</summary>
    internal IReadOnlyList<ContextItem> Context { get; private init; } = [];

    /// <summary>What a device is was told when it was plugged in, and where a probe sits when it was put there: both may be long before the range.</summary>
    internal ExportRequest Marked(Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source)
    {
        var experimental = new HashSet<string>(StringComparer.Ordinal);
        var marks = new List<AnnotationBlock>();
        foreach (Block block in source(SignalNumber.None, new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue)))
        {
            if (block is AnnotationBlock mark)
            {
                marks.Add(mark);
            }
            else if (block is DeviceBlock { Identity.IsExperimental: true } device && device.Start < To)
            {
                experimental.Add(device.Device);
            }
        }

        return this with { Experimental = experimental, Context = ExportContext.Of(marks, this, (Known ?? Signals).ToDictionary(signal => signal.Number)) };
    }
}

/// <summary>What was written.</summary>
/// <param name="Files">Names in the folder, in the order in which they were made.</param>
/// <param name="Samples">Samples of waveforms.</param>
/// <param name="Readings">Readings of numerics, settings and texts.</param>
/// <param name="Gaps">Stretches without data that were listed.</param>
public sealed record ExportResult(IReadOnlyList<string> Files, long Samples, long Readings, long Gaps);
