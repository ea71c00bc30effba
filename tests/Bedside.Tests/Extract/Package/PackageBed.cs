using System.IO.Compression;
using System.Text;
using Bedside.Extract.Package;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Tests.Extract.Arrow;

namespace Bedside.Tests.Extract.Package;

/// <summary>Plans of packages over shelves of blocks, and what their files hold.</summary>
internal static class PackageBed
{
    public const string Stay = "abcdefghijklmnopqrstuvwxyz";
    public const string Patient = "zyxwvutsrqponmlkjihgfedcba";
    public const long Second = 1_000_000_000;
    public const long Week = 7L * 24 * 3600 * Second;
    public static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    public static StudyRequest Request(TimeForm time, params AskedSignal[] signals) => new()
    {
        Title = new TwoTongues("Titre", "Title"),
        Summary = new TwoTongues("Résumé", "Summary"),
        PublicInterest = "why",
        Basis = LegalBasis.Mr004,
        BasisReference = "1",
        Opinion = "there",
        Body = "body",
        DataProtectionOfficer = "officer",
        People = [],
        SecureSpace = "space",
        Cohort = new CohortRules([], [], 0, []),
        Signals = signals,
        FirstDay = new DateOnly(2026, 1, 1),
        LastDay = new DateOnly(2026, 12, 31),
        Window = new StudyWindow(0, ToHour: null),
        Time = time,
        Expires = new DateOnly(2027, 1, 1),
        Outputs = "tables",
        WhyNotFederated = "because",
    };

    /// <summary>Everything of the nomenclature that a shelf has, as it was taken.</summary>
    public static AskedSignal[] All(Shelf shelf) => [.. shelf.Signals.Select(signal => signal.Metric.SignalId).Distinct().Select(id => new AskedSignal(id, "why"))];

    public static PackagePlan Plan(TimeForm time, IReadOnlyList<AskedSignal> asked, params PackageStay[] stays) => new("ST-2026-001", 1, Request(time, [.. asked]), stays, Paris);

    public static PackageStay StayOf(Shelf shelf, UtcInstant from, UtcInstant to, string name = Stay) =>
        new(name, Patient, [KeyValuePair.Create("age_band", "40-49"), KeyValuePair.Create("sex", string.Empty)], from.Add(-600 * Second), from, to, 5200 * Week, shelf.Signals, shelf.Read);

    public static PackagePlan Synthetic(int seed, TimeForm time, out Shelf shelf)
    {
        shelf = SyntheticBed.Of(seed);
        return Plan(time, All(shelf), StayOf(shelf, SyntheticBed.From, SyntheticBed.To));
    }

    public static PackageResult Write(PackagePlan plan, string directory, int workers = 2) => PackageContent.Write(plan, directory, progress: null, workers, CancellationToken.None);

    /// <summary>The tables of waves, by the name of their file without its ending.</summary>
    public static Dictionary<string, ArrowText> Waves(string directory) =>
        Directory.GetFiles(Path.Combine(directory, "data", "waves"), "*.arrow").Order(StringComparer.Ordinal).ToDictionary(file => Path.GetFileNameWithoutExtension(file), ArrowText.Read);

    public static string Unpacked(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Every file of a folder under its name, and what is packed in it once more unpacked.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> Everything(string directory)
    {
        foreach (string file in Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(directory, file);
            yield return KeyValuePair.Create(name, File.ReadAllBytes(file));
            if (name.EndsWith(".gz", StringComparison.Ordinal))
            {
                yield return KeyValuePair.Create(name[..^3], Encoding.UTF8.GetBytes(Unpacked(file)));
            }
        }
    }
}
