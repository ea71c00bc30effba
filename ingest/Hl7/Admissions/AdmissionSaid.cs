using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Ingest.Hl7.Admissions;

/// <summary>What a field says: nothing (what was known stays), that it is deleted (<c>""</c>), or a text.</summary>
public readonly record struct SaidText(string Text, bool IsDeleted)
{
    public static SaidText Nothing { get; } = new(string.Empty, IsDeleted: false);

    public bool HasText => !string.IsNullOrEmpty(Text);

    public static SaidText Of(Hl7Value value) => new(value.Text, value.IsNull);

    /// <summary>Never what it says: it may be a name.</summary>
    public override string ToString() => IsDeleted ? "deleted" : HasText ? "a text" : "nothing";
}

/// <summary>A number of a person, an account or a visit (data type CX).</summary>
/// <param name="Authority">Who gave it: component 4, the name or else the universal id; empty = not told.</param>
/// <param name="Type">Component 5: MR, PI, VN, AN, …; empty = not told.</param>
public sealed record NumberSaid(string Number, string Authority, string Type)
{
    /// <summary>Null when there is no number.</summary>
    internal static NumberSaid? Of(Hl7Value value)
    {
        Hl7Value number = value.Component(1);
        if (!number.HasValue || value.IsNull || number.Text.Trim('-', '?', ' ').Length == 0)
        {
            return null;
        }

        Hl7Value authority = value.Component(4);
        Hl7Value named = authority.Sub(1).HasValue ? authority.Sub(1) : authority.Sub(2);
        return new NumberSaid(number.Text, named.Text, value.Component(5).Text);
    }

    /// <summary>Never the number.</summary>
    public override string ToString() => "a number";
}

/// <summary>A person as one PID names them. Nothing of it may be logged or kept but in the identity vault.</summary>
public sealed record PersonSaid
{
    /// <summary>All repetitions of PID-3 that have a number; where there is none, PID-2 or PID-4 of old versions.</summary>
    public required IReadOnlyList<NumberSaid> Numbers { get; init; }

    /// <summary>PID-5, the legal name before others.</summary>
    public SaidText Family { get; init; }

    public SaidText Given { get; init; }

    /// <summary>PID-7 as <c>yyyy</c>, <c>yyyy-MM</c> or <c>yyyy-MM-dd</c>, as far as it is told.</summary>
    public SaidText BirthDate { get; init; }

    /// <summary>PID-8.</summary>
    public SaidText Sex { get; init; }

    /// <summary>Neither a number nor a name.</summary>
    public bool IsNobody => Numbers.Count == 0 && !Family.HasText && !Given.HasText;

    public override string ToString() => "a person";
}

/// <summary>A time as it was told, on the UTC axis.</summary>
/// <param name="Within">It lies between <paramref name="At"/> and so much later.</param>
public readonly record struct StatedTime(UtcInstant At, TimeSpan Within)
{
    /// <summary>A boundary of a stay is not drawn by a time that is coarser than this.</summary>
    public static readonly TimeSpan Coarsest = TimeSpan.FromHours(1);

    /// <summary>The instant, null when it is too coarse for a boundary: a date alone is no midnight.</summary>
    public UtcInstant? Boundary => Within <= Coarsest ? At : null;
}

/// <summary>One patient of a message: PID with the PV1 that belongs to it.</summary>
public sealed record PatientSaid
{
    public required PersonSaid Person { get; init; }

    /// <summary>PV1-19.</summary>
    public NumberSaid? Visit { get; init; }

    /// <summary>PID-18.</summary>
    public NumberSaid? Account { get; init; }

    /// <summary>PV1-3, where the patient is now; to be compared with <see cref="BedPlace.Is"/>.</summary>
    public Hl7Value Place { get; init; }

    /// <summary>PV1-6, where they were before.</summary>
    public Hl7Value Before { get; init; }

    /// <summary>PV1-44.</summary>
    public StatedTime? Admitted { get; init; }

    /// <summary>PV1-45.</summary>
    public StatedTime? Discharged { get; init; }

    public override string ToString() => "a patient";
}

/// <summary>MRG: under which numbers something was known until now.</summary>
public sealed record FormerNumbers
{
    /// <summary>MRG-1, or MRG-4 of old versions.</summary>
    public required IReadOnlyList<NumberSaid> Persons { get; init; }

    /// <summary>MRG-3.</summary>
    public NumberSaid? Account { get; init; }

    /// <summary>MRG-5.</summary>
    public NumberSaid? Visit { get; init; }

    public override string ToString() => "former numbers";
}

/// <summary>One thing that a message of the admissions (ADT) says, with the identities as they came.</summary>
public sealed record Admission
{
    /// <summary><c>A01</c> to <c>A62</c>.</summary>
    public required string Event { get; init; }

    public required StayEventKind Kind { get; init; }

    public required PatientSaid Patient { get; init; }

    /// <summary>The second patient of a swap.</summary>
    public PatientSaid? Other { get; init; }

    /// <summary>Of merges and moves.</summary>
    public FormerNumbers? Former { get; init; }

    /// <summary>EVN-6.</summary>
    public StatedTime? Happened { get; init; }

    /// <summary>EVN-2.</summary>
    public StatedTime? Recorded { get; init; }

    /// <summary>MSH-7.</summary>
    public StatedTime? Sent { get; init; }

    public override string ToString() => Event;
}

/// <summary>What became of a message of the admissions.</summary>
/// <param name="Admissions">What it says, in its order; none = nothing of stays is made of it.</param>
/// <param name="Refusal">Malformed: a segment that the event cannot do without is missing. Null = it is accepted.</param>
/// <param name="Words">What was left out or doubted of a message that is accepted.</param>
public sealed record AdmissionReading(IReadOnlyList<Admission> Admissions, Hl7Fault? Refusal, IReadOnlyList<Hl7Fault> Words);
