using System.Buffers.Binary;
using System.Text;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>Builds monitor messages from the layouts of the DEI sheet; shares no code with the driver.</summary>
internal static class Wire
{
    public const ushort Result = 2;
    public const ushort Linked = 5;
    public const ushort Numeric = 6;
    public const ushort Wave = 9;
    public const ushort Enumeration = 5;
    public const ushort Alarm = 0x36;
    public const ushort System = 0x21;
    public const uint NaN = 0x007FFFFF;

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    public static byte[] Join(params IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    public static byte[] U16(params ushort[] values)
    {
        byte[] bytes = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 2), values[i]);
        }

        return bytes;
    }

    public static byte[] U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Text(string text)
    {
        byte[] utf16 = Encoding.BigEndianUnicode.GetBytes(text + "\0");
        return Join(U16((ushort)utf16.Length), utf16);
    }

    public static byte[] Attribute(ushort id, params byte[] value) => Join(U16(id, (ushort)value.Length), value);

    public static byte[] Attributes(params byte[][] attributes) => Counted(attributes);

    /// <summary>u16 count, u16 length, entries.</summary>
    public static byte[] Counted(params byte[][] entries)
    {
        byte[] all = Join(entries);
        return Join(U16((ushort)entries.Length, (ushort)all.Length), all);
    }

    public static byte[] Object(ushort handle, params byte[][] attributes) => Join(U16(handle), Attributes(attributes));

    public static byte[] Context(ushort context, params byte[][] objects)
    {
        byte[] all = Join(objects);
        return Join(U16(context, (ushort)objects.Length, (ushort)all.Length), all);
    }

    public static byte[] Value(ushort physio, ushort state, ushort unit, uint number) => Join(U16(physio, state, unit), U32(number));

    public static byte[] NumericValue(ushort physio, uint number, ushort unit = 0x0AA0, ushort state = 0) =>
        Attribute(0x0950, Value(physio, state, unit, number));

    public static byte[] Label(uint label) => Attribute(0x0924, U32(label));

    /// <summary>METRIC_SPECN; access 0x1000 = measured on demand.</summary>
    public static byte[] Specification(ushort category = 1, ushort access = 0x4228, byte structure = 0, byte components = 0) =>
        Attribute(0x093F, Join(U32(8192), U16(category, access), [structure, components, 0, 0]));

    public static byte[] Samples(ushort physio, ushort state, params ushort[] samples) =>
        Attribute(0x096E, Join(U16(physio, state, (ushort)(samples.Length * 2)), U16(samples)));

    /// <summary>Everything a wave needs: label, SA_SPECN, period, unit, scale.</summary>
    public static byte[][] WaveContext(uint label, byte significant, uint periodTicks, ushort unit, byte[] scale) =>
    [
        Specification(access: 0x4280), Label(label), Attribute(0x096D, Join(U16(32), [16, significant], U16(0x8000))),
        Attribute(0x098D, U32(periodTicks)), Attribute(0x0996, U16(unit)), Attribute(0x096F, scale),
    ];

    public static byte[] Scale(uint lower, uint upper, ushort lowerScaled, ushort upperScaled) =>
        Join(U32(lower), U32(upper), U16(lowerScaled, upperScaled));

    /// <summary>A result of a periodic poll, or a fragment of one.</summary>
    public static byte[] Reply(ushort invokeId, ushort sequence, uint time, ushort objectClass, byte[][] contexts, byte linkedState = 0, byte linkedCount = 0)
    {
        byte[] body = Join(U16(1, sequence), U32(time), Hex("FFFFFFFFFFFFFFFF"), U16(1, objectClass, 0), Counted(contexts));
        byte[] action = Join(U16(0x21, 0, 0, 0xF13B, (ushort)body.Length), body);
        return Message(linkedState == 0 ? Result : Linked, invokeId, 7, action, linkedState, linkedCount);
    }

    /// <summary>A result of a single poll.</summary>
    public static byte[] Single(ushort invokeId, uint time, ushort objectClass, params byte[][] contexts)
    {
        byte[] body = Join(U16(1), U32(time), Hex("FFFFFFFFFFFFFFFF"), U16(1, objectClass, 0), Counted(contexts));
        return Message(Result, invokeId, 7, Join(U16(0x21, 0, 0, 0x0C16, (ushort)body.Length), body));
    }

    public static byte[] MdsCreate(ushort invokeId, uint time, params byte[][] more)
    {
        byte[] attributes = Attributes([Attribute(0x0928, Hex("0008 5068696C69707300 0006 4D3830303000")), Attribute(0x098F, U32(time)), .. more]);
        byte[] body = Join(U16(0x21, 0, 0), U32(time), U16(0x0D06, (ushort)(attributes.Length + 6), 0x21, 0, 0), attributes);
        return Message(1, invokeId, 1, body);
    }

    public static byte[] Error(ushort invokeId, ushort error) => Message(3, invokeId, error, U16(0x21, 0xF13B));

    /// <summary>The accept of the sheet with other options and MTU.</summary>
    public static byte[] Accept(uint options, uint mtu)
    {
        byte[] accept = Vectors.AssociationAccept;
        BinaryPrimitives.WriteUInt32BigEndian(accept.AsSpan(160), mtu);
        BinaryPrimitives.WriteUInt32BigEndian(accept.AsSpan(184), options);
        return accept;
    }

    public static byte[] Message(ushort operation, ushort invokeId, ushort command, byte[] body, byte linkedState = 0, byte linkedCount = 0)
    {
        byte[] linked = linkedState == 0 ? [] : [linkedState, linkedCount];
        return Join(
            Hex("E1000002"),
            U16(operation, (ushort)(body.Length + 6 + linked.Length)),
            linked,
            U16(invokeId, command, (ushort)body.Length),
            body);
    }

    /// <summary>RS-232 frame, by the letter of the sheet, section 2.2.</summary>
    public static byte[] Framed(byte[] message)
    {
        byte[] body = Join([0x11, 0x01], U16((ushort)message.Length), message);
        int crc = 0xFFFF;
        foreach (byte value in body)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                bool low = ((crc ^ (value >> bit)) & 1) != 0;
                crc = (crc >> 1) ^ (low ? 0x8408 : 0);
            }
        }

        crc ^= 0xFFFF;
        byte[] plain = Join(body, [(byte)crc, (byte)(crc >> 8)]);
        return [0xC0, .. plain.SelectMany(value => value is 0xC0 or 0xC1 or 0x7D ? new[] { (byte)0x7D, (byte)(value ^ 0x20) } : [value]), 0xC1];
    }
}
