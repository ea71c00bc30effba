using System.Security.Cryptography;
using System.Text;
using Bedside.Extract.Sealing;
using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Tests.Extract.Sealing;

/// <summary>A small package with a file of each kind, and everything around it.</summary>
internal static class SampleBag
{
    public const string Name = "ST-2026-014_v1";

    public static ECDsa NewSigner() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static BagDescription About { get; } = new()
    {
        Study = "ST-2026-014",
        Version = 1,
        Request = Request(),
        RequestDigest = Convert.ToHexStringLower(SHA256.HashData("request"u8)),
        Software = "1.2.3",
        BillOfMaterialsDigest = Convert.ToHexStringLower(SHA256.HashData("sbom"u8)),
        Approvals = [new(new("première approbation", "first approval"), Role.Steward), new(new("seconde approbation", "second approval"), Role.RightsOfficer)],
        ClockQuality = new("Chaque heure est connue à 5 ms près au pire.", "Every time is known to 5 ms at worst."),
        Generalisations = [new("Âges par classes de dix ans.", "Ages in bands of ten years."), new("Une classe de moins de onze a été supprimée.", "One class of fewer than eleven was suppressed.")],
        DisclosureJson = Encoding.UTF8.GetBytes("{\"k\":11}\n"),
        DisclosureText = Encoding.UTF8.GetBytes("Smallest class: 11\n"),
    };

    /// <summary>The payload alone, in <paramref name="directory"/>/data.</summary>
    public static void Fill(string directory, int seed = 1)
    {
        var random = new Random(seed);
        foreach ((string path, int bytes) in new[] { ("stays.csv", 300), ("dictionary.csv", 1000), ("gaps.csv", 0), ("clock.csv", 77), ("numerics/aaaa.arrow", 70_000), ("numerics/bbbb.arrow", 65_536), ("waves/aaaa.arrow", 2_100_000), ("wfdb/aaaa.hea", 90), ("wfdb/aaaa.dat", 4096), ("csv/aaaa.csv.gz", 513) })
        {
            byte[] content = new byte[bytes];
            random.NextBytes(content);
            string place = Path.Combine(directory, "data", path);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!); // it has one
            File.WriteAllBytes(place, content);
        }
    }

    public static BagSeal Make(string directory, ECDsa signer)
    {
        Fill(directory);
        return Bag.Close(directory, About, signer);
    }

    public static byte[] Tar(string directory)
    {
        var tar = new MemoryStream();
        PackageTar.Write(directory, Name, tar);
        return tar.ToArray();
    }

    private static StudyRequest Request() => new()
    {
        Title = new("Volumes courants et sevrage", "Tidal volumes and weaning"),
        Summary = new("Nous étudions la respiration des patients pendant le sevrage.", "We study how patients breathe\nwhile they are weaned."),
        PublicInterest = "Shorter ventilation.",
        Basis = LegalBasis.Mr004,
        BasisReference = "declaration 42",
        Opinion = "favourable",
        Body = "Centre hospitalier",
        DataProtectionOfficer = "dpo@example.org",
        People = [new("Canary Researcher", "4711-canary", "age1canary")],
        SecureSpace = "the hospital's secure space",
        Cohort = new([], [], 0, []),
        Signals = [],
        FirstDay = new(2026, 1, 2),
        LastDay = new(2026, 3, 4),
        Window = new(0, ToHour: null),
        Expires = new(2027, 5, 6),
        Outputs = "An article.",
        WhyNotFederated = "Waves are needed.",
    };
}
