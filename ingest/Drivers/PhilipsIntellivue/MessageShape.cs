using System.Buffers.Binary;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>What the bytes at some place can be.</summary>
internal enum Shape
{
    NoMessage,
    NeedMore,
    Message,
}

/// <summary>
/// Where a message begins and how long it is, told by its own first bytes. What is said of a prefix never changes when
/// more bytes follow, so a stream gives the same messages however it is cut.
/// </summary>
internal static class MessageShape
{
    /// <summary>Monitors send up to 1456 bytes (section 4.5); longer than this is no message.</summary>
    public const int LongestMessage = 4096;

    private const int LongestHeader = 16;
    private const int ShortestSessionBody = 3;
    private const byte LongLength = 0xFF;

    private static ReadOnlySpan<byte> SessionBlock => [0x05, 0x08, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02];

    private static ReadOnlySpan<byte> DataHeader => [MessageType.Data, 0x00, 0x00, 0x02, 0x00];

    private static ReadOnlySpan<byte> IndicationHeader => [0x00, 0x00, 0x01, 0x00, 0x00, 0x01];

    /// <summary>
    /// <paramref name="inStep"/>: the place is the beginning of the stream or directly behind a message. Only there the
    /// short session messages are known by their first byte alone, since their bodies may differ between revisions.
    /// </summary>
    public static Shape Look(ReadOnlySpan<byte> bytes, bool inStep, out int length)
    {
        length = 0;
        if (bytes.IsEmpty)
        {
            return Shape.NeedMore;
        }

        return bytes[0] switch
        {
            MessageType.Data => LookAtData(bytes, DataHeader, out length),
            MessageType.ConnectIndication => LookAtData(bytes, IndicationHeader, out length),
            MessageType.AssociationRequest or MessageType.AssociationAccept => LookAtSession(bytes, SessionBlock, out length),
            MessageType.Refuse => LookAtSession(bytes, inStep ? [] : [0x32], out length),
            MessageType.ReleaseRequest or MessageType.ReleaseResponse => LookAtSession(bytes, inStep ? [] : [0xC1], out length),
            MessageType.Abort => LookAtSession(bytes, inStep ? [] : [0x11, 0x01], out length),
            _ => Shape.NoMessage,
        };
    }

    /// <summary>True when these bytes are one message from end to end.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes) =>
        Look(bytes, inStep: true, out int length) == Shape.Message && length == bytes.Length;

    /// <summary>
    /// Where, behind its first byte, a message holds the beginning of another; 0 = nowhere. No attribute has such bytes:
    /// the first message lost its tail, and the other one is worth more. While <paramref name="message"/> is not complete,
    /// only a whole header counts, for its end may just not be there yet.
    /// </summary>
    public static int StartWithin(ReadOnlySpan<byte> message, bool isComplete)
    {
        ReadOnlySpan<byte> header = DataHeader[..4];
        for (int from = 1; from < message.Length; from++)
        {
            int found = message[from..].IndexOf(header);
            if (found < 0)
            {
                return 0;
            }

            from += found;
            if ((isComplete || message.Length - from >= LongestHeader) && LookAtData(message[from..], DataHeader, out _) != Shape.NoMessage)
            {
                return from;
            }
        }

        return 0;
    }

    /// <summary><c>type · LI · body</c>; LI 0…254 is one byte, <c>FF hi lo</c> otherwise (section 4.2).</summary>
    private static Shape LookAtSession(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> bodyStart, out int length)
    {
        length = 0;
        if (bytes.Length < 2 || (bytes[1] == LongLength && bytes.Length < 4))
        {
            return Shape.NeedMore;
        }

        int header = bytes[1] == LongLength ? 4 : 2;
        int body = bytes[1] == LongLength ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : bytes[1];
        length = header + body;
        if (body < Math.Max(ShortestSessionBody, bodyStart.Length) || length > LongestMessage)
        {
            return Shape.NoMessage;
        }

        ReadOnlySpan<byte> have = bytes[header..];
        int compared = Math.Min(have.Length, bodyStart.Length);
        if (!have[..compared].SequenceEqual(bodyStart[..compared]))
        {
            return Shape.NoMessage;
        }

        return bytes.Length < length ? Shape.NeedMore : Shape.Message;
    }

    /// <summary><c>header · u16 ro_type · u16 length · … · u16 inner length</c>: the two lengths must agree.</summary>
    private static Shape LookAtData(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> header, out int length)
    {
        length = 0;
        int compared = Math.Min(bytes.Length, header.Length);
        if (!bytes[..compared].SequenceEqual(header[..compared]))
        {
            return Shape.NoMessage;
        }

        if (bytes.Length < 8)
        {
            return bytes.Length >= 6 && !IsOperation(bytes[5]) ? Shape.NoMessage : Shape.NeedMore;
        }

        int linked = bytes[5] == RemoteOperation.LinkedResult ? 2 : 0;
        int outer = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        length = 8 + outer;
        if (!IsOperation(bytes[5]) || outer < 6 + linked || length > LongestMessage)
        {
            return Shape.NoMessage;
        }

        int innerAt = 12 + linked;
        if (bytes.Length < innerAt + 2)
        {
            return Shape.NeedMore;
        }

        int inner = BinaryPrimitives.ReadUInt16BigEndian(bytes[innerAt..]);
        if (inner != outer - 6 - linked)
        {
            return Shape.NoMessage;
        }

        return bytes.Length < length ? Shape.NeedMore : Shape.Message;
    }

    private static bool IsOperation(byte operation) =>
        operation is (byte)RemoteOperation.Invoke or (byte)RemoteOperation.Result or (byte)RemoteOperation.Error or (byte)RemoteOperation.LinkedResult;
}
