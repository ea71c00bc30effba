namespace Bedside.Simulators.Philips;

// Numbers of the Data Export Interface, as the protocol sheet lists them. Big-endian on the wire.

/// <summary>Commands of a remote operation (sheet, section 5).</summary>
internal enum Command : ushort
{
    EventReport = 0,
    ConfirmedEventReport = 1,
    Get = 3,
    Set = 4,
    ConfirmedSet = 5,
    ConfirmedAction = 7,
}

/// <summary>Remote operation types (sheet, section 5).</summary>
internal enum Operation : ushort
{
    Invoke = 1,
    Result = 2,
    Error = 3,
    LinkedResult = 5,
}

/// <summary>Errors that a monitor returns (sheet, section 5.1).</summary>
internal enum ErrorCode : ushort
{
    NoSuchObjectClass = 0,
    GetListError = 7,
    NoSuchAction = 9,
}

/// <summary>Polled object classes, partition OBJ (sheet, section 6.4).</summary>
internal enum ObjectClass : ushort
{
    Enumeration = 5,
    Numeric = 6,
    Wave = 9,
    System = 0x21,
    Bed = 0x23,
    Patient = 0x2A,
    Alarm = 0x36,
}

/// <summary>Attribute groups of a poll (sheet, section 6.4).</summary>
internal enum AttributeGroup : ushort
{
    All = 0,
    Alarms = 0x0801,
    Values = 0x0803,
    Demographics = 0x0807,
    SystemApplication = 0x080A,
    SystemIdentity = 0x080B,
    SystemProduct = 0x080C,
    Dynamic = 0x0810,
    Static = 0x0811,
}

/// <summary>Actions and events (sheet, sections 3 and 6).</summary>
internal static class Notice
{
    public const ushort SinglePoll = 0x0C16;
    public const ushort ExtendedPoll = 0xF13B;
    public const ushort SystemCreated = 0x0D06;
    public const ushort ConnectIndication = 0x0D17;
}

/// <summary>Attribute ids (sheet, sections 3, 6, 9, 11 and 12).</summary>
internal static class AttributeId
{
    public const ushort TechnicalAlarms = 0x0904;
    public const ushort PatientAlarms = 0x0902;
    public const ushort AreaOfApplication = 0x090D;
    public const ushort Altitude = 0x090C;
    public const ushort Color = 0x0911;
    public const ushort AlertCondition = 0x0916;
    public const ushort DisplayResolution = 0x0917;
    public const ushort AssociationNumber = 0x091D;
    public const ushort BedLabel = 0x091E;
    public const ushort Handle = 0x0921;
    public const ushort Label = 0x0924;
    public const ushort LabelString = 0x0927;
    public const ushort Model = 0x0928;
    public const ushort ProductSpecification = 0x092D;
    public const ushort Type = 0x092F;
    public const ushort LineFrequency = 0x0935;
    public const ushort Localization = 0x0937;
    public const ushort MetricSpecification = 0x093F;
    public const ushort MetricStatus = 0x0940;
    public const ushort MeasurementMode = 0x0945;
    public const ushort OperatingMode = 0x0946;
    public const ushort NomenclatureVersion = 0x0948;
    public const ushort CompoundNumeric = 0x094B;
    public const ushort Numeric = 0x0950;
    public const ushort SurfaceArea = 0x0956;
    public const ushort PatientStatus = 0x0957;
    public const ushort BirthDate = 0x0958;
    public const ushort PatientId = 0x095A;
    public const ushort FamilyName = 0x095C;
    public const ushort GivenName = 0x095D;
    public const ushort Sex = 0x0961;
    public const ushort PatientType = 0x0962;
    public const ushort Calibration = 0x0964;
    public const ushort CompoundSamples = 0x0967;
    public const ushort PhysicalRange = 0x096A;
    public const ushort SampleSpecification = 0x096D;
    public const ushort Samples = 0x096E;
    public const ushort Scale = 0x096F;
    public const ushort SafetyStandard = 0x0982;
    public const ushort SystemId = 0x0984;
    public const ushort SystemSpecification = 0x0985;
    public const ushort SystemType = 0x0986;
    public const ushort AbsoluteTime = 0x0987;
    public const ushort SamplePeriod = 0x098D;
    public const ushort RelativeTime = 0x098F;
    public const ushort MeasuredAt = 0x0990;
    public const ushort Unit = 0x0996;
    public const ushort SystemStatus = 0x09A7;
    public const ushort Age = 0x09D8;
    public const ushort Height = 0x09DC;
    public const ushort Weight = 0x09DF;
    public const ushort FixedValues = 0x0A16;
    public const ushort PacedMode = 0x0A1E;
    public const ushort NetworkAddress = 0xF100;
    public const ushort Protocols = 0xF101;
    public const ushort IndicatedBedLabel = 0xF135;
    public const ushort ActivePeriod = 0xF13E;
    public const ushort PulseSource = 0xF1FA;
    public const ushort NumericCount = 0xF228;
    public const ushort NumericList = 0xF239;
    public const ushort WaveList = 0xF23A;
}

/// <summary>Measurement state bits (sheet, section 9.5).</summary>
[Flags]
internal enum MeasurementState : ushort
{
    Valid = 0,
    AlarmInhibited = 0x0001,
    InAlarm = 0x0002,
    Demo = 0x0400,
    Test = 0x0800,
    Calibrating = 0x1000,
    Unavailable = 0x2000,
    Questionable = 0x4000,
    Invalid = 0x8000,
}

/// <summary>Units, partition DIM (sheet, section 13.3).</summary>
internal static class Unit
{
    public const ushort None = 0x0200;
    public const ushort Percent = 0x0220;
    public const ushort Centimetre = 0x0511;
    public const ushort Millimetre = 0x0512;
    public const ushort SquareMetre = 0x05C0;
    public const ushort Litre = 0x0640;
    public const ushort Millilitre = 0x0652;
    public const ushort Kilogram = 0x06C3;
    public const ushort Year = 0x0940;
    public const ushort PerMinute = 0x09E0;
    public const ushort BeatPerMinute = 0x0AA0;
    public const ushort BreathPerMinute = 0x0AE0;
    public const ushort LitrePerMinute = 0x0C00;
    public const ushort Kilopascal = 0x0F03;
    public const ushort MillimetreOfMercury = 0x0F20;
    public const ushort CentimetreOfWater = 0x0F40;
    public const ushort Millibar = 0x0F72;
    public const ushort Millivolt = 0x10B2;
    public const ushort Microvolt = 0x10B3;
    public const ushort Ohm = 0x10C0;
    public const ushort Celsius = 0x17A0;
}

/// <summary>Screen colours (sheet, section 9.1).</summary>
internal static class Colour
{
    public const ushort Red = 1;
    public const ushort Green = 2;
    public const ushort Yellow = 3;
    public const ushort Blue = 4;
    public const ushort Magenta = 5;
    public const ushort Cyan = 6;
    public const ushort White = 7;
}
