namespace Bedside.Tests.Services;

/// <summary>Messages of the admissions for tests, written field by field.</summary>
internal static class Adt
{
    public const string Here = "ICU^^5^H";
    public const string There = "ICU^^6^H";
    private static readonly string Gap = new('|', 25);

    /// <summary>One message; <paramref name="at"/> is the minute of EVN-6 after ten o'clock.</summary>
    public static string Of(string name, string patient, string place, int at, string before = "", int? sent = null) =>
        Header(name, at, sent) + Pid(patient) + Pv1(patient, place, before);

    public static string Header(string name, int at, int? sent = null) =>
        $"MSH|^~\\&|ADT|H|||202603151{(sent ?? at) / 60}{(sent ?? at) % 60:D2}30+0000||ADT^{name}^ADT_{name}|77|P|2.5\rEVN|{name}|202603151{at / 60}{at % 60:D2}20+0000||||202603151{at / 60}{at % 60:D2}00+0000\r";

    public static string Pid(string patient) => $"PID|1||{patient}^^^H^MR||TEST-{patient}^ADA||19500203|F\r";

    public static string Pv1(string patient, string place, string before = "", string? visit = null) =>
        $"PV1|1|I|{place}|||{before}|||||||||||||V{visit ?? patient}^^^H^VN{Gap}202603150900+0000|\r";

    /// <summary>MRG-1 and MRG-5.</summary>
    public static string Mrg(string patient, string visit = "") => $"MRG|{patient}^^^H^MR||||{(visit.Length == 0 ? string.Empty : $"V{visit}^^^H^VN")}\r";
}
