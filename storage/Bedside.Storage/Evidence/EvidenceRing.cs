using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Evidence;

/// <summary>
/// What went over the ports of the box, byte by byte, within a budget. Ports give it entries on their own threads and never wait:
/// what does not fit in memory is a hole, with its account. One task writes.
/// </summary>
public sealed class EvidenceRing
{
    /// <summary>What an entry takes in memory beside its bytes, about.</summary>
    private const int EntryBytes = 160;

    /// <summary>Entries of one window, by what they take unpacked; it bounds what one damaged page costs.</summary>
    private const int MostWindowBytes = 384 << 10;

    private const int MostPorts = EvidenceCoding.MostPorts / 2;

    private readonly EvidenceWriter _writer;
    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private readonly Dictionary<string, EvidenceEntry> _silent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EvidenceEntry> _lost = new(StringComparer.Ordinal);
    private List<(StayId Stay, EvidenceEntry Entry)> _waiting = [];
    private long _waitingBytes;
    private StayId _stay;

    internal EvidenceRing(IDisk disk, EvidenceShelf shelf, StayKeys keys, EvidenceOptions options, HealthLog health, TimeProvider clock)
    {
        options.Check();
        Options = options;
        _stay = keys.Current;
        _writer = new EvidenceWriter(disk, shelf, keys, options, health, clock);
    }

    /// <summary>Bytes handed to the disk since the store was opened.</summary>
    public long BytesWritten
    {
        get
        {
            lock (_writing)
            {
                return _writer.BytesWritten;
            }
        }
    }

    internal EvidenceOptions Options { get; }

    /// <summary>So much waits that it should be written before its time.</summary>
    internal bool IsFull => Volatile.Read(ref _waitingBytes) >= Options.FlushBytes;

    /// <summary>Keeps an entry; its bytes must not change any more. Returns at once. From any thread.</summary>
    public void Take(EvidenceEntry entry)
    {
        lock (_lock)
        {
            if (entry.Kind == EvidenceKind.Silent)
            {
                if (_silent.Count < MostPorts || _silent.ContainsKey(entry.Port.Name))
                {
                    _silent[entry.Port.Name] = entry;
                }

                return;
            }

            _ = _silent.Remove(entry.Port.Name);
            TakeLocked(entry);
        }
    }

    /// <summary>What is taken from now on is of this stay.</summary>
    internal void BeginStay(StayId stay)
    {
        lock (_lock)
        {
            StageSilence();
            _stay = stay;
        }
    }

    /// <summary>Forgets everything of a stay whose key was destroyed; nothing of it is written when this returns.</summary>
    internal void GiveUp(StayId stay)
    {
        lock (_writing)
        {
            lock (_lock)
            {
                _waiting.RemoveAll(one => one.Stay == stay);
                _waitingBytes = _waiting.Sum(one => Cost(one.Entry));
            }

            _writer.GiveUp(stay);
        }
    }

    /// <summary>Hands everything that waits to the disk; <paramref name="sync"/> = and waits until it is durable. Never throws for the disk.</summary>
    internal void Flush(bool sync = false)
    {
        lock (_writing)
        {
            List<(StayId Stay, EvidenceEntry Entry)> taken;
            lock (_lock)
            {
                StageSilence();
                (taken, _waiting, _waitingBytes) = (_waiting, [], 0);
            }

            foreach ((StayId stay, List<EvidenceEntry> window) in Windows(taken))
            {
                _writer.Add(stay, CollectionsMarshal.AsSpan(window));
            }

            _ = _writer.Write(sync);
        }
    }

    /// <summary>The last flush, and the mark that the ring ended in order.</summary>
    internal void Close()
    {
        Flush();
        lock (_writing)
        {
            _writer.Close();
        }
    }

    private static long Cost(EvidenceEntry entry) => EntryBytes + entry.Bytes.Length;

    /// <summary>Entries that follow each other, of one stay each, and no more than a window has.</summary>
    private IEnumerable<(StayId Stay, List<EvidenceEntry> Window)> Windows(List<(StayId Stay, EvidenceEntry Entry)> entries)
    {
        long most = Math.Min(MostWindowBytes, Options.FileBytes / 2);
        var window = new List<EvidenceEntry>();
        var ports = new HashSet<EvidencePort>();
        StayId stay = default;
        long bytes = 0;
        foreach ((StayId of, EvidenceEntry entry) in entries)
        {
            bool isOneMore = ports.Add(entry.Port);
            if (window.Count > 0 && (of != stay || bytes + EvidenceCoding.EntryBytes + entry.Bytes.Length > most || (isOneMore && ports.Count > EvidenceCoding.MostPorts)))
            {
                yield return (stay, window);
                window = [];
                ports = [entry.Port];
                bytes = 0;
            }

            stay = of;
            window.Add(entry);
            bytes += EvidenceCoding.EntryBytes + entry.Bytes.Length;
        }

        if (window.Count > 0)
        {
            yield return (stay, window);
        }
    }

    private void TakeLocked(EvidenceEntry entry)
    {
        if (_waitingBytes + Cost(entry) > Options.QueueBytes || entry.Bytes.Length > EvidenceCoding.MostChunkBytes)
        {
            if (_lost.TryGetValue(entry.Port.Name, out EvidenceEntry? hole))
            {
                _lost[entry.Port.Name] = EvidenceHoles.With(hole, entry);
            }
            else if (_lost.Count < MostPorts)
            {
                _lost[entry.Port.Name] = EvidenceHoles.Of(EvidenceLoss.Overload, entry);
            }

            return;
        }

        if (_lost.Remove(entry.Port.Name, out EvidenceEntry? before))
        {
            Stage(before);
        }

        Stage(entry);
    }

    private void Stage(EvidenceEntry entry)
    {
        _waiting.Add((_stay, entry));
        _waitingBytes += Cost(entry);
    }

    /// <summary>Up to when each silent port was silent, and what was lost of ports that said nothing since.</summary>
    private void StageSilence()
    {
        foreach (EvidenceEntry entry in _silent.Values.Concat(_lost.Values))
        {
            Stage(entry);
        }

        _silent.Clear();
        _lost.Clear();
    }
}
