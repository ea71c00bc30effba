using Bedside.Host.Commands;
using Bedside.Storage.Evidence;

namespace Bedside.Host.Options;

/// <summary>How much room the raw bytes of the ports may take (<c>--evidence-budget</c>, <c>evidence</c> of the configuration).</summary>
internal static class EvidenceBudget
{
    /// <summary>Larger than the default asks for: to check what was written before the disk is known.</summary>
    public const long AnyDisk = long.MaxValue;

    /// <summary>About a week of the demo's bed.</summary>
    private const long Default = 2_000_000_000;

    private const int PartOfDisk = 16;
    private const string Off = "0";

    /// <summary>Null = nothing is kept. The sentence of the failure begins with <paramref name="source"/>.</summary>
    public static EvidenceOptions? ToOptions(string text, string source, long diskBytes)
    {
        if (text.Trim() == Off)
        {
            return null;
        }

        if (text.Trim().Length == 0)
        {
            long bytes = Math.Min(Default, diskBytes / PartOfDisk);
            return bytes < EvidenceOptions.LeastBudget ? null : new EvidenceOptions { BudgetBytes = bytes };
        }

        return RetentionSettings.Bytes(text) is >= EvidenceOptions.LeastBudget and var wanted
            ? new EvidenceOptions { BudgetBytes = wanted }
            : throw new CommandFailedException($"{source}: a budget for evidence is 3 MB or more, written as 500 MB or 2 GB, or 0 to keep none; not {text}.");
    }
}
