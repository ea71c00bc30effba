using System.Runtime.InteropServices;
using Bedside.Model;

namespace Bedside.Viewer.Sheet;

/// <summary>A usable reading, in the unit of its signal.</summary>
internal readonly record struct SheetReading(UtcInstant Time, double Value, Validity Validity);

/// <summary>What a signal did in one hour, of its usable readings alone: neither invalid nor unavailable ones. Values are in the unit of the signal.</summary>
/// <param name="Median">The middle one of the readings in ascending order; of an even number the lower of the two in the middle: always a value that the device showed.</param>
/// <param name="Count">Usable readings.</param>
/// <param name="Questionable">How many of them the device called questionable.</param>
/// <param name="InAlarm">How many of them the device marked as being in alarm.</param>
/// <param name="Coverage">
/// 0 … 1: the part of the hour, as far as it is over, that its readings stand for: each until the next one, and for one and a half times its expected period at most. Null: the
/// signal comes when it comes.
/// </param>
internal sealed record SheetCell(double Median, double Min, double Max, int Count, int Questionable, int InAlarm, double? Coverage)
{
    private const double Stands = 1.5;

    /// <summary>The cell of the readings of one hour, ascending in time; null = there is none.</summary>
    /// <param name="hour">What of the hour is over; not empty where there are readings.</param>
    public static SheetCell? Of(ReadOnlySpan<SheetReading> readings, TimeRange hour, TimeSpan? expected)
    {
        if (readings.IsEmpty)
        {
            return null;
        }

        double[] values = new double[readings.Length];
        int questionable = 0;
        int inAlarm = 0;
        for (int i = 0; i < readings.Length; i++)
        {
            values[i] = readings[i].Value;
            questionable += readings[i].Validity.HasFlag(Validity.Questionable) ? 1 : 0;
            inAlarm += readings[i].Validity.HasFlag(Validity.InAlarm) ? 1 : 0;
        }

        Array.Sort(values);
        return new SheetCell(values[(values.Length - 1) / 2], values[0], values[^1], values.Length, questionable, inAlarm, CoverageOf(readings, hour, expected));
    }

    private static double? CoverageOf(ReadOnlySpan<SheetReading> readings, TimeRange hour, TimeSpan? expected)
    {
        if (expected is not TimeSpan period || hour.Nanoseconds <= 0)
        {
            return null;
        }

        double most = period.Nanoseconds() * Stands;
        double covered = 0;
        for (int i = 0; i < readings.Length; i++)
        {
            UtcInstant until = i + 1 < readings.Length ? readings[i + 1].Time : hour.To;
            covered += Math.Clamp(until.Since(readings[i].Time), 0, most);
        }

        return Math.Min(1, Math.Round(covered / hour.Nanoseconds, 4));
    }
}

/// <summary>The usable readings of a signal as they are read from blocks, ascending in time.</summary>
internal sealed class SheetReadings
{
    private readonly List<SheetReading> _readings = [];

    /// <summary>Digits after the decimal point, of the reading that has most.</summary>
    public int Decimals { get; private set; }

    /// <summary>True when a reading is of a demonstration or a test.</summary>
    public bool Demo { get; private set; }

    public static SheetReadings Of(IEnumerable<Block> blocks, TimeRange range)
    {
        var found = new SheetReadings();
        foreach (NumericBlock block in blocks.OfType<NumericBlock>())
        {
            found.Take(block, range);
        }

        return found;
    }

    public ReadOnlySpan<SheetReading> In(TimeRange hour)
    {
        ReadOnlySpan<SheetReading> all = CollectionsMarshal.AsSpan(_readings);
        int first = FirstFrom(all, hour.From);
        return all[first..Math.Max(first, FirstFrom(all, hour.To))];
    }

    private void Take(NumericBlock block, TimeRange range)
    {
        bool sorted = true;
        foreach (NumericReading reading in block.Readings)
        {
            if (reading.Value is not Fixed value || !reading.Validity.IsUsable() || reading.Time < range.From || reading.Time >= range.To)
            {
                continue;
            }

            sorted &= _readings.Count == 0 || _readings[^1].Time <= reading.Time;
            _readings.Add(new SheetReading(reading.Time, value.ToDouble(), reading.Validity));
            Decimals = Math.Max(Decimals, -value.Exponent);
            Demo |= (reading.Validity & (Validity.DemoData | Validity.TestData)) != 0;
        }

        if (!sorted)
        {
            _readings.Sort(static (one, other) => one.Time.CompareTo(other.Time));
        }
    }

    /// <summary>Index of the first reading at that time or later.</summary>
    private static int FirstFrom(ReadOnlySpan<SheetReading> readings, UtcInstant time)
    {
        int low = 0;
        int high = readings.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (readings[middle].Time < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
