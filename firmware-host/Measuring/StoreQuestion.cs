using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring;

/// <summary>What is asked for: samples, or columns.</summary>
internal enum Asked
{
    Samples,

    /// <summary>As they come when nothing is said of where they meet.</summary>
    Columns,
    Grid,
    Equal,
    Tile,
}

/// <summary>
/// One kind of question of a screen or a researcher. It is asked for <paramref name="Length"/> ns that end near the end of the
/// record, or anywhere; for all there is when that is less.
/// </summary>
/// <param name="Target">Median and p99 over HTTP, milliseconds; null = none.</param>
internal sealed record StoreQuestion(string Name, Asked Asked, Signal Signal, long Length, bool IsAnywhere, (double Median, double P99)? Target)
{
    public const int Points = 1000;

    private const long Second = 1_000_000_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;
    private const long Month = 30 * Day;
    private const int TileColumns = 512;
    private const int TileLevel = 6;
    private const long TileColumn = 64 * Second;
    private const double Median = 0.5;
    private const double NinetyNine = 0.99;

    public static IReadOnlyList<StoreQuestion> Of(StoreBenchBed bed) =>
    [
        new("last 10 s of a 500 Hz wave", Asked.Samples, bed.Fast, 10 * Second, IsAnywhere: false, (2, 8)),
        new("a random minute of a 250 Hz wave, of any age", Asked.Samples, bed.Middle, Minute, IsAnywhere: true, (3, 10)),
        new("24 h of a 1 Hz numeric in 1000 columns", Asked.Columns, bed.Numeric, Day, IsAnywhere: false, (2, 8)),
        new("24 h of a 250 Hz wave in 1000 columns", Asked.Columns, bed.Middle, Day, IsAnywhere: false, (5, 15)),
        new("7 d of a 250 Hz wave in 1000 columns", Asked.Columns, bed.Middle, 7 * Day, IsAnywhere: false, (5, 15)),
        new("30 d of a 1 Hz numeric in 1000 columns", Asked.Columns, bed.Numeric, Month, IsAnywhere: false, (5, 15)),
        new("30 d of a 250 Hz wave in 1000 columns", Asked.Columns, bed.Middle, Month, IsAnywhere: false, (5, 15)),
        new("24 h of a 250 Hz wave in 1000 columns of the grid", Asked.Grid, bed.Middle, Day, IsAnywhere: false, Target: null),
        new("24 h of a 1 Hz numeric in 1000 equal columns", Asked.Equal, bed.Numeric, Day, IsAnywhere: false, Target: null),
        new("24 h of a 250 Hz wave in 1000 equal columns", Asked.Equal, bed.Middle, Day, IsAnywhere: false, Target: null),
        new("30 d of a 250 Hz wave in 1000 equal columns", Asked.Equal, bed.Middle, Month, IsAnywhere: false, Target: null),
        new("a tile of a 250 Hz wave, 64 s columns", Asked.Tile, bed.Middle, TileColumns * TileColumn, IsAnywhere: true, Target: null),
    ];

    /// <summary>Where to ask, to the nanosecond, so that columns cut blocks anywhere.</summary>
    public (UtcInstant From, UtcInstant To) Place(Random random, long stored)
    {
        long length = Math.Min(Length, stored);
        long slack = IsAnywhere ? stored - length : Math.Min(Minute, stored - length);
        UtcInstant to = StoreBenchBed.Start.Add(stored - (slack > 0 && Asked != Asked.Samples || IsAnywhere ? random.NextInt64(slack + 1) : 0));
        return (to.Add(-length), to);
    }

    /// <summary>In process; how many samples or columns came.</summary>
    public long Ask(Store store, UtcInstant from, UtcInstant to) => Asked switch
    {
        Asked.Samples => store.Read(Signal.Number, from, to).OfType<SampleBlock>().Sum(block => block.Samples.Length),
        Asked.Columns => store.EnvelopeNearly(Signal, from, to, Points).Count,
        Asked.Grid => store.EnvelopeOnGrid(Signal, from, to, Points).Count,
        Asked.Equal => store.Envelope(Signal.Number, from, to, Points).Count,
        _ => store.Columns(Signal.Number, new UtcInstant(TileOf(to) * TileColumns * TileColumn), TileColumn, TileColumns).Count,
    };

    /// <summary>The same over HTTP.</summary>
    public string Path(UtcInstant from, UtcInstant to) => Asked switch
    {
        Asked.Samples => $"/api/v1/signals/{Signal.Id}/samples?from={from}&to={to}",
        Asked.Grid => $"/api/v1/signals/{Signal.Id}/envelope?from={from}&to={to}&points={Points}&columns=grid",
        Asked.Columns => $"/api/v1/signals/{Signal.Id}/envelope?from={from}&to={to}&points={Points}",
        Asked.Equal => $"/api/v1/signals/{Signal.Id}/envelope?from={from}&to={to}&points={Points}&columns=equal",
        _ => $"/api/v1/tiles/{Signal.Number.Value}/{TileLevel}/{TileOf(to)}",
    };

    /// <summary>Of times in milliseconds.</summary>
    public QueryFigures Figures(List<double> taken)
    {
        taken.Sort();
        return new QueryFigures(Name, taken[(int)(taken.Count * Median)], taken[(int)(taken.Count * NinetyNine)], taken.Count, Target);
    }

    private static long TileOf(UtcInstant time) => (time.UnixNanoseconds - 1) / (TileColumns * TileColumn);
}
