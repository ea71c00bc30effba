namespace Bedside.Simulators.Philips;

/// <summary>The names of what can go wrong with this monitor, and when it does unless said.</summary>
internal static class MonitorFaults
{
    public const string Garbage = "garbage";
    public const string DropPacket = "drop-packet";
    public const string DuplicatePacket = "duplicate-packet";
    public const string ReorderPacket = "reorder-packet";
    public const string LostFragment = "lost-fragment";
    public const string Silence = "silence";
    public const string Reboot = "reboot";
    public const string CounterWrap = "counter-wrap";
    public const string Refuse = "refuse";
    public const string Abort = "abort";
    public const string ScaleLate = "scale-late";
    public const string ScaleChange = "scale-change";
    public const string WrongScaleLate = "wrong-scale-late";
    public const string CorruptFcs = "corrupt-fcs";
    public const string FrameAbort = "frame-abort";
    public const string TruncatedFrame = "truncated-frame";
    public const string BaudMismatch = "baud-mismatch";
    public const string ClockJump = "clock-jump";
    public const string CycleJitter = "cycle-jitter";
    public const string ModuleUnplug = "module-unplug";
    public const string SplitSlice = "split-slice";
    public const string LeadsOff = "leads-off";
    public const string Pacer = "pacer";
    public const string Saturation = "saturation";
    public const string Invalid = "invalid";
    public const string PatientChange = "patient-change";
    public const string Discharge = "discharge";
    public const string WithdrawEcg = "withdraw-ecg";
    public const string WithdrawPleth = "withdraw-pleth";
    public const string WithdrawRespiration = "withdraw-respiration";
    public const string WithdrawGas = "withdraw-gas";
    public const string WithdrawTemperature = "withdraw-temperature";

    private const double ForGood = double.PositiveInfinity;

    public static IReadOnlyList<FaultKind> Kinds { get; } =
    [
        new(Garbage, 0, ForGood, "bursts of random bytes between messages"),
        new(DropPacket, 0, ForGood, "every fifteenth data message is lost"),
        new(DuplicatePacket, 0, ForGood, "every tenth data message comes twice"),
        new(ReorderPacket, 0, ForGood, "every tenth data message comes after the next"),
        new(LostFragment, 0, ForGood, "every fourth message of linked results is lost, the last ones too"),
        new(Silence, 20, 8, "nothing is sent; what arrives is still heard"),
        new(Reboot, 30, 1, "the monitor restarts: four silent seconds, no association, relative clock at 0"),
        new(CounterWrap, 0, ForGood, "the relative clock starts at FFFF0000, eight seconds before its wrap"),
        new(Refuse, 0, 15, "association requests are refused"),
        new(Abort, 30, 1, "the monitor aborts the association"),
        new(ScaleLate, 0, 12, "waves start without their context, which comes only later"),
        new(ScaleChange, 30, 30, "the arterial wave takes another scale, announced with its first block"),
        new(WrongScaleLate, 30, 30, "the same, announced only when the context's turn comes"),
        new(CorruptFcs, 0, ForGood, "every twentieth frame has a wrong checksum (serial line)"),
        new(FrameAbort, 0, ForGood, "every twentieth frame is abandoned by 7D C1 and sent anew (serial line)"),
        new(TruncatedFrame, 0, ForGood, "every twentieth frame or datagram ends in the middle"),
        new(BaudMismatch, 20, 10, "the line runs at another speed than both ends believe"),
        new(ClockJump, 30, 1, "somebody sets the monitor's wall clock an hour forward"),
        new(CycleJitter, 0, ForGood, "cycles come up to 40 ms early or late"),
        new(ModuleUnplug, 30, 20, "the pressure module is pulled out"),
        new(SplitSlice, 0, ForGood, "the first block of each burst is cut over two results of the same time"),
        new(LeadsOff, 30, 20, "the ECG electrodes are off"),
        new(Pacer, 0, ForGood, "pacer marks before each beat of the ECG"),
        new(Saturation, 30, 5, "the ECG amplifier saturates"),
        new(Invalid, 20, 20, "ABP invalid, SpO2 questionable, respiration unavailable, temperature calibrating"),
        new(PatientChange, 30, ForGood, "another patient is admitted"),
        new(Discharge, 30, ForGood, "the patient is discharged"),
        new(WithdrawEcg, 30, 20, "ECG, heart rate and ST are no longer among what is measured"),
        new(WithdrawPleth, 30, 20, "the same of pleth, SpO2 and perfusion"),
        new(WithdrawRespiration, 30, 20, "the same of respiration and its rate"),
        new(WithdrawGas, 30, 20, "the same of CO2 and its rate"),
        new(WithdrawTemperature, 30, 20, "the same of temperatures and continuous cardiac output"),
    ];

    /// <summary>What each of those withdraws, by the English labels.</summary>
    public static IReadOnlyList<(string Fault, IReadOnlyList<string> Texts)> Withdrawn { get; } =
    [
        (WithdrawEcg, ["ECG", "II", "V", "I", "III", "aVR", "aVL", "aVF", "HR", "PVC", "ST"]),
        (WithdrawPleth, ["Pleth", "SpO₂", "Perf"]),
        (WithdrawRespiration, ["Resp", "RR"]),
        (WithdrawGas, ["CO₂", "etCO₂", "imCO₂", "awRR"]),
        (WithdrawTemperature, ["CCO", "Tblood", "Tcore"]),
    ];
}
