using Bedside.Storage.Disk;
using Bedside.Storage.Replacing;

namespace Bedside.Storage.Retention;

/// <summary>
/// Originals that were set aside when others took their place. They go before anything else does, all of one replacement at once, and leave no gap;
/// the record of replacements says that they went. They are never older than the waves that took their place.
/// </summary>
internal sealed class SetAsideClass(IDisk disk, RetentionOptions options) : IKeptClass
{
    public const string ClassName = "set-aside";

    public string Name => ClassName;

    public TimeSpan? MostAge => options.WaveformAge;

    public bool HasFloor => false;

    public IEnumerable<KeptPiece> Pieces() => All(disk).Select(one => new KeptPiece((ulong)one.Id, one.Segments.Min(segment => segment.From), one.Segments.Max(segment => segment.Until)));

    /// <summary>First the record, then the files: a crash between them is finished at the next start.</summary>
    public bool Drop(KeptPiece piece, Func<bool> isAllowed, CancellationToken cancel)
    {
        if (ReplaceRecord.Read(disk, out _) is not { } record || record.Find((int)piece.Sequence) is not { State: ReplacementState.Replaced } one || !isAllowed())
        {
            return false;
        }

        _ = record.Write(disk, one with { State = ReplacementState.Final, Segments = [] });
        ReplaceFinish.Run(disk, _ => { });
        return true;
    }

    /// <summary>Replacements whose originals are set aside. Throws the disk's errors.</summary>
    public static IReadOnlyList<Replacement> All(IDisk disk) =>
        [.. (ReplaceRecord.Read(disk, out _)?.All ?? []).Where(one => one is { State: ReplacementState.Replaced, Segments.Count: > 0 })];
}
