using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Viewer.Rights;

namespace Bedside.Viewer.Research;

/// <summary>The form of a request: one long page, in the order in which one thinks of it, errors beside the fields and a list of them at the top. More rows come by a button that keeps everything.</summary>
internal static class RequestPage
{
    public const string SignalList = "signal-list";

    /// <summary>Rows that stand open and empty below those that are filled in.</summary>
    private const int SparePeople = 1;
    private const int SpareSignals = 2;

    public static void Write(Html page, Tongue tongue, Person person, RequestState state)
    {
        page.Tag("h1", state.Study.Length == 0 ? tongue.Of("Nouvelle demande", "New request") : tongue.Of($"Demande {state.Study}", $"Request {state.Study}"));
        page.Tag("p", tongue.Of(
            "La demande est contrôlée par le boîtier avant que quiconque la lise. Rien de ce que vous écrivez n’est perdu : enregistrez le brouillon quand vous voulez.",
            "The box checks the request before anybody reads it. Nothing you write is lost: save the draft whenever you like."), ("class", "lead"));
        Summary(page, tongue, state);
        string action = state.Study.Length == 0 ? $"{ResearchFrame.Root}/area/request" : $"{ResearchFrame.Root}/area/{Uri.EscapeDataString(state.Study)}/request";
        using (page.In("form", ("method", "post"), ("action", tongue.Link(action)), ("class", "request"), ("novalidate", string.Empty)))
        {
            ResearchFrame.Token(page, person);

            // The first button is what the Enter key presses.
            page.Tag("button", tongue.Of("Contrôler la demande", "Check the request"), ("class", "button first-button"), ("type", "submit"), ("name", "action"), ("value", "check"), ("tabindex", "-1"), ("aria-hidden", "true"));
            RequestParts.Study(page, tongue, state);
            RequestParts.Law(page, tongue, state);
            People(page, tongue, state);
            Signals(page, tongue, state);
            RequestParts.Cohort(page, tongue, state);
            RequestParts.Days(page, tongue, state);
            RequestParts.Use(page, tongue, state);
            using (page.In("div", ("class", "row actions")))
            {
                page.Tag("button", tongue.Of("Enregistrer le brouillon", "Save the draft"), ("class", "button button-sure"), ("type", "submit"), ("name", "action"), ("value", "save"));
                page.Tag("button", tongue.Of("Contrôler sans enregistrer", "Check without saving"), ("class", "button"), ("type", "submit"), ("name", "action"), ("value", "check"));
            }
        }

        SignalNames(page, tongue);
    }

    private static void Summary(Html page, Tongue tongue, RequestState state)
    {
        if (state.Said is { } said)
        {
            Parts.Notice(page, tongue.Of(said), state.Faults.Count == 0 ? tongue.Of("Rien ne manque.", "Nothing is missing.") : tongue.Of("Vous pouvez continuer maintenant ou plus tard.", "You can go on now or later."), isFault: false);
        }

        if (state.Refusal is { } refusal)
        {
            Parts.Notice(page, tongue.Of("La demande n’est pas gardée", "The request was not kept"), tongue.Of(refusal), isFault: true);
        }

        if (state.Faults.Count == 0)
        {
            return;
        }

        using (page.In("section", ("class", "notice notice-fault"), ("aria-labelledby", "faults")))
        {
            page.Tag("h2", Missing(tongue, state.Faults.Count), ("id", "faults"));
            using (page.In("ul"))
            {
                foreach (RequestFault fault in state.Faults)
                {
                    using (page.In("li"))
                    {
                        page.Tag("a", tongue.Of(fault.Sentence), ("href", $"#{Parts.IdOf(RequestState.FieldOf(fault))}"));
                    }
                }
            }
        }
    }

    private static string Missing(Tongue tongue, int count) => count == 1
        ? tongue.Of("Un point est à corriger avant de soumettre", "One point to correct before it is submitted")
        : tongue.Of($"{count} points sont à corriger avant de soumettre", $"{count} points to correct before it is submitted");

    private static void People(Html page, Tongue tongue, RequestState state)
    {
        using (page.In("fieldset", ("id", Parts.IdOf(FormValues.Peoples))))
        {
            page.Tag("legend", tongue.Of("Qui ouvrira le paquet", "Who will open the package"));
            page.Tag("p", tongue.Of(
                "Chaque personne a un compte sur ce boîtier et sa propre clé publique ; age-keygen en crée une. Le paquet n’est lisible que par elles.",
                "Each person has an account at this box and a public key of their own; age-keygen makes one. Only they can read the package."), ("class", "hint"));
            Parts.Faults(page, tongue, state.Of(FormValues.Peoples), id: null);
            for (int i = 0; i < state.RowsOf(FormValues.Peoples, SparePeople); i++)
            {
                using (page.In("div", ("class", "form-row people-row")))
                {
                    state.Field(page, tongue, FieldWords.Of($"people[{i}].name", $"Nom, personne {i + 1}", $"Name, person {i + 1}", longest: 64));
                    state.Field(page, tongue, FieldWords.Of($"people[{i}].badge", $"Badge, personne {i + 1}", $"Badge, person {i + 1}", longest: 32));
                    state.Field(page, tongue, FieldWords.Of($"people[{i}].recipient", $"Clé publique (age1…), personne {i + 1}", $"Public key (age1…), person {i + 1}", longest: 80));
                }
            }

            page.Tag("button", tongue.Of("Ajouter une personne", "Add a person"), ("class", "button"), ("type", "submit"), ("name", "action"), ("value", "more-people"));
        }
    }

    private static void Signals(Html page, Tongue tongue, RequestState state)
    {
        using (page.In("fieldset", ("id", Parts.IdOf(FormValues.Signals))))
        {
            page.Tag("legend", tongue.Of("Signaux demandés", "Signals asked for"));
            using (page.In("p", ("class", "hint")))
            {
                page.Text(tongue.Of("Un signal par ligne, avec sa raison et la plus basse cadence qui suffit. ", "One signal a line, with its reason and the lowest rate that serves. "));
                page.Tag("a", tongue.Of("Voir d’abord les données disponibles", "See the available data first"), ("href", tongue.Link($"{ResearchFrame.Root}/area/availability")));
            }

            Parts.Faults(page, tongue, state.Of(FormValues.Signals), id: null);
            for (int i = 0; i < state.RowsOf(FormValues.Signals, SpareSignals); i++)
            {
                using (page.In("div", ("class", "form-row signal-row")))
                {
                    state.Field(page, tongue, FieldWords.Of($"signals[{i}].signal", $"Signal {i + 1}", $"Signal {i + 1}", longest: 64), list: SignalList);
                    state.Field(page, tongue, FieldWords.Of($"signals[{i}].reason", $"Raison, signal {i + 1}", $"Reason, signal {i + 1}"));
                    state.Field(page, tongue, FieldWords.Of($"signals[{i}].hertz", $"Par seconde, signal {i + 1}", $"A second, signal {i + 1}", longest: 12));
                    state.Field(page, tongue, FieldWords.Of($"signals[{i}].identifyingReason", $"Si ECG, EEG ou pleth à 50 Hz ou plus : pourquoi, signal {i + 1}", $"If ECG, EEG or pleth at 50 Hz or more: why, signal {i + 1}"));
                }
            }

            page.Tag("button", tongue.Of("Ajouter des signaux", "Add signals"), ("class", "button"), ("type", "submit"), ("name", "action"), ("value", "more-signals"));
        }
    }

    /// <summary>One list of names for all fields that take a signal.</summary>
    private static void SignalNames(Html page, Tongue tongue)
    {
        using (page.In("datalist", ("id", SignalList)))
        {
            foreach (NomenclatureEntry entry in Nomenclature.Shipped.Entries)
            {
                page.Tag("option", entry.TypicalRate is { } rate ? $"{tongue.Of(entry.French, entry.English)}, {tongue.Number(rate)} Hz" : tongue.Of(entry.French, entry.English), ("value", entry.Id));
            }
        }
    }
}

/// <summary>What the form shows.</summary>
/// <param name="Study">Empty = it was not kept yet.</param>
/// <param name="Said">What was done; null = nothing.</param>
/// <param name="Refusal">Why it was not kept; null = it was, or nobody asked.</param>
/// <param name="More">The list that gets more empty rows; empty = none.</param>
internal sealed record RequestState(string Study, FormValues Values, IReadOnlyList<RequestFault> Faults, TwoTongues? Said = null, TwoTongues? Refusal = null, string More = "")
{
    private const int MoreRows = 4;

    public IReadOnlyList<RequestFault> Of(string field) => [.. Faults.Where(fault => FieldOf(fault) == field)];

    /// <summary>Some rules speak of two fields at once.</summary>
    public static string FieldOf(RequestFault fault) => fault.Field switch
    {
        "window" => "window.fromHour",
        _ when fault.Field.StartsWith("cohort.has[", StringComparison.Ordinal) && fault.Field.EndsWith(']') => $"{fault.Field}.signal",
        _ => fault.Field,
    };

    public int RowsOf(string list, int spare) => Values.Rows(list) + spare + (More == list ? MoreRows : 0);

    public void Field(Html page, Tongue tongue, FieldWords words, string type = "text", string? list = null) => Parts.Field(page, tongue, words, Values.One(words.Name), Of(words.Name), type, list);

    public void Area(Html page, Tongue tongue, FieldWords words, int rows = 3) => Parts.Area(page, tongue, words, Values.One(words.Name), Of(words.Name), rows);
}
