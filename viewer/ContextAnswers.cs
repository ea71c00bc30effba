using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Viewer;

/// <summary>A mark of a person, or what a device noticed of itself in codes.</summary>
/// <param name="Signal">Id of the signal that was marked; null = the bed or a whole device.</param>
/// <param name="Number">Its number; 0 = none.</param>
/// <param name="Concerns">Numbers of all signals of the same sensor, the marked one among them; of a notice about a whole device, all of its signals; empty = everything.</param>
/// <param name="HeldUntil">End of what it says (<see cref="HeldMark"/>); null = it holds on, or nobody told.</param>
internal sealed record AnnotationAnswer(
    string Key,
    int Version,
    string Kind,
    string Text,
    IReadOnlyDictionary<string, string> Attributes,
    string Source,
    string? Signal,
    uint Number,
    IReadOnlyList<uint> Concerns,
    UtcInstant Time,
    UtcInstant? Until,
    UtcInstant? HeldUntil,
    bool Withdrawn);

/// <summary>A new mark.</summary>
internal sealed record NewAnnotation(
    string? Key, string? Kind, string? Text, string? Signal, IReadOnlyDictionary<string, string?>? Attributes, UtcInstant? Time, UtcInstant? Until);

/// <summary>A change of a mark; what is left out stays as it is, and attributes are replaced as a whole. <paramref name="Open"/> true takes its end back.</summary>
internal sealed record ChangedAnnotation(
    int? Version, string? Kind, string? Text, IReadOnlyDictionary<string, string?>? Attributes, UtcInstant? Time, UtcInstant? Until, bool? Open, bool? Withdrawn);

/// <summary>The catalogue of marks, and which signals of this bed each kind can be said of.</summary>
internal sealed record ContextAnswer(IReadOnlyList<ContextKindAnswer> Kinds);

/// <summary>A kind of mark, its names, and what it can be said of.</summary>
/// <param name="Signals">Numbers of the signals of this bed that it can be said of.</param>
internal sealed record ContextKindAnswer(
    string Kind, ContextForm Form, string Series, bool Offered, bool Bed, Sentence Name, IReadOnlyList<uint> Signals, IReadOnlyList<ContextAttributeAnswer> Attributes);

internal sealed record ContextAttributeAnswer(string Attribute, Sentence Name, bool Required, IReadOnlyList<ContextValueAnswer> Values);

internal sealed record ContextValueAnswer(string Value, Sentence Name);
