using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>The parts of the form that have a fixed number of fields.</summary>
internal static class RequestParts
{
    public static void Study(Html page, Tongue tongue, RequestState state)
    {
        using (page.In("fieldset"))
        {
            page.Tag("legend", tongue.Of("L’étude", "The study"));
            state.Field(page, tongue, FieldWords.Of("title.french", "Titre, en français", "Title, in French", longest: RequestCheck.LongestTitle));
            state.Field(page, tongue, FieldWords.Of("title.english", "Titre, en anglais", "Title, in English", longest: RequestCheck.LongestTitle));
            state.Area(page, tongue, FieldWords.Of(
                "summary.french", "Résumé pour les patients, en français", "Summary for patients, in French", "Des phrases courtes, sans mots de métier. Ce texte paraît dans le registre public.", "Short sentences, no words of the trade. This text stands in the public log.", RequestCheck.LongestText));
            state.Area(page, tongue, FieldWords.Of("summary.english", "Résumé pour les patients, en anglais", "Summary for patients, in English", longest: RequestCheck.LongestText));
            state.Area(page, tongue, FieldWords.Of("publicInterest", "Intérêt public", "Public interest", "À qui l’étude sert, et comment.", "Whom the study serves, and how.", RequestCheck.LongestText));
        }
    }

    public static void Law(Html page, Tongue tongue, RequestState state)
    {
        using (page.In("fieldset"))
        {
            page.Tag("legend", tongue.Of("La loi et les responsables", "The law and who answers"));
            using (page.In("div", ("class", "form-field")))
            {
                page.Tag("label", tongue.Of("Base légale", "Legal basis"), ("for", Parts.IdOf("basis")));
                IReadOnlyList<RequestFault> faults = state.Of("basis");
                Parts.Faults(page, tongue, faults, "f-basis-fault");
                using (page.In("select", ("class", "field"), ("id", Parts.IdOf("basis")), ("name", "basis"), ("aria-describedby", faults.Count > 0 ? "f-basis-fault" : null), ("aria-invalid", faults.Count > 0 ? "true" : null)))
                {
                    foreach (LegalBasis basis in Enum.GetValues<LegalBasis>())
                    {
                        string word = basis == LegalBasis.None ? tongue.Of("choisir…", "choose…") : tongue.Of(ResearchWords.Of(basis));
                        page.Tag("option", word, ("value", basis.ToString()), ("selected", state.Values.One("basis") == basis.ToString() ? string.Empty : null));
                    }
                }
            }

            state.Field(page, tongue, FieldWords.Of("basisReference", "Numéro de la déclaration ou de l’autorisation", "Number of the declaration or permit", longest: RequestCheck.LongestTitle));
            state.Field(page, tongue, FieldWords.Of("opinion", "Avis scientifique ou éthique", "Scientific or ethical opinion", "Numéro et date, ou l’endroit où il se trouve.", "Number and date, or where it stands.", RequestCheck.LongestText));
            state.Field(page, tongue, FieldWords.Of("body", "Organisme responsable", "Responsible body", longest: RequestCheck.LongestTitle));
            state.Field(page, tongue, FieldWords.Of("dataProtectionOfficer", "Délégué à la protection des données", "Data protection officer", "Comment le joindre.", "How to reach them.", RequestCheck.LongestTitle));
        }
    }

    public static void Cohort(Html page, Tongue tongue, RequestState state)
    {
        using (page.In("fieldset"))
        {
            page.Tag("legend", tongue.Of("Quels séjours", "Which stays"));
            Boxes(page, tongue, state, "cohort.ageBands", tongue.Of("Âge (rien de coché = tous)", "Age (none ticked = all)"), RequestCohort.AgeBands, band => tongue.Of($"{band} ans", $"{band} years"));
            Boxes(page, tongue, state, "cohort.sexes", tongue.Of("Sexe (rien de coché = tous)", "Sex (none ticked = all)"), RequestCohort.Sexes, sex => sex == "F" ? tongue.Of("femmes", "women") : tongue.Of("hommes", "men"));
            using (page.In("div", ("class", "form-row")))
            {
                state.Field(page, tongue, FieldWords.Of("firstDay", "Admis à partir du", "Admitted from"), "date");
                state.Field(page, tongue, FieldWords.Of("lastDay", "Admis jusqu’au", "Admitted until"), "date");
                state.Field(page, tongue, FieldWords.Of("cohort.leastHours", "Durée du séjour, au moins (heures)", "Length of stay, at least (hours)", longest: 8));
            }

            for (int i = 0; i < state.RowsOf(FormValues.Has, 1); i++)
            {
                using (page.In("div", ("class", "form-row has-row")))
                {
                    state.Field(page, tongue, FieldWords.Of($"cohort.has[{i}].signal", $"Avec ce signal, condition {i + 1}", $"With this signal, condition {i + 1}", longest: 64), list: RequestPage.SignalList);
                    state.Field(page, tongue, FieldWords.Of($"cohort.has[{i}].hours", $"pendant au moins (heures), condition {i + 1}", $"for at least (hours), condition {i + 1}", longest: 8));
                }
            }
        }
    }

    public static void Days(Html page, Tongue tongue, RequestState state)
    {
        using (page.In("fieldset"))
        {
            page.Tag("legend", tongue.Of("Quelles heures, et comment le temps est écrit", "Which hours, and how time is written"));
            using (page.In("div", ("class", "form-row")))
            {
                state.Field(page, tongue, FieldWords.Of("window.fromHour", "De l’heure (après l’admission)", "From hour (after admission)", longest: 8));
                state.Field(page, tongue, FieldWords.Of("window.toHour", "À l’heure (vide = fin du séjour)", "To hour (empty = end of the stay)", longest: 8));
            }

            using (page.In("fieldset", ("class", "choice")))
            {
                page.Tag("legend", tongue.Of("Temps", "Time"));
                Radio(page, state, "time", nameof(TimeForm.Relative), tongue.Of("Secondes depuis l’admission, et l’heure du jour", "Seconds since admission, and the hour of the day"), isUsual: true);
                Radio(page, state, "time", nameof(TimeForm.ShiftedWeeks), tongue.Of("Dates décalées de semaines entières (il faut une raison)", "Dates moved by whole weeks (needs a reason)"), isUsual: false);
            }

            state.Field(page, tongue, FieldWords.Of("timeReason", "Pourquoi des dates décalées", "Why moved dates", longest: RequestCheck.LongestText));
        }
    }

    public static void Use(Html page, Tongue tongue, RequestState state)
    {
        using (page.In("fieldset"))
        {
            page.Tag("legend", tongue.Of("Où, jusqu’à quand, pour quoi", "Where, until when, for what"));
            state.Area(page, tongue, FieldWords.Of("secureSpace", "Espace sécurisé", "Secure space", "Le lieu où le paquet est ouvert ; il n’en sort pas.", "The place in which the package is opened; it does not leave it.", RequestCheck.LongestText), rows: 2);
            state.Field(page, tongue, FieldWords.Of("expires", "Dernier jour", "Last day", "12 mois en général, 24 au plus. Après, plus rien ne peut être ouvert.", "12 months as a rule, 24 at most. After it nothing can be opened any more."), "date");
            state.Area(page, tongue, FieldWords.Of("outputs", "Résultats prévus", "Planned outputs", "Tableaux, modèle, article.", "Tables, a model, an article.", RequestCheck.LongestText), rows: 2);
            state.Area(page, tongue, FieldWords.Of("whyNotFederated", "Pourquoi des réponses sans les données ne suffisent pas", "Why answers without the data do not serve", longest: RequestCheck.LongestText), rows: 2);
        }
    }

    private static void Boxes(Html page, Tongue tongue, RequestState state, string name, string legend, IReadOnlyList<string> choices, Func<string, string> word)
    {
        string[] chosen = state.Values.All(name);
        using (page.In("fieldset", ("class", "choice"), ("id", Parts.IdOf(name))))
        {
            page.Tag("legend", legend);
            Parts.Faults(page, tongue, state.Of(name), id: null);
            foreach (string choice in choices)
            {
                using (page.In("label", ("class", "tick")))
                {
                    page.Void("input", ("type", "checkbox"), ("name", name), ("value", choice), ("checked", chosen.Contains(choice) ? string.Empty : null));
                    page.Tag("span", word(choice));
                }
            }
        }
    }

    private static void Radio(Html page, RequestState state, string name, string value, string word, bool isUsual)
    {
        string said = state.Values.One(name);
        using (page.In("label", ("class", "tick")))
        {
            page.Void("input", ("type", "radio"), ("name", name), ("value", value), ("checked", said == value || (said.Length == 0 && isUsual) ? string.Empty : null));
            page.Tag("span", word);
        }
    }
}
