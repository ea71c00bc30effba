namespace Bedside.Simulators.Nonin;

/// <summary>Frames of data formats 2 and 7: five bytes, the last their sum; 25 make a packet.</summary>
public static class NoninFrame
{
    public const int PerPacket = 25;

    public static byte[] Format2(byte status, int pleth, byte value) => Summed([0x01, status, (byte)pleth, value]);

    public static byte[] Format7(byte status, int pleth, byte value) => Summed([status, (byte)(pleth >> 8), (byte)pleth, value]);

    /// <summary>The values of a packet, the first at index 0: rates in two parts, two bits above seven.</summary>
    public static byte[] Values(int rate, int saturation, int displayRate, int displaySaturation, byte revision, byte status, int timer)
    {
        byte[] values = new byte[PerPacket];
        foreach (int place in (int[])[1, 14])
        {
            (values[place - 1], values[place]) = Split(rate);
        }

        foreach (int place in (int[])[20, 22])
        {
            (values[place - 1], values[place]) = Split(displayRate);
        }

        values[2] = values[9] = values[10] = values[15] = (byte)saturation;
        values[8] = values[16] = (byte)displaySaturation;
        values[3] = revision;
        (values[5], values[6]) = ((byte)(timer >> 7 & 0x7F), (byte)(timer & 0x7F));
        values[7] = status;
        return values;
    }

    private static (byte High, byte Low) Split(int rate) => ((byte)(rate >> 7), (byte)(rate & 0x7F));

    private static byte[] Summed(ReadOnlySpan<byte> bytes) => [.. bytes, (byte)(bytes[0] + bytes[1] + bytes[2] + bytes[3])];
}
