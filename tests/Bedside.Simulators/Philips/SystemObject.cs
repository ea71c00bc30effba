using System.Net;

namespace Bedside.Simulators.Philips;

/// <summary>Who the monitor is; what is null is not said.</summary>
internal sealed record MonitorIdentity
{
    /// <summary>A locally administered MAC address.</summary>
    public byte[] Mac { get; init; } = [0x02, 0, 0, 0, 0, 1];

    public string Manufacturer { get; init; } = "Philips";

    public string Model { get; init; } = "M8000";

    public string Bed { get; init; } = "BED-01";

    /// <summary>1 English, 2 German, 3 French.</summary>
    public ushort Language { get; init; } = 1;

    /// <summary>0x4000 monitoring, 0x2000 demo.</summary>
    public ushort OperatingMode { get; init; } = 0x2000;

    /// <summary>1 operating room, 2 intensive care.</summary>
    public ushort Area { get; init; } = 2;

    /// <summary>1 is 50 Hz.</summary>
    public ushort LineFrequency { get; init; } = 1;

    public ushort? SafetyStandard { get; init; }

    /// <summary>Metres.</summary>
    public ushort? Altitude { get; init; }

    /// <summary>The objects that give the system's pulse and its alarms.</summary>
    public (NumericObject Pulse, NumericObject Alarms)? Sources { get; init; }

    /// <summary>Kind (1 serial, 2 part, 3 hardware, 4 software) and text.</summary>
    public IReadOnlyList<(ushort Kind, string Text)> Products { get; init; } = [];
}

/// <summary>The monitor as an object: the event that announces it, the datagram that advertises it, and its poll (sheet, sections 3, 6.1 and 9.4).</summary>
internal sealed class SystemObject(MonitorIdentity identity)
{
    private const ushort Partition = 1;
    private const ushort MultiParameterMonitor = 0x114D;
    private const ushort SupportedObjects = 0x0102;

    /// <summary>Characters of a bed label, NUL padded.</summary>
    private const int BedCharacters = 16;

    /// <summary>A constant in real indications too, and no clock.</summary>
    private const uint IndicatedTime = 55_040;

    private const ushort AcseApplication = 1;
    private const ushort DataOutApplication = 5;
    private const ushort OverUdp = 1;

    private static readonly (ObjectClass Class, uint Most)[] Instances =
    [
        (ObjectClass.System, 1), (ObjectClass.Numeric, 201), (ObjectClass.Wave, 60), (ObjectClass.Patient, 1), (ObjectClass.Alarm, 1), (ObjectClass.Enumeration, 60),
    ];

    /// <summary>The connect indication, which has no session header. The address is where the client is to call.</summary>
    public byte[] ConnectIndication(IPAddress address, ushort port)
    {
        var message = new MessageWriter();
        int invoke = message.U32(0x00000100).U16((ushort)Operation.Invoke).Open();
        int argument = message.U16(0).U16((ushort)Command.EventReport).Open();
        int body = message.Object(ObjectClass.Bed).U32(IndicatedTime).U16(Notice.ConnectIndication).Open();
        var attributes = new AttributeList();
        Identify(attributes, typeFirst: true);
        _ = attributes.Add(AttributeId.Model, Model);
        if (identity.Products.Count > 0)
        {
            _ = attributes.Add(AttributeId.ProductSpecification, Products).Add(AttributeId.Localization, Localization);
        }

        _ = attributes
            .Add(AttributeId.NetworkAddress, w => w.Bytes(identity.Mac).Bytes(address.GetAddressBytes().AsSpan(0, 4)).Bytes([255, 255, 255, 0]))
            .Add(AttributeId.Protocols, w => w.U16(2).U16(16).U16(AcseApplication).U16(OverUdp).U16(port).U16(0).U16(DataOutApplication).U16(OverUdp).U16(port).U16(0))
            .Text(AttributeId.IndicatedBedLabel, Bed);
        attributes.WriteTo(message);
        message.Close(body);
        message.Close(argument);
        message.Close(invoke);
        return message.ToArray();
    }

    /// <summary>The MDS Create event, which the client must confirm.</summary>
    public byte[] Created(ushort invokeId, ushort association, uint relativeTime, DateTimeOffset wall)
    {
        var message = new MessageWriter();
        int invoke = message.U16(0xE100).U16(2).U16((ushort)Operation.Invoke).Open();
        int argument = message.U16(invokeId).U16((ushort)Command.ConfirmedEventReport).Open();
        int body = message.Object(ObjectClass.System).U32(relativeTime).U16(Notice.SystemCreated).Open();
        Attributes(AttributeGroup.All, association, relativeTime, wall).WriteTo(message.Object(ObjectClass.System));
        message.Close(body);
        message.Close(argument);
        message.Close(invoke);
        return message.ToArray();
    }

    /// <summary>The attributes of a group, in the order of a real monitor.</summary>
    public AttributeList Attributes(AttributeGroup group, ushort association, uint relativeTime, DateTimeOffset wall)
    {
        bool all = group is AttributeGroup.All;
        var attributes = new AttributeList();
        if (all || group is AttributeGroup.SystemIdentity)
        {
            Identify(attributes, typeFirst: false);
            _ = attributes.U16(AttributeId.AssociationNumber, association);
        }

        if (all || group is AttributeGroup.SystemProduct)
        {
            _ = attributes.Add(AttributeId.Model, Model);
            if (!all && identity.Products.Count > 0)
            {
                _ = attributes.Add(AttributeId.ProductSpecification, Products);
            }

            _ = attributes.U32(AttributeId.NomenclatureVersion, 0x00010000).Add(AttributeId.Localization, Localization);
        }

        if (all || group is AttributeGroup.SystemApplication)
        {
            AddApplication(attributes, relativeTime, wall);
        }

        if (all)
        {
            _ = attributes.Add(AttributeId.SystemSpecification, Specification);
        }

        return attributes;
    }

    private string Bed => identity.Bed.PadRight(BedCharacters, '\0');

    private void AddApplication(AttributeList attributes, uint relativeTime, DateTimeOffset wall)
    {
        _ = attributes.U16(AttributeId.OperatingMode, identity.OperatingMode)
            .U16(AttributeId.AreaOfApplication, identity.Area)
            .U16(AttributeId.LineFrequency, identity.LineFrequency);
        if (identity.SafetyStandard is { } standard)
        {
            _ = attributes.U16(AttributeId.SafetyStandard, standard);
        }

        if (identity.Altitude is { } altitude)
        {
            _ = attributes.U16(AttributeId.Altitude, altitude);
        }

        if (identity.Sources is { } sources)
        {
            _ = attributes.Add(AttributeId.PulseSource, w => w.U16(1).U16(16).U16(1).U16(12)
                .Object(ObjectClass.Numeric, sources.Pulse.Context, sources.Pulse.Handle)
                .Object(ObjectClass.Numeric, sources.Alarms.Context, sources.Alarms.Handle));
        }

        const int Operating = 6;
        _ = attributes.U16(AttributeId.SystemStatus, Operating)
            .Text(AttributeId.BedLabel, Bed)
            .Add(AttributeId.AbsoluteTime, w => MonitorClock.WriteAbsolute(w, wall))
            .U32(AttributeId.RelativeTime, relativeTime);
    }

    private void Identify(AttributeList attributes, bool typeFirst)
    {
        if (typeFirst)
        {
            _ = attributes.Add(AttributeId.SystemType, w => w.U16(Partition).U16(MultiParameterMonitor));
        }

        _ = attributes.Add(AttributeId.SystemId, w => w.U16(identity.Mac.Length).Bytes(identity.Mac));
        if (!typeFirst)
        {
            _ = attributes.Add(AttributeId.SystemType, w => w.U16(Partition).U16(MultiParameterMonitor));
        }
    }

    private void Model(MessageWriter writer) => writer.VariableLabel(identity.Manufacturer).VariableLabel(identity.Model);

    private void Products(MessageWriter writer)
    {
        int opened = writer.U16(identity.Products.Count).Open();
        foreach ((ushort kind, string text) in identity.Products)
        {
            _ = writer.U16(kind).U16(0).VariableLabel(text);
        }

        writer.Close(opened);
    }

    /// <summary>Text catalogue, language, and 11 for Unicode.</summary>
    private void Localization(MessageWriter writer) => writer.U32(0x06320632).U16(identity.Language).U16(11);

    private static void Specification(MessageWriter writer)
    {
        int components = writer.U16(1).Open();
        int opened = writer.U16(SupportedObjects).Open();
        int list = writer.U16(Instances.Length).Open();
        foreach ((ObjectClass objectClass, uint most) in Instances)
        {
            _ = writer.U16(Partition).U16((ushort)objectClass).U32(most);
        }

        writer.Close(list);
        writer.Close(opened);
        writer.Close(components);
    }
}
