using Bedside.Model;
using Bedside.Storage.Evidence;
using Bedside.Storage.Keys;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Replacing;

/// <summary>Data of one patient never come under the key of another: an interval that is replaced is of one stay, and so is its evidence.</summary>
internal sealed class ReplaceStays(StoreEngine engine)
{
    /// <summary>Throws <see cref="ReplaceRefusedException"/>, and the disk's errors.</summary>
    public void Check(ReplaceOrder order, IReadOnlyList<SegmentFile> segments)
    {
        StayId?[] stays = [.. segments.Select(segment => engine.Disk.StayOf(segment.Identity.Name)).Distinct()];
        bool isOfOne = stays.Length == 1;
        foreach (EvidenceFile file in isOfOne ? engine.EvidenceFiles.Files() : [])
        {
            isOfOne &= engine.Disk.StayOf(file.Identity.Name) == stays[0] || !IsIn(file, order);
        }

        if (!isOfOne)
        {
            throw new ReplaceRefusedException("that interval has data of two patients; give --from and --to of one of them.");
        }
    }

    private bool IsIn(EvidenceFile file, ReplaceOrder order)
    {
        try
        {
            return new EvidenceScan(engine.Disk, file).Windows().Any(window => order.Spans.Any(span => window.Head.Earliest < span.To && window.Head.Latest >= span.From));
        }
        catch (KeyMissingException)
        {
            // Nobody can have decoded it.
            return false;
        }
    }
}
