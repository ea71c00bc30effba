namespace Bedside.Simulators.Mindray;

/// <summary>
/// A second of a wave: checksum, channel, bytes per sample, samples per second, zero, samples, zeros up to a multiple of seven; then each seven bytes lose their bit 7 to an
/// eighth byte, and all get it set.
/// </summary>
public static class ZmwRecord
{
    public static byte[] Encode(int channel, int width, IReadOnlyList<int> samples)
    {
        var record = new List<byte> { 0, 0, (byte)(channel >> 8), (byte)channel, (byte)width, (byte)(samples.Count >> 8), (byte)samples.Count, 0 };
        foreach (int sample in samples)
        {
            if (width == 2)
            {
                record.Add((byte)(sample >> 8));
            }

            record.Add((byte)sample);
        }

        while (record.Count % 7 != 0)
        {
            record.Add(0);
        }

        int check = ~OnesComplementSum(record) & 0xFFFF;
        (record[0], record[1]) = ((byte)(check >> 8), (byte)check);
        return Stuff(record);
    }

    private static int OnesComplementSum(List<byte> bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes.Count; i += 2)
        {
            sum += (bytes[i] << 8) + (i + 1 < bytes.Count ? bytes[i + 1] : 0);
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    private static byte[] Stuff(List<byte> bytes)
    {
        var stuffed = new List<byte>();
        for (int at = 0; at < bytes.Count; at += 7)
        {
            int high = 0x80;
            for (int k = 0; k < 7; k++)
            {
                stuffed.Add((byte)(bytes[at + k] | 0x80));
                high |= (bytes[at + k] >> 7) << k;
            }

            stuffed.Add((byte)high);
        }

        return [.. stuffed];
    }
}
