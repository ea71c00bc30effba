namespace Bedside.Simulators.Philips;

/// <summary>The answer to GET and SET: the managed object and its attributes (sheet, section 6.5).</summary>
internal static class ListReply
{
    public static byte[] Encode(ushort invokeId, Command command, AttributeList attributes)
    {
        var message = new MessageWriter();
        int opened = message.U16(0xE100).U16(2).U16((ushort)Operation.Result).Open();
        int inner = message.U16(invokeId).U16((ushort)command).Open();
        attributes.WriteTo(message.Object(ObjectClass.System));
        message.Close(inner);
        message.Close(opened);
        return message.ToArray();
    }
}
