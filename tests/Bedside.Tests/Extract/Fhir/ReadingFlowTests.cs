using Bedside.Extract.Fhir;
using Bedside.Model;

namespace Bedside.Tests.Extract.Fhir;

/// <summary>Readings of overlapping blocks in one order.</summary>
public class ReadingFlowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Readings_come_ascending_each_time_once_and_the_one_that_came_last_counts(int seed)
    {
        var random = new Random(seed);
        var blocks = new List<NumericBlock>();
        for (int i = 0; i < 40; i++)
        {
            long start = random.Next(0, 1000);
            NumericReading[] readings = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => start + random.Next(0, 60)).Distinct().Order().Select(time => new NumericReading(new UtcInstant(time), new Fixed(i, 0), Validity.Valid, DeviceNanoseconds: null))];
            blocks.Add(new NumericBlock { Signal = new SignalNumber(1), Start = readings[0].Time, Readings = [.. readings] });
        }

        List<NumericBlock> ordered = [.. blocks.OrderBy(block => block.Start)];
        (long from, long to) = (random.Next(0, 300), random.Next(600, 1100));
        var expected = new SortedDictionary<long, long>();
        foreach (NumericReading reading in ordered.SelectMany(block => block.Readings).Where(reading => reading.Time.UnixNanoseconds >= from && reading.Time.UnixNanoseconds < to))
        {
            expected[reading.Time.UnixNanoseconds] = reading.Value!.Value.Mantissa;
        }

        NumericReading[] got = [.. ReadingFlow.Of(ordered, from, to)];

        Assert.Equal(expected.Keys, got.Select(reading => reading.Time.UnixNanoseconds));
        Assert.Equal(expected.Values, got.Select(reading => reading.Value!.Value.Mantissa));
    }
}
