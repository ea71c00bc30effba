using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring;

/// <summary>What a screen and a researcher ask of a store, at random places, each many times.</summary>
internal sealed class StoreQuestions(Store store, StoreBenchBed bed, long seconds, TimeProvider time)
{
    private const int Runs = 200;
    private const int LeastRuns = 11;
    private const int Points = 1000;
    private const long Second = 1_000_000_000;
    private const long Minute = 60;
    private const long Day = 86_400;
    private const long Month = 30 * Day;
    private const int TileColumns = 512;
    private const double Median = 0.5;
    private const double NinetyNine = 0.99;

    /// <summary>No kind of question takes longer than this altogether, unless it could not be asked <see cref="LeastRuns"/> times.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Random _random = new(1);

    private UtcInstant End => StoreBenchBed.Start.Add(seconds * Second);

    public IReadOnlyList<QueryFigures> Ask() =>
    [
        Measure("last 10 s of a 500 Hz wave", () => ReadAll(bed.Ecg500, End.Add(-10 * Second), End)),
        Measure("a random minute of a 250 Hz wave", () =>
        {
            UtcInstant from = StoreBenchBed.Start.Add(_random.NextInt64(Math.Max(1, seconds - Minute) * Second));
            return ReadAll(bed.Ecg250, from, from.Add(Minute * Second));
        }),
        Measure("24 h of a 250 Hz wave in 1000 columns", () => Envelope(bed.Ecg250, Day)),
        Measure("24 h of a 1 Hz numeric in 1000 columns", () => Envelope(bed.Numeric, Day)),
        Measure("30 d of a 250 Hz wave in 1000 columns", () => Envelope(bed.Ecg250, Month)),
        Measure("30 d of a 1 Hz numeric in 1000 columns", () => Envelope(bed.Numeric, Month)),
        Measure("24 h of a 250 Hz wave in tiles of 64 s columns", () => Tiles(64 * Second)),
        Measure("9 h of a 250 Hz wave in tiles of 16 s columns", () => Tiles(16 * Second)),
    ];

    private long ReadAll(SignalNumber signal, UtcInstant from, UtcInstant to) => store.Read(signal, from, to).OfType<SampleBlock>().Sum(block => block.Samples.Length);

    /// <summary>Ends up to a minute before the end, to the nanosecond, so that columns cut blocks anywhere.</summary>
    private long Envelope(SignalNumber signal, long length)
    {
        UtcInstant to = End.Add(-_random.NextInt64(Minute * Second));
        return store.Envelope(signal, to.Add(-length * Second), to, Points).Count;
    }

    /// <summary>As many tiles as a screen shows, four of them.</summary>
    private long Tiles(long column)
    {
        long tile = column * TileColumns;
        long first = (End.UnixNanoseconds / tile) - 3;
        return Enumerable.Range(0, 4).Sum(i => store.Columns(bed.Ecg250, new UtcInstant((first + i) * tile), column, TileColumns).Sum(one => one.Count));
    }

    private QueryFigures Measure(string name, Func<long> ask)
    {
        var taken = new List<double>();
        long begun = time.GetTimestamp();
        _ = ask();
        while (taken.Count < Runs && (taken.Count < LeastRuns || time.GetElapsedTime(begun) < Patience))
        {
            long start = time.GetTimestamp();
            _ = ask();
            taken.Add(time.GetElapsedTime(start).TotalMilliseconds);
        }

        taken.Sort();
        return new QueryFigures(name, taken[(int)(taken.Count * Median)], taken[(int)(taken.Count * NinetyNine)], taken.Count);
    }
}
