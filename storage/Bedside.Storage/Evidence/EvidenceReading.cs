using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Evidence;

/// <summary>
/// The ring from its oldest entry to its newest, as it is now. Where something is missing there is a hole that says why: of a
/// port, or of all of them. The same files give the same entries.
/// </summary>
internal sealed class EvidenceReading(EncryptedDisk disk, Action<Damage> onDamage, Action<string>? onLocked = null)
{
    /// <summary>Of a run's number, the bits that count its entries.</summary>
    private const int RunBits = EvidenceWriter.NumberBitsOfRun;

    private Position? _last;

    /// <summary>Entries in [from, to), in the order in which they were taken. Damage is told and costs what is damaged.</summary>
    public IEnumerable<EvidenceEntry> Read(UtcInstant from, UtcInstant to)
    {
        IReadOnlyList<EvidenceFile> files = new EvidenceShelf(disk).Files();
        for (int i = 0; i < files.Count; i++)
        {
            // From that number on everything was written again to a later file, after an error.
            ulong later = files.Skip(i + 1).Select(file => file.Head?.FirstNumber ?? ulong.MaxValue).DefaultIfEmpty(ulong.MaxValue).Min();
            if (files[i].Until < from || files[i].From > to)
            {
                _last = null;
                continue;
            }

            foreach (EvidenceEntry entry in ReadFile(files[i], later, from, to))
            {
                yield return entry;
            }
        }
    }

    private IEnumerable<EvidenceEntry> ReadFile(EvidenceFile file, ulong later, UtcInstant from, UtcInstant to)
    {
        var scan = new EvidenceScan(disk, file);
        using IEnumerator<FoundEvidence> windows = scan.Windows().GetEnumerator();
        while (TryNext(windows, file, out FoundEvidence? found))
        {
            if (found.Number >= later || found.Next <= (_last?.Next ?? 0) || TryUnpack(found, file) is not { } entries)
            {
                continue;
            }

            if (_last is { } last && Before(last, found, file.Identity.Sequence, entries[0]) is { } hole && hole.Utc >= from && hole.From < to)
            {
                yield return hole;
            }

            _last = new Position(found.Next, found.Head.Latest, file.Identity.Sequence);
            foreach (EvidenceEntry entry in entries)
            {
                if (entry.Utc >= from && entry.Utc < to)
                {
                    yield return entry;
                }
            }
        }

        foreach (Damage damage in scan.Damaged)
        {
            onDamage(damage);
        }
    }

    /// <summary>False at the end, and where the file cannot be read on.</summary>
    private bool TryNext(IEnumerator<FoundEvidence> windows, EvidenceFile file, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FoundEvidence? found)
    {
        found = null;
        try
        {
            found = windows.MoveNext() ? windows.Current : null;
        }
        catch (KeyMissingException missing)
        {
            onLocked?.Invoke(missing.Message);
            _last = _last is { } last ? last with { IsLocked = true } : null;
        }
        catch (FileNotFoundException)
        {
            // It went meanwhile.
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            onDamage(new Damage(file.Identity.Name, 0, SignalNumber.None, error.Message));
        }

        return found is not null;
    }

    private EvidenceEntry[]? TryUnpack(FoundEvidence found, EvidenceFile file)
    {
        try
        {
            return found.Entries() is { Length: > 0 } entries ? entries : null;
        }
        catch (BlockFormatException error)
        {
            onDamage(new Damage(file.Identity.Name, 0, SignalNumber.None, error.Message));
            return null;
        }
    }

    /// <summary>What is missing before a window: nothing where its number follows.</summary>
    private static EvidenceEntry? Before(Position last, FoundEvidence found, ulong sequence, EvidenceEntry first)
    {
        if (found.Number == last.Next)
        {
            return null;
        }

        bool isSameRun = found.Number >> RunBits == (last.Next - 1) >> RunBits;
        EvidenceLoss loss = last.IsLocked ? EvidenceLoss.Locked
            : !isSameRun ? EvidenceLoss.Restart
            : sequence > last.Sequence + 1 ? EvidenceLoss.Dropped
            : EvidenceLoss.Damaged;
        return new EvidenceEntry(EvidenceKind.Hole, EvidencePort.Every, first.At, first.Utc)
        {
            Loss = loss,
            From = last.Latest,
            LostChunks = isSameRun && !last.IsLocked ? (long)(found.Number - last.Next) : 0,
            UncertaintyMicroseconds = first.UncertaintyMicroseconds,
        };
    }

    private readonly record struct Position(ulong Next, UtcInstant Latest, ulong Sequence, bool IsLocked = false);
}
