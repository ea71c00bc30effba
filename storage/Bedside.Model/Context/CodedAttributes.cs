using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Bedside.Model.Context;

/// <summary>
/// What a mark says in codes, never in words: attribute to value (<c>site</c> → <c>finger-left</c>), ascending by code, at most <see cref="Most"/>. Two are equal when
/// they say the same.
/// </summary>
public sealed partial class CodedAttributes : IEquatable<CodedAttributes>
{
    /// <summary>Attributes of one mark.</summary>
    public const int Most = 8;

    private CodedAttributes(ImmutableSortedDictionary<string, string> values) => Values = values;

    public static CodedAttributes None { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public ImmutableSortedDictionary<string, string> Values { get; }

    public bool IsEmpty => Values.IsEmpty;

    /// <summary>1 to 40 of <c>a-z 0-9 -</c>: what every code of a mark is made of.</summary>
    [GeneratedRegex("^[a-z0-9-]{1,40}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Code { get; }

    /// <summary>The value of an attribute; empty = it is not said.</summary>
    public string this[string attribute] => Values.GetValueOrDefault(attribute, string.Empty);

    /// <summary>False with one sentence that names the attribute where there are too many, or one is no code.</summary>
    public static bool TryCreate(
        IEnumerable<KeyValuePair<string, string?>> values, [NotNullWhen(true)] out CodedAttributes? attributes, [NotNullWhen(false)] out string? fault)
    {
        attributes = null;
        var sorted = None.Values.ToBuilder();
        foreach ((string attribute, string? value) in values)
        {
            if (value is null || !Code.IsMatch(attribute) || !Code.IsMatch(value))
            {
                fault = $"attribute '{Cut(attribute)}' and its value must be 1 to 40 of the characters a-z 0-9 - only";
                return false;
            }

            sorted[attribute] = value;
            if (sorted.Count > Most)
            {
                fault = $"there may be {Most} attributes at most";
                return false;
            }
        }

        fault = null;
        attributes = sorted.Count == 0 ? None : new CodedAttributes(sorted.ToImmutable());
        return true;
    }

    /// <summary>Reads what <see cref="ToString"/> writes; false for anything else.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CodedAttributes? attributes)
    {
        attributes = text.Length == 0 ? None : null;
        if (attributes is not null)
        {
            return true;
        }

        string[][] parts = [.. text.Split(';').Select(part => part.Split('='))];
        return parts.All(part => part.Length == 2)
            && parts.DistinctBy(part => part[0], StringComparer.Ordinal).ToArray().Length == parts.Length
            && TryCreate(parts.Select(part => KeyValuePair.Create<string, string?>(part[0], part[1])), out attributes, out _);
    }

    public CodedAttributes With(string attribute, string value) =>
        TryCreate(Values.SetItem(attribute, value).Select(pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value)), out CodedAttributes? changed, out string? fault)
            ? changed
            : throw new ArgumentException(fault, nameof(attribute));

    public bool Equals(CodedAttributes? other) => other is not null && Values.SequenceEqual(other.Values);

    public override bool Equals(object? obj) => Equals(obj as CodedAttributes);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach ((string attribute, string value) in Values)
        {
            hash.Add(attribute, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary><c>site=finger-left;size=adult</c>, ascending: how tables of an export have it.</summary>
    public override string ToString() => string.Join(';', Values.Select(pair => $"{pair.Key}={pair.Value}"));

    private static string Cut(string text) => text.Length > 40 ? text[..40] : text;
}
