using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>
/// The ventilator's clock shows no seconds, so a reading may be a minute old. It is told when it is first seen, again when the minute
/// first changes (then it is known to a poll's interval), and after that only when it was set.
/// </summary>
internal sealed class WallClockWatch
{
    private const long Tolerance = 8_000_000_000;

    private DateTime? _shown;
    private DateTime? _told;
    private MonotonicInstant _toldAt;
    private bool _exact;

    /// <summary>Takes what the two fields say: <c>14:47</c> and <c>NOV 22 2011</c>. False when they are no date and time.</summary>
    public bool Take(string time, string date, MonotonicInstant now, IDriverOutput output)
    {
        if (Read(time, date) is not DateTime wall)
        {
            return false;
        }

        bool turned = _shown is not null && _shown != wall;
        _shown = wall;
        if (_told is not DateTime told)
        {
            Tell(wall, now, output);
        }
        else if (turned)
        {
            DateTime expected = told.AddTicks(now.Since(_toldAt) / 100);
            bool isSame = Math.Abs((wall - expected).Ticks) * 100 <= Tolerance;
            if (!isSame || !_exact)
            {
                _exact = true;
                Tell(wall, now, output);
            }
        }

        return true;
    }

    public void Forget() => (_shown, _told, _exact) = (null, null, false);

    /// <summary>English months in capitals; null for anything else.</summary>
    public static DateTime? Read(string time, string date) =>
        DateTime.TryParseExact($"{date} {time}", "MMM d yyyy HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out DateTime wall)
            ? wall
            : null;

    private void Tell(DateTime wall, MonotonicInstant now, IDriverOutput output)
    {
        (_told, _toldAt) = (wall, now);
        output.Report(new DeviceEvent.WallClock(wall, At: null));
    }
}
