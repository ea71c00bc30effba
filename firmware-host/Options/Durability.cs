namespace Bedside.Host.Options;

/// <summary>What a power cut may cost: a choice of the site between wear of its disk and seconds of data.</summary>
internal static class Durability
{
    public const string Default = "1s";

    private const string Slow = "10s";

    /// <summary>The bound behind the word; null when it is none of the two.</summary>
    public static TimeSpan? Parse(string word) => word switch
    {
        Default => TimeSpan.FromSeconds(1),
        Slow => TimeSpan.FromSeconds(10),
        _ => null,
    };

    /// <summary>What is wrong with a word that <see cref="Parse"/> does not take; <paramref name="source"/> is who said it.</summary>
    public static string Refusal(string source, string word) => $"{source}: durability must be {Default} or {Slow}, not {word}.";
}
