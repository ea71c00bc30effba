using Bedside.Storage.Disk;
using Bedside.Storage.Evidence;

namespace Bedside.Storage.Retention;

/// <summary>
/// Files of the ring of evidence. They go before anything else does, and leave no gap: what was made of their bytes is still
/// there. The one that is being written stays.
/// </summary>
internal sealed class CaptureClass(IDisk disk, EvidenceShelf shelf, EvidenceOptions? options) : IKeptClass
{
    /// <summary>Room for the file that is being written, and for the next.</summary>
    private const int FilesAhead = 2;

    public const string ClassName = "captures";

    public string Name => ClassName;

    public TimeSpan? MostAge => null;

    /// <summary>Today's bytes go before last month's waves: what was made of them is still there.</summary>
    public bool HasFloor => false;

    /// <summary>The ring's own budget is spent, whatever the store's says. Throws the disk's errors.</summary>
    public bool IsOverItsBudget => options is { } kept && shelf.Files().Where(IsClosed).Sum(file => file.Bytes) + (FilesAhead * kept.FileBytes) > kept.BudgetBytes;

    public IEnumerable<KeptPiece> Pieces() => shelf.Files().Where(IsClosed).Select(file => new KeptPiece(file.Identity.Sequence, file.From, file.Until));

    public bool Drop(KeptPiece piece, Func<bool> isAllowed, CancellationToken cancel)
    {
        string name = FileNames.Evidence(piece.Sequence);
        if (piece.Sequence == shelf.Open || !disk.Names().Contains(name) || !isAllowed())
        {
            return false;
        }

        disk.Delete(name);
        disk.Sync();
        return true;
    }

    private bool IsClosed(EvidenceFile file) => file.Identity.Sequence != shelf.Open;
}
