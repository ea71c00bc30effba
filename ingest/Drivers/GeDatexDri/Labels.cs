namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>Where a transducer or electrode is, as the monitor's labels say it (sheet 6.4, 6.6).</summary>
internal static class Labels
{
    private const int Art = 1;
    private const int Abp = 8;
    private const int FemoralArtery = 16;
    private const int UmbilicalArtery = 17;

    /// <summary>By label; from 15 on since level 10.</summary>
    private static readonly (string Name, string Prefix)[] PressureSites =
    [
        ("", ""), ("ART", "art"), ("CVP", "cvp"), ("PA", "pap"), ("RAP", "rap"), ("RVP", "rvp"), ("LAP", "lap"), ("ICP", "icp"), ("ABP", "abp"),
        ("P1", ""), ("P2", ""), ("P3", ""), ("P4", ""), ("P5", ""), ("P6", ""),
        ("SP", ""), ("FEM", ""), ("UAC", "uap"), ("UVC", "uvp"), ("ICP2", "icp"), ("P7", ""), ("P8", ""), ("FEMV", ""),
    ];

    private static readonly (string Name, string Id)[] TemperatureSites =
    [
        ("", "temp"), ("ESO", "temp-esoph"), ("NASO", "temp-nasoph"), ("TYMP", "temp-tymp"), ("RECT", "temp-rect"), ("BLAD", "temp-bladder"),
        ("AXIL", "temp-axil"), ("SKIN", "temp-skin"), ("AIRW", "temp-airway"), ("ROOM", ""), ("MYO", "temp-myocard"),
        ("T1", "temp"), ("T2", "temp"), ("T3", "temp"), ("T4", "temp"), ("CORE", "temp-core"), ("SURF", "temp"), ("T5", "temp"), ("T6", "temp"),
    ];

    private static readonly string[] Leads = ["", "i", "ii", "iii", "avr", "avl", "avf", "v"];

    private static readonly string[] LeadNames = ["", "I", "II", "III", "aVR", "aVL", "aVF", "V"];

    private static readonly string[] Agents = ["agent", "agent", "hal", "enf", "iso", "des", "sev"];

    /// <summary>The label's word; empty when it is undefined or not in the table.</summary>
    public static string PressureName(int label) => label >= 0 && label < PressureSites.Length ? PressureSites[label].Name : string.Empty;

    /// <summary>What ids of that site begin with; empty = the site is not specified.</summary>
    public static string PressurePrefix(int label) => label >= 0 && label < PressureSites.Length ? PressureSites[label].Prefix : string.Empty;

    /// <summary>The pulse of these is an arterial one.</summary>
    public static bool IsArterial(int label) => label is Art or Abp or FemoralArtery or UmbilicalArtery;

    public static string TemperatureName(int label) => label >= 0 && label < TemperatureSites.Length ? TemperatureSites[label].Name : string.Empty;

    /// <summary>Empty where the nomenclature has no id: the temperature of the room.</summary>
    public static string TemperatureId(int label) => label >= 0 && label < TemperatureSites.Length ? TemperatureSites[label].Id : "temp";

    /// <summary>Last part of the ids of a lead; empty = no lead.</summary>
    public static string Lead(int code) => code >= 0 && code < Leads.Length ? Leads[code] : string.Empty;

    public static string LeadName(int code) => code >= 0 && code < LeadNames.Length ? LeadNames[code] : string.Empty;

    /// <summary>The lead of channel 1 to 3 in the label of the ECG group.</summary>
    public static int LeadOf(ushort label, int channel) => (label >> (12 - (4 * channel))) & 0xF;

    /// <summary>First part of the ids of an anaesthetic agent.</summary>
    public static string Agent(int label) => label >= 0 && label < Agents.Length ? Agents[label] : "agent";
}
