using System.Text;

namespace Bedside.Extract;

internal enum ExportFormat
{
    Wfdb,
    Csv,
    Arrow,
}

/// <summary>The two pages that go with every export: README.txt and LISEZMOI.txt.</summary>
internal static class ExportNotes
{
    public static void Write(ExportFolder folder, ExportRequest request, ExportFormat format)
    {
        folder.WriteText("README.txt", English(request, format));
        folder.WriteText("LISEZMOI.txt", French(request, format));
    }

    private static string English(ExportRequest request, ExportFormat format)
    {
        string more = Name(string.Empty);
        string ending = Ending(format);
        string spelt = format == ExportFormat.Arrow ? "time stamps in nanoseconds" : "ISO 8601";
        string unit = format == ExportFormat.Arrow ? "ns" : "s";
        var text = new StringBuilder($"""
            Signals of one bed, exported by Bedside
            from {request.From} (included)
            to   {request.To} (excluded)

            Bedside is not a medical device and this folder is not a medical record. It holds patient data: keep it as such.

            FILES
            {Name("signals")}the dictionary: every signal, its unit (UCUM), its ISO/IEEE 11073 code, its device
            {Name("numerics")}numbers and settings, one row each, signal by signal, with the decimals the device showed
            {Name("texts")}states and modes in words, one row for each change
            {Name("alerts")}alerts as the devices raised, changed and ended them
            {Name("annotations")}all versions of all marks, withdrawn ones too, with their texts; a later version of a key replaces an
            {more}earlier one
            {Name("context")}what was so while the data were taken: marks and devices' own notices, one row each, in codes, with what
            {more}each is about and from when to when it held; see CONTEXT
            {Name("gaps")}every stretch without data and its cause; recorded = false: found while writing this, not explained
            {Name("clock")}how each device's clock was mapped to the box's clock
            {Name("devices")}the devices, how they named themselves, and when they were connected

            """);
        text.Append(format switch { ExportFormat.Csv => EnglishCsv, ExportFormat.Arrow => EnglishArrow, _ => EnglishWfdb }).Append($"""

            TIME
            All times are UTC, {spelt}, by the clock of the box. uncertainty_us is the half-width, in microseconds, of the
            interval that holds the true time; empty = not known. Where a device has a clock of its own, sample times follow
            it through the mapping in clock{ending}. device_time_{unit} is the device's own counter, without a zero that means anything.

            VALUES
            validity: empty = valid; else the words of ISO/IEEE 11073-10201 (invalid, questionable, not-available,
            calibration-ongoing, test-data, demo-data, …) and of Bedside (implausible, replayed, saturated, pacer-mark).
            demo-data and test-data are never of a patient. An empty field means that there is no value.
            experimental = true (signals{ending}, devices{ending}, heads of waves): the driver was never tried on a real device.

            CONTEXT
            kind and attributes (attribute=value, joined by ;) are codes; the columns beside them are their names. signal: what
            was marked, empty = the whole bed or device; concerns: all signals in this folder that it is about.
            form: event = at an instant; range = until ended; state (position, site, size) = until the next of its series.
            ended: instant; told = somebody or the device said it; next = the next of its series began; open = not ended, or
            nobody knows when. source: bed = a person at the bed; else the device, which reported it by a code of its own:
            nothing is made of a device's free text. States that began before the first instant and still hold are listed, and
            ranges that nobody ended for eight hours after they began.

            {(format == ExportFormat.Arrow ? EnglishNulls : "CSV: UTF-8, comma, decimal point, fields quoted by RFC 4180.")}

            """);
        return text.ToString();

        string Name(string table) => NameOf(table, format);
    }

    private static string French(ExportRequest request, ExportFormat format)
    {
        string more = Name(string.Empty);
        string ending = Ending(format);
        string spelt = format == ExportFormat.Arrow ? "horodatages en nanosecondes" : "ISO 8601";
        string unit = format == ExportFormat.Arrow ? "ns" : "s";
        var text = new StringBuilder($"""
            Signaux d'un lit, exportés par Bedside
            de {request.From} (inclus)
            à  {request.To} (exclu)

            Bedside n'est pas un dispositif médical et ce dossier n'est pas un dossier médical. Il contient des données de patient : à protéger comme telles.

            FICHIERS
            {Name("signals")}le dictionnaire : chaque signal, son unité (UCUM), son code ISO/IEEE 11073, son appareil
            {Name("numerics")}nombres et réglages, une ligne par valeur, signal par signal, avec les décimales affichées par l'appareil
            {Name("texts")}états et modes en toutes lettres, une ligne par changement
            {Name("alerts")}alertes telles que les appareils les ont émises, modifiées et terminées
            {Name("annotations")}toutes les versions de tous les repères, retirés compris, avec leurs textes ; la plus récente d'une clé
            {more}remplace les autres
            {Name("context")}dans quelles circonstances : repères et avis des appareils, une ligne chacun, en codes, avec ce dont il
            {more}s'agit, de quand à quand ; voir CONTEXTE
            {Name("gaps")}chaque intervalle sans données et sa cause ; recorded = false : trouvé à l'export, non expliqué
            {Name("clock")}correspondance entre l'horloge de chaque appareil et celle du boîtier
            {Name("devices")}les appareils, leur identité et leurs états de connexion

            """);
        text.Append(format switch { ExportFormat.Csv => FrenchCsv, ExportFormat.Arrow => FrenchArrow, _ => FrenchWfdb }).Append($"""

            TEMPS
            Toutes les heures sont en UTC, {spelt}, à l'horloge du boîtier. uncertainty_us est la demi-largeur, en microsecondes,
            de l'intervalle qui contient l'heure vraie ; vide = inconnue. Quand un appareil a sa propre horloge, l'heure des
            échantillons la suit selon clock{ending}. device_time_{unit} est le compteur de l'appareil, sans origine définie.

            VALEURS
            validity : vide = valide ; sinon les mots d'ISO/IEEE 11073-10201 (invalid, questionable, not-available,
            calibration-ongoing, test-data, demo-data, …) et de Bedside (implausible, replayed, saturated, pacer-mark).
            demo-data et test-data ne viennent jamais d'un patient. Un champ vide signifie qu'il n'y a pas de valeur.
            experimental = true (signals{ending}, devices{ending}, en-têtes des courbes) : le pilote n'a jamais été essayé sur un appareil réel.

            CONTEXTE
            kind et attributes (attribut=valeur, séparés par ;) sont des codes ; leurs noms sont dans les colonnes voisines.
            signal : ce qui a été marqué, vide = tout le lit ou l'appareil ; concerns : les signaux présents ici dont il s'agit.
            form : event = à un instant ; range = jusqu'à sa fin ; state (position, site, taille) = jusqu'au suivant de sa série.
            ended : instant ; told = dit par quelqu'un ou par l'appareil ; next = le suivant a commencé ; open = pas terminé, ou
            fin inconnue. source : bed = une personne au lit ; sinon l'appareil, qui l'a signalé par un code à lui : rien n'est
            tiré du texte libre d'un appareil. Les états antérieurs au premier instant et toujours valables sont listés, et les
            durées que personne n'a terminées pendant huit heures après leur début.

            {(format == ExportFormat.Arrow ? FrenchNulls : "CSV : UTF-8, virgule, point décimal, guillemets selon RFC 4180. Dans un tableur français, importer en choisissant la virgule et le point.")}

            """);
        return text.ToString();

        string Name(string table) => NameOf(table, format);
    }

    private static string Ending(ExportFormat format) => format == ExportFormat.Arrow ? ".arrow" : ".csv";

    /// <summary>A file's name, or nothing, as wide as the first column of the list.</summary>
    private static string NameOf(string table, ExportFormat format) =>
        (table.Length == 0 ? string.Empty : table + Ending(format)).PadRight("annotations".Length + Ending(format).Length + 2);

    private const string EnglishNulls =
        "Arrow IPC files, uncompressed; field and schema metadata (keys bedside.*) hold the dictionary. null = no value, or not known. *_ns: nanoseconds.";

    private const string FrenchNulls =
        "Fichiers Arrow IPC, non compressés ; les métadonnées des champs et du schéma (clés bedside.*) contiennent le dictionnaire. null = pas de valeur, ou inconnue. *_ns : nanosecondes.";

    private const string EnglishArrow = """
        times.arrow        each stored run of samples of a waveform: its first time, uncertainty, epoch and counter of the device's clock
        waves/…hz.arrow    the waves of one device at one rate: a row for each instant, and for each signal its value in the unit
                           (NAME), raw count (NAME.raw) and marks (NAME.validity, bits; see bedside.validity_bits). NAME.raw null:
                           no sample at that time. NAME~2: another scale of the same signal. What is missing has no rows.

        Open them:  Python   pyarrow.feather.read_table("numerics.arrow"), pandas.read_feather(…), polars.read_ipc(…)
                    DuckDB   INSTALL nanoarrow FROM community; LOAD nanoarrow; FROM 'numerics.arrow';
                    R        arrow::read_feather("numerics.arrow")
                    JS       tableFromIPC(await readFile("numerics.arrow")) of the package apache-arrow

        """;

    private const string FrenchArrow = """
        times.arrow        chaque suite d'échantillons d'une courbe : sa première heure, l'incertitude, l'époque et le compteur de
                           l'horloge de l'appareil
        waves/…hz.arrow    les courbes d'un appareil à une fréquence : une ligne par instant, et par signal sa valeur dans l'unité
                           (NOM), la valeur brute (NOM.raw) et les marques (NOM.validity, bits ; voir bedside.validity_bits).
                           NOM.raw null : pas d'échantillon à cette heure. NOM~2 : autre échelle du même signal. Ce qui manque
                           n'a pas de ligne.

        Les ouvrir :  Python   pyarrow.feather.read_table("numerics.arrow"), pandas.read_feather(…), polars.read_ipc(…)
                      DuckDB   INSTALL nanoarrow FROM community; LOAD nanoarrow; FROM 'numerics.arrow';
                      R        arrow::read_feather("numerics.arrow")
                      JS       tableFromIPC(await readFile("numerics.arrow")) du paquet apache-arrow

        """;

    private const string EnglishCsv = """
        waves/NAME.csv   one waveform each, a row for each sample: time, raw count, value in the unit, marks; lines
                         with # at its head say unit, code, period, scale. NAME_2: another period or scale.

        """;

    private const string FrenchCsv = """
        waves/NOM.csv    une courbe par fichier, une ligne par échantillon : heure, valeur brute, valeur dans l'unité, marques ;
                         les lignes # en tête disent l'unité, le code, la période, l'échelle. NOM_2 : autre période ou échelle.

        """;

    private const string EnglishWfdb = """
        waves_….hea .dat one WFDB record for each sampling rate, one signal file for each waveform (format 16 or 32); a
                         silence of more than an hour begins a new record. Read them with any WFDB program.
        waves_….json     the exact scale (value = raw × gain + offset), period and bounds that a WFDB header rounds
        waves_….ctx      annotations (annotator ctx, MIT format, e.g. rdann -a ctx): a NOTE where each row of context.csv
                         begins and ends, on the signal that it is about; its text says context=ROW;phase=…;kind=…;…
        waves_…_gaps.csv     samples filled with the missing code, and why
        waves_…_validity.csv samples that are not plainly valid; those called unusable are written as missing
        waves_…_times.csv    the exact time of samples: at the start, after every gap, and wherever the true time has
                             moved half a period from the even grid of WFDB. Between two rows count in periods.

        """;

    private const string FrenchWfdb = """
        waves_….hea .dat un enregistrement WFDB par fréquence d'échantillonnage, un fichier par courbe (format 16 ou 32) ;
                         un silence de plus d'une heure ouvre un nouvel enregistrement.
        waves_….json     l'échelle exacte (valeur = brut × gain + offset), la période et les bornes que l'en-tête WFDB arrondit
        waves_….ctx      annotations (annotateur ctx, format MIT, p. ex. rdann -a ctx) : une NOTE au début et à la fin de chaque
                         ligne de context.csv, sur le signal concerné ; son texte : context=LIGNE;phase=…;kind=…;…
        waves_…_gaps.csv     échantillons remplis par le code d'absence, et pourquoi
        waves_…_validity.csv échantillons qui ne sont pas simplement valides ; les inutilisables sont écrits comme absents
        waves_…_times.csv    l'heure exacte des échantillons : au début, après chaque trou et dès que l'heure vraie s'écarte
                             d'une demi-période de la grille régulière de WFDB. Entre deux lignes, compter en périodes.

        """;
}
