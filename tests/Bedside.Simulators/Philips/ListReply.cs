namespace Bedside.Simulators.Philips;

/// <summary>The answer to GET and SET: the managed object and its priority lists (sheet, section 6.5).</summary>
internal static class ListReply
{
    public static byte[] Encode(ushort invokeId, Command command, IReadOnlyList<ushort> attributes, Func<ushort, IReadOnlyList<uint>> labelsOf)
    {
        var lists = new AttributeList();
        foreach (ushort attribute in attributes)
        {
            IReadOnlyList<uint> labels = labelsOf(attribute);
            _ = lists.Add(attribute, w => Write(w, labels));
        }

        var message = new MessageWriter();
        int opened = message.U16(0xE100).U16(2).U16((ushort)Operation.Result).Open();
        int inner = message.U16(invokeId).U16((ushort)command).Open();
        lists.WriteTo(message.Object(ObjectClass.System));
        message.Close(inner);
        message.Close(opened);
        return message.ToArray();
    }

    private static void Write(MessageWriter writer, IReadOnlyList<uint> labels)
    {
        int opened = writer.U16(labels.Count).Open();
        foreach (uint label in labels)
        {
            _ = writer.U32(label);
        }

        writer.Close(opened);
    }
}
