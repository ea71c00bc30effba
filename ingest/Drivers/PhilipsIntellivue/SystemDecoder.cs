using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>What the monitor says of itself, in connect indications, when it introduces itself and when it is polled (sections 3 and 9.4).</summary>
internal sealed class SystemDecoder(MonitorClock clock)
{
    private const ushort DemoMode = 0x2000;
    private const ushort ServiceMode = 0x1000;
    private const ushort SerialSpecification = 1;
    private const ushort PartSpecification = 2;
    private const ushort SoftwareSpecification = 4;
    private const ushort DataOutApplication = 5;
    private const ushort UdpTransport = 1;
    private const int MostParts = 16;

    private static readonly (ushort Bit, string Name)[] Modes =
    [
        (0x8000, "unspecified"), (0x4000, "monitoring"), (DemoMode, "demo"), (ServiceMode, "service"), (0x0002, "standby"), (0x0001, "configuration"),
    ];

    private static readonly string[] Areas = ["unspecified", "operating-room", "intensive-care", "neonatal-intensive-care", "cardiology"];
    private static readonly string[] LineFrequencies = ["unspecified", "50 Hz", "60 Hz"];

    private DeviceIdentity _said = new() { Manufacturer = string.Empty, Model = string.Empty };

    /// <summary>To be or-ed to every validity: demo and service mode are never clinical.</summary>
    public Validity Mode { get; private set; }

    public void Take(AttributeList attributes, MonotonicInstant now, IDriverOutput output)
    {
        DeviceIdentity identity = WithModel(_said, attributes);
        identity = WithProductions(identity, attributes);
        identity = WithMode(identity, attributes);
        identity = identity with { Protocol = "IntelliVue Data Export", Properties = WithProperties(identity.Properties, attributes) };
        if (identity.Model.Length > 0 && !AreSame(identity, _said))
        {
            _said = identity;
            output.Report(new DeviceEvent.Identity(identity));
        }

        if (WireFields.Time(attributes, AttributeId.TimeAbsolute) is { } wall && WireFields.U32(attributes, AttributeId.TimeRelative) is { } time)
        {
            clock.Anchor(wall, time, now, output);
        }
    }

    private static bool AreSame(DeviceIdentity one, DeviceIdentity other) =>
        one with { Properties = other.Properties } == other && one.Properties.SequenceEqual(other.Properties);

    private static DeviceIdentity WithModel(DeviceIdentity identity, AttributeList attributes)
    {
        if (!attributes.TryGet(AttributeId.Model, out ReadOnlySpan<byte> value))
        {
            return identity;
        }

        var reader = new WireReader(value);
        string manufacturer = WireFields.Label(ref reader);
        string model = WireFields.Label(ref reader);
        return model.Length > 0 ? identity with { Manufacturer = manufacturer, Model = model } : identity;
    }

    /// <summary><c>list{ u16 kind, u16 component, VariableLabel }</c>.</summary>
    private static DeviceIdentity WithProductions(DeviceIdentity identity, AttributeList attributes)
    {
        if (!attributes.TryGet(AttributeId.ProductionSpecification, out ReadOnlySpan<byte> value))
        {
            return identity;
        }

        var parts = new List<string>();
        string serial = string.Empty;
        string firmware = string.Empty;
        var reader = new WireReader(value);
        int count = reader.U16();
        reader.U16();
        for (int i = 0; i < count && i < MostParts && !reader.Failed; i++)
        {
            ushort kind = reader.U16();
            reader.U16();
            string text = WireFields.Label(ref reader).Trim('-');
            serial = serial.Length == 0 && kind == SerialSpecification ? text : serial;
            firmware = firmware.Length == 0 && kind == SoftwareSpecification ? text : firmware;
            if (kind == PartSpecification && text.Length > 0)
            {
                parts.Add(text);
            }
        }

        return identity with
        {
            SerialNumber = serial.Length > 0 ? serial : identity.SerialNumber,
            Firmware = firmware.Length > 0 ? firmware : identity.Firmware,
            Properties = parts.Count > 0 ? identity.Properties.SetItem("parts", string.Join(' ', parts)) : identity.Properties,
        };
    }

    private DeviceIdentity WithMode(DeviceIdentity identity, AttributeList attributes)
    {
        if (WireFields.U16(attributes, AttributeId.OperatingMode) is not { } mode)
        {
            return identity;
        }

        Mode = ((mode & DemoMode) != 0 ? Validity.DemoData : Validity.Valid) | ((mode & ServiceMode) != 0 ? Validity.TestData : Validity.Valid);
        string words = string.Join(' ', Modes.Where(known => (mode & known.Bit) != 0).Select(known => known.Name));
        return identity with { Demo = Mode != Validity.Valid, Properties = identity.Properties.SetItem("operating-mode", words) };
    }

    private static ImmutableSortedDictionary<string, string> WithProperties(ImmutableSortedDictionary<string, string> before, AttributeList attributes)
    {
        var properties = before.ToBuilder();
        Set(properties, "bed-label", BedOf(attributes));
        Set(properties, "area", NameOf(Areas, WireFields.U16(attributes, AttributeId.AreaApplication)));
        Set(properties, "line-frequency", NameOf(LineFrequencies, WireFields.U16(attributes, AttributeId.LineFrequency)));
        if (attributes.TryGet(AttributeId.SystemId, out ReadOnlySpan<byte> id) && id.Length > 2)
        {
            properties["system-id"] = Convert.ToHexString(id[2..]);
        }

        if (attributes.TryGet(AttributeId.NetworkAddress, out ReadOnlySpan<byte> address) && address.Length >= 10)
        {
            properties["mac"] = Convert.ToHexString(address[..6]);
            properties["ip"] = $"{address[6]}.{address[7]}.{address[8]}.{address[9]}";
        }

        if (attributes.TryGet(AttributeId.ProtocolSupport, out ReadOnlySpan<byte> protocols) && DataPortOf(protocols) is { } port)
        {
            properties["data-port"] = $"{port}";
        }

        if (attributes.TryGet(AttributeId.Localization, out ReadOnlySpan<byte> localization) && localization.Length >= 6)
        {
            properties["language"] = LanguageOf((ushort)((localization[4] << 8) | localization[5]));
        }

        return properties.ToImmutable();
    }

    /// <summary>In connect indications the bed is a String in some revisions, and bare UTF-16 that fills the attribute in others.</summary>
    private static string? BedOf(AttributeList attributes)
    {
        if (!attributes.TryGet(AttributeId.ConnectBedLabel, out ReadOnlySpan<byte> value))
        {
            return WireFields.Text(attributes, AttributeId.BedLabel);
        }

        var reader = new WireReader(value);
        return reader.U16() == value.Length - 2 ? WireFields.Text(value) : WireFields.BareText(value);
    }

    private static void Set(ImmutableSortedDictionary<string, string>.Builder properties, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            properties[name] = value;
        }
    }

    /// <summary><c>list{ u16 application, u16 transport, u16 port, u16 options }</c>.</summary>
    private static ushort? DataPortOf(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        int count = reader.U16();
        reader.U16();
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            ushort application = reader.U16();
            ushort transport = reader.U16();
            ushort port = reader.U16();
            reader.U16();
            if (!reader.Failed && application == DataOutApplication && transport == UdpTransport)
            {
                return port;
            }
        }

        return null;
    }

    private static string? NameOf(string[] names, ushort? code) => code is { } known && known < names.Length ? names[known] : code?.ToString();

    private static string LanguageOf(ushort code) => code switch
    {
        1 => "en",
        2 => "de",
        3 => "fr",
        4 => "it",
        5 => "es",
        6 => "nl",
        7 => "sv",
        8 => "fi",
        9 => "no",
        10 => "da",
        11 => "ja",
        14 => "pt",
        15 => "ru",
        _ => $"{code}",
    };
}
