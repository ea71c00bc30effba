using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>A journal file and what is in it. <see cref="Holdings"/> guards the index and the leases.</summary>
internal sealed class JournalFile(FileIdentity identity, IDiskFile file)
{
    public FileIdentity Identity { get; } = identity;

    public IDiskFile File { get; } = file;

    /// <summary>Encrypts and decrypts its frames; null = they stand there as they are.</summary>
    public FileCipher? Cipher => (File as FileWithCipher)?.Cipher;

    /// <summary>Whose blocks it holds.</summary>
    public StayId Stay => Cipher?.Stay ?? StayId.None;

    public HeadIndex Index { get; } = new();

    /// <summary>What was found lost when the file was read at start.</summary>
    public IReadOnlyList<Damage> Damaged { get; set; } = [];

    /// <summary>Damage found at start that cost nothing: a bit that its checksum put right, a byte that nobody reads.</summary>
    public IReadOnlyList<Damage> Mended { get; set; } = [];

    /// <summary>Where the next frame goes.</summary>
    public long Position { get; set; } = FileHead.JournalBytes;

    /// <summary>Number of the last block that was laid out for it; 0 = none.</summary>
    public ulong LastNumber { get; set; }

    /// <summary>No more is written to it; it waits to be sealed.</summary>
    public bool IsClosed { get; set; }

    /// <summary>A write or sync failed: what lies in it is not trusted with new blocks, and the file is not used again.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>The disk could not read all of it: it is left as it is until the next start, when it may.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>Readers that hold it open.</summary>
    public int Leases { get; set; }

    /// <summary>Its blocks are elsewhere now; the last reader closes it.</summary>
    public bool IsRetired { get; set; }
}
