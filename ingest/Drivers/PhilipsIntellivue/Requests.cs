using System.Buffers.Binary;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>Builds the messages that go to the monitor, without framing (DEI sheet, sections 4 to 6 and 15).</summary>
internal static class Requests
{
    public const int MtuLan = 1364;
    public const int MtuSerial = 1000;

    /// <summary>1 s: the monitor then gives a silent client up after 10 s.</summary>
    public const uint MinPollPeriod = RelativeTime.TicksPerSecond;

    public const PollOptions Wished = PollOptions.NumericsEverySecond | PollOptions.Waves | PollOptions.Enumerations;

    private const int UserInformationLength = 72;
    private const uint ProfileOptions = 0x60000000;

    public static byte[] Release => Convert.FromHexString("0918C11661803080020101A08062808001000000000000000000");

    public static byte[] ReleaseResponse => Convert.FromHexString("0A18C11661803080020101A08063808001000000000000000000");

    public static byte[] Abort => Convert.FromHexString(
        "192E110103C129A080A08030800201010602510100000000618030800201"
        + "01A080648080010100000000000000000000");

    private static ReadOnlySpan<byte> SessionBlock => [0x05, 0x08, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x80, 0x00, 0x14, 0x02, 0x00, 0x02];

    /// <summary>Presentation header of a request: constant, ends with the tag of the user information.</summary>
    private static byte[] PresentationHeader => Convert.FromHexString(
        "3180A0808001010000A280A003000001A4803080020101060452010001308006025101000000003080020102060C2A8648CE"
        + "14020100000001013080060C2A8648CE140201000000020100000000000061803080020101A0806080A180060C2A8648CE14"
        + "020100000003010000BE802880060C2A8648CE140201000000010102010281");

    /// <summary>Asks for an association; <paramref name="mtu"/> is the longest message either way.</summary>
    public static byte[] Associate(int mtu)
    {
        byte[] header = PresentationHeader;
        const int TrailerLength = 16;
        int presentation = header.Length + 1 + UserInformationLength + TrailerLength;
        var message = new List<byte> { MessageType.AssociationRequest, checked((byte)(SessionBlock.Length + 2 + presentation)) };
        message.AddRange(SessionBlock);
        message.Add(0xC1);
        message.Add(checked((byte)presentation));
        message.AddRange(header);
        message.Add(UserInformationLength);
        Add32(message, 0x80000000);
        Add32(message, 0x40000000);
        Add32(message, 0);
        Add32(message, 0x80000000);
        Add32(message, 0x20000000);
        Add32(message, 0);
        Add16(message, 1, 44, AttributeId.PollProfileSupport, 40);
        Add32(message, 0x80000000);
        Add32(message, MinPollPeriod);
        Add32(message, (uint)mtu);
        Add32(message, (uint)mtu);
        Add32(message, uint.MaxValue);
        Add32(message, ProfileOptions);
        Add16(message, 1, 12, AttributeId.PollProfileExtension, 8);
        Add32(message, (uint)Wished);
        Add32(message, 0);
        message.AddRange(new byte[TrailerLength]);
        return [.. message];
    }

    /// <summary>Confirms that the monitor introduced itself; <paramref name="invokeId"/> is the monitor's.</summary>
    public static byte[] MdsCreateResult(ushort invokeId)
    {
        var body = new List<byte>();
        Add16(body, ObjectClass.System, 0, 0);
        Add32(body, 0);
        Add16(body, Notice.MdsCreate, 0);
        return Message(RemoteOperation.Result, invokeId, Command.ConfirmedEventReport, body);
    }

    public static byte[] SinglePoll(ushort invokeId, ushort pollNumber, ushort objectClass, ushort group)
    {
        var argument = new List<byte>();
        Add16(argument, pollNumber, 1, objectClass, group);
        return Action(invokeId, Notice.SinglePoll, argument);
    }

    /// <summary>Results keep coming for <paramref name="activeTicks"/> (1/8 ms); then the poll must have been renewed.</summary>
    public static byte[] ExtendedPoll(ushort invokeId, ushort pollNumber, ushort objectClass, ushort group, uint activeTicks)
    {
        var argument = new List<byte>();
        Add16(argument, pollNumber, 1, objectClass, group);
        Add16(argument, 1, 8, AttributeId.PollPeriod, 4);
        Add32(argument, activeTicks);
        return Action(invokeId, Notice.ExtendedPoll, argument);
    }

    public static byte[] GetWaveList(ushort invokeId)
    {
        var body = new List<byte>();
        Add16(body, ObjectClass.System, 0, 0);
        Add32(body, 0);
        Add16(body, 1, 2, AttributeId.WavePriorityList);
        return Message(RemoteOperation.Invoke, invokeId, Command.Get, body);
    }

    /// <summary>Replaces the list of waves that this client wants; labels that the monitor does not have are dropped by it.</summary>
    public static byte[] SetWaveList(ushort invokeId, ReadOnlySpan<uint> labels)
    {
        const ushort Replace = 0;
        ushort bytes = checked((ushort)(labels.Length * 4));
        var body = new List<byte>();
        Add16(body, ObjectClass.System, 0, 0);
        Add32(body, 0);
        Add16(body, 1, (ushort)(bytes + 10), Replace, AttributeId.WavePriorityList, (ushort)(bytes + 4), (ushort)labels.Length, bytes);
        foreach (uint label in labels)
        {
            Add32(body, label);
        }

        return Message(RemoteOperation.Invoke, invokeId, Command.ConfirmedSet, body);
    }

    private static byte[] Action(ushort invokeId, ushort action, List<byte> argument)
    {
        var body = new List<byte>();
        Add16(body, ObjectClass.System, 0, 0);
        Add32(body, 0);
        Add16(body, action, (ushort)argument.Count);
        body.AddRange(argument);
        return Message(RemoteOperation.Invoke, invokeId, Command.ConfirmedAction, body);
    }

    private static byte[] Message(ushort operation, ushort invokeId, ushort command, List<byte> body)
    {
        var message = new List<byte> { MessageType.Data, 0x00, 0x00, 0x02 };
        Add16(message, operation, (ushort)(body.Count + 6), invokeId, command, (ushort)body.Count);
        message.AddRange(body);
        return [.. message];
    }

    private static void Add16(List<byte> message, params ReadOnlySpan<ushort> values)
    {
        Span<byte> bytes = stackalloc byte[2];
        foreach (ushort value in values)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
            message.AddRange(bytes);
        }
    }

    private static void Add32(List<byte> message, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        message.AddRange(bytes);
    }
}
