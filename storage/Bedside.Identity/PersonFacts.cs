using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Identity;

/// <summary>A number of a person and who gave it; compared without regard to case and outer spaces, leading zeros count.</summary>
/// <param name="Authority">Empty = not told.</param>
/// <param name="Type">MR, PI, VN, AN, …; empty = not told.</param>
public sealed record PersonNumber(string Number, string Authority, string Type)
{
    public override string ToString() => "a number";
}

/// <summary>What a message says of a person: null = nothing, then what is known stays; empty = deleted.</summary>
public sealed record PersonFacts
{
    public IReadOnlyList<PersonNumber> Numbers { get; init; } = [];

    public string? Family { get; init; }

    public string? Given { get; init; }

    /// <summary><c>yyyy</c>, <c>yyyy-MM</c> or <c>yyyy-MM-dd</c>.</summary>
    public string? BirthDate { get; init; }

    public string? Sex { get; init; }

    public override string ToString() => "a person";
}

/// <summary>Who a person is, for those who may see it.</summary>
/// <param name="Numbers">All that were heard, the person's other ones after a merge included.</param>
/// <param name="BirthDate"><c>yyyy</c>, <c>yyyy-MM</c>, <c>yyyy-MM-dd</c> or empty.</param>
/// <param name="FirstHeard">By the box's clock.</param>
public sealed record PersonDescription(PersonToken Person, IReadOnlyList<PersonNumber> Numbers, string Family, string Given, string BirthDate, string Sex, UtcInstant FirstHeard, UtcInstant LastHeard)
{
    public override string ToString() => "a person";
}

/// <summary>Whom a device names as its patient.</summary>
/// <param name="Digest">A keyed hash of what it said, to know when that changes.</param>
/// <param name="Number">The number as the device has it; empty = nobody.</param>
public sealed record NamedOnDevice(PersonToken Person, UInt128 Digest, string Number)
{
    public override string ToString() => "a patient of a device";
}
