using System.Buffers.Binary;

namespace Bedside.Simulators.GeDatex;

/// <summary>
/// One class of values, 278 bytes: time, groups, marker, class. A group is a status of four bytes, a label of two, and values of two
/// bytes. Groups that are not written are not there: status 0 and values without data.
/// </summary>
internal sealed class ClassWriter
{
    public const short NoData = -32767;
    public const int Size = 278;
    private const int MarkerAt = 274;
    private const int ReservedAt = 275;
    private const int ClassAt = 276;

    public ClassWriter(uint seconds, int dataClass, byte kind, int level, byte marker)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes, seconds);
        Bytes[MarkerAt] = marker;

        // Real monitors leave something in the reserved byte, and level and kind below the class.
        Bytes[ReservedAt] = 0x40;
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(ClassAt), (ushort)((dataClass << 8) | (level << 4) | kind));
    }

    public byte[] Bytes { get; } = new byte[Size];

    /// <summary>A module without a value says "no data" in all of its places.</summary>
    public void Absent(int offset, int values)
    {
        for (int i = 0; i < values; i++)
        {
            Put(offset + 6 + (2 * i), NoData);
        }
    }

    public void Group(int offset, uint status, int label, params ReadOnlySpan<short> values)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(offset), status);
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(offset + 4), (ushort)label);
        for (int i = 0; i < values.Length; i++)
        {
            Put(offset + 6 + (2 * i), values[i]);
        }
    }

    public void Put(int offset, short value) => BinaryPrimitives.WriteInt16LittleEndian(Bytes.AsSpan(offset), value);

    public void PutLong(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(offset), value);

    public void PutByte(int offset, byte value) => Bytes[offset] = value;

    /// <summary>A number in the unit's part that the field has (1/100, 1/10, …); "over range" beyond what fits.</summary>
    public static short Scaled(double value, double parts)
    {
        const short OverRange = -32763;
        const short UnderRange = -32764;
        double scaled = Math.Round(value * parts, MidpointRounding.AwayFromZero);
        return double.IsNaN(scaled) ? NoData : scaled > short.MaxValue ? OverRange : scaled < -32000 ? UnderRange : (short)scaled;
    }
}
