using System.Globalization;
using Bedside.Storage.Files;

namespace Bedside.Storage;

/// <summary>Every name of a file in a store's folder (FORMAT.md, section 5).</summary>
internal static class FileNames
{
    /// <summary>Locked while a process writes; holds that process's number.</summary>
    public const string Lock = "lock";

    /// <summary>A journal file without use, kept because making one costs writes.</summary>
    public const string SpareJournal = "journal.spare";

    /// <summary>What persons said must not go.</summary>
    public const string Holds = "holds";

    /// <summary>Locked while the list of holds is changed, or something is dropped.</summary>
    public const string HoldsLock = "holds.lock";

    /// <summary>What went, and why.</summary>
    public const string Retention = "retention";

    /// <summary>Room that capture gets back when a disk is full.</summary>
    public const string Reserve = "reserve";

    /// <summary>What was decoded again in the place of the originals (<see cref="Replacing.ReplaceRecord"/>).</summary>
    public const string Replaced = "replaced";

    /// <summary>How far the destination outside of the box was told (<see cref="Feeding.FeedFile"/>).</summary>
    public const string Feed = "feed";

    /// <summary>The wrapped keys of the stays.</summary>
    public const string Keys = "keys";

    /// <summary>What was said of who lies in the bed (<see cref="Stays.StayBook"/>).</summary>
    public const string Stays = "stays";

    /// <summary>Says which process wrote last (<see cref="Journal.LifeMark"/>).</summary>
    public const string Life = "life";

    private const string TailPrefix = "tail-";
    private const string TailSuffix = ".bdt";
    private static readonly string[] Single = [Lock, SpareJournal, Keys, Life, Holds, HoldsLock, Retention, Reserve, Replaced, Feed, Stays];

    private const string JournalPrefix = "journal-";
    private const string JournalSuffix = ".bdj";
    private const string SegmentPrefix = "segment-";
    private const string SegmentSuffix = ".bds";
    private const string EvidencePrefix = "evidence-";
    private const string EvidenceSuffix = ".bde";

    /// <summary>A file being written; worthless after a restart.</summary>
    private const string UnfinishedSuffix = ".tmp";

    /// <summary>A file in which nothing could be read; kept for a person, read by no program.</summary>
    private const string BadSuffix = ".bad";

    /// <summary>A segment that is about to take the place of another; without a word in <see cref="Replaced"/> it is worthless.</summary>
    private const string NextSuffix = ".next";

    /// <summary>A segment whose place was taken, as it was; before this stands the number of the replacement.</summary>
    private const string SetAsideSuffix = ".replaced";

    private const int SequenceDigits = 12;

    /// <summary>No store skips so many: a number that far above the one before it is not ours.</summary>
    private const ulong MostSkipped = 1_000_000_000;

    /// <summary>True for a name that the store gives, or would give, to a file.</summary>
    public static bool IsOurs(string name)
    {
        string whole = Plain(name);
        return Single.Contains(whole, StringComparer.Ordinal) || SequenceOfJournal(whole) is not null || SequenceOfSegment(whole) is not null || SequenceOfEvidence(whole) is not null;
    }

    public static bool IsBadSegment(string name) => name.EndsWith(Bad(SegmentSuffix), StringComparison.Ordinal);

    /// <summary>The greatest sequence that a store of these names can have come to; 0 = none.</summary>
    public static ulong GreatestSequence(IEnumerable<string> names)
    {
        ulong greatest = 0;
        foreach (ulong sequence in names.Select(name => SequenceOfSegment(IsUnfinished(name) ? name : Plain(name)) ?? SequenceOfJournal(name) ?? SequenceOfBad(name)).OfType<ulong>().Order())
        {
            if (sequence - greatest > MostSkipped)
            {
                break;
            }

            greatest = sequence;
        }

        return greatest;
    }

    public static string Journal(ulong sequence) => Numbered(JournalPrefix, sequence, JournalSuffix);

    public static string Segment(ulong sequence) => Numbered(SegmentPrefix, sequence, SegmentSuffix);

    /// <summary>A file of the ring of evidence; these have a sequence of their own.</summary>
    public static string Evidence(ulong sequence) => Numbered(EvidencePrefix, sequence, EvidenceSuffix);

    /// <summary>One of the two areas of the tail.</summary>
    public static string Tail(int area) => TailPrefix + area.ToString(CultureInfo.InvariantCulture) + TailSuffix;

    public static string Unfinished(string name) => name + UnfinishedSuffix;

    public static string Bad(string name) => name + BadSuffix;

    public static string Next(string name) => name + NextSuffix;

    public static bool IsNext(string name) => name.EndsWith(NextSuffix, StringComparison.Ordinal);

    public static string SetAside(string name, int replacement) => string.Create(CultureInfo.InvariantCulture, $"{name}.{replacement}{SetAsideSuffix}");

    /// <summary>Which replacement took the place of a segment that was set aside; null = it is none.</summary>
    public static int? ReplacementOf(string name)
    {
        string rest = name.EndsWith(SetAsideSuffix, StringComparison.Ordinal) ? name[..^SetAsideSuffix.Length] : string.Empty;
        int dot = rest.LastIndexOf('.');
        return dot > 0 && SequenceOfSegment(rest[..dot]) is not null && int.TryParse(rest.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    /// <summary>The name that a file has, will have or had.</summary>
    public static string Plain(string name) =>
        IsUnfinished(name) ? name[..^UnfinishedSuffix.Length]
        : IsNext(name) ? name[..^NextSuffix.Length]
        : ReplacementOf(name) is not null ? name[..name.LastIndexOf('.', name.Length - SetAsideSuffix.Length - 1)]
        : name;

    public static bool IsUnfinished(string name) => name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal);

    /// <summary>The sequence in the name of a journal, or of one set aside.</summary>
    public static ulong? SequenceOfJournal(string name) => Sequence(name, JournalPrefix, JournalSuffix);

    public static ulong? SequenceOfSegment(string name) => Sequence(name, SegmentPrefix, SegmentSuffix);

    public static ulong? SequenceOfEvidence(string name) => Sequence(name, EvidencePrefix, EvidenceSuffix);

    /// <summary>The sequence of a file that was set aside: it is never given again.</summary>
    public static ulong? SequenceOfBad(string name) => name.EndsWith(BadSuffix, StringComparison.Ordinal)
        ? SequenceOfSegment(name[..^BadSuffix.Length]) ?? SequenceOfJournal(name[..^BadSuffix.Length])
        : null;

    public static bool IsBad(string name) => name.EndsWith(BadSuffix, StringComparison.Ordinal);

    /// <summary>Which journal, segment or file of evidence a name is of, also while it is being written or when it was set aside.</summary>
    public static FileIdentity? IdentityOf(string name)
    {
        string plain = Plain(IsBad(name) ? name[..^BadSuffix.Length] : name);
        return SequenceOfSegment(plain) is { } segment ? new FileIdentity(FileKind.Segment, segment)
            : SequenceOfJournal(plain) is { } journal ? new FileIdentity(FileKind.Journal, journal)
            : SequenceOfEvidence(plain) is { } evidence ? new FileIdentity(FileKind.Evidence, evidence)
            : null;
    }

    private static string Numbered(string prefix, ulong sequence, string suffix) =>
        prefix + sequence.ToString(CultureInfo.InvariantCulture).PadLeft(SequenceDigits, '0') + suffix;

    private static ulong? Sequence(string name, string prefix, string suffix) =>
        name.Length == prefix.Length + SequenceDigits + suffix.Length
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && name.EndsWith(suffix, StringComparison.Ordinal)
        && ulong.TryParse(name.AsSpan(prefix.Length, SequenceDigits), NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence)
            ? sequence
            : null;
}
