using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Simulators.Hl7;

/// <summary>Messages of the admissions as an admission system writes them: HL7 2.5, ADT, numbers and names that are obviously nobody's.</summary>
public sealed class AdmissionPages(UtcInstant startedAt)
{
    private long _count;

    public string Write(AdmissionNews news, long sent)
    {
        var message = new StringBuilder();
        string structure = news.Event is "A40" or "A47" ? "ADT_A39" : "ADT_" + news.Event;
        message.Append(CultureInfo.InvariantCulture, $"MSH|^~\\&|SIM_ADT|SIM|||{Time(sent)}||ADT^{news.Event}^{structure}|A{++_count}|P|2.5|||AL|NE||UNICODE UTF-8\r")
            .Append(CultureInfo.InvariantCulture, $"EVN|{news.Event}|{Time(news.Recorded)}||||{Time(news.Happened)}\r");
        AppendPatient(message, news.Patient, news.Number);
        if (news.FormerNumber is { } former)
        {
            message.Append(CultureInfo.InvariantCulture, $"MRG|{former:D6}^^^SIM^MR||||{(news.Event == "A45" ? $"V{news.Patient.Visit}^^^SIM^VN" : string.Empty)}\r");
        }

        AppendVisit(message, news.Patient, (news.Bed, news.Before), news.IsDischarged ? news.Happened : null);
        if (news.Other is { } other)
        {
            AppendPatient(message, other.Patient, other.Patient.Number);
            AppendVisit(message, other.Patient, (other.Bed, other.Before), discharged: null);
        }

        return message.ToString();
    }

    /// <summary>PID as both sides of the gateway write it.</summary>
    public static string Person(SimulatedPatient patient, int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{number:D6}^^^SIM^MR||{patient.Family}^{patient.Given}||{patient.BirthDate}|{patient.Sex}");

    private static void AppendPatient(StringBuilder message, SimulatedPatient patient, int number) => message.Append(CultureInfo.InvariantCulture, $"PID|1||{Person(patient, number)}\r");

    private void AppendVisit(StringBuilder message, SimulatedPatient patient, (string Bed, string Before) place, long? discharged)
    {
        string before = place.Before.Length == 0 ? string.Empty : $"SIM^^{place.Before}^SIM";
        message.Append(CultureInfo.InvariantCulture, $"PV1|1|I|SIM^^{place.Bed}^SIM|||{before}|||||||||||||V{patient.Visit}^^^SIM^VN")
            .Append('|', 25).Append(Time(patient.Admitted)).Append('|').Append(discharged is { } gone ? Time(gone) : string.Empty).Append('\r');
    }

    private string Time(long at) => startedAt.Add(at).ToDateTime().ToString("yyyyMMddHHmmss'+0000'", CultureInfo.InvariantCulture);
}
