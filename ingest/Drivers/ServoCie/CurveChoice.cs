namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// Which curves are asked for. The line carries some 870 bytes a second; a sample takes a byte mostly and three at worst, so one curve for each 5 ms of
/// sampling time always fits (sheet 6: two at 10 ms, four at 20). The sampling time itself is never changed, for the ventilator would keep it.
/// </summary>
internal sealed class CurveChoice
{
    private const int MillisecondsPerCurve = 5;
    private const int Pressure = 113;

    private int _most = Outgoing.MostCurves;

    /// <summary>The curves wanted of those that the ventilator has.</summary>
    public IReadOnlyList<int> Of(Configuration configuration)
    {
        int fits = Math.Clamp(configuration.SampleMilliseconds / MillisecondsPerCurve, 1, _most);
        IEnumerable<int> wanted = Has(configuration, Pressure)
            ? ServoNomenclature.WantedCurves
            : ServoNomenclature.WantedCurves.SelectMany(channel => channel == Pressure ? ServoNomenclature.OlderPressures : [channel]);
        return [.. wanted.Where(channel => Has(configuration, channel)).Take(fits)];
    }

    /// <summary>The ventilator refused so many, or its buffer ran full: one less from now on. False when there is none to spare.</summary>
    public bool Fewer()
    {
        bool spare = _most > 1;
        _most = Math.Max(1, _most - 1);
        return spare;
    }

    private static bool Has(Configuration configuration, int channel) =>
        configuration.Scales.TryGetValue(channel, out ChannelScale? scale) && scale.Gain is not null;
}
