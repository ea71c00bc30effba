namespace Bedside.Ingest.Hl7;

/// <summary>What stands between the parts of a message, as its own header says.</summary>
public readonly record struct Delimiters(byte Field, byte Component, byte Repetition, byte Escape, byte Sub, byte Truncation)
{
    /// <summary>The name of a segment and the field separator.</summary>
    internal const int HeaderBytes = 4;

    private const int UsualCharacters = 4;

    /// <summary><c>|^~\&amp;</c></summary>
    public static Delimiters Usual { get; } = new((byte)'|', (byte)'^', (byte)'~', (byte)'\\', (byte)'&', Truncation: 0);

    private static ReadOnlySpan<byte> UsualEncoding => "^~\\&"u8;

    /// <summary>Reads a segment that begins with MSH, FHS or BHS; null when two are equal or one is a letter, a digit or a control character.</summary>
    public static Delimiters? Read(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderBytes)
        {
            return null;
        }

        byte field = header[HeaderBytes - 1];
        ReadOnlySpan<byte> rest = header[HeaderBytes..];
        int end = rest.IndexOf(field);
        ReadOnlySpan<byte> told = end < 0 ? rest : rest[..end];
        if (told.Length > UsualCharacters + 1)
        {
            return null;
        }

        Span<byte> all = [field, UsualEncoding[0], UsualEncoding[1], UsualEncoding[2], UsualEncoding[3], 0];
        told.CopyTo(all[1..]);
        for (int i = 0; i < all.Length; i++)
        {
            bool isLast = i == all.Length - 1 && all[i] == 0;
            if (!isLast && (!IsAllowed(all[i]) || all[..i].Contains(all[i])))
            {
                return null;
            }
        }

        return new Delimiters(all[0], all[1], all[2], all[3], all[4], all[5]);
    }

    private static bool IsAllowed(byte value) => value is > 0x20 and < 0x7F && !char.IsAsciiLetterOrDigit((char)value);
}
