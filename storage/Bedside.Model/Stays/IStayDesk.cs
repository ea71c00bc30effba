namespace Bedside.Model.Stays;

/// <summary>Where everything but the vault learns who lies in the bed, and says what a person at the bed said. Every member may be called from any thread.</summary>
public interface IStayDesk
{
    /// <summary>Rises by one whenever spans or tasks change.</summary>
    long Version { get; }

    /// <summary>Who lay in the bed, as far as is known now; ascending, without overlap.</summary>
    IReadOnlyList<StaySpan> Spans { get; }

    /// <summary>Questions for a person: open ones first, then those settled in the last 30 days.</summary>
    IReadOnlyList<StayTask> Tasks { get; }

    /// <summary>No message of the admissions, of whatever kind, came since; null = none ever did.</summary>
    UtcInstant? AdmissionsHeard { get; }

    /// <summary>A message of the admissions came, of whatever kind and of whichever bed: not all become events. Nothing needs to be on the disk.</summary>
    void HearAdmissions(UtcInstant arrived)
    {
    }

    /// <summary>Keeps an event; when it returns, it is on the disk and spans and tasks are as it makes them. Returns its number. Throws <see cref="IOException"/> when the disk did not take it.</summary>
    Task<long> SayAsync(StayEvent said, CancellationToken cancel);

    /// <summary>What was kept under that number; null = nothing, or a desk that cannot look it up. Spans and tasks name what they rest on by it.</summary>
    StayEvent? Said(long number) => null;

    /// <summary>What was said for and against research, and of erasing, in the order in which it was said.</summary>
    IReadOnlyList<StayEvent> Wishes => [];

    /// <summary>Whose number that is, as it stands on a wristband; unknown = nobody's that this box has heard of. The number is compared under a keyed hash and kept nowhere.</summary>
    PersonToken PersonOf(string wristband);
}
