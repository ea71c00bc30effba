using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Viewer.Stays;

/// <summary>Who lay in the bed in a range of time, without saying who. Nothing in these answers is made from a name, a number or a token.</summary>
/// <param name="Kept">False: this box was not told where to learn of stays.</param>
/// <param name="Version">Rises whenever anything of it changes.</param>
internal sealed record StaysAnswer(bool Kept, long Version, UtcInstant ServerTime, AdmissionsAnswer Admissions, IReadOnlyList<StaySpanAnswer> Spans);

/// <summary>Whether the hospital's admissions are heard.</summary>
/// <param name="Heard">When anything came from them last; null = nothing ever did.</param>
/// <param name="Stale">They spoke once, and then were silent for too long to be believed.</param>
internal sealed record AdmissionsAnswer(UtcInstant? Heard, bool Stale);

/// <summary>Somebody lay in the bed, [from, to).</summary>
/// <param name="Stay">Opaque; the same for all spans of one stay.</param>
/// <param name="Since">When the stay began: the beginning of its first span.</param>
/// <param name="To">Null = now.</param>
/// <param name="Because">What it rests on, in the order in which it was said; what cannot be looked up is left out.</param>
internal sealed record StaySpanAnswer(string Stay, UtcInstant Since, UtcInstant From, UtcInstant? To, StayCertainty Certainty, IReadOnlyList<BecauseAnswer> Because);

/// <summary>One thing that was said.</summary>
/// <param name="Number">Its place in the record; what a person said can be taken back by it.</param>
/// <param name="At">When it happened, or when it was heard.</param>
internal sealed record BecauseAnswer(long Number, StayEventKind Kind, StaySource Source, UtcInstant At);

/// <summary>What a person is asked, and how the bed stands now.</summary>
/// <param name="Now">The span that holds the present; null = the bed is empty as far as anybody said.</param>
/// <param name="Open">How many questions are open.</param>
internal sealed record StayTasksAnswer(bool Kept, long Version, UtcInstant ServerTime, AdmissionsAnswer Admissions, StaySpanAnswer? Now, int Open, IReadOnlyList<StayTaskAnswer> Tasks);

/// <summary>A question that only a person can answer.</summary>
/// <param name="Choices">The first is what holds meanwhile.</param>
/// <param name="HasFirst">The first choice stands for a patient, whose wristband can be compared.</param>
/// <param name="HasSecond">The same of the other.</param>
/// <param name="Settled">Number of the event that settled it; 0 = open.</param>
/// <param name="SettledAt">When.</param>
/// <param name="Choice">How; empty = not known, or open.</param>
internal sealed record StayTaskAnswer(
    string Key,
    StayTaskKind Kind,
    UtcInstant From,
    UtcInstant? To,
    IReadOnlyList<string> Choices,
    bool HasFirst,
    bool HasSecond,
    long Settled,
    UtcInstant? SettledAt,
    string Choice);

/// <summary>Whose number it is, of the two that are asked about.</summary>
internal enum Belonging
{
    First,
    Second,
    Neither,
}

/// <summary>Whose number was compared.</summary>
internal sealed record BelongingAnswer(Belonging Belongs);

/// <summary>What was said is on the disk.</summary>
/// <param name="Number">By which it can be taken back.</param>
internal sealed record SaidAnswer(long Number, long Version);

/// <summary>How a person answers a question.</summary>
internal sealed record ChosenAnswer(string? Choice);

/// <summary>A number from a wristband. It is never kept, logged or sent back.</summary>
/// <param name="Task">The question it is about; without it, whoever lies in the bed now.</param>
internal sealed record ComparedNumber(string? Number, string? Task)
{
    /// <summary>What a log line would show.</summary>
    public override string ToString() => nameof(ComparedNumber);
}

/// <summary>A person says who lies in the bed.</summary>
/// <param name="Number">From the wristband; never kept, logged or sent back.</param>
/// <param name="Empty">True: nobody does; then there is no number.</param>
/// <param name="From">Since when; now when left out.</param>
internal sealed record ConfirmedPatient(string? Number, bool? Empty, UtcInstant? From)
{
    /// <summary>What a log line would show.</summary>
    public override string ToString() => nameof(ConfirmedPatient);
}

/// <summary>What a person takes back.</summary>
internal sealed record TakenBack(long? Number);
