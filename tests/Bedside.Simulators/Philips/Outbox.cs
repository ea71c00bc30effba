using System.Net;

namespace Bedside.Simulators.Philips;

/// <summary>Messages waiting for their time, and the losses on their way.</summary>
internal sealed class Outbox(Simulation simulation, IChannel channel)
{
    private const int DropEvery = 15;
    private const int DisturbEvery = 10;
    private const int LoseFragmentEvery = 4;

    private readonly PriorityQueue<Message, (long Due, long Order)> _waiting = new();
    private Message? _held;
    private long _order;
    private int _data;
    private int _linked;

    private readonly record struct Message(byte[] Bytes, IPEndPoint? To, bool Linked);

    /// <summary>Whether the record has ended or the monitor is starting: nothing goes out.</summary>
    public bool Silent { get; set; }

    public void Post(byte[] message, IPEndPoint? to, long due, bool linked = false) =>
        _waiting.Enqueue(new Message(message, to, linked), (due, _order++));

    /// <summary>Forgets what has not been sent.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _held = null;
    }

    /// <summary>Sends what is due; returns when the next one is.</summary>
    public long Advance()
    {
        while (_waiting.TryPeek(out _, out (long Due, long Order) first) && first.Due <= simulation.Clock.Now)
        {
            Transmit(_waiting.Dequeue());
        }

        return _waiting.TryPeek(out _, out (long Due, long Order) next) ? next.Due : long.MaxValue;
    }

    private void Transmit(Message message)
    {
        FaultSchedule faults = simulation.Faults;
        if (Silent || faults.Active(MonitorFaults.Silence))
        {
            return;
        }

        if (message.Bytes[0] == Association.DataMessage)
        {
            _data++;
            _linked += message.Linked ? 1 : 0;
            bool dropped = faults.Active(MonitorFaults.DropPacket) && _data % DropEvery == 0;
            bool lost = message.Linked && faults.Active(MonitorFaults.LostFragment) && _linked % LoseFragmentEvery == 0;
            if (dropped || lost)
            {
                return;
            }

            bool disturb = _data % DisturbEvery == 0;
            if (disturb && faults.Active(MonitorFaults.ReorderPacket) && _held is null)
            {
                _held = message;
                return;
            }

            if (disturb && faults.Active(MonitorFaults.DuplicatePacket))
            {
                channel.Send(message.Bytes, message.To);
            }
        }

        channel.Send(message.Bytes, message.To);
        if (_held is { } late)
        {
            _held = null;
            channel.Send(late.Bytes, late.To);
        }
    }
}
