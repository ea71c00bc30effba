namespace Bedside.Simulators.Philips;

/// <summary>
/// Which waves and numerics the client wants (sheet, section 6.5). What is unknown, absent or too much is dropped
/// without a word; the client sees it in the list that comes back.
/// </summary>
internal sealed class PriorityLists(ISignalSource source)
{
    private const int MostLeads = 3;
    private const int MostOthers = 8;

    private List<uint> _waves = Default(source);
    private List<uint> _numerics = [.. source.Numerics.Select(n => n.Label).Distinct()];

    /// <summary>The labels as they come back from GET and SET.</summary>
    public IReadOnlyList<uint> Labels(ushort attribute) => attribute == AttributeId.WaveList ? _waves : _numerics;

    /// <summary>The waves that are sent, in the order of the list.</summary>
    public IReadOnlyList<WaveObject> Waves => [.. Limit(_waves).Select(label => source.Waves.First(w => w.Label == label))];

    /// <summary>The first so many of the numeric list, or all.</summary>
    public IReadOnlyList<NumericObject> Numerics(int? count) => count is not { } most
        ? source.Numerics
        : [.. _numerics.Take(most).SelectMany(label => source.Numerics.Where(n => n.Label == label))];

    /// <summary>REPLACE.</summary>
    public void Replace(ushort attribute, IReadOnlyList<uint> labels)
    {
        if (attribute == AttributeId.WaveList)
        {
            _waves = Limit(labels.Distinct().Where(label => source.Waves.Any(w => w.Label == label)));
        }
        else
        {
            _numerics = [.. labels.Distinct().Where(label => source.Numerics.Any(n => n.Label == label))];
        }
    }

    /// <summary>SET_TO_DEFAULT.</summary>
    public void Reset(ushort attribute)
    {
        if (attribute == AttributeId.WaveList)
        {
            _waves = Default(source);
        }
        else
        {
            _numerics = [.. source.Numerics.Select(n => n.Label).Distinct()];
        }
    }

    private static List<uint> Default(ISignalSource source) => [.. source.Waves.Select(w => w.Label)];

    private static List<uint> Limit(IEnumerable<uint> labels)
    {
        var kept = new List<uint>();
        int leads = 0;
        int others = 0;
        foreach (uint label in labels)
        {
            bool fits = label switch
            {
                BedsideObjects.CompoundEcg => true,
                >= 0x00020100 and <= 0x000201FF => ++leads <= MostLeads,
                _ => ++others <= MostOthers,
            };
            if (fits)
            {
                kept.Add(label);
            }
        }

        return kept;
    }
}
