using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>
/// Fewer readings of a numeric: of each interval, counted from admission, the last reading with a value that may be relied on, as it was and at its own time. An interval without one gives
/// nothing; where readings are rarer than intervals nothing is left out but what has no value.
/// </summary>
internal sealed class Thinning(double hertz, UtcInstant zero)
{
    private const double NanosecondsPerSecond = 1e9;

    private long _interval = long.MinValue;
    private (NumericReading Reading, bool IsThere) _kept;

    /// <summary>The reading that an interval before this one gives, if it gives one now.</summary>
    public NumericReading? Take(NumericReading reading)
    {
        long interval = (long)Math.Floor(reading.Time.Since(zero) / NanosecondsPerSecond * hertz);
        NumericReading? given = interval == _interval ? null : End();
        _interval = interval;
        if (reading.Value is not null && reading.Validity.IsUsable())
        {
            _kept = (reading, true);
        }

        return given;
    }

    /// <summary>What the last interval gives.</summary>
    public NumericReading? End()
    {
        NumericReading? given = _kept.IsThere ? _kept.Reading : null;
        _kept = default;
        return given;
    }
}
