using System.Collections.Immutable;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;

namespace Bedside.Storage.Evidence;

/// <summary>A file of the ring. <paramref name="Head"/> is null when neither copy of it is what was written.</summary>
internal sealed record EvidenceFile(FileIdentity Identity, FileHead? Head, long Bytes)
{
    /// <summary>No time of the box's clock lies so far behind the making of a file: a file lasts an hour, and a step of the clock ends it.</summary>
    private const long LongestNanoseconds = 3_700_000_000_000;

    /// <summary>Of when it is, at the earliest.</summary>
    public UtcInstant From => Head is { } head ? head.Made.Add(-LongestNanoseconds / 60) : new UtcInstant(long.MinValue);

    /// <summary>Of when it is, at the latest.</summary>
    public UtcInstant Until => Head is { } head ? head.Made.Add(LongestNanoseconds) : new UtcInstant(long.MaxValue);
}

/// <summary>The files of the ring that are in a folder. What does not change any more is remembered. May be used from any thread.</summary>
internal sealed class EvidenceShelf(IDisk disk)
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<ulong, EvidenceFile> _known = [];

    /// <summary>Sequence of the file that is being written; null = none is, as far as this process knows.</summary>
    public ulong? Open { get; set; }

    /// <summary>Oldest first. Throws the disk's errors.</summary>
    public IReadOnlyList<EvidenceFile> Files()
    {
        lock (_lock)
        {
            ImmutableDictionary<ulong, EvidenceFile>.Builder found = ImmutableDictionary.CreateBuilder<ulong, EvidenceFile>();
            foreach (ulong sequence in disk.Names().Select(FileNames.SequenceOfEvidence).OfType<ulong>())
            {
                if (_known.TryGetValue(sequence, out EvidenceFile? known) && sequence != Open)
                {
                    found[sequence] = known;
                }
                else if (Look(new FileIdentity(FileKind.Evidence, sequence)) is { } file)
                {
                    found[sequence] = file;
                }
            }

            // One that is written now will be longer when it is closed.
            _known = found.Where(pair => pair.Key != Open).ToImmutableDictionary();
            return [.. found.Values.OrderBy(file => file.Identity.Sequence)];
        }
    }

    /// <summary>Null when it went meanwhile.</summary>
    private EvidenceFile? Look(FileIdentity identity)
    {
        try
        {
            using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
            return new EvidenceFile(identity, FileHead.ReadEither(file, identity), file.Length);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
