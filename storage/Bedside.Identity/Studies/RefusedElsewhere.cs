namespace Bedside.Identity.Studies;

/// <summary>Which patients say no to research at whichever bed of the unit, at one moment.</summary>
/// <param name="Key">Of the unit, 32 bytes (<see cref="SubjectKey"/>).</param>
/// <param name="Marks">One for each number of each of them, under that key.</param>
public sealed record RefusedElsewhere(ReadOnlyMemory<byte> Key, IReadOnlySet<UInt128> Marks)
{
    public override string ToString() => "refusals of a unit";
}
