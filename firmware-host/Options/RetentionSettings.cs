using System.Globalization;
using Bedside.Host.Commands;
using Bedside.Storage.Retention;

namespace Bedside.Host.Options;

/// <summary>How long a box keeps what (<c>retention</c> of the configuration); everything has a default that works.</summary>
internal sealed class RetentionSettings
{
    private const char Percent = '%';

    private static readonly (string Unit, long Bytes)[] Units = [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000)];

    /// <summary><c>200 GB</c>, <c>900 MB</c>, <c>2 TB</c>, or a share of what the disk has for the box, <c>80 %</c>; empty = 90 %.</summary>
    public string Budget { get; set; } = string.Empty;

    /// <summary>Waveforms older than this go: <c>30 d</c>, <c>72 h</c>; empty = only the budget decides.</summary>
    public string Waveforms { get; set; } = string.Empty;

    /// <summary>The same for numerics and marks; not less than for waveforms.</summary>
    public string Numerics { get; set; } = string.Empty;

    /// <summary>Checks; the sentence of the failure names the field and begins with <paramref name="source"/>.</summary>
    public RetentionOptions ToOptions(string source)
    {
        var options = new RetentionOptions { WaveformAge = Age(Waveforms, "waveforms", source), NumericAge = Age(Numerics, "numerics", source), ReserveBytes = RetentionOptions.ReserveOfBox };
        options = Budget.Length == 0 ? options
            : Share(Budget) is { } share ? options with { BudgetShare = share }
            : Bytes(Budget) is { } bytes ? options with { BudgetBytes = bytes }
            : throw new CommandFailedException($"{source}: retention.budget {Budget} is not understood; write it as 200 GB or 80 %.");
        return options.NumericAge is { } numerics && (options.WaveformAge is not { } waveforms || waveforms > numerics)
            ? throw new CommandFailedException($"{source}: waveforms go before numerics; give retention.waveforms an age that is not longer than {Numerics}.")
            : options;
    }

    /// <summary>Bytes of <c>200 GB</c>; null = it is not understood.</summary>
    internal static long? Bytes(string text)
    {
        (string unit, long bytes) = Array.Find(Units, unit => text.TrimEnd().EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        return unit is not null && Number(text.TrimEnd()[..^unit.Length]) is > 0 and <= 1_000_000 and var count ? (long)(count * bytes) : null;
    }

    private static double? Share(string text) =>
        text.TrimEnd().EndsWith(Percent) && Number(text.TrimEnd()[..^1]) is > 0 and <= 100 and var percent ? percent / 100 : null;

    private static TimeSpan? Age(string text, string field, string source)
    {
        string trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return null;
        }

        double? count = Number(trimmed[..^1]);
        return (trimmed[^1], count) switch
        {
            ('d', > 0 and <= 36_500) => TimeSpan.FromDays(count.Value),
            ('h', > 0 and <= 876_000) => TimeSpan.FromHours(count.Value),
            _ => throw new CommandFailedException($"{source}: retention.{field} {text} is not understood; write it as 30 d or 72 h."),
        };
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;
}
