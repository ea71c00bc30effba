using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What a site says about one sender, because its messages do not (sheet 5.5, 5.6, 5.3).</summary>
public sealed record SenderRules
{
    /// <summary>For every code that has no list of its own.</summary>
    public const string AnyCode = "*";

    public static SenderRules None { get; } = new();

    /// <summary>
    /// Which signal a code is, by an id of the nomenclature, also where number and name contradict each other. Keys are OBX-3 as
    /// <c>150017^MDC_PRESS_BLD_ART_SYS</c>, a number alone (<c>150017</c>) or a name alone (<c>^MDC_PRESS_BLD_ART_SYS</c>); the more exact key counts.
    /// </summary>
    public IReadOnlyDictionary<string, string> Codes { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Numbers that mean that there is no value, by OBX-3.1 or <see cref="AnyCode"/>.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<double>> Sentinels { get; init; } = ImmutableDictionary<string, ImmutableArray<double>>.Empty;

    /// <summary>Units in UCUM, by OBX-3.1, else by OBX-6 as it was sent.</summary>
    public IReadOnlyDictionary<string, string> Units { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Zone of its times that have none; null = the site's.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>OBX-11 X means that there is no value even where one stands; some senders mark all of theirs so.</summary>
    public bool HonoursX { get; init; }

    /// <summary>How it is answered; null = as everybody.</summary>
    public AnswerMode? Answers { get; init; }

    /// <summary>The signal that the site says a row is; null = it says nothing.</summary>
    internal NomenclatureEntry? EntryOf(RowShape shape)
    {
        if (Codes.Count == 0)
        {
            return null;
        }

        string? id = Codes.GetValueOrDefault($"{shape.Code}^{shape.Label}") ?? Codes.GetValueOrDefault(shape.Code) ?? Codes.GetValueOrDefault($"^{shape.Label}");
        return id is null ? null : Nomenclature.Shipped.ById(id);
    }

    /// <summary>The unit of a row; empty = not told.</summary>
    internal string UnitOf(RowShape shape) =>
        Units.Count == 0 ? shape.Unit : Units.GetValueOrDefault(shape.Code) ?? Units.GetValueOrDefault(shape.UnitText) ?? shape.Unit;

    internal ImmutableArray<double> SentinelsOf(RowShape shape) =>
        Sentinels.Count == 0 ? [] : Sentinels.GetValueOrDefault(shape.Code, Sentinels.GetValueOrDefault(AnyCode, []));
}

/// <summary>By what a sender is known: the application of MSH-3, in letters, digits and hyphens. It names a program, never a person.</summary>
public static class SenderName
{
    private const int Most = 32;

    /// <summary>Empty = it says none.</summary>
    public static string Of(Hl7Message message)
    {
        Hl7Value application = message.Header.Field(3);
        string text = application.Component(1).HasValue ? application.Component(1).Text : application.Component(2).Text;
        if (text.Length <= Most && !text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        IEnumerable<char> kept = text.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        string joined = string.Join('-', string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return joined.Length <= Most ? joined : joined[..Most];
    }

    private static System.Buffers.SearchValues<char> Plain { get; } = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
}
