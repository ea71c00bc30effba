namespace Bedside.Ingest.Drivers.BisBinary;

/// <summary>A number of a trend block.</summary>
/// <param name="At">Its first byte in the block.</param>
/// <param name="Name">Ours: the line has none.</param>
/// <param name="Id">Of the nomenclature; empty = kept under its own name.</param>
/// <param name="Unit">UCUM; empty where no source says.</param>
/// <param name="Decimals">How many of its digits stand after the point.</param>
/// <param name="IsLong">Four bytes, not two.</param>
internal sealed record TrendRow(int At, string Name, string Id, string Unit, int Decimals, bool IsLong = false);

/// <summary>Trends of the BIS monitors (sheet F).</summary>
internal static class BisNomenclature
{
    /// <summary>This and less is no value.</summary>
    public const int Invalid = -3277;

    public const int BitsAt = 4;
    public const int ArtefactAt = 20;
    public const int RestAt = 26;
    public const int RestBytes = 10;

    /// <summary>Behind the code of a block's signals. The third, of both channels together, is what the monitor shows: it alone has the ids of the nomenclature.</summary>
    public static IReadOnlyList<string> BlockCodes { get; } = [".1", ".2", ""];

    public static IReadOnlyList<TrendRow> Trends { get; } =
    [
        new(0, "BSR", "bsr", "%", 1),
        new(2, "SEF95", "sef", "Hz", 2),
        new(6, "BIS", "bis", "1", 1),
        new(8, "BIS-alternate", "", "", 0),
        new(10, "BIS-alternate-2", "", "", 0),
        new(12, "total-power", "", "dB", 2),
        new(14, "EMG", "", "dB", 2),
        new(16, "SQI", "bis-sqi", "%", 1, IsLong: true),
    ];

    /// <summary>Only in the longer blocks.</summary>
    public static TrendRow Bursts { get; } = new(24, "bursts", "", "/min", 0);
}
