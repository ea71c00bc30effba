using System.Globalization;

namespace Bedside.EndToEnd;

/// <summary>A patient of a ward that was made up for a test, and what its systems say of them: admissions (ADT) and a gateway of devices (PCD-01).</summary>
/// <param name="Number">On the wristband.</param>
internal sealed record WardPatient(string Number, string Family)
{
    /// <summary>The bed of the box, as <c>--hl7-bed</c> takes it.</summary>
    public const string Bed = "ICU^^7";
    public const string OtherBed = "ICU^^8";
    private const string Born = "19500203";

    /// <summary>What must be nowhere outside of the vault.</summary>
    public IReadOnlyList<string> Canaries => [Number, Family, "GIVEN" + Family, "V" + Number, Born, "1950-02-03"];

    private string Pid => $"PID|1||{Number}^^^H^MR||{Family}^GIVEN{Family}||{Born}|F\r";

    /// <summary>One event of the patient's visit, sent a second after it happened: <c>A01</c>, <c>A02</c>, <c>A03</c>, <c>A13</c>.</summary>
    public string Says(string name, DateTimeOffset happened, string place, string before = "")
    {
        (string sent, string at) = (Stamp(happened.AddSeconds(1)), Stamp(happened));
        return $"MSH|^~\\&|ADT|H|||{sent}||ADT^{name}^ADT_{name}|{name}{at}|P|2.6|||AL|NE\rEVN|{name}|{sent}||||{at}\r{Pid}PV1|1|I|{place}|||{before}|||||||||||||V{Number}^^^H^VN\r";
    }

    /// <summary>A heart rate now, by a gateway that takes this patient to be in the bed.</summary>
    public string Rate(int number, DateTimeOffset now, int rate)
    {
        string stamp = Stamp(now);
        return $"MSH|^~\\&|GATEWAY|WARD|||{stamp}||ORU^R01^ORU_R01|{number}|P|2.6|||AL|NE||UNICODE UTF-8\r{Pid}PV1||I|{Bed}\rOBR|1|a|b|182777000^monitoring of patient^SCT|||{stamp}\r"
            + string.Create(CultureInfo.InvariantCulture, $"OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.147842|{rate}|/min^^UCUM|||||R|||{stamp}\r");
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmss.fff'+0000'", CultureInfo.InvariantCulture);
}
