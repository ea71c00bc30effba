namespace Bedside.Model.Research;

/// <summary>The rules of the signals of a request: each is known, has a reason, and no wave by which a person can be told goes along unsaid.</summary>
public static class RequestSignals
{
    /// <summary>From this rate on a wave of heart or brain may tell whose it is (<c>trust.md</c>, section 5.2).</summary>
    public const double IdentifyingHertz = 50;

    private const double LeastHertz = 1.0 / 3600;
    private const double MostHertz = 10_000;

    /// <summary>Whether a person can be told by it at that rate; null = as it was taken.</summary>
    public static bool IsIdentifying(NomenclatureEntry signal, double? hertz) => signal.Kind == "waveform" && TellsAPerson(signal.Id) && hertz is null or >= IdentifyingHertz;

    internal static IEnumerable<RequestFault> Faults(IReadOnlyList<AskedSignal> signals)
    {
        if (signals.Count is 0 or > RequestCheck.MostSignals)
        {
            yield return RequestCheck.Fault("signals", $"Demandez de 1 à {RequestCheck.MostSignals} signaux.", $"Ask for 1 to {RequestCheck.MostSignals} signals.");
        }

        var asked = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < signals.Count; i++)
        {
            string field = $"signals[{i}]";
            if (!asked.Add(signals[i].Signal))
            {
                yield return RequestCheck.Fault($"{field}.signal", $"Le signal {signals[i].Signal} est demandé deux fois ; gardez une ligne.", $"The signal {signals[i].Signal} is asked for twice; keep one line.");
            }

            foreach (RequestFault fault in Faults(field, signals[i]))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<RequestFault> Faults(string field, AskedSignal asked)
    {
        if (Nomenclature.Shipped.ById(asked.Signal) is not { } signal)
        {
            yield return RequestCheck.Fault($"{field}.signal", $"Le signal {asked.Signal} est inconnu ; bedside extract availability liste ceux qu’il y a.", $"The signal {asked.Signal} is not known; bedside extract availability lists those there are.");
            yield break;
        }

        if (RequestCheck.Missing($"{field}.reason", asked.Reason, RequestCheck.LongestText, $"La raison de {asked.Signal} manque ; dites pourquoi l’étude en a besoin.", $"The reason for {asked.Signal} is missing; say why the study needs it.") is { } reason)
        {
            yield return reason;
        }

        if (asked.Hertz is not (null or (>= LeastHertz and <= MostHertz)))
        {
            yield return RequestCheck.Fault($"{field}.hertz", "La cadence va d’une valeur par heure à 10 000 par seconde ; donnez la plus basse qui suffit.", "The rate is one value an hour to 10,000 a second; give the lowest that serves.");
        }

        if (IsIdentifying(signal, asked.Hertz) && string.IsNullOrWhiteSpace(asked.IdentifyingReason))
        {
            yield return RequestCheck.Fault(
                $"{field}.identifyingReason",
                $"{asked.Signal} à 50 Hz ou plus peut désigner une personne ; dites pourquoi il le faut, ou demandez moins de 50 Hz.",
                $"{asked.Signal} at 50 Hz or more can tell a person; say why it is needed, or ask for less than 50 Hz.");
        }
    }

    /// <summary>Electrocardiogram, pulse wave and electroencephalogram.</summary>
    private static bool TellsAPerson(string id) => id.StartsWith("ecg", StringComparison.Ordinal) || id.StartsWith("eeg-", StringComparison.Ordinal) || id == "pleth" || id.StartsWith("pleth-", StringComparison.Ordinal);
}
