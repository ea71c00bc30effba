namespace Bedside.Simulators.Philips;

/// <summary>What stands at the head of a poll's result; <paramref name="Sequence"/> only in those of an extended poll.</summary>
internal sealed record PollHeader(ushort InvokeId, ushort PollNumber, ushort? Sequence, uint RelativeTime, ObjectClass ObjectClass, AttributeGroup Group);

/// <summary>One message of a result; <paramref name="Linked"/> when the result took several.</summary>
internal readonly record struct ReplyPart(byte[] Bytes, bool Linked);

/// <summary>
/// Results of polls, cut at objects when they exceed the MTU (sheet, sections 5 and 6): fragments 1, 2, ..., 3 and then always a
/// result that ends them.
/// </summary>
internal static class PollReply
{
    private const ushort Partition = 1;

    /// <summary>Link state and count, which only fragments have.</summary>
    private const int Link = 2;

    private const int ContextHead = 6;

    /// <summary>The messages of a result, in order.</summary>
    /// <param name="contexts">Contexts that are named even when none of their objects are there.</param>
    /// <param name="closeEmpty">Whether the last message of a cut result is empty or carries the last objects; both are seen.</param>
    public static IReadOnlyList<ReplyPart> Encode(PollHeader header, IReadOnlyList<Observation> observations, IReadOnlyList<ushort> contexts, int mtu, bool closeEmpty)
    {
        byte[] whole = Result(header, observations, contexts);
        if (whole.Length <= mtu)
        {
            return [new ReplyPart(whole, Linked: false)];
        }

        List<List<Observation>> groups = Cut(header, observations, mtu);
        int fragments = closeEmpty || groups.Count < 3 ? groups.Count : groups.Count - 1;
        var parts = new List<ReplyPart>();
        for (int at = 0; at < fragments; at++)
        {
            int state = at == 0 ? 1 : at == fragments - 1 ? 3 : 2;
            var message = new MessageWriter();
            int opened = message.U16(0xE100).U16(2).U16((ushort)Operation.LinkedResult).Open();
            Body(message.U8(state).U8(at + 1), header, groups[at], []);
            message.Close(opened);
            parts.Add(new ReplyPart(message.ToArray(), Linked: true));
        }

        parts.Add(new ReplyPart(Result(header, fragments == groups.Count ? [] : groups[^1], []), Linked: true));
        return parts;
    }

    private static byte[] Result(PollHeader header, IReadOnlyList<Observation> observations, IReadOnlyList<ushort> contexts)
    {
        var message = new MessageWriter();
        int opened = message.U16(0xE100).U16(2).U16((ushort)Operation.Result).Open();
        Body(message, header, observations, contexts);
        message.Close(opened);
        return message.ToArray();
    }

    private static void Body(MessageWriter message, PollHeader header, IReadOnlyList<Observation> observations, IReadOnlyList<ushort> contexts)
    {
        int result = message.U16(header.InvokeId).U16((ushort)Command.ConfirmedAction).Open();
        ushort action = header.Sequence is null ? Notice.SinglePoll : Notice.ExtendedPoll;
        int reply = message.Object(ObjectClass.System).U16(action).Open();
        Head(message, header);

        ushort[] named = [.. contexts.Concat(observations.Select(o => o.Context)).Distinct().Order()];
        int list = message.U16(named.Length).Open();
        foreach (ushort context in named)
        {
            Observation[] inside = [.. observations.Where(o => o.Context == context)];
            int opened = message.U16(context).U16(inside.Length).Open();
            foreach (Observation observation in inside)
            {
                observation.WriteTo(message);
            }

            message.Close(opened);
        }

        message.Close(list);
        message.Close(reply);
        message.Close(result);
    }

    private static void Head(MessageWriter message, PollHeader header)
    {
        _ = message.U16(header.PollNumber);
        if (header.Sequence is { } sequence)
        {
            _ = message.U16(sequence);
        }

        // The absolute time is never supplied in results.
        _ = message.U32(header.RelativeTime).U32(uint.MaxValue).U32(uint.MaxValue)
            .U16(Partition).U16((ushort)header.ObjectClass).U16((ushort)header.Group);
    }

    private static List<List<Observation>> Cut(PollHeader header, IReadOnlyList<Observation> observations, int mtu)
    {
        int overhead = Result(header, [], []).Length + Link;
        var groups = new List<List<Observation>> { new() };
        int size = overhead;
        foreach (Observation observation in observations.OrderBy(o => o.Context))
        {
            bool newContext = groups[^1].Count == 0 || groups[^1][^1].Context != observation.Context;
            int added = observation.Size + (newContext ? ContextHead : 0);
            if (groups[^1].Count > 0 && size + added > mtu)
            {
                groups.Add([]);
                size = overhead;
                added = observation.Size + ContextHead;
            }

            groups[^1].Add(observation);
            size += added;
        }

        return groups;
    }
}
