using Bedside.Model.Research;

namespace Bedside.Tests.Research;

/// <summary>Requests for tests: one against which nothing stands, to be changed.</summary>
internal static class Requests
{
    public const string Key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    public const string OtherKey = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q";

    public static DateOnly Today { get; } = new(2027, 1, 15);

    public static StudyRequest Whole() => new()
    {
        Title = new TwoTongues("Pression artérielle et réveil", "Blood pressure and waking"),
        Summary = new TwoTongues("Nous regardons comment la tension change au réveil.", "We look at how blood pressure changes at waking."),
        PublicInterest = "Fewer falls after sedation.",
        Basis = LegalBasis.Mr004,
        BasisReference = "MR-004 n° 2229999",
        Opinion = "CERAR IRB 00010254-2027-001",
        Body = "CHU de l’Exemple",
        DataProtectionOfficer = "dpo@chu.example",
        People = [new NamedResearcher("Jeanne Exemple", "R2", Key)],
        SecureSpace = "Entrepôt du CHU, salle 2",
        Cohort = new CohortRules([], [], 0, []),
        Signals = [new AskedSignal("abp", "The question itself.", 1), new AskedSignal("hr", "To tell arrhythmias.")],
        FirstDay = new DateOnly(2026, 1, 1),
        LastDay = new DateOnly(2026, 12, 31),
        Window = new StudyWindow(0, 72),
        Expires = RequestCheck.UsualEnd(Today),
        Outputs = "An article with tables.",
        WhyNotFederated = "The shape of single waves is looked at.",
    };
}
