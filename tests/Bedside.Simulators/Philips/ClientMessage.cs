namespace Bedside.Simulators.Philips;

/// <summary>What a client says in a data message (sheet, sections 5 and 6). What cannot be read is null: a monitor ignores it.</summary>
internal abstract record ClientMessage
{
    private ClientMessage(ushort invokeId) => InvokeId = invokeId;

    public ushort InvokeId { get; }

    /// <summary>The answer to an event report.</summary>
    public sealed record Confirmation(ushort Id, ushort EventType) : ClientMessage(Id);

    /// <summary>A poll; the sequence of results lasts <paramref name="ActivePeriod"/> ticks, null when single.</summary>
    public sealed record Poll(ushort Id, ushort PollNumber, ObjectClass ObjectClass, AttributeGroup Group, uint? ActivePeriod) : ClientMessage(Id)
    {
        public bool Extended { get; init; }

        /// <summary>How many of the numeric priority list; null for all.</summary>
        public int? NumericCount { get; init; }
    }

    /// <summary>Any other action.</summary>
    public sealed record UnknownAction(ushort Id, ushort ObjectClass, ushort ActionType) : ClientMessage(Id);

    public sealed record Get(ushort Id, IReadOnlyList<ushort> Attributes) : ClientMessage(Id);

    public sealed record Set(ushort Id, bool Confirmed, IReadOnlyList<Modification> Modifications) : ClientMessage(Id);

    /// <summary>Operator 0 replaces, 3 sets to default.</summary>
    public readonly record struct Modification(ushort Operator, ushort Attribute, IReadOnlyList<uint> Labels);

    public static ClientMessage? Read(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        if (reader.U16() != 0xE100 || reader.U16() == 0)
        {
            return null;
        }

        var operation = (Operation)reader.U16();
        MessageReader body = reader.Sized();
        ushort id = body.U16();
        var command = (Command)body.U16();
        MessageReader argument = body.Sized();
        if (reader.Failed || body.Failed)
        {
            return null;
        }

        return (operation, command) switch
        {
            (Operation.Result, Command.ConfirmedEventReport) => ReadConfirmation(id, argument),
            (Operation.Invoke, Command.ConfirmedAction) => ReadAction(id, argument),
            (Operation.Invoke, Command.Get) => ReadGet(id, argument),
            (Operation.Invoke, Command.Set or Command.ConfirmedSet) => ReadSet(id, command is Command.ConfirmedSet, argument),
            _ => null,
        };
    }

    private static Confirmation? ReadConfirmation(ushort id, MessageReader reader)
    {
        _ = Skip(ref reader, 10);
        ushort type = reader.U16();
        return reader.Failed ? null : new Confirmation(id, type);
    }

    private static ClientMessage? ReadAction(ushort id, MessageReader reader)
    {
        ushort objectClass = reader.U16();
        _ = Skip(ref reader, 8);
        ushort action = reader.U16();
        MessageReader poll = reader.Sized();
        if (reader.Failed)
        {
            return null;
        }

        if (action is not (Notice.SinglePoll or Notice.ExtendedPoll))
        {
            return new UnknownAction(id, objectClass, action);
        }

        ushort number = poll.U16();
        _ = poll.U16();
        var request = new Poll(id, number, (ObjectClass)poll.U16(), (AttributeGroup)poll.U16(), ActivePeriod: null) { Extended = action == Notice.ExtendedPoll };
        if (request.Extended)
        {
            MessageReader attributes = poll.List();
            while (attributes.TryAttribute(out ushort attribute, out MessageReader value))
            {
                request = attribute switch
                {
                    AttributeId.ActivePeriod => request with { ActivePeriod = value.U32() },
                    AttributeId.NumericCount => request with { NumericCount = value.U16() },
                    _ => request,
                };
            }
        }

        return poll.Failed ? null : request;
    }

    private static Get? ReadGet(ushort id, MessageReader reader)
    {
        _ = Skip(ref reader, 10);
        MessageReader list = reader.List();
        var attributes = new List<ushort>();
        while (list.Left >= 2)
        {
            attributes.Add(list.U16());
        }

        return reader.Failed ? null : new Get(id, attributes);
    }

    private static Set? ReadSet(ushort id, bool confirmed, MessageReader reader)
    {
        _ = Skip(ref reader, 10);
        MessageReader list = reader.List();
        var modifications = new List<Modification>();
        while (list.Left >= 6)
        {
            ushort modify = list.U16();
            if (!list.TryAttribute(out ushort attribute, out MessageReader value))
            {
                return null;
            }

            MessageReader labels = value.List();
            var wanted = new List<uint>();
            while (labels.Left >= 4)
            {
                wanted.Add(labels.U32());
            }

            modifications.Add(new Modification(modify, attribute, wanted));
        }

        return reader.Failed ? null : new Set(id, confirmed, modifications);
    }

    private static bool Skip(ref MessageReader reader, int bytes)
    {
        for (int at = 0; at < bytes; at += 2)
        {
            _ = reader.U16();
        }

        return !reader.Failed;
    }
}
