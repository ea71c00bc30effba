using System.Text;
using Bedside.Model.Research;

namespace Bedside.Extract.Sealing;

/// <summary>LISEZMOI.txt: the page of <see cref="Readme"/> in French.</summary>
internal static class Lisezmoi
{
    private static readonly (string Part, string What)[] Parts =
    [
        ("dictionary.csv", "chaque signal : unité (UCUM), code (ISO/IEEE 11073), étendue, fréquence, classe d'appareil, sens des trous"),
        ("stays.csv", "chaque séjour : des noms propres à cette étude, et des classes"),
        ("gaps.csv", "chaque intervalle sans données, et sa cause"),
        ("clock.csv", "avec quelle précision chaque heure est connue"),
        ("events.csv", "repères et avis, en codes"),
        ("states.csv", "les états des signaux, un mode par exemple, en codes"),
        ("alerts.csv", "les alarmes des appareils : début, fin, priorité et code, jamais leur texte"),
        ("context.csv", "les circonstances des mesures, en codes"),
        ("numerics", "nombres et réglages, un fichier Arrow par séjour"),
        ("waves", "courbes, un fichier Arrow par séjour et fréquence"),
        ("wfdb", "les mêmes courbes en enregistrements WFDB"),
        ("csv", "les mêmes nombres en CSV (gzip)"),
    ];

    public static string Write(BagDescription about, IReadOnlyList<BagFile> payload)
    {
        StudyRequest request = about.Request;
        var text = new StringBuilder($"""
            {Page.Wrap($"{about.Name} : {request.Title.French}")}

            {Page.Wrap("Mesures pseudonymisées de séjours de réanimation, préparées par Bedside pour une seule étude approuvée. Pour la recherche uniquement : ce n'est pas un dossier médical, et nul ne doit être soigné d'après ces données. DATA-USE.txt dit ce que vous pouvez en faire.")}

            VÉRIFIER ET OUVRIR (age, GNU tar, coreutils, openssl ; ou : bedside extract open FICHIER --identity CLÉ --out DOSSIER)

            {Script.Write(about.Study, about.Name).TrimEnd('\n').ReplaceLineEndings("\n    ").Insert(0, "    ")}

            {Page.Wrap($"L'empreinte (DIGEST) de signer.pem doit venir du registre public ({about.Study}), jamais de ce paquet. Le script est aussi sur la page d'où vient le paquet.")}

            CE QU'IL CONTIENT (data/)

            {Readme.Contents(payload, Parts)}
            {Page.Wrap("disclosure-report.txt dit qui pourrait être distingué et avec quelle probabilité ; ro-crate-metadata.json, d'où tout cela vient.")}

            OUVRIR LES FICHIERS

            DuckDB   FROM 'data/stays.csv';   INSTALL nanoarrow FROM community; LOAD nanoarrow; FROM 'FICHIER.arrow';
            Python   polars.read_ipc("FICHIER.arrow"), pyarrow.feather.read_table(…) ; wfdb.rdrecord("data/wfdb/NOM")
            R        arrow::read_feather("FICHIER.arrow"), read.csv("data/stays.csv")
            WFDB     rdsamp -r data/wfdb/NOM ; ou biosig-tools, sigviewer

            CE QUI A ÉTÉ RETIRÉ, ET LES LIMITES

            {Page.List(Limits(about))}

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static IEnumerable<string> Limits(BagDescription about) =>
    [
        "Noms, numéros, dates de naissance, lits, services, personnel, numéros de série, texte libre, textes d'alarmes et horloges des appareils ont été retirés.",
        about.Request.Time == TimeForm.Relative
            ? "Les temps sont des secondes depuis l'admission ; du jour, seule l'heure locale de l'admission est donnée."
            : "Les dates sont décalées de semaines entières, en nombre différent pour chaque patient : jour de la semaine et heure sont vrais, date et année ne le sont pas.",
        .. about.Generalisations.Select(one => one.French),
        about.ClockQuality.French,
        "Rien n'a été complété : ce qui manque est dans gaps.csv. Les valeurs sont celles des appareils, artefacts compris.",
        "Les noms des patients et des séjours n'appartiennent qu'à cette étude. Les mesures elles-mêmes peuvent être reconnues par qui les possède par ailleurs : un ECG vaut une empreinte digitale.",
        "Aucun jour de préparation n'y figure ; le registre public le donne.",
    ];
}
