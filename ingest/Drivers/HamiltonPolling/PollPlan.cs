using Bedside.Model;

namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>
/// Which parameter is next: what is measured and the alarms in turn, every fourth time a setting, the clock all at once now and then. What the ventilator does
/// not know, or does not have now, is left out for a minute.
/// </summary>
internal sealed class PollPlan
{
    private const long AsideFor = 60_000_000_000;
    private const int SettingEach = 4;

    /// <summary>No part of a minute, or a reading that a minute's end spoils would be spoilt each time.</summary>
    private const long ClockEvery = 47_000_000_000;

    /// <summary>From the year down to the second, which is right when it comes.</summary>
    private static readonly byte[] ClockIds = [85, 84, 83, 82, 81, 80];

    private readonly byte[] _fast = IdsOf(ParameterKind.Measured, ParameterKind.Alarm);
    private readonly byte[] _slow = IdsOf(ParameterKind.Mode, ParameterKind.Setting, ParameterKind.Fact, ParameterKind.Version);
    private readonly Dictionary<byte, MonotonicInstant> _aside = [];
    private MonotonicInstant? _clockAt;
    private int _clockIndex = ClockIds.Length;
    private int _fastIndex;
    private int _slowIndex;
    private int _turn;

    public byte Next(MonotonicInstant now)
    {
        if (_clockAt is not { } last || now.Since(last) >= ClockEvery)
        {
            (_clockAt, _clockIndex) = (now, 0);
        }

        while (_clockIndex < ClockIds.Length)
        {
            byte id = ClockIds[_clockIndex++];
            if (!IsAside(id, now))
            {
                return id;
            }
        }

        bool slow = _turn++ % SettingEach == 0;
        return (slow ? Next(_slow, ref _slowIndex, now) : Next(_fast, ref _fastIndex, now)) ?? ParameterTable.Mode;
    }

    public void LeaveOut(byte id, MonotonicInstant now) => _aside[id] = now.Add(AsideFor);

    /// <summary>Another ventilator may be there.</summary>
    public void BeginAnew()
    {
        _aside.Clear();
        (_clockAt, _clockIndex, _fastIndex, _slowIndex, _turn) = (null, ClockIds.Length, 0, 0, 0);
    }

    private byte? Next(byte[] ids, ref int index, MonotonicInstant now)
    {
        for (int tried = 0; tried < ids.Length; tried++)
        {
            byte id = ids[index];
            index = (index + 1) % ids.Length;
            if (!IsAside(id, now))
            {
                return id;
            }
        }

        return null;
    }

    private bool IsAside(byte id, MonotonicInstant now) => _aside.TryGetValue(id, out MonotonicInstant until) && now.Since(until) < 0;

    private static byte[] IdsOf(params ParameterKind[] kinds) => [.. ParameterTable.Asked.Where(row => kinds.Contains(row.Kind)).OrderBy(row => Array.IndexOf(kinds, row.Kind)).Select(row => row.Id)];
}
