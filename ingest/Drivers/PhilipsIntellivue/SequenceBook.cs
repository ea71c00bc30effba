using System.Collections;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// Follows the numbers of periodic results and the fragments of linked ones (DEI sheet, sections 5 and 6.3), says what was
/// lost, and drops what comes twice. Fragments are used as they come: each is complete in itself. A result is whole when
/// its fragments 1 … last and the closing RORS were all there, in whatever order.
/// </summary>
internal sealed class SequenceBook
{
    private const int MostPolls = 64;
    private const long OverdueNanoseconds = 3_000_000_000;
    private readonly Dictionary<(ushort InvokeId, ushort Class), Poll> _polls = [];

    public void Clear() => _polls.Clear();

    /// <summary>A client asked again: the numbers of this poll may begin at 0.</summary>
    public void Renew(ushort invokeId, ushort objectClass)
    {
        if (_polls.TryGetValue((invokeId, objectClass), out Poll? poll))
        {
            poll.Renewed = true;
        }
    }

    /// <summary>False when this very message was there before.</summary>
    public bool Take(DataMessage message, PollReply reply, MonotonicInstant now, IDriverOutput output)
    {
        (ushort, ushort) key = (message.InvokeId, reply.Class);
        if (!_polls.TryGetValue(key, out Poll? poll))
        {
            if (_polls.Count >= MostPolls)
            {
                _polls.Clear();
            }

            poll = new Poll();
            _polls[key] = poll;
        }

        return poll.Take(message, reply, now, output);
    }

    /// <summary>Says linked results that stay incomplete.</summary>
    public void Tick(MonotonicInstant now, IDriverOutput output)
    {
        foreach (Poll poll in _polls.Values)
        {
            if (now.Since(poll.BeganAt) > OverdueNanoseconds)
            {
                poll.SayIncomplete(output);
            }
        }
    }

    private sealed class Poll
    {
        private const int RecentResults = 32;
        private const int ReorderedWithin = 64;
        private const byte LastFragment = 3;
        private readonly Queue<(ushort Sequence, uint Time)> _recent = new();
        private readonly BitArray _fragments = new(256);
        private (ushort Sequence, uint Time)? _current;
        private int _last;
        private bool _linked;
        private bool _closed;

        public bool Renewed { get; set; }

        public MonotonicInstant BeganAt { get; private set; }

        public bool Take(DataMessage message, PollReply reply, MonotonicInstant now, IDriverOutput output)
        {
            (ushort Sequence, uint Time) result = (reply.Sequence, reply.Time);
            if (_current != result)
            {
                if (_recent.Contains(result))
                {
                    return false;
                }

                if (reply.Extended && IsLate(result))
                {
                    Remember(result);
                    return true;
                }

                SayIncomplete(output);
                SayGap(result, reply.Extended, output);
                Begin(result, now);
            }

            return TakePart(message);
        }

        public void SayIncomplete(IDriverOutput output)
        {
            if (_linked && _current is { } result && !IsWhole())
            {
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1) { At = new DeviceTicks(result.Time) });
            }

            _linked = false;
        }

        private bool TakePart(DataMessage message)
        {
            if (message.Operation != RemoteOperation.LinkedResult)
            {
                bool first = !_closed;
                _closed = true;
                return first;
            }

            if (_fragments[message.LinkedCount])
            {
                return false;
            }

            _linked = true;
            _fragments[message.LinkedCount] = true;
            _last = message.LinkedState == LastFragment ? message.LinkedCount : _last;
            return true;
        }

        private bool IsWhole()
        {
            bool whole = _closed && _last > 0;
            for (int count = 1; count <= _last; count++)
            {
                whole &= _fragments[count];
            }

            return whole;
        }

        /// <summary>Out of order by a few, and not the beginning of a renewed poll: its loss was said, its content is good.</summary>
        private bool IsLate((ushort Sequence, uint Time) result)
        {
            if (_current is not { } current || Renewed || result.Sequence == 0)
            {
                return false;
            }

            int behind = (ushort)(current.Sequence - result.Sequence);
            return behind is > 0 and < ReorderedWithin && RelativeTime.Between(result.Time, current.Time) >= 0;
        }

        private void SayGap((ushort Sequence, uint Time) result, bool extended, IDriverOutput output)
        {
            if (!extended || _current is not { } current)
            {
                return;
            }

            int step = (ushort)(result.Sequence - current.Sequence);
            bool restarted = step != 1 && (result.Sequence == 0 || (Renewed && result.Sequence < current.Sequence) || step is 0 or >= 0x8000);
            int lost = restarted ? result.Sequence : step - 1;
            Renewed &= !restarted;
            if (lost > 0 && (!restarted || lost < ReorderedWithin))
            {
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, lost) { At = new DeviceTicks(result.Time) });
            }
        }

        private void Begin((ushort Sequence, uint Time) result, MonotonicInstant now)
        {
            _current = result;
            BeganAt = now;
            _linked = false;
            _closed = false;
            _last = 0;
            _fragments.SetAll(value: false);
            Remember(result);
        }

        private void Remember((ushort Sequence, uint Time) result)
        {
            _recent.Enqueue(result);
            if (_recent.Count > RecentResults)
            {
                _recent.Dequeue();
            }
        }
    }
}
