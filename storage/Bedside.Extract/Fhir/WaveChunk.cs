using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>Equally spaced samples of at most ten seconds with one scale, one clock epoch and one patient; what is not valid or missing is <see cref="Missing"/>.</summary>
internal sealed class WaveChunk(uint epoch, long firstIndex, long start, SamplePeriod period, Scale? scale)
{
    /// <summary>Stands for a sample without a value.</summary>
    public const long Missing = long.MinValue;

    private readonly List<long> _samples = [];

    public uint Epoch => epoch;

    /// <summary>Index of the first sample since the epoch began.</summary>
    public long FirstIndex => firstIndex;

    /// <summary>Time of the first sample, nanoseconds.</summary>
    public long Start => start;

    /// <summary>Time of the last one.</summary>
    public long Last => start + period.NanosecondsOf(_samples.Count - 1);

    /// <summary>When the piece of the wave that it belongs to is over.</summary>
    public required long Whole { get; init; }

    public SamplePeriod Period => period;

    public Scale? Scale => scale;

    /// <summary>Marks that any sample of it has.</summary>
    public Validity Marks { get; private set; }

    /// <summary>Some sample has a value.</summary>
    public bool HasValues { get; private set; }

    public IReadOnlyList<long> Samples => _samples;

    public int Count => _samples.Count;

    /// <summary>Samples that never came.</summary>
    public void Skip(long count)
    {
        for (long i = 0; i < count; i++)
        {
            _samples.Add(Missing);
        }
    }

    public void Add(ReadOnlySpan<int> samples, Validity validity)
    {
        Marks |= validity;
        bool usable = validity.IsUsable();
        HasValues |= usable && samples.Length > 0;
        foreach (int raw in samples)
        {
            _samples.Add(usable ? raw : Missing);
        }
    }
}
