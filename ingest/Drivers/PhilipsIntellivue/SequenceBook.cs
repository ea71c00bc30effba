using System.Collections;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Follows the numbers of periodic results and the fragments of linked ones (DEI sheet, sections 5 and 6.3), says what was
/// lost, and drops what comes twice. Fragments are used as they come: each is complete in itself.
/// </summary>
internal sealed class SequenceBook
{
    private const int MostPolls = 64;
    private readonly Dictionary<(ushort InvokeId, ushort Class), PollSequence> _polls = [];

    public void Clear() => _polls.Clear();

    /// <summary>A client asked again: the numbers of this poll may begin at 0.</summary>
    public void Renew(ushort invokeId, ushort objectClass)
    {
        if (_polls.TryGetValue((invokeId, objectClass), out PollSequence? poll))
        {
            poll.Renewed = true;
        }
    }

    /// <summary>False when this very message was there before.</summary>
    public bool Take(DataMessage message, PollReply reply, MonotonicInstant now, IDriverOutput output)
    {
        (ushort, ushort) key = (message.InvokeId, reply.Class);
        if (!_polls.TryGetValue(key, out PollSequence? poll))
        {
            if (_polls.Count >= MostPolls)
            {
                _polls.Clear();
            }

            poll = new PollSequence();
            _polls[key] = poll;
        }

        return poll.Take(message, reply, now, output);
    }

    /// <summary>Says linked results that stay incomplete.</summary>
    public void Tick(MonotonicInstant now, IDriverOutput output)
    {
        foreach (PollSequence poll in _polls.Values)
        {
            poll.Tick(now, output);
        }
    }
}

/// <summary>The results of one poll.</summary>
internal sealed class PollSequence
{
    private const int RecentResults = 32;
    private const int ReorderedWithin = 64;
    private const int LateFirstWithin = 4;
    private const long OverdueNanoseconds = 3_000_000_000;
    private readonly List<LinkedResult> _recent = [];
    private (ushort Sequence, uint Time)? _last;

    /// <summary>Where a poll that was renewed stood: its last results may come among the first new ones.</summary>
    private (ushort Sequence, MonotonicInstant At)? _before;

    public bool Renewed { get; set; }

    public bool Take(DataMessage message, PollReply reply, MonotonicInstant now, IDriverOutput output)
    {
        LinkedResult? result = _recent.Find(one => one.Sequence == reply.Sequence && one.Time == reply.Time);
        if (result is null)
        {
            int lost = reply.Extended ? Follow(reply.Sequence, reply.Time, now) : 0;
            if (lost > 0)
            {
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, lost) { At = new DeviceTicks(reply.Time) });
            }

            if (_recent.Count == RecentResults)
            {
                _recent[0].SayIncomplete(output);
                _recent.RemoveAt(0);
            }

            result = new LinkedResult(reply.Sequence, reply.Time, now);
            _recent.Add(result);
        }

        return result.TakePart(message);
    }

    public void Tick(MonotonicInstant now, IDriverOutput output)
    {
        foreach (LinkedResult result in _recent)
        {
            if (now.Since(result.BeganAt) > OverdueNanoseconds)
            {
                result.SayIncomplete(output);
            }
        }
    }

    /// <summary>Takes the number of a result that was not there before; gives how many were lost.</summary>
    private int Follow(ushort sequence, uint time, MonotonicInstant now)
    {
        if (_last is not { } last)
        {
            _last = (sequence, time);
            return 0;
        }

        int step = (ushort)(sequence - last.Sequence);
        if (step != 1 && _before is { } before && sequence == (ushort)(before.Sequence + 1) && now.Since(before.At) < OverdueNanoseconds)
        {
            _before = (sequence, before.At);
            return 0;
        }

        // Out of order by a few: its loss was said, its content is good. The first result of waves is stamped later than the
        // second, so that its time does not tell.
        bool isFirst = sequence == 0 && last.Sequence <= LateFirstWithin;
        bool late = step > 0x10000 - ReorderedWithin && (isFirst || RelativeTime.Between(time, last.Time) >= 0);
        if (late && !Renewed)
        {
            return 0;
        }

        bool restarted = step != 1 && (sequence == 0 || (Renewed && sequence < last.Sequence) || step is 0 or >= 0x8000);
        _last = (sequence, time);
        if (!restarted)
        {
            return step - 1;
        }

        Renewed = false;
        _before = (last.Sequence, now);
        return sequence < ReorderedWithin ? sequence : 0;
    }
}

/// <summary>
/// One result, perhaps in fragments. It is whole when its fragments 1 … last and the closing RORS were all there, in whatever
/// order: the RORS may hold the last objects, so the last fragment alone is not the end (trap 1).
/// </summary>
internal sealed class LinkedResult(ushort sequence, uint time, MonotonicInstant beganAt)
{
    private const byte LastFragment = 3;
    private BitArray? _fragments;
    private int _last;
    private bool _closed;
    private bool _said;

    public ushort Sequence => sequence;

    public uint Time => time;

    public MonotonicInstant BeganAt => beganAt;

    /// <summary>False when this part was there before.</summary>
    public bool TakePart(DataMessage message)
    {
        if (message.Operation != RemoteOperation.LinkedResult)
        {
            bool first = !_closed;
            _closed = true;
            return first;
        }

        _fragments ??= new BitArray(256);
        if (_fragments[message.LinkedCount])
        {
            return false;
        }

        _fragments[message.LinkedCount] = true;
        _last = message.LinkedState == LastFragment ? message.LinkedCount : _last;
        return true;
    }

    public void SayIncomplete(IDriverOutput output)
    {
        if (!_said && _fragments is { } fragments && !IsWhole(fragments))
        {
            _said = true;
            output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1) { At = new DeviceTicks(time) });
        }
    }

    private bool IsWhole(BitArray fragments)
    {
        bool whole = _closed && _last > 0;
        for (int count = 1; count <= _last; count++)
        {
            whole &= fragments[count];
        }

        return whole;
    }
}
