using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>
/// Deletes what is left of stays whose key was destroyed. Nobody can read it any more: this gives the room back. What the disk
/// refuses, or a crash interrupts, is done at the next start.
/// </summary>
internal sealed class Erasure(EncryptedDisk disk, StayKeys keys, HealthLog health)
{
    /// <summary>Deletes the files of all stays that are being erased; each journal or segment is named first. Never throws for the disk.</summary>
    public void Complete(Action<FileIdentity>? onDelete = null)
    {
        StayId[] stays = [.. keys.Stays.Where(stay => stay.State == StayState.Erasing).Select(stay => stay.Id)];
        if (stays.Length == 0)
        {
            return;
        }

        try
        {
            foreach (string name in disk.Names().Where(name => Belongs(name, stays)))
            {
                if (FileNames.IdentityOf(name) is { } identity)
                {
                    onDelete?.Invoke(identity);
                }

                disk.Delete(name);
            }

            disk.Sync();
            Array.ForEach(stays, keys.NoteSwept);
            keys.Save();
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            health.Failed($"the files of an erased stay could not be deleted, they are at the next start; they cannot be read: {error.Message}");
        }
    }

    /// <summary>A spare journal goes whosever it was, and so does a damaged file of keys, which may hold the key.</summary>
    private bool Belongs(string name, StayId[] stays)
    {
        if (name == FileNames.SpareJournal || name == FileNames.Bad(FileNames.Keys))
        {
            return true;
        }

        try
        {
            return FileNames.IdentityOf(name) is not null && disk.StayOf(name) is { } stay && stays.Contains(stay);
        }
        catch (FileNotFoundException)
        {
            // Sealed and recycled meanwhile.
            return false;
        }
    }
}
