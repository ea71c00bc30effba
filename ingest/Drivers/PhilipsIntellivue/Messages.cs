using System.Buffers.Binary;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// A data message without its headers (section 5):
/// <code>
/// E1 00 00 02 · u16 ro_type · u16 length · [u8 linked_state · u8 linked_count] · u16 invoke id · u16 command · u16 length · body
/// </code>
/// In an error (ROER) the command is the error value. A connect indication is the same with <c>00 00 01 00</c> in front.
/// </summary>
internal readonly record struct DataMessage
{
    /// <summary>Presentation and remote-operation header, up to the inner length.</summary>
    public const int HeaderLength = 14;

    public required ushort Operation { get; init; }

    public required ushort InvokeId { get; init; }

    public required ushort Command { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Of a linked result: 1 first, 2 one between, 3 last; 0 = not linked.</summary>
    public byte LinkedState { get; init; }

    public byte LinkedCount { get; init; }

    /// <summary>Reads one whole message; false when its lengths do not agree.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> message, out DataMessage data)
    {
        data = default;
        var reader = new WireReader(message.Span);
        reader.U32();
        ushort operation = reader.U16();
        int length = reader.U16();
        bool linked = operation == RemoteOperation.LinkedResult;
        byte state = linked ? reader.U8() : (byte)0;
        byte count = linked ? reader.U8() : (byte)0;
        ushort invokeId = reader.U16();
        ushort command = reader.U16();
        int bodyLength = reader.U16();
        if (reader.Failed || length != message.Length - 8 || bodyLength != reader.Left)
        {
            return false;
        }

        data = new DataMessage
        {
            Operation = operation,
            InvokeId = invokeId,
            Command = command,
            Body = message[reader.Position..],
            LinkedState = state,
            LinkedCount = count,
        };
        return true;
    }
}

/// <summary>An event report: { object 6 · u32 event time · u16 type · u16 length } and its attributes.</summary>
internal readonly record struct EventReport(ushort Type, uint Time, AttributeList Attributes)
{
    private const int ManagedObjectLength = 6;

    public static bool TryParse(ReadOnlyMemory<byte> body, out EventReport report)
    {
        report = default;
        var reader = new WireReader(body.Span);
        reader.Take(ManagedObjectLength);
        uint time = reader.U32();
        ushort type = reader.U16();
        int length = reader.U16();
        if (reader.Failed || length != reader.Left)
        {
            return false;
        }

        // MDS Create repeats the managed object before the attributes; the connect indication does not.
        int skip = type == Notice.MdsCreate ? ManagedObjectLength : 0;
        ReadOnlyMemory<byte> rest = body[reader.Position..];
        if (rest.Length < skip || !AttributeList.TryRead(rest[skip..], out AttributeList attributes, out int read) || read != rest.Length - skip)
        {
            return false;
        }

        report = new EventReport(type, time, attributes);
        return true;
    }
}

/// <summary>One object in a poll result.</summary>
internal readonly record struct Observation(ushort Context, ushort Handle, AttributeList Attributes);

/// <summary>
/// A poll result or one fragment of it (sections 6.2 and 6.3); each fragment is complete in itself.
/// <code>
/// object 6 · u16 action · u16 length · u16 poll number · [u16 sequence] · u32 relative time · absolute time 8 ·
/// u16 partition · u16 class · u16 group · list{ u16 context, list{ u16 handle, AttributeList } }
/// </code>
/// </summary>
internal sealed record PollReply
{
    private const int AbsoluteTimeLength = 8;
    private const int ManagedObjectLength = 6;

    public required bool Extended { get; init; }

    public required ushort Sequence { get; init; }

    public required uint Time { get; init; }

    public required ushort Class { get; init; }

    public required ushort Group { get; init; }

    public required IReadOnlyList<Observation> Observations { get; init; }

    /// <summary>Null when it is no poll result, or any of its lengths or counts does not agree: all or nothing.</summary>
    public static PollReply? Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body.Span);
        reader.Take(ManagedObjectLength);
        ushort action = reader.U16();
        int length = reader.U16();
        if (reader.Failed || length != reader.Left || action is not (Notice.SinglePoll or Notice.ExtendedPoll))
        {
            return null;
        }

        reader.U16();
        ushort sequence = action == Notice.ExtendedPoll ? reader.U16() : (ushort)0;
        uint time = reader.U32();
        reader.Take(AbsoluteTimeLength);
        reader.U16();
        ushort objectClass = reader.U16();
        ushort group = reader.U16();
        if (reader.Failed || ReadContexts(body[reader.Position..]) is not { } observations)
        {
            return null;
        }

        return new PollReply
        {
            Extended = action == Notice.ExtendedPoll,
            Sequence = sequence,
            Time = time,
            Class = objectClass,
            Group = group,
            Observations = observations,
        };
    }

    private static List<Observation>? ReadContexts(ReadOnlyMemory<byte> list)
    {
        var observations = new List<Observation>();
        var reader = new WireReader(list.Span);
        int contexts = reader.U16();
        int length = reader.U16();
        if (reader.Failed || length != reader.Left)
        {
            return null;
        }

        for (int i = 0; i < contexts; i++)
        {
            ushort context = reader.U16();
            int count = reader.U16();
            int size = reader.U16();
            int start = reader.Position;
            reader.Take(size);
            if (reader.Failed || !ReadObjects(list.Slice(start, size), count, context, observations))
            {
                return null;
            }
        }

        return reader.Left == 0 ? observations : null;
    }

    private static bool ReadObjects(ReadOnlyMemory<byte> objects, int count, ushort context, List<Observation> into)
    {
        for (int i = 0; i < count; i++)
        {
            if (objects.Length < 2 || !AttributeList.TryRead(objects[2..], out AttributeList attributes, out int length))
            {
                return false;
            }

            into.Add(new Observation(context, BinaryPrimitives.ReadUInt16BigEndian(objects.Span), attributes));
            objects = objects[(2 + length)..];
        }

        return objects.IsEmpty;
    }
}

/// <summary>A poll that a client asked for; what a tapped line tells of the other side.</summary>
internal readonly record struct PollRequest(ushort InvokeId, bool Extended, ushort Class, ushort Group, uint ActiveTicks)
{
    private const int ManagedObjectLength = 6;

    /// <summary>Null when the message asks for no poll. Lengths are not judged: some clients send wrong ones (trap 26).</summary>
    public static PollRequest? Parse(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message.Span);
        reader.U32();
        ushort operation = reader.U16();
        reader.U16();
        ushort invokeId = reader.U16();
        ushort command = reader.U16();
        reader.U16();
        reader.Take(ManagedObjectLength);
        reader.U32();
        ushort action = reader.U16();
        reader.U16();
        reader.U16();
        reader.U16();
        ushort objectClass = reader.U16();
        ushort group = reader.U16();
        if (reader.Failed || operation != RemoteOperation.Invoke || command != Command.ConfirmedAction)
        {
            return null;
        }

        uint period = AttributeList.TryRead(message[reader.Position..], out AttributeList extra, out _)
            ? WireFields.U32(extra, AttributeId.PollPeriod) ?? 0
            : 0;
        return action is Notice.SinglePoll or Notice.ExtendedPoll
            ? new PollRequest(invokeId, action == Notice.ExtendedPoll, objectClass, group, period)
            : null;
    }
}
