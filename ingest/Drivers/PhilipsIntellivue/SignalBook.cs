using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>Says each signal before its first value, and again when its description changed.</summary>
internal sealed class SignalBook
{
    /// <summary>A monitor has 201 numerics and 60 waves at most (SYS_SPECN); rubbish may name more.</summary>
    private const int MostSignals = 2048;
    private readonly Dictionary<(string Id, string Channel, string Unit, SignalKind Kind), DeviceEvent.Descriptor> _said = [];

    public void Announce(DeviceEvent.Descriptor signal, IDriverOutput output)
    {
        (string, string, string, SignalKind) key = (signal.Metric.SignalId, signal.Metric.Channel, signal.Metric.Unit, signal.Metric.Kind);
        if (_said.TryGetValue(key, out DeviceEvent.Descriptor? before) && before == signal)
        {
            return;
        }

        if (_said.Count >= MostSignals)
        {
            _said.Clear();
        }

        _said[key] = signal;
        output.Report(signal);
    }
}

/// <summary>
/// Keeps channels free of the monitor's object handles, which change from one association to the next: the first object of
/// a meaning has the plain channel, and only a second one that lives beside it gets a number.
/// </summary>
internal sealed class ChannelBook
{
    private const long ForgottenNanoseconds = 10_000_000_000;
    private const int MostMeanings = 2048;
    private const int MostObjects = 16;
    private readonly Dictionary<(string SignalId, string Channel, SignalKind Kind), List<Holder>> _holders = [];

    public void Clear() => _holders.Clear();

    public string ChannelOf(Meaning meaning, Observation observation, MonotonicInstant now)
    {
        (string, string, SignalKind) key = (meaning.SignalId, meaning.Channel, meaning.Kind);
        if (!_holders.TryGetValue(key, out List<Holder>? holders))
        {
            if (_holders.Count >= MostMeanings)
            {
                _holders.Clear();
            }

            holders = [];
            _holders[key] = holders;
        }

        int index = holders.FindIndex(holder => holder.Context == observation.Context && holder.Handle == observation.Handle);
        if (index < 0)
        {
            index = holders.FindIndex(holder => now.Since(holder.SeenAt) > ForgottenNanoseconds);
            index = index >= 0 ? index : Math.Min(holders.Count, MostObjects - 1);
        }

        var seen = new Holder(observation.Context, observation.Handle, now);
        if (index == holders.Count)
        {
            holders.Add(seen);
        }
        else
        {
            holders[index] = seen;
        }

        string separator = meaning.Channel.Length == 0 ? string.Empty : "/";
        return index == 0 ? meaning.Channel : $"{meaning.Channel}{separator}{index + 1}";
    }

    private readonly record struct Holder(ushort Context, ushort Handle, MonotonicInstant SeenAt);
}
