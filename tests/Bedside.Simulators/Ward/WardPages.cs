using System.Globalization;
using System.Text;
using Bedside.Model;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Ward;

/// <summary>
/// What is said of one stay: ADT^A01 and ADT^A03 (HL7 2.5, chapter 3), values and waves by PCD-01, alarms by PCD-04 (IHE Devices TF-2, 3.1 and 3.4). Every field in which a person, a place or a
/// device could be named has the ward's mark.
/// </summary>
internal sealed class WardPages(WardStay stay, string mark)
{
    private const long Second = 1_000_000_000;
    private const string Profile = "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO";
    private const string Alarming = "IHE_PCD_ACM_001^IHE PCD^1.3.6.1.4.1.19376.1.6.4.4^ISO";

    private static readonly (int Code, string Name, string Place, string Unit, PatientValue Value, int Decimals)[] Rows =
    [
        (147842, "MDC_ECG_HEART_RATE", "1.1.1", "264864^MDC_DIM_BEAT_PER_MIN^MDC", PatientValue.HeartRate, 0),
        (150456, "MDC_PULS_OXIM_SAT_O2", "1.2.1", "262688^MDC_DIM_PERCENT^MDC", PatientValue.Spo2, 0),
        (150037, "MDC_PRESS_BLD_ART_ABP_SYS", "1.3.1", "266016^MDC_DIM_MMHG^MDC", PatientValue.AbpSystolic, 0),
        (150038, "MDC_PRESS_BLD_ART_ABP_DIA", "1.3.1", "266016^MDC_DIM_MMHG^MDC", PatientValue.AbpDiastolic, 0),
        (150039, "MDC_PRESS_BLD_ART_ABP_MEAN", "1.3.1", "266016^MDC_DIM_MMHG^MDC", PatientValue.AbpMean, 0),
    ];

    private static readonly (int Code, string Name, PatientWave Wave, int Hertz, double Step, string Unit)[] Waves =
    [
        (131330, "MDC_ECG_ELEC_POTL_II", PatientWave.EcgII, 250, 0.0025, "266418^MDC_DIM_MILLI_VOLT^MDC"),
        (150452, "MDC_PULS_OXIM_PLETH", PatientWave.Pleth, 125, 0.001, "262656^MDC_DIM_DIMLESS^MDC"),
    ];

    private readonly Patient _patient = new(stay.Person.Number);
    private int _count;

    private string Pid => string.Create(
        CultureInfo.InvariantCulture,
        $"PID|1||{mark}{stay.Person.Number:D6}^^^{mark}SIM^MR~{mark}9{stay.Person.Number:D6}^^^{mark}SIM^SS||{mark}TEST-{stay.Person.Number:D4}^{mark}GIVEN||{stay.Person.Born:yyyyMMdd}|{stay.Person.Sex}|||{mark}STREET^^{mark}TOWN||{mark}PHONE\r");

    private string Bed => $"SIM^^{WardStory.BedOf(stay.Box)}^{mark}SIM";

    /// <summary>A01 when they came, A03 when they left.</summary>
    public string Admission(bool isEnd)
    {
        UtcInstant at = isEnd ? stay.To : stay.From;
        string name = isEnd ? "A03" : "A01";
        return string.Create(CultureInfo.InvariantCulture, $"MSH|^~\\&|{mark}SIM_ADT|{mark}SIM|||{Time(at.Add(Second))}||ADT^{name}^ADT_{name}|{Next()}|P|2.5|||AL|NE||UNICODE UTF-8\r")
            + $"EVN|{name}|{Time(at.Add(Second))}||||{Time(at)}\r{Pid}"
            + string.Create(CultureInfo.InvariantCulture, $"PV1|1|I|{Bed}||||{mark}DOC^{mark}DOCTOR||||||||||||{mark}V{stay.Number}^^^{mark}SIM^VN{new string('|', 25)}{Time(stay.From)}|{(isEnd ? Time(stay.To) : string.Empty)}\r");
    }

    public string Values(UtcInstant at)
    {
        var message = new StringBuilder(Header("ORU^R01^ORU_R01", Profile, at));
        message.Append(CultureInfo.InvariantCulture, $"OBR|1|{mark}A{_count}^SIM|{mark}B{_count}^SIM|182777000^monitoring of patient^SCT|||{Time(at)}|||||||||||||||||||||{mark}NURSE\rNTE|1||{mark}NOTE\r")
            .Append(CultureInfo.InvariantCulture, $"OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||{mark}MONITOR^^{mark}SERIAL^EUI-64\r");
        int row = 1;
        foreach ((int code, string name, string place, string unit, PatientValue value, int decimals) in Rows)
        {
            string number = _patient.Value(value, PatientTime(at)).ToString($"F{decimals}", CultureInfo.InvariantCulture);
            message.Append(CultureInfo.InvariantCulture, $"OBX|{++row}|NM|{code}^{name}^MDC|{place}.{code}|{number}|{unit}|||||R\r");
        }

        return message.ToString();
    }

    /// <summary>The waves of the second that begins then.</summary>
    public string Wave(UtcInstant begin)
    {
        UtcInstant end = begin.Add(Second);
        var message = new StringBuilder(Header("ORU^R01^ORU_R01", Profile, end));
        message.Append(CultureInfo.InvariantCulture, $"OBR|1|{_count}^SIM|{_count}^SIM|69121^MDC_OBS_WAVE_CTS^MDC|||{Time(begin)}|{Time(end)}\r");
        int row = 0;
        int place = 0;
        foreach ((int code, string name, PatientWave wave, int hertz, double step, string unit) in Waves)
        {
            place++;
            long first = PatientTime(begin);
            string samples = string.Join('^', Enumerable.Range(0, hertz).Select(i => ((int)Math.Round(_patient.Wave(wave, first + (Second * i / hertz)) / step)).ToString(CultureInfo.InvariantCulture)));
            string path = string.Create(CultureInfo.InvariantCulture, $"1.{place}.1.{code}");
            message.Append(CultureInfo.InvariantCulture, $"OBX|{++row}|NA|{code}^{name}^MDC|{path}|{samples}|262656^MDC_DIM_DIMLESS^MDC|||||R\r")
                .Append(CultureInfo.InvariantCulture, $"OBX|{++row}|NM|68320^MDC_ATTR_SAMPLE_RATE^MDC|{path}.1|{hertz}|264640^MDC_DIM_HZ^MDC|||||R\r")
                .Append(CultureInfo.InvariantCulture, $"OBX|{++row}|NM|2327^MDC_ATTR_NU_MSMT_RES^MDC|{path}.2|{step}|{unit}|||||R\r");
        }

        return message.ToString();
    }

    public string Alarm(UtcInstant at, bool begins) => Header("ORU^R40^ORU_R40", Alarming, at)
        + $"OBR|1|1^SIM|1^SIM|196616^MDC_EVT_ALARM^MDC|||{Time(at)}\r"
        + $"OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.1.1.147842.1|196670^MDC_EVT_LO^MDC^^^^^^{mark}** HR LOW|||L~PM~SP|||F||||||{mark}DEVICE^^{mark}EUI^EUI-64\r"
        + $"OBX|2|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.1.147842.3|{(begins ? "start" : "end")}||||||F\rOBX|3|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.1.1.147842.4|{(begins ? "active" : "inactive")}||||||F\r";

    private string Header(string type, string profile, UtcInstant at) =>
        $"MSH|^~\\&|{mark}SIM_GATEWAY^0102030405060708^EUI-64|{mark}SIM|||{Time(at)}||{type}|{Next()}|P|2.6|||AL|NE||UNICODE UTF-8|||{profile}\r{Pid}PV1||I|{Bed}\r";

    private string Next() => string.Create(CultureInfo.InvariantCulture, $"S{stay.Number}M{++_count}");

    private static long PatientTime(UtcInstant at) => at.UnixNanoseconds - Patient.DefaultEpoch.UnixNanoseconds;

    private static string Time(UtcInstant at) => at.ToDateTime().ToString("yyyyMMddHHmmss.fff'+0000'", CultureInfo.InvariantCulture);
}
