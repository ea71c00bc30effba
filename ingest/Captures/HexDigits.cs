namespace Bedside.Ingest.Captures;

/// <summary>Bytes as pairs of hex digits, with spaces or tabs between pairs; where other programs wrote them, hyphens or colons too.</summary>
internal static class HexDigits
{
    /// <summary>
    /// Reads up to the end or to the first thing that is no digit and no space. <paramref name="used"/> is how much of the
    /// text made whole bytes; a lone digit is left over.
    /// </summary>
    public static byte[] Read(ReadOnlySpan<byte> text, int atMost, out int used, bool isForeign = false)
    {
        byte[] bytes = new byte[Math.Min((text.Length + 1) / 2, atMost)];
        int count = 0;
        int at = 0;
        used = 0;
        while (count < bytes.Length)
        {
            while (at < text.Length && IsBetween(text[at], isForeign))
            {
                at++;
            }

            used = at;
            if (at + 2 > text.Length || Nibble(text[at]) is not (>= 0 and int high) || Nibble(text[at + 1]) is not (>= 0 and int low))
            {
                break;
            }

            bytes[count++] = (byte)((high << 4) | low);
            at += 2;
            used = at;
        }

        while (used < text.Length && IsBetween(text[used], isForeign))
        {
            used++;
        }

        return bytes[..count];
    }

    public static bool IsDigit(byte character) => Nibble(character) >= 0;

    public static bool IsBetween(byte character, bool isForeign) =>
        character is (byte)' ' or (byte)'\t' || (isForeign && character is ((byte)'-' or (byte)':'));

    private static int Nibble(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };
}
