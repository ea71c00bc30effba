namespace Bedside.Simulators.GeDatex;

/// <summary>
/// The framing of the S/5 Computer Interface: a record, then the sum of its bytes modulo 256, between two 7E; in between 7E and
/// 7D are sent as 7D and the byte with bit 5 cleared.
/// </summary>
internal static class DriFrame
{
    public const byte Flag = 0x7E;
    private const byte Escape = 0x7D;
    private const byte Bit5 = 0x20;

    /// <summary>Frames a record; <paramref name="spoil"/> is added to the checksum.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> record, int spoil = 0)
    {
        var wire = new List<byte> { Flag };
        int sum = spoil;
        foreach (byte one in record)
        {
            sum += one;
            Stuff(wire, one);
        }

        Stuff(wire, (byte)sum);
        wire.Add(Flag);
        return [.. wire];
    }

    private static void Stuff(List<byte> wire, byte one)
    {
        if (one == Flag || one == Escape)
        {
            wire.Add(Escape);
            wire.Add((byte)(one ^ Bit5));
        }
        else
        {
            wire.Add(one);
        }
    }

    /// <summary>Takes what a client says apart; what is not a sound record is passed over in silence, as monitors do.</summary>
    internal sealed class Receiver
    {
        private const int Longest = 1490;

        private readonly List<byte> _open = [];

        public IEnumerable<byte[]> Take(byte[] bytes)
        {
            foreach (byte one in bytes)
            {
                if (one != Flag)
                {
                    if (_open.Count <= 2 * Longest)
                    {
                        _open.Add(one);
                    }

                    continue;
                }

                byte[]? record = Decode(_open);
                _open.Clear();
                if (record is not null)
                {
                    yield return record;
                }
            }
        }

        public void Reset() => _open.Clear();

        private static byte[]? Decode(List<byte> stuffed)
        {
            var plain = new List<byte>(stuffed.Count);
            bool next = false;
            foreach (byte one in stuffed)
            {
                if (one == Escape && !next)
                {
                    next = true;
                    continue;
                }

                plain.Add(next ? (byte)(one | Bit5) : one);
                next = false;
            }

            if (next || plain.Count < 2)
            {
                return null;
            }

            int sum = plain.Take(plain.Count - 1).Sum(one => one) & 0xFF;
            return sum == plain[^1] ? [.. plain.Take(plain.Count - 1)] : null;
        }
    }
}
