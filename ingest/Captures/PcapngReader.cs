using System.Buffers.Binary;

namespace Bedside.Ingest.Captures;

/// <summary>
/// Reads pcapng files (draft-ietf-opsawg-pcapng). Everything is a block: type 4, length 4, body, length 4 again, in the byte order
/// that the section header gives. Of the blocks, the section header, interface descriptions and the three kinds of packets are
/// read; of the options, the resolution and the offset of an interface's clock.
/// </summary>
internal sealed class PcapngReader
{
    private const uint SectionHeader = 0x0A0D0D0A;
    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const int BlockHeaderLength = 8;
    private const int SmallestBlock = 12;
    private const int LargestBlock = 1 << 24;
    private const int MostInterfaces = 1 << 12;
    private const ushort OptionResolution = 9;
    private const ushort OptionOffset = 14;

    private const string Truncated = "The file ends in the middle of a block: it was probably cut.";
    private const string Absurd = "A block claims an impossible length; the rest of the file was left out.";
    private const string Malformed = "A block is too short for what it should hold and was left out.";
    private const string UnknownInterface = "A packet names an interface that was not described and was left out.";

    private readonly FaultTally _faults;
    private readonly List<Interface> _interfaces = [];
    private bool _little = true;

    private PcapngReader(FaultTally faults) => _faults = faults;

    public static ReadOnlySpan<byte> Magic => [0x0A, 0x0D, 0x0D, 0x0A];

    /// <summary>The packets of <paramref name="file"/>, which is closed at the end.</summary>
    public static IEnumerable<CapturedPacket> Packets(Stream file, FaultTally faults) => new PcapngReader(faults).Read(file);

    private IEnumerable<CapturedPacket> Read(Stream file)
    {
        using Stream owned = file;
        byte[] header = new byte[BlockHeaderLength];
        long offset = 0;
        while (true)
        {
            int read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (read < header.Length)
            {
                if (read > 0)
                {
                    _faults.Add(Truncated, offset);
                }

                yield break;
            }

            byte[]? body = ReadBody(file, header, offset);
            if (body is null)
            {
                yield break;
            }

            if (Take(Word(header, 0), body, offset) is { } packet)
            {
                yield return packet;
            }

            offset += body.Length + BlockHeaderLength;
        }
    }

    /// <summary>The body with the second length behind it; null at the end of what can be read.</summary>
    private byte[]? ReadBody(Stream file, byte[] header, long offset)
    {
        byte[] order = [];
        if (Word(header, 0) == SectionHeader)
        {
            order = new byte[sizeof(uint)];
            if (file.ReadAtLeast(order, order.Length, throwOnEndOfStream: false) < order.Length)
            {
                _faults.Add(Truncated, offset);
                return null;
            }

            _little = BinaryPrimitives.ReadUInt32LittleEndian(order) == ByteOrderMagic;
            _interfaces.Clear();
        }

        uint length = Word(header, 4);
        if (length < SmallestBlock + order.Length || length > LargestBlock || length % 4 != 0)
        {
            _faults.Add(Absurd, offset);
            return null;
        }

        byte[] body = new byte[length - BlockHeaderLength];
        order.CopyTo(body, 0);
        int wanted = body.Length - order.Length;
        if (file.ReadAtLeast(body.AsSpan(order.Length), wanted, throwOnEndOfStream: false) < wanted)
        {
            _faults.Add(Truncated, offset);
            return null;
        }

        return body;
    }

    private CapturedPacket? Take(uint type, byte[] body, long offset)
    {
        int fixedPart = type switch
        {
            InterfaceDescription => 8,
            SimplePacket => 4,
            EnhancedPacket or ObsoletePacket => 20,
            _ => 0,
        };
        ReadOnlyMemory<byte> content = body.AsMemory(0, body.Length - sizeof(uint));
        if (content.Length < fixedPart)
        {
            _faults.Add(Malformed, offset);
            return null;
        }

        switch (type)
        {
            case InterfaceDescription when _interfaces.Count < MostInterfaces:
                _interfaces.Add(ReadInterface(content.Span));
                return null;
            case SimplePacket:
                return Packet(0, stamp: null, content[4..], Word(body, 0), offset);
            case EnhancedPacket:
                return Packet(Word(body, 0), Stamp(body), content[20..], Word(body, 12), offset);
            case ObsoletePacket:
                return Packet(Half(body, 0), Stamp(body), content[20..], Word(body, 12), offset);
            default:
                return null;
        }
    }

    private CapturedPacket? Packet(uint from, ulong? stamp, ReadOnlyMemory<byte> stored, uint length, long offset)
    {
        if (from >= _interfaces.Count)
        {
            _faults.Add(UnknownInterface, offset);
            return null;
        }

        Interface described = _interfaces[(int)from];
        if (stamp is null)
        {
            // A simple packet gives its real length only: what is stored is that or the interface's limit.
            length = described.LongestStored > 0 ? Math.Min(length, described.LongestStored) : length;
        }

        if (length > stored.Length)
        {
            _faults.Add(Malformed, offset);
            return null;
        }

        long? time = stamp is { } ticks ? described.Nanoseconds(ticks) : null;
        return new CapturedPacket(time, described.LinkType, stored[..(int)length], offset);
    }

    private Interface ReadInterface(ReadOnlySpan<byte> content)
    {
        var described = new Interface(Half(content, 0), Word(content, 4), TicksPerSecond: 1_000_000, OffsetSeconds: 0);
        ReadOnlySpan<byte> options = content[8..];
        while (options.Length >= 4)
        {
            ushort code = Half(options, 0);
            int length = Half(options, 2);
            if (code == 0 || length > options.Length - 4)
            {
                break;
            }

            ReadOnlySpan<byte> value = options.Slice(4, length);
            if (code == OptionResolution && length >= 1)
            {
                described = described with { TicksPerSecond = Resolution(value[0]) };
            }
            else if (code == OptionOffset && length >= 8)
            {
                described = described with { OffsetSeconds = _little ? BinaryPrimitives.ReadInt64LittleEndian(value) : BinaryPrimitives.ReadInt64BigEndian(value) };
            }

            options = options[Math.Min(options.Length, 4 + ((length + 3) / 4 * 4))..];
        }

        return described;
    }

    /// <summary>Top bit set: a power of two; clear: a power of ten. Powers that no clock has count as the finest that fits.</summary>
    private static UInt128 Resolution(byte coded)
    {
        if ((coded & 0x80) != 0)
        {
            return UInt128.One << Math.Min(coded & 0x7F, 63);
        }

        UInt128 ticks = 1;
        for (int i = 0; i < Math.Min((int)coded, 18); i++)
        {
            ticks *= 10;
        }

        return ticks;
    }

    private ulong Stamp(byte[] body) => ((ulong)Word(body, 4) << 32) | Word(body, 8);

    private uint Word(ReadOnlySpan<byte> from, int at) =>
        _little ? BinaryPrimitives.ReadUInt32LittleEndian(from[at..]) : BinaryPrimitives.ReadUInt32BigEndian(from[at..]);

    private ushort Half(ReadOnlySpan<byte> from, int at) =>
        _little ? BinaryPrimitives.ReadUInt16LittleEndian(from[at..]) : BinaryPrimitives.ReadUInt16BigEndian(from[at..]);

    private readonly record struct Interface(int LinkType, uint LongestStored, UInt128 TicksPerSecond, long OffsetSeconds)
    {
        /// <summary>Saturates: a damaged stamp must not end the reading.</summary>
        public long Nanoseconds(ulong ticks)
        {
            Int128 time = ((Int128)((UInt128)ticks * 1_000_000_000 / TicksPerSecond)) + ((Int128)OffsetSeconds * 1_000_000_000);
            return (long)Int128.Clamp(time, 0, long.MaxValue);
        }
    }
}
