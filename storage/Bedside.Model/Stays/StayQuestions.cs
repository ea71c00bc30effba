using System.Globalization;

namespace Bedside.Model.Stays;

/// <summary>Questions that come up while stays are made, and the answers that persons gave. Not for several threads.</summary>
internal sealed class StayQuestions(IReadOnlyDictionary<string, StayEvent> answers)
{
    private readonly Dictionary<string, StayTask> _tasks = new(StringComparer.Ordinal);

    /// <summary>The same question has the same key: its kind, and the first numbers of the events that raise it.</summary>
    public static string Key(StayTaskKind kind, params long[] numbers)
    {
        string name = kind switch
        {
            StayTaskKind.TwoPatients => "two-patients",
            StayTaskKind.NobodyAdmitted => "nobody-admitted",
            StayTaskKind.SignalsAfterDischarge => "signals-after-discharge",
            StayTaskKind.AdmittedWithoutSignals => "admitted-without-signals",
            StayTaskKind.TwoVisits => "two-visits",
            StayTaskKind.PossibleMove => "possible-move",
            _ => "not-understood",
        };
        return $"{name}-{string.Join('-', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}";
    }

    /// <summary>What a person answered; null = nothing yet, or no word of <see cref="StayChoices"/>.</summary>
    public StayEvent? Answer(StayTaskKind kind, string key) =>
        answers.TryGetValue(key, out StayEvent? settled) && StayChoices.Of(kind).Contains(settled.Choice) ? settled : null;

    public bool IsAnswered(StayTaskKind kind, string key, string choice) => Answer(kind, key)?.Choice == choice;

    public void Ask(StayTaskKind kind, string key, (UtcInstant From, UtcInstant To) when, PersonToken first, PersonToken second) =>
        _tasks[key] = new StayTask(key, kind, when.From, when.To == BedTime.Open ? null : when.To, StayChoices.Of(kind), first, second, Answer(kind, key)?.Number ?? 0);

    /// <summary>Open ones first, then those settled after a time.</summary>
    public IReadOnlyList<StayTask> Tasks(UtcInstant settledAfter) =>
    [
        .. _tasks.Values.Where(task => task.Settled == 0).OrderBy(task => task.From).ThenBy(task => task.Key, StringComparer.Ordinal),
        .. _tasks.Values.Where(task => task.Settled != 0 && answers[task.Key].Arrived >= settledAfter).OrderBy(task => task.From).ThenBy(task => task.Key, StringComparer.Ordinal),
    ];
}
