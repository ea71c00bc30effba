using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// Follows the number that a monitor gives its records, of all kinds together, modulo 256 (sheet 4).
/// </summary>
internal sealed class RecordNumbers
{
    private const int Numbers = 256;

    /// <summary>After this long the monitor may have begun anew, and its numbers with it.</summary>
    private const long LongestPause = 12_000_000_000;

    private byte[] _last = [];
    private int? _number;
    private int _damaged;
    private MonotonicInstant _at;

    /// <summary>A record came damaged: its number is missing, but it is no loss of its own.</summary>
    public void Damaged() => _damaged++;

    /// <summary>
    /// How many records were lost before this one, beyond those that came damaged; null when it is the last one again.
    /// <paramref name="unheard"/> counts the damaged ones too.
    /// </summary>
    public int? Follow(byte number, ReadOnlySpan<byte> record, MonotonicInstant now, out int unheard)
    {
        unheard = 0;
        if (_number == number && record.SequenceEqual(_last))
        {
            return null;
        }

        int damaged = _damaged;
        _damaged = 0;
        if (_number is int before && before != number && now.Since(_at) <= LongestPause)
        {
            unheard = (number - before - 1 + Numbers) % Numbers;
        }

        (_number, _at) = (number, now);
        _last = record.ToArray();
        return Math.Max(0, unheard - damaged);
    }
}
