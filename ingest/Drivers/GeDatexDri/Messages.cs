using System.Buffers.Binary;
using System.Text;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>What a record is about (DRI; sheet 4).</summary>
internal enum MainType : short
{
    Physiological = 0,
    Wave = 1,
    Alarm = 4,
    Network = 5,
    Event = 8,
}

/// <summary>Subrecords of <see cref="MainType.Physiological"/>; of the other main types 0 is the request and 1 the answer.</summary>
internal static class SubrecordType
{
    public const byte Request = 0;
    public const byte Displayed = 1;
    public const byte Trend10Seconds = 2;
    public const byte Trend60Seconds = 3;
    public const byte Auxiliary = 4;
    public const byte AlarmStatus = 1;
    public const byte EndOfList = 0xFF;
}

/// <summary>Where a subrecord stands among the data of a record.</summary>
internal readonly record struct Subrecord(byte Type, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// A Datex-Ohmeda record (DRI; sheet 4), little-endian and packed:
/// <code>
/// 0 i16 length  2 u8 number  3 u8 level  4 u16 plug  6 u32 seconds  10 u8 subnet  14 i16 main type
/// 16 eight times { i16 offset from byte 40, u8 type }, ended by type FF when fewer  40 data
/// </code>
/// </summary>
internal sealed record DriRecord(MainType MainType, byte Number, byte Level, ushort Plug, uint Time, IReadOnlyList<Subrecord> Subrecords)
{
    public const int HeaderBytes = 40;
    private const int Descriptors = 8;
    private const int DescriptorBytes = 3;
    private const int FirstDescriptor = 16;

    /// <summary>What the record says of its own length.</summary>
    public static int LengthOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt16LittleEndian(record);

    /// <summary>True when nobody but a client can have sent it.</summary>
    public bool IsRequest => Subrecords.Count > 0 && Subrecords.All(one => one.Type == SubrecordType.Request) && MainType is not MainType.Network;

    /// <summary>Reads a record whose length is right; null with a reason when its descriptors make no sense.</summary>
    public static DriRecord? Read(ReadOnlyMemory<byte> record, out string reason)
    {
        ReadOnlySpan<byte> bytes = record.Span;
        int dataBytes = bytes.Length - HeaderBytes;
        var subrecords = new List<Subrecord>();
        reason = string.Empty;
        int last = 0;
        for (int i = 0; i < Descriptors; i++)
        {
            ReadOnlySpan<byte> descriptor = bytes.Slice(FirstDescriptor + (i * DescriptorBytes), DescriptorBytes);
            byte type = descriptor[2];
            if (type == SubrecordType.EndOfList)
            {
                break;
            }

            int offset = BinaryPrimitives.ReadInt16LittleEndian(descriptor);
            if (offset < last || offset >= dataBytes || (i > 0 && offset == last))
            {
                reason = $"subrecord {i} begins at {offset} of {dataBytes} bytes";
                return null;
            }

            if (i > 0)
            {
                subrecords[^1] = subrecords[^1] with { Bytes = record[(HeaderBytes + last)..(HeaderBytes + offset)] };
            }

            subrecords.Add(new Subrecord(type, record[(HeaderBytes + offset)..]));
            last = offset;
        }

        return new DriRecord(
            (MainType)BinaryPrimitives.ReadInt16LittleEndian(bytes[14..]),
            bytes[2],
            bytes[3],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[6..]),
            subrecords);
    }

    /// <summary>A client's record with one subrecord, as the vendor's examples have it: everything that is not said is 0.</summary>
    public static byte[] Request(MainType mainType, ReadOnlySpan<byte> subrecord)
    {
        byte[] record = new byte[HeaderBytes + subrecord.Length];
        BinaryPrimitives.WriteInt16LittleEndian(record, (short)record.Length);
        BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(14), (short)mainType);
        record[FirstDescriptor + DescriptorBytes + 2] = SubrecordType.EndOfList;
        subrecord.CopyTo(record.AsSpan(HeaderBytes));
        return record;
    }
}

/// <summary>Which of the four classes a 278-byte subrecord has (sheet 6.2): bits 8 to 11 of its last word, never its position.</summary>
internal enum DataClass
{
    Basic = 0,
    Extension1 = 1,
    Extension2 = 2,
    Extension3 = 3,
}

/// <summary>The frame around one class of values.</summary>
internal readonly record struct ClassHeader(uint Time, byte Marker, int Class)
{
    public const int Bytes = 278;

    /// <summary>Null when the subrecord is too short.</summary>
    public static ClassHeader? Read(ReadOnlySpan<byte> subrecord) => subrecord.Length < Bytes
        ? null
        : new ClassHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(subrecord),
            subrecord[274],
            (BinaryPrimitives.ReadUInt16LittleEndian(subrecord[276..]) >> 8) & 0xF);
}

/// <summary>When the values were measured that stay in the record for long (sheet 6.8): seconds of the monitor's wall clock, 0 = unknown.</summary>
internal readonly record struct AuxiliaryTimes(uint Cuff, uint CardiacOutput, uint Wedge)
{
    public const int FewestBytes = 14;

    public static AuxiliaryTimes? Read(ReadOnlySpan<byte> subrecord) => subrecord.Length < FewestBytes
        ? null
        : new AuxiliaryTimes(
            BinaryPrimitives.ReadUInt32LittleEndian(subrecord),
            BinaryPrimitives.ReadUInt32LittleEndian(subrecord[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(subrecord[10..]));
}

/// <summary>One wave of a record (sheet 7.2). Reserved bits of the status are not zero in practice.</summary>
internal sealed record WavePacket(byte Id, int Announced, ushort Status, ushort Label, short[] Samples)
{
    private const int HeaderBytes = 6;
    private const int GapBit = 1;
    private const int PacerBit = 1 << 2;
    private const int OffBit = 1 << 3;

    /// <summary>An undefined amount was lost before this packet; also set in the first one after a request.</summary>
    public bool AfterGap => (Status & GapBit) != 0;

    public bool PacerDetected => (Status & PacerBit) != 0;

    public bool LeadOff => (Status & OffBit) != 0;

    /// <summary>Null when there is not even a header.</summary>
    public static WavePacket? Read(Subrecord subrecord)
    {
        ReadOnlySpan<byte> bytes = subrecord.Bytes.Span;
        if (bytes.Length < HeaderBytes)
        {
            return null;
        }

        int announced = BinaryPrimitives.ReadInt16LittleEndian(bytes);
        short[] samples = new short[Math.Clamp(announced, 0, (bytes.Length - HeaderBytes) / 2)];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(HeaderBytes + (2 * i))..]);
        }

        return new WavePacket(
            subrecord.Type,
            announced,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
            samples);
    }
}

/// <summary>A line of the alarm area; <paramref name="Colour"/> is 1 white, 2 yellow, 3 red.</summary>
internal readonly record struct AlarmLine(string Text, short Colour);

/// <summary>The monitor's alarm area (sheet 8): at most five lines.</summary>
internal sealed record AlarmStatus(bool SoundOn, short Silence, IReadOnlyList<AlarmLine> Lines)
{
    public const int Bytes = 510;
    private const int FirstLine = 10;
    private const int LineBytes = 98;
    private const int TextBytes = 80;
    private const int MostLines = 5;

    /// <summary>Null when the subrecord is too short. A line without colour or text is free.</summary>
    public static AlarmStatus? Read(ReadOnlySpan<byte> subrecord)
    {
        if (subrecord.Length < Bytes)
        {
            return null;
        }

        var lines = new List<AlarmLine>();
        for (int i = 0; i < MostLines; i++)
        {
            ReadOnlySpan<byte> line = subrecord.Slice(FirstLine + (i * LineBytes), LineBytes);
            string text = DriText.Read(line[..TextBytes]);
            short colour = BinaryPrimitives.ReadInt16LittleEndian(line[(TextBytes + 2)..]);
            if (text.Length > 0 && colour > 0)
            {
                lines.Add(new AlarmLine(text, colour));
            }
        }

        return new AlarmStatus(
            BinaryPrimitives.ReadInt16LittleEndian(subrecord[2..]) != 0,
            BinaryPrimitives.ReadInt16LittleEndian(subrecord[8..]),
            lines);
    }
}

/// <summary>Texts of the monitor, in its language. The encoding is not specified; ISO 8859-1 is assumed (sheet 8).</summary>
internal static class DriText
{
    /// <summary>Up to the first NUL; line breaks and other controls become one space.</summary>
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        string text = Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
        string spaced = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return string.Join(' ', spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>Seconds of the monitor's wall clock, which has no zone and jumps when somebody sets it (sheet 13, trap 15).</summary>
internal static class DriTime
{
    public static DateTime? Read(uint seconds) => seconds == 0 ? null : DateTime.SpecifyKind(DateTime.UnixEpoch.AddSeconds(seconds), DateTimeKind.Unspecified);
}

/// <summary>What another client asks for.</summary>
internal static class Request
{
    private const int PhysiologicalBytes = 9;

    /// <summary>Seconds between displayed values, 0 = none any more; null when it is not about them, or asks for one only.</summary>
    public static int? ReadInterval(ReadOnlySpan<byte> subrecord) =>
        subrecord.Length >= PhysiologicalBytes && subrecord[0] == SubrecordType.Displayed && BinaryPrimitives.ReadInt16LittleEndian(subrecord[1..]) is >= 0 and short seconds
            ? seconds
            : null;
}
