using System.Globalization;
using System.Security.Cryptography;
using Bedside.Extract.Package;
using Bedside.Extract.Privacy;
using Bedside.Extract.Sealing;
using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Host.Research;

/// <summary>A package of nobody: made-up patients with made-up waves, in the very form of a real one, so that a researcher can write their programs before they ask.</summary>
internal static class SamplePackage
{
    public const string Study = "ST-0000-000";

    private const int Patients = 24;
    private const long Hour = 3_600_000_000_000;
    private const int RateHertz = 125;
    private static readonly UtcInstant Admitted = UtcInstant.FromDateTime(new DateTimeOffset(2000, 1, 3, 8, 0, 0, TimeSpan.Zero));
    private static readonly Signal Heart = new(new SignalNumber(1), "hr", "made up", new Metric { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min" });
    private static readonly Signal Pressure = new(new SignalNumber(2), "abp", "made up", new Metric { SignalId = "abp", Kind = SignalKind.Waveform, Unit = "mm[Hg]" });

    /// <summary>Writes the folder <c>ST-0000-000_v1</c>, not encrypted, signed by a key of no box. Throws <see cref="IOException"/>.</summary>
    public static string Write(string directory, CancellationToken cancel)
    {
        string bag = Path.Combine(directory, $"{Study}_v1");
        if (Directory.Exists(bag))
        {
            throw new IOException($"{bag} is there already; name another folder with --out.");
        }

        Directory.CreateDirectory(bag);
        StudyRequest request = Request();
        CohortPlan plan = Generalisation.Of([.. Enumerable.Range(0, Patients).Select(Stay)], request.Cohort);
        _ = PackageContent.Write(new PackagePlan(Study, 1, request, [.. plan.Stays.Select(Packaged)], TimeZoneInfo.Utc), bag, progress: null, cancel);
        DisclosureReport report = plan.Report.For(Study, 1, request);
        TwoTongues text = DisclosureText.Of(report);
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _ = Bag.Close(
            bag,
            new BagDescription
            {
                Study = Study,
                Version = 1,
                Request = request,
                RequestDigest = RequestText.DigestOf(request),
                Software = typeof(SamplePackage).Assembly.GetName().Version?.ToString() ?? "0",
                Approvals = [],
                ClockQuality = new TwoTongues("Données inventées : aucune horloge.", "Made-up data: no clock."),
                Generalisations = [],
                DisclosureJson = DisclosureJson.Write(report),
                DisclosureText = System.Text.Encoding.UTF8.GetBytes($"{text.French}\n{text.English}"),
            },
            signer,
            cancel);
        return bag;
    }

    private static SubjectStay Stay(int number) => new()
    {
        Patient = Name("patient", number),
        Stay = Name("stay", number),
        AgeYears = 60 + (number % 10),
        Sex = number % 2 == 0 ? "F" : "M",
        From = Admitted,
        To = Admitted.Add(30 * Hour),
        AdmissionHour = 8,
        ShiftNanoseconds = 0,
        Subject = (UInt128)(number + 1),
        Source = new StayId((UInt128)(number + 1)),
    };

    /// <summary>26 letters, as a real name has, and the same each time.</summary>
    private static string Name(string word, int number) =>
        string.Concat(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"sample {word} {number}"))).Take(26).Select(letter => "abcdefghijklmnopqrstuvwxyz234567"[letter & 31]));

    private static PackageStay Packaged(PlannedStay planned)
    {
        SubjectStay stay = planned.Stay;
        int seed = (int)stay.Subject;
        return new PackageStay(stay.Stay, stay.Patient, planned.Bands, stay.From, stay.From, stay.To, stay.ShiftNanoseconds, [Heart, Pressure], (signal, _, _) => Blocks(signal, stay.From, seed));
    }

    /// <summary>A heart rate each minute for two hours, and a minute of a pressure wave.</summary>
    private static IEnumerable<Block> Blocks(SignalNumber signal, UtcInstant from, int seed)
    {
        if (signal == Heart.Number)
        {
            yield return new NumericBlock
            {
                Signal = signal,
                Start = from,
                Readings = [.. Enumerable.Range(0, 120).Select(i => new NumericReading(from.Add(i * (Hour / 60)), new Fixed(70 + ((i + seed) % 20), 0), Validity.Valid, DeviceNanoseconds: null))],
            };
        }

        if (signal == Pressure.Number)
        {
            int[] samples = [.. Enumerable.Range(0, 60 * RateHertz).Select(i => (int)(900 + (300 * Math.Sin(2 * Math.PI * (1 + (seed * 0.01)) * i / RateHertz))))];
            yield return new SampleBlock { Signal = signal, Start = from, Period = SamplePeriod.FromHertz(RateHertz), Samples = samples, Scale = new Scale(0.1, 0) };
        }
    }

    private static StudyRequest Request() => new()
    {
        Title = new TwoTongues("Paquet d’essai : données inventées", "Sample package: made-up data"),
        Summary = new TwoTongues("Personne n’y figure.", "Nobody is in it."),
        PublicInterest = "To write programs before asking for data.",
        Basis = LegalBasis.None,
        BasisReference = "none",
        Opinion = "none",
        Body = "Bedside",
        DataProtectionOfficer = "none",
        People = [],
        SecureSpace = "any",
        Cohort = new CohortRules([], [], 0, []),
        Signals = [new AskedSignal(Heart.Id, "sample"), new AskedSignal(Pressure.Id, "sample")],
        FirstDay = new DateOnly(2000, 1, 1),
        LastDay = new DateOnly(2000, 12, 31),
        Window = new StudyWindow(0, ToHour: null),
        Expires = new DateOnly(2000, 12, 31),
        Outputs = "none",
        WhyNotFederated = "none",
    };
}
