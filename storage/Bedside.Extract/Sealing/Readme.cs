using System.Text;
using Bedside.Model.Research;

namespace Bedside.Extract.Sealing;

/// <summary>README.txt: one page for whoever opens a package. LISEZMOI.txt is the same in French.</summary>
internal static class Readme
{
    /// <summary>What the parts of <c>data/</c> are, in the order in which a reader needs them.</summary>
    private static readonly (string Part, string What)[] Parts =
    [
        ("dictionary.csv", "every signal: unit (UCUM), code (ISO/IEEE 11073), range, rate, class of device, what gaps mean"),
        ("stays.csv", "every stay: names of this study alone, and bands"),
        ("gaps.csv", "every stretch without data, and its cause"),
        ("clock.csv", "how well each time is known"),
        ("events.csv", "marks and notices, in codes"),
        ("states.csv", "states that signals were in, such as a mode, in codes"),
        ("alerts.csv", "alarms of the devices: beginning, end, priority and code, never their text"),
        ("context.csv", "what was so while the data were taken, in codes"),
        ("numerics", "numbers and settings, an Arrow file for each stay"),
        ("waves", "waves, an Arrow file for each stay and rate"),
        ("wfdb", "the same waves as WFDB records"),
        ("csv", "the same numbers as CSV (gzip)"),
    ];

    public static string Write(BagDescription about, IReadOnlyList<BagFile> payload)
    {
        StudyRequest request = about.Request;
        var text = new StringBuilder($"""
            {Page.Wrap($"{about.Name}: {request.Title.English}")}

            {Page.Wrap("Pseudonymised measurements of intensive-care stays, packed by Bedside for one approved study. For research only: not a medical record, and nobody may be treated by it. DATA-USE.txt says what you may do with it.")}

            CHECK AND OPEN (age, GNU tar, coreutils, openssl; or: bedside extract open FILE --identity KEYFILE --out DIR)

            {Script.Write(about.Study, about.Name).TrimEnd('\n').ReplaceLineEndings("\n    ").Insert(0, "    ")}

            {Page.Wrap($"The digest of signer.pem must come from the public log ({about.Study}), never from this package. The script is also on the page from which you fetched it.")}

            WHAT IS IN IT (data/)

            {Contents(payload)}
            {Page.Wrap("disclosure-report.txt says who could be told apart and how likely; ro-crate-metadata.json where all of it comes from.", string.Empty)}

            OPEN THE FILES

            DuckDB   FROM 'data/stays.csv';   INSTALL nanoarrow FROM community; LOAD nanoarrow; FROM 'FILE.arrow';
            Python   polars.read_ipc("FILE.arrow"), pyarrow.feather.read_table(…); wfdb.rdrecord("data/wfdb/NAME")
            R        arrow::read_feather("FILE.arrow"), read.csv("data/stays.csv")
            WFDB     rdsamp -r data/wfdb/NAME; or biosig-tools, sigviewer

            WHAT WAS TAKEN OUT, AND LIMITS

            {Page.List(Limits(about))}

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A line for each part of the payload that is there.</summary>
    internal static string Contents(IReadOnlyList<BagFile> payload, IReadOnlyList<(string Part, string What)>? words = null)
    {
        words ??= Parts;
        string[] there = [.. payload.Select(file => file.Path[BagNames.Payload.Length..].Split('/')[0]).Distinct(StringComparer.Ordinal)];
        int width = there.Append(string.Empty).Max(part => part.Length) + 3;
        IEnumerable<(string Part, string What)> known = words.Where(word => there.Contains(word.Part, StringComparer.Ordinal)).Concat(there.Where(part => words.All(word => word.Part != part)).Order(StringComparer.Ordinal).Select(part => (Part: part, What: string.Empty)));
        return string.Concat(known.Select(word => Page.Wrap(word.What, NameOf(word.Part).PadRight(width)).TrimEnd() + "\n"));

        string NameOf(string part) => payload.Any(file => file.Path == BagNames.Payload + part) ? part : part + "/";
    }

    private static IEnumerable<string> Limits(BagDescription about) =>
    [
        "Names, numbers, birth dates, beds, units, staff, serial numbers, free text, alarm texts and device clocks were taken out.",
        about.Request.Time == TimeForm.Relative
            ? "Times are seconds since admission; of the day only the local hour of admission is given."
            : "Dates are moved by whole weeks, another number of them for each patient: weekday and hour are true, day and year are not.",
        .. about.Generalisations.Select(one => one.English),
        about.ClockQuality.English,
        "Nothing was filled in: what is missing is in gaps.csv. Values are those of the devices, artefacts and all.",
        "Names of patients and stays are of this study alone. The measurements themselves can be told again by whoever has them from elsewhere: an ECG is as good as a fingerprint.",
        "It tells no day on which it was made; the public log does.",
    ];
}
