using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Bedside.Model.Context;

/// <summary>How long what a mark says is so.</summary>
public enum ContextForm
{
    /// <summary>At an instant.</summary>
    Event = 1,

    /// <summary>From its time until somebody says its end; an end that nobody said is not known.</summary>
    Range = 2,

    /// <summary>From its time until the next of its series, on the same measurement.</summary>
    State = 3,
}

/// <summary>A word with its names.</summary>
public sealed record ContextWord(string Code, string French, string English);

/// <summary>What can be said of a kind beside its time, in one of <see cref="Values"/>.</summary>
public sealed record ContextAttribute(string Code, string French, string English, bool IsRequired, ImmutableArray<ContextWord> Values);

/// <summary>A kind of mark.</summary>
/// <param name="Series">States of one series end each other; else the kind itself.</param>
/// <param name="Families">What it may be about: <c>bed</c>, <c>any</c> (every signal), or families of <see cref="Measured"/>.</param>
/// <param name="IsOffered">False for what only devices record, and for kinds of former builds: those are read and named, and not offered.</param>
/// <param name="IsOfPerson">False for what only devices record.</param>
public sealed record ContextKind(string Code, ContextForm Form, string Series, ImmutableArray<string> Families, bool IsOffered, bool IsOfPerson, string French, string English, ImmutableArray<ContextAttribute> Attributes)
{
    private const string Bed = "bed";
    private const string Any = "any";

    public bool IsOfBed => Families.Contains(Bed);

    /// <summary>True when it can be said of this signal.</summary>
    public bool Fits(Signal signal) => Families.Contains(Any) || Families.Contains(Measured.FamilyOf(signal));

    public ContextAttribute? Attribute(string code) => Attributes.FirstOrDefault(one => one.Code == code);

    /// <summary>What is wrong with these attributes, as one sentence; null = nothing.</summary>
    public string? Fault(CodedAttributes attributes)
    {
        foreach ((string code, string value) in attributes.Values)
        {
            if (Attribute(code) is not { } attribute)
            {
                return $"'attributes.{code}' is nothing that {Code} says; it says {ListOf(Attributes.Select(one => one.Code))}.";
            }

            if (!attribute.Values.Any(one => one.Code == value))
            {
                return $"'attributes.{code}' of {Code} must be one of {ListOf(attribute.Values.Select(one => one.Code))}.";
            }
        }

        ContextAttribute? missing = Attributes.FirstOrDefault(one => one.IsRequired && attributes[one.Code].Length == 0);
        return missing is null ? null : $"'attributes.{missing.Code}' must say which, one of {ListOf(missing.Values.Select(one => one.Code))}.";
    }

    private static string ListOf(IEnumerable<string> codes) => codes.Any() ? string.Join(", ", codes) : "nothing";
}

/// <summary>Every kind of mark that this build knows: the one list for the API, the screen and exports. A kind or value that was shipped is never renamed.</summary>
public sealed class ContextCatalog
{
    private readonly FrozenDictionary<string, ContextKind> _kinds;

    private ContextCatalog(ImmutableArray<ContextKind> kinds)
    {
        Kinds = kinds;
        _kinds = kinds.ToFrozenDictionary(kind => kind.Code);
    }

    public static ContextCatalog Shipped { get; } = Parse(ContextTable.Kinds, ContextTable.Attributes);

    /// <summary>In the order in which they are offered.</summary>
    public ImmutableArray<ContextKind> Kinds { get; }

    /// <summary>Null = not of this build.</summary>
    public ContextKind? Find(string code) => _kinds.GetValueOrDefault(code);

    /// <summary>Reads the two tables; throws <see cref="FormatException"/> where one does not fit.</summary>
    public static ContextCatalog Parse(string kinds, string attributes)
    {
        ILookup<string, ContextAttribute> ofKinds = Lines(attributes, 6).ToLookup(field => field[0], AttributeOf);
        ContextKind[] all = [.. Lines(kinds, 7).Select(field => new ContextKind(
            field[0],
            Enum.Parse<ContextForm>(field[1], ignoreCase: true),
            field[2].Length > 0 ? field[2] : field[0],
            [.. field[3].Split(' ')],
            field[4] == "offered",
            field[4] != "device",
            field[5],
            field[6],
            [.. ofKinds[field[0]]]))];
        string? wrong = all.Select(kind => kind.Code).Concat(all.SelectMany(kind => kind.Attributes).SelectMany(one => one.Values.Select(value => value.Code).Append(one.Code)))
            .FirstOrDefault(code => !CodedAttributes.Code.IsMatch(code))
            ?? all.GroupBy(kind => kind.Code).FirstOrDefault(group => group.Skip(1).Any())?.Key
            ?? ofKinds.Select(group => group.Key).FirstOrDefault(code => all.All(kind => kind.Code != code));
        return wrong is null ? new ContextCatalog([.. all]) : throw new FormatException($"context: '{wrong}' is no code, stands twice or belongs to no kind");
    }

    private static ContextAttribute AttributeOf(string[] field) => new(
        field[1],
        field[3],
        field[4],
        field[2] == "required",
        [.. field[5].Split(", ").Select(value => value.Split(':')).Select(part => part.Length == 3
            ? new ContextWord(part[0], part[1], part[2])
            : throw new FormatException($"context: a value of {field[0]} {field[1]} has not three parts"))]);

    private static IEnumerable<string[]> Lines(string table, int fields) => table
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split('|'))
        .Select(field => field.Length == fields ? field : throw new FormatException($"context: {field.Length} fields where {fields} are due: {string.Join('|', field)}"));
}
