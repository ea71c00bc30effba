using System.Globalization;
using System.Text;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Hl7;

/// <summary>What a gateway says of one simulated bed: ORU^R01 with containment (PCD-01), waves beside it, and ORU^R40 for an alarm.</summary>
public sealed class GatewayPages(Simulation simulation, string bed, AdmissionFeed? admissions)
{
    private const string Mdc = "MDC";
    private const int WaveRate = 125;

    /// <summary>Number, name, containment, unit and decimals of each value.</summary>
    private static readonly (int Code, string Name, string Place, string Unit, PatientValue Value, int Decimals)[] Rows =
    [
        (147842, "MDC_ECG_HEART_RATE", "1.1.1", "264864^MDC_DIM_BEAT_PER_MIN^MDC", PatientValue.HeartRate, 0),
        (150456, "MDC_PULS_OXIM_SAT_O2", "1.2.1", "262688^MDC_DIM_PERCENT^MDC", PatientValue.Spo2, 0),
        (149530, "MDC_PULS_OXIM_PULS_RATE", "1.2.1", "264864^MDC_DIM_BEAT_PER_MIN^MDC", PatientValue.PulseRate, 0),
        (150037, "MDC_PRESS_BLD_ART_ABP_SYS", "1.3.1", "266016^MDC_DIM_MMHG^MDC", PatientValue.AbpSystolic, 0),
        (150038, "MDC_PRESS_BLD_ART_ABP_DIA", "1.3.1", "266016^MDC_DIM_MMHG^MDC", PatientValue.AbpDiastolic, 0),
        (150039, "MDC_PRESS_BLD_ART_ABP_MEAN", "1.3.1", "266016^MDC_DIM_MMHG^MDC", PatientValue.AbpMean, 0),
    ];

    private long _count;

    /// <summary>All values as they are now; <paramref name="wrongCode"/> = one number with the name of another signal.</summary>
    public string Values(long now, long clockOffset, bool wrongCode)
    {
        string at = Time(now + clockOffset);
        var message = new StringBuilder(Header("ORU^R01^ORU_R01", "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO", at));
        message.Append(Place()).Append(CultureInfo.InvariantCulture, $"OBR|1|{_count}^SIM|{_count}^SIM|182777000^monitoring of patient^SCT|||{at}\r")
            .Append("OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||0102030405060708^^0102030405060708^EUI-64\r")
            .Append("OBX|2||69798^MDC_DEV_ECG_VMD^MDC|1.1.0.0|||||||X\rOBX|3||69799^MDC_DEV_ECG_CHAN^MDC|1.1.1.0|||||||X\r");
        int row = 3;
        long patient = simulation.Clock.PatientTime(now);
        foreach ((int code, string name, string place, string unit, PatientValue value, int decimals) in Rows)
        {
            row++;
            string said = wrongCode && code == 150037 ? "MDC_PRESS_BLD_ART_SYS" : name;
            string number = simulation.Patient.Value(value, patient).ToString($"F{decimals}", CultureInfo.InvariantCulture);
            message.Append(CultureInfo.InvariantCulture, $"OBX|{row}|NM|{code}^{said}^{Mdc}|{place}.{code}|{number}|{unit}|||||R\r");
        }

        long measured = now - (patient - simulation.Patient.LastCuffMeasurement(patient));
        string cuff = simulation.Patient.Value(PatientValue.CuffSystolic, patient).ToString("F0", CultureInfo.InvariantCulture);
        message.Append(CultureInfo.InvariantCulture, $"OBX|{row + 1}|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.4.1.150021|{cuff}|266016^MDC_DIM_MMHG^MDC|||||R|||{Time(measured + clockOffset)}||APERIODIC\r");
        return message.ToString();
    }

    /// <summary>The ECG of the second that ends now.</summary>
    public string Wave(long now, long clockOffset)
    {
        long begin = now - 1_000_000_000;
        string from = Time(begin + clockOffset);
        var message = new StringBuilder(Header("ORU^R01^ORU_R01", "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO", Time(now + clockOffset)));
        message.Append(Place()).Append(CultureInfo.InvariantCulture, $"OBR|1|{_count}^SIM|{_count}^SIM|69121^MDC_OBS_WAVE_CTS^MDC|||{from}|{Time(now + clockOffset)}\rOBX|1|NA|131330^MDC_ECG_ELEC_POTL_II^MDC|1.1.1.131330|");
        for (int i = 0; i < WaveRate; i++)
        {
            double millivolt = simulation.Patient.Wave(PatientWave.EcgII, simulation.Clock.PatientTime(begin + (1_000_000_000L * i / WaveRate)));
            message.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? string.Empty : "^")}{(int)Math.Round(millivolt / 0.0025)}");
        }

        return message.Append("|262656^MDC_DIM_DIMLESS^MDC|||||R\r")
            .Append(CultureInfo.InvariantCulture, $"OBX|2|NM|68320^MDC_ATTR_SAMPLE_RATE^MDC|1.1.1.131330.1|{WaveRate}|264640^MDC_DIM_HZ^MDC|||||R\r")
            .Append("OBX|3|NM|2327^MDC_ATTR_NU_MSMT_RES^MDC|1.1.1.131330.2|0.0025|266418^MDC_DIM_MILLI_VOLT^MDC|||||R\r").ToString();
    }

    public string Alarm(long now, long clockOffset, bool begins)
    {
        string at = Time(now + clockOffset);
        return Header("ORU^R40^ORU_R40", "IHE_PCD_ACM_001^IHE PCD^1.3.6.1.4.1.19376.1.6.4.4^ISO", at) + Place()
            + $"OBR|1|1^SIM|1^SIM|196616^MDC_EVT_ALARM^MDC|||{at}\r"
            + "OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.1.1.147842.1|196670^MDC_EVT_LO^MDC^^^^^^** HR LOW|||L~PM~SP|||F\r"
            + "OBX|2|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.147842.2|38|264864^MDC_DIM_BEAT_PER_MIN^MDC|50-120||||R\r"
            + $"OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.1.147842.3|{(begins ? "start" : "end")}||||||F\rOBX|4|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.1.1.147842.4|{(begins ? "active" : "inactive")}||||||F\r";
    }

    private string Header(string type, string profile, string at) =>
        string.Create(CultureInfo.InvariantCulture, $"MSH|^~\\&|SIM_GATEWAY^0102030405060708^EUI-64|SIM|||{at}||{type}|{++_count}|{(simulation.Arguments.Has("training") ? "T" : "P")}|2.6|||AL|NE||UNICODE UTF-8|||{profile}\r");

    /// <summary>Where there are admissions the devices name whoever lies in the bed, and nobody when it is empty.</summary>
    private string Place()
    {
        string person = admissions is null ? $"SIM-{bed}^^^SIM^MR||SIMULATED^PATIENT"
            : admissions.InBed is { } patient ? AdmissionPages.Person(patient, patient.Number)
            : string.Empty;
        return $"{(person.Length == 0 ? string.Empty : $"PID|||{person}\r")}PV1||I|SIM^^{bed}^SIM\r";
    }

    private string Time(long at) => simulation.Clock.StartedAt.Add(at).ToDateTime().ToString("yyyyMMddHHmmss.fff'+0000'", CultureInfo.InvariantCulture);
}
