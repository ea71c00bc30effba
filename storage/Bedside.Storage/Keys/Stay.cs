using Bedside.Model;
using Bedside.Storage.Disk;

namespace Bedside.Storage.Keys;

/// <summary>
/// A stay and what the store keeps of it. The times are those of the box's clock, null where they were forgotten with the
/// stay's key; <paramref name="Ended"/> is when it was erased, for one that was.
/// </summary>
public sealed record Stay(StayId Id, StayState State, UtcInstant? Begun, UtcInstant? Ended)
{
    /// <summary>Segments and journals under its key.</summary>
    public int Files { get; init; }

    /// <summary>Their bytes; a journal counts in full.</summary>
    public long Bytes { get; init; }

    /// <summary>The stays of the file of keys in their order, and behind them those of which there are only files.</summary>
    internal static IReadOnlyList<Stay> List(EncryptedDisk disk, StayKeys keys)
    {
        var files = new Dictionary<StayId, (int Files, long Bytes)>();
        foreach (string name in disk.Names().Where(name => FileNames.IdentityOf(name) is not null))
        {
            try
            {
                if (disk.StayOf(name) is { } stay)
                {
                    using IDiskFile file = disk.Raw.Open(name, DiskAccess.Read);
                    (int count, long bytes) = files.GetValueOrDefault(stay);
                    files[stay] = (count + 1, bytes + file.Length);
                }
            }
            catch (FileNotFoundException)
            {
                // Sealed and recycled meanwhile.
            }
        }

        IEnumerable<Stay> known = keys.Stays.Select(entry => new Stay(entry.Id, entry.State, entry.IsErased ? null : entry.Begun, entry.Ended));
        IEnumerable<Stay> unknown = files.Keys.Except(keys.Stays.Select(entry => entry.Id)).Select(id => new Stay(id, StayState.KeyLost, Begun: null, Ended: null));
        return [.. known.Concat(unknown).Select(stay => stay with { Files = files.GetValueOrDefault(stay.Id).Files, Bytes = files.GetValueOrDefault(stay.Id).Bytes })];
    }
}
