namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>Which of the offered traces fit the line, and how often each may be sampled.</summary>
internal static class TraceSelection
{
    private const int MostMultiplier = 4;
    private const int BytesPerSample = 2;

    /// <summary>The rest of the line is for slow data.</summary>
    private const double ShareOfLine = 0.6;

    /// <summary>What is assumed of a line whose settings are not told: the slowest that devices are set to.</summary>
    private static readonly LineSettings SlowestLine = new(9600, Parity: LineParity.Even);

    /// <summary>
    /// All traces at full rate where the line carries them, else every second, third or fourth sample, else fewer
    /// traces: those without an id of the nomenclature go first. Twelve at most.
    /// </summary>
    public static IReadOnlyList<TraceChoice> Choose(IReadOnlyList<TraceOffer> offers, LineSettings? line, int most)
    {
        TraceOffer[] wanted =
        [
            .. offers.DistinctBy(offer => offer.Code)
                .OrderBy(offer => MedibusNomenclature.Trace(offer.Code).Id.Length == 0)
                .Take(Math.Min(most, Outgoing.MostTraces)),
        ];
        double budget = ShareOfLine * BytesPerSecond(line ?? SlowestLine);
        for (int count = wanted.Length; count > 0; count--)
        {
            for (byte multiplier = 1; multiplier <= MostMultiplier; multiplier++)
            {
                if (Load(wanted.AsSpan(0, count)) / multiplier <= budget || (count == 1 && multiplier == MostMultiplier))
                {
                    return [.. wanted.Take(count).Select(offer => new TraceChoice(offer.Code, multiplier))];
                }
            }
        }

        return [];
    }

    /// <summary>Start bit, data, parity and stop bits make a byte.</summary>
    public static double BytesPerSecond(LineSettings line) =>
        (double)line.BitsPerSecond / (1 + line.DataBits + (line.Parity == LineParity.None ? 0 : 1) + line.StopBits);

    /// <summary>Bytes per second at multiplier 1: two a sample, and one for each record.</summary>
    private static double Load(ReadOnlySpan<TraceOffer> offers)
    {
        double load = 0;
        var intervals = new HashSet<int>();
        foreach (TraceOffer offer in offers)
        {
            double perSecond = 1e6 / offer.IntervalMicroseconds;
            load += (BytesPerSample * perSecond) + (intervals.Add(offer.IntervalMicroseconds) ? perSecond : 0);
        }

        return load;
    }
}
