using System.Buffers.Binary;

namespace Bedside.Simulators.Philips;

/// <summary>What a client asks for, or a monitor grants, in the association (sheet, section 4.4).</summary>
internal sealed record PollProfile(uint MinimumPollPeriod, uint ReceiveMtu, uint TransmitMtu, uint Bandwidth, uint Options)
{
    /// <summary>Bits of POLL_PROFILE_EXT; null when that package is absent.</summary>
    public uint? Extended { get; init; }
}

/// <summary>The user information of an association request, as far as a monitor looks at it.</summary>
internal sealed record AssociationRequest(uint ProtocolVersion, uint NomenclatureVersion, uint SystemType, PollProfile? Profile);

/// <summary>The ACSE messages (sheet, section 4): the first byte says which one.</summary>
internal static class Association
{
    public const byte Request = 0x0D;
    public const byte AcceptType = 0x0E;
    public const byte ReleaseRequest = 0x09;
    public const byte AbortType = 0x19;
    public const byte DataMessage = 0xE1;

    public const uint Version1 = 0x80000000;
    public const uint Nomenclature = 0x40000000;
    public const uint ClientSystem = 0x80000000;
    public const uint ServerSystem = 0x00800000;
    public const uint HotStart = 0x80000000;

    private const ushort PollProfileSupport = 0x0001;
    private const ushort PollProfileExtension = 0xF001;

    /// <summary>Ends every presentation header: presentation context 2 and the tag of the user information.</summary>
    private static ReadOnlySpan<byte> UserInformationFollows => [0x02, 0x01, 0x02, 0x81];

    private static readonly byte[] Session = [0x05, 0x08, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x80, 0x00, 0x14, 0x02, 0x00, 0x02];

    private static readonly byte[] AcceptPresentation = Convert.FromHexString(
        "3180A080800101 0000A280A003000001A5803080800100810251010000308080010081"
            .Replace(" ", string.Empty, StringComparison.Ordinal)
        + "0C2A8648CE14020100000002010000000061803080020101A0806180A180060C2A8648CE140201000000030100"
        + "00A203020100A305A103020100BE80288002010281");

    private static readonly byte[] Trailer = new byte[16];

    public static ReadOnlySpan<byte> Refuse => [0x0C, 0x03, 0x32, 0x01, 0x00];

    public static ReadOnlySpan<byte> ReleaseResponse =>
    [
        0x0A, 0x18, 0xC1, 0x16, 0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xA0, 0x80,
        0x63, 0x80, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ];

    public static ReadOnlySpan<byte> Abort =>
    [
        0x19, 0x2E, 0x11, 0x01, 0x03, 0xC1, 0x29, 0xA0, 0x80, 0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01,
        0x06, 0x02, 0x51, 0x01, 0x00, 0x00, 0x00, 0x00, 0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xA0,
        0x80, 0x64, 0x80, 0x80, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ];

    /// <summary>Reads a request; null when it holds no user information that can be read.</summary>
    public static AssociationRequest? Read(ReadOnlySpan<byte> message)
    {
        int found = message.IndexOf(UserInformationFollows);
        if (found < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = message[(found + UserInformationFollows.Length)..];
        if (!TryAsnLength(ref rest, out int length) || rest.Length < length || length < 28)
        {
            return null;
        }

        var reader = new MessageReader(rest[..length]);
        uint protocol = reader.U32();
        uint nomenclature = reader.U32();
        _ = reader.U32();
        uint system = reader.U32();
        _ = reader.U32();
        _ = reader.List();
        PollProfile? profile = null;
        MessageReader profiles = reader.List();
        while (profiles.TryAttribute(out ushort id, out MessageReader value))
        {
            profile = id == PollProfileSupport ? ReadProfile(value) : profile;
        }

        return reader.Failed ? null : new AssociationRequest(protocol, nomenclature, system, profile);
    }

    public static byte[] Accept(PollProfile granted)
    {
        var user = new MessageWriter();
        _ = user.U32(Version1).U32(Nomenclature).U32(0).U32(ServerSystem).U32(HotStart);
        new AttributeList().WriteTo(user);
        new AttributeList().Add(PollProfileSupport, w => WriteProfile(w, granted)).WriteTo(user);

        var presentation = new MessageWriter();
        _ = presentation.Bytes(AcceptPresentation);
        WriteAsnLength(presentation, user.Length);
        _ = presentation.Bytes(user.Written).Bytes(Trailer);

        var body = new MessageWriter();
        _ = body.Bytes(Session).U8(0xC1);
        WriteLengthIndicator(body, presentation.Length);
        _ = body.Bytes(presentation.Written);

        var message = new MessageWriter();
        _ = message.U8(AcceptType);
        WriteLengthIndicator(message, body.Length);
        return message.Bytes(body.Written).ToArray();
    }

    private static PollProfile? ReadProfile(MessageReader reader)
    {
        _ = reader.U32();
        var profile = new PollProfile(reader.U32(), reader.U32(), reader.U32(), reader.U32(), reader.U32());
        MessageReader packages = reader.List();
        while (packages.TryAttribute(out ushort id, out MessageReader value))
        {
            if (id == PollProfileExtension)
            {
                profile = profile with { Extended = value.U32() };
            }
        }

        return reader.Failed ? null : profile;
    }

    private static void WriteProfile(MessageWriter writer, PollProfile profile)
    {
        _ = writer.U32(Version1).U32(profile.MinimumPollPeriod).U32(profile.ReceiveMtu).U32(profile.TransmitMtu)
            .U32(profile.Bandwidth).U32(profile.Options);
        var packages = new AttributeList();
        if (profile.Extended is { } extended)
        {
            _ = packages.Add(PollProfileExtension, w => new AttributeList().WriteTo(w.U32(extended)));
        }

        packages.WriteTo(writer);
    }

    /// <summary>LI of the session and presentation layers: one byte, or FF and two.</summary>
    private static void WriteLengthIndicator(MessageWriter writer, int length) =>
        _ = length < 255 ? writer.U8(length) : writer.U8(0xFF).U16(length);

    private static void WriteAsnLength(MessageWriter writer, int length) => _ = length switch
    {
        < 0x80 => writer.U8(length),
        < 0x100 => writer.U8(0x81).U8(length),
        _ => writer.U8(0x82).U16(length),
    };

    private static bool TryAsnLength(ref ReadOnlySpan<byte> rest, out int length)
    {
        length = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        int first = rest[0];
        int more = first < 0x80 ? 0 : first & 0x7F;
        if (more > 2 || rest.Length < 1 + more)
        {
            return false;
        }

        length = more switch { 0 => first, 1 => rest[1], _ => BinaryPrimitives.ReadUInt16BigEndian(rest[1..]) };
        rest = rest[(1 + more)..];
        return true;
    }
}
