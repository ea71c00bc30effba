using System.Collections.Frozen;
using Bedside.Model;

namespace Bedside.Ingest.Intake.Notices;

/// <summary>
/// Which codes of devices are notices of <c>ContextCatalog</c>. Only codes are here: of the standard, of the vendor, or the words that a driver makes of coded bits. What a device says in free
/// text alone (alarms of S/5, Mindray's and Puritan Bennett's, INOP texts without a code) stays what it is, word for word, and becomes no notice.
/// </summary>
internal static class NoticeRules
{
    public const string LeadsOff = "leads-off";
    public const string SensorOff = "sensor-off";
    public const string Calibration = "calibration";
    public const string Zeroing = "zeroing";
    public const string Standby = "standby";
    public const string Suction = "suction";
    public const string ModeChange = "mode-change";

    private const string ModeId = "set-vent-mode";
    private const uint EventPartition = 3 << 16;

    /// <summary>ISO/IEEE 11073-10101, partition 3; monitors of Philips and senders of PCD-04 use the same.</summary>
    private static readonly FrozenDictionary<uint, string> Standard = new Dictionary<uint, string>
    {
        [EventPartition | 0x010C] = LeadsOff,
        [EventPartition | 0x0112] = LeadsOff,
        [EventPartition | 0x0134] = SensorOff,
        [EventPartition | 0x0150] = SensorOff,
        [EventPartition | 0x0160] = SensorOff,
        [EventPartition | 0x1854] = Standby,
    }.ToFrozenDictionary();

    /// <summary>By the code that the driver wrote; what follows it (a priority) does not count.</summary>
    private static readonly FrozenDictionary<string, string> Vendor = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["medibus:CP1:0xB3"] = Calibration,
        ["medibus:CP2:0x95"] = Standby,
        ["masimo-ascii:EXC:0x1"] = SensorOff,
        ["masimo-ascii:EXC:0x20"] = SensorOff,
        ["masimo-ascii:EXC:0x1000"] = SensorOff,
        ["masimo-ascii:EXC:0x20000"] = Calibration,
        ["capnostream-20:14:0x20"] = SensorOff,
        ["capnostream-20:14:0x40"] = SensorOff,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Text messages of MEDIBUS: there while they are true.</summary>
    private static readonly FrozenDictionary<string, string> Messages = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["medibus:TXT:0x1C"] = Suction,
        ["medibus:TXT:0x1E"] = Standby,
        ["medibus:TXT:0x54"] = Standby,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What the S/5 driver calls bits of a group's status.</summary>
    private static readonly FrozenDictionary<string, string> StatusWords = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["zeroing"] = Zeroing,
        ["calibrating"] = Calibration,
        ["leads off EEG1"] = LeadsOff,
        ["leads off EEG2"] = LeadsOff,
        ["leads off EEG3"] = LeadsOff,
        ["leads off EEG4"] = LeadsOff,
        ["sensor off"] = SensorOff,
        ["no sensor"] = SensorOff,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null = the alert is no notice.</summary>
    public static string? OfAlert(Alert alert)
    {
        if (alert.Code != 0)
        {
            return Standard.GetValueOrDefault(alert.Code);
        }

        int priority = alert.CodeName.IndexOf(":priority-", StringComparison.Ordinal);
        return Vendor.GetValueOrDefault(priority < 0 ? alert.CodeName : alert.CodeName[..priority]);
    }

    /// <summary>True for the signal whose changes are changes of the ventilation's mode.</summary>
    public static bool IsMode(Metric metric) => metric.SignalId == ModeId;

    /// <summary>The kinds that a state of a device can say, and of them those that it says now.</summary>
    public static (IReadOnlyList<string> Possible, IReadOnlyList<string> Now) OfState(Metric metric, TextBlock state)
    {
        bool stands = state.Validity.IsUsable();
        if (Messages.TryGetValue(metric.DeviceCode, out string? message))
        {
            return ([message], stands ? [message] : []);
        }

        if (metric.DeviceCode == "servo:349")
        {
            // 1 is normal; 2, 3 and 4 are the steps of the ventilator's own suction support.
            return ([Suction], stands && state.Code is >= 2 and <= 4 ? [Suction] : []);
        }

        if (metric.DeviceCode.StartsWith("datex:", StringComparison.Ordinal) && metric.DeviceCode.EndsWith(".state", StringComparison.Ordinal))
        {
            string[] words = stands ? state.Text.Split(", ") : [];
            return (DatexKinds, [.. words.Select(word => StatusWords.GetValueOrDefault(word)).OfType<string>().Distinct()]);
        }

        return ([], []);
    }

    /// <summary>Values of S/5 say that something calibrates because a group's state does, which says more; the cuff's alone says it by its values.</summary>
    public static bool TellsByValidity(Metric metric) =>
        !metric.DeviceCode.StartsWith("datex:", StringComparison.Ordinal) || metric.DeviceCode.Contains(".nibp", StringComparison.Ordinal);

    /// <summary>Of a state of a group, what the codes of its values begin with: <c>datex:basic.p1.</c>; empty = the state is about the device.</summary>
    public static string GroupOf(Metric metric) =>
        metric.DeviceCode.StartsWith("datex:", StringComparison.Ordinal) && metric.DeviceCode.EndsWith(".state", StringComparison.Ordinal) ? metric.DeviceCode[..^"state".Length] : string.Empty;

    private static string[] DatexKinds { get; } = [Zeroing, Calibration, LeadsOff, SensorOff];
}
