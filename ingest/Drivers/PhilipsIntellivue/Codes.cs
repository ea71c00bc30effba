namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

// Numbers of the Data Export Interface (DEI), named as its programming guide names them. All are in network byte order
// on the wire, on LAN and on RS-232 alike.

/// <summary>First byte of a message (DEI sheet, section 4.1).</summary>
internal static class MessageType
{
    public const byte ConnectIndication = 0x00;
    public const byte ReleaseRequest = 0x09;
    public const byte ReleaseResponse = 0x0A;
    public const byte Refuse = 0x0C;
    public const byte AssociationRequest = 0x0D;
    public const byte AssociationAccept = 0x0E;
    public const byte Abort = 0x19;
    public const byte Data = 0xE1;
}

/// <summary>ro_type of a data message (section 5).</summary>
internal static class RemoteOperation
{
    public const ushort Invoke = 1;
    public const ushort Result = 2;
    public const ushort Error = 3;
    public const ushort LinkedResult = 5;
}

/// <summary>Commands of invocations and results (section 5).</summary>
internal static class Command
{
    public const ushort EventReport = 0;
    public const ushort ConfirmedEventReport = 1;
    public const ushort Get = 3;
    public const ushort Set = 4;
    public const ushort ConfirmedSet = 5;
    public const ushort ConfirmedAction = 7;
}

/// <summary>Event and action types.</summary>
internal static class Notice
{
    public const ushort ConnectIndication = 0x0D17;
    public const ushort MdsCreate = 0x0D06;
    public const ushort SinglePoll = 0x0C16;
    public const ushort ExtendedPoll = 0xF13B;
}

/// <summary>Object classes, partition OBJ (section 6.4).</summary>
internal static class ObjectClass
{
    public const ushort Enumeration = 0x05;
    public const ushort Numeric = 0x06;
    public const ushort Wave = 0x09;
    public const ushort System = 0x21;
    public const ushort Patient = 0x2A;
    public const ushort AlarmMonitor = 0x36;
}

/// <summary>Attribute groups of a poll (section 6.4).</summary>
internal static class Group
{
    public const ushort All = 0x0000;
    public const ushort AlarmMonitor = 0x0801;
    public const ushort MetricValue = 0x0803;
    public const ushort Patient = 0x0807;
    public const ushort SystemApplication = 0x080A;
}

/// <summary>Attribute numbers (sections 3, 9, 11 and 12).</summary>
internal static class AttributeId
{
    public const ushort PollProfileSupport = 0x0001;
    public const ushort AlarmListPatient = 0x0902;
    public const ushort AlarmListTechnical = 0x0904;
    public const ushort AreaApplication = 0x090D;
    public const ushort BedLabel = 0x091E;
    public const ushort Label = 0x0924;
    public const ushort LabelString = 0x0927;
    public const ushort Model = 0x0928;
    public const ushort ProductionSpecification = 0x092D;
    public const ushort LineFrequency = 0x0935;
    public const ushort Localization = 0x0937;
    public const ushort MetricSpecification = 0x093F;
    public const ushort OperatingMode = 0x0946;
    public const ushort CompoundNumericValue = 0x094B;
    public const ushort NumericValue = 0x0950;
    public const ushort PatientBodySurface = 0x0956;
    public const ushort PatientState = 0x0957;
    public const ushort PatientBirthDate = 0x0958;
    public const ushort PatientId = 0x095A;
    public const ushort PatientFamilyName = 0x095C;
    public const ushort PatientGivenName = 0x095D;
    public const ushort PatientMiddleName = 0x095F;
    public const ushort PatientSex = 0x0961;
    public const ushort PatientType = 0x0962;
    public const ushort CompoundSamples = 0x0967;
    public const ushort PhysiologicalRange = 0x096A;
    public const ushort SampleSpecification = 0x096D;
    public const ushort Samples = 0x096E;
    public const ushort Scale = 0x096F;
    public const ushort SystemId = 0x0984;
    public const ushort TimeAbsolute = 0x0987;
    public const ushort SamplePeriod = 0x098D;
    public const ushort TimeRelative = 0x098F;
    public const ushort TimeStampAbsolute = 0x0990;
    public const ushort TimeStampRelative = 0x0991;
    public const ushort UnitCode = 0x0996;
    public const ushort EnumerationValue = 0x099E;
    public const ushort PatientAge = 0x09D8;
    public const ushort PatientHeight = 0x09DC;
    public const ushort PatientWeight = 0x09DF;
    public const ushort FixedValues = 0x0A16;
    public const ushort PatientPacedMode = 0x0A1E;

    /// <summary>In association user information only; PT_ID_INT has the same number (trap 21).</summary>
    public const ushort PollProfileExtension = 0xF001;
    public const ushort NetworkAddress = 0xF100;
    public const ushort ProtocolSupport = 0xF101;
    public const ushort PatientNotes1 = 0xF129;
    public const ushort PatientNotes2 = 0xF12A;
    public const ushort ConnectBedLabel = 0xF135;
    public const ushort PollPeriod = 0xF13E;
    public const ushort WavePriorityList = 0xF23A;
    public const ushort MetricModality = 0xF294;
    public const ushort PatientEncounterId = 0xF2E1;
}

/// <summary>Option bits of POLL_PROFILE_EXT (section 4.4): asked for in the request, granted in the accept.</summary>
[Flags]
internal enum PollOptions : uint
{
    None = 0,
    NumericsEverySecond = 0x80000000,
    NumericsAveraged12 = 0x40000000,
    NumericsAveraged60 = 0x20000000,
    NumericsAveraged300 = 0x10000000,
    AnyNumerics = NumericsEverySecond | NumericsAveraged12 | NumericsAveraged60 | NumericsAveraged300,
    Waves = 0x08000000,
    Enumerations = 0x04000000,
}

/// <summary>The monitor's relative time: 1/8 ms (section 8).</summary>
internal static class RelativeTime
{
    public const int TicksPerSecond = 8000;
    public const long NanosecondsPerTick = 125_000;

    /// <summary>From <paramref name="earlier"/> to <paramref name="later"/> the short way round the wrap.</summary>
    public static int Between(uint earlier, uint later) => unchecked((int)(later - earlier));
}
