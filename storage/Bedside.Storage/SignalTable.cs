using System.Collections.Immutable;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Storage;

/// <summary>
/// The signals of a store and the rule by which they get numbers and ids. Drivers of several ports register at once,
/// hence the lock.
/// </summary>
internal sealed class SignalTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Identity, uint> _byIdentity = [];
    private readonly Dictionary<string, uint> _byId = new(StringComparer.Ordinal);
    private readonly SortedDictionary<uint, SignalBlock> _byNumber = [];
    private readonly List<SignalBlock> _unwritten = [];
    private ImmutableArray<Signal> _signals = [];
    private uint _floor;

    public ImmutableArray<Signal> Signals
    {
        get
        {
            lock (_lock)
            {
                return _signals;
            }
        }
    }

    /// <summary>No signal has a greater number; 0 = there is none.</summary>
    public uint GreatestNumber
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(_floor, _byNumber.Count == 0 ? 0 : _byNumber.Keys.Max());
            }
        }
    }

    /// <summary>The latest description of each signal.</summary>
    public IReadOnlyList<SignalBlock> Descriptions
    {
        get
        {
            lock (_lock)
            {
                return [.. _byNumber.Values];
            }
        }
    }

    public Signal? Find(string idOrNumber)
    {
        lock (_lock)
        {
            uint number = _byId.TryGetValue(idOrNumber, out uint known)
                || uint.TryParse(idOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out known) ? known : 0;
            return _byNumber.GetValueOrDefault(number)?.Description;
        }
    }

    /// <summary>The signal of this metric, and its description when that is new or has changed.</summary>
    public (Signal Signal, SignalBlock? Changed) Register(string device, Metric metric, UtcInstant now)
    {
        lock (_lock)
        {
            var identity = new Identity(device, metric.SignalId, metric.Channel, metric.Unit, metric.Kind);
            bool known = _byIdentity.TryGetValue(identity, out uint number);
            if (known && _byNumber[number].Description is var present && present.Metric == metric)
            {
                return (present, null);
            }

            Signal signal = known
                ? _byNumber[number].Description with { Metric = metric }
                : new Signal(new SignalNumber(NextNumber()), FreeId(device, metric), device, metric);
            var block = new SignalBlock { Signal = signal.Number, Start = now, Description = signal };
            Keep(block);
            _unwritten.Add(block);
            return (signal, block);
        }
    }

    /// <summary>Takes up a description that was read from a file; an older one only fills what is not known yet.</summary>
    public void Restore(SignalBlock block, bool isOlder)
    {
        lock (_lock)
        {
            if (!isOlder || !_byNumber.ContainsKey(block.Description.Number.Value))
            {
                Keep(block);
            }
        }
    }

    /// <summary>Descriptions that no file has yet; they come before the data of their signals.</summary>
    public IReadOnlyList<SignalBlock> TakeUnwritten()
    {
        lock (_lock)
        {
            if (_unwritten.Count == 0)
            {
                return [];
            }

            SignalBlock[] taken = [.. _unwritten];
            _unwritten.Clear();
            return taken;
        }
    }

    /// <summary>Numbers up to this one are taken, by signals whose descriptions cannot be read.</summary>
    public void Reserve(uint number)
    {
        lock (_lock)
        {
            _floor = Math.Max(_floor, number);
        }
    }

    private uint NextNumber() => Math.Max(_floor, _byNumber.Count == 0 ? 0 : _byNumber.Keys.Max()) + 1;

    private void Keep(SignalBlock block)
    {
        Signal signal = block.Description;
        _byNumber[signal.Number.Value] = block;
        _byId[signal.Id] = signal.Number.Value;
        _byIdentity[new Identity(signal.Device, signal.Metric.SignalId, signal.Metric.Channel, signal.Metric.Unit, signal.Metric.Kind)] = signal.Number.Value;
        _signals = [.. _byNumber.Values.Select(known => known.Description)];
    }

    /// <summary>The first form that no other signal has; the last two only where a device gives one metric two units or kinds.</summary>
    private string FreeId(string device, Metric metric)
    {
        string withDevice = $"{metric.SignalId}@{device}";
        string withChannel = metric.Channel.Length == 0 ? withDevice : $"{withDevice}/{metric.Channel}";
        string withUnit = $"{withChannel}#{metric.Unit}";
        string withKind = $"{withUnit}#{metric.Kind.ToString().ToLowerInvariant()}";
        string[] forms = [metric.SignalId, withDevice, withChannel, withUnit, withKind];
        string free = forms.FirstOrDefault(form => !_byId.ContainsKey(form)) ?? withKind;
        for (int i = 2; _byId.ContainsKey(free); i++)
        {
            free = $"{withKind}#{i}";
        }

        return free;
    }

    private readonly record struct Identity(string Device, string SignalId, string Channel, string Unit, SignalKind Kind);
}
