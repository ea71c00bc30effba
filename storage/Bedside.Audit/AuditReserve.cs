using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Audit;

/// <summary>
/// Room that the journal keeps for itself on a disk that others fill: in slices, one of which is given up when nothing else is left, so that whoever else fills the disk takes at most one at a time.
/// </summary>
internal sealed class AuditReserve(IDisk disk, IDiskRoom room, long bytes)
{
    public const int Slices = 16;
    private const int PartOfDisk = 32;

    /// <summary>A disk with so much room is not full: it failed for another reason.</summary>
    private const int Enough = 64 * 1024;

    private bool _wasWhole;

    /// <summary>Some of it had to be given up and is not back.</summary>
    public bool IsGiven { get; private set; }

    /// <summary>Sets aside what is missing, where there is room for it and as much again. Throws the disk's errors.</summary>
    public void Keep()
    {
        (long total, long free) = room.Measure();
        long slice = SliceBytes(total);
        if (slice == 0)
        {
            return;
        }

        IReadOnlyList<string> names = disk.Names();
        string[] missing = [.. Enumerable.Range(0, Slices).Select(AuditNames.Reserve).Where(name => !names.Contains(name))];
        if (missing.Length > 0 && free < (missing.Length + Slices) * slice)
        {
            IsGiven |= _wasWhole || missing.Length < Slices;
            return;
        }

        Array.ForEach(missing, name => room.SetAside(name, slice));
        (IsGiven, _wasWhole) = (false, true);
    }

    /// <summary>Gives one slice up where the disk is full. False = it is not full, or there is none left. Throws the disk's errors.</summary>
    public bool TryGive()
    {
        string? slice = room.Measure().Free >= Enough ? null : disk.Names().Where(name => name.StartsWith("reserve-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).LastOrDefault();
        if (slice is null)
        {
            return false;
        }

        disk.Delete(slice);
        disk.Sync();
        IsGiven = true;
        return true;
    }

    private long SliceBytes(long total) => Math.Min(bytes, total / PartOfDisk) / Slices;
}
