using System.Security.Cryptography;
using System.Text;

namespace Bedside.Extract.Sealing;

/// <summary>One recipient in the head of a file: its kind and arguments, and the key of the file in a form that only they can open.</summary>
internal sealed record AgeStanza(IReadOnlyList<string> Words, byte[] Body);

/// <summary>Base64 without padding, and in the one spelling only that encoding gives.</summary>
internal static class AgeBase64
{
    public static string Encode(ReadOnlySpan<byte> data) => Convert.ToBase64String(data).TrimEnd('=');

    /// <summary>Null for any other text.</summary>
    public static byte[]? Decode(string text)
    {
        byte[] data = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text + new string('=', (4 - (text.Length % 4)) % 4), data, out int length) && Encode(data.AsSpan(0, length)) == text ? data[..length] : null;
    }
}

/// <summary>
/// The head of an age file, lines that end with LF:
/// <c>age-encryption.org/v1</c>, for each recipient <c>-&gt; X25519 EPHEMERAL</c> and its body in lines of 64 of which the last is shorter, then <c>--- MAC</c>.
/// </summary>
/// <param name="Signed">The bytes of which <paramref name="Mac"/> is made: everything up to and with <c>---</c>.</param>
internal sealed record AgeHeader(IReadOnlyList<AgeStanza> Stanzas, byte[] Signed, byte[] Mac)
{
    public const int MostBytes = 1 << 16;

    private const string First = "age-encryption.org/v1";
    private const string Armour = "-----BEGIN AGE";
    private const int LineWidth = 64;
    private const char Cut = '\uFFFF';

    /// <summary>A head for these recipients.</summary>
    public static byte[] Write(byte[] fileKey, IEnumerable<AgeStanza> stanzas)
    {
        StringBuilder text = new StringBuilder(First).Append('\n');
        foreach (AgeStanza stanza in stanzas)
        {
            text.Append("-> ").AppendJoin(' ', stanza.Words).Append('\n');
            string body = AgeBase64.Encode(stanza.Body);
            for (int at = 0; at <= body.Length; at += LineWidth)
            {
                text.Append(body.AsSpan(at, Math.Min(LineWidth, body.Length - at))).Append('\n');
            }
        }

        byte[] head = Encoding.ASCII.GetBytes(text.Append("---").ToString());
        return [.. head, .. Encoding.ASCII.GetBytes($" {AgeBase64.Encode(AgeWrap.Mac(fileKey, head))}\n")];
    }

    /// <summary>Reads no byte beyond the head. Throws <see cref="SealingException"/>.</summary>
    public static AgeHeader Read(Stream from)
    {
        var read = new MemoryStream();
        string line = Line(from, read);
        if (line != First)
        {
            throw new SealingException(line.StartsWith(Armour, StringComparison.Ordinal)
                ? "this age file is in its text form (ASCII armour), which is not read here"
                : $"this is no age file: it does not begin with {First}");
        }

        var stanzas = new List<AgeStanza>();
        for (line = Line(from, read); line.StartsWith("-> ", StringComparison.Ordinal); line = Line(from, read))
        {
            string[] words = line[3..].Split(' ');
            if (!words.All(word => word.Length > 0 && word.All(letter => letter is > ' ' and <= '~')))
            {
                throw Damaged();
            }

            stanzas.Add(new AgeStanza(words, Body(from, read)));
        }

        if (stanzas.Count == 0 || !line.StartsWith("--- ", StringComparison.Ordinal) || AgeBase64.Decode(line[4..]) is not { Length: HMACSHA256.HashSizeInBytes } mac)
        {
            throw Damaged();
        }

        return new AgeHeader(stanzas, read.ToArray()[..^(line.Length - 2)], mac);
    }

    private static byte[] Body(Stream from, MemoryStream read)
    {
        var text = new StringBuilder();
        string line;
        do
        {
            line = Line(from, read);
            text.Append(line);
        }
        while (line.Length == LineWidth);
        return line.Length < LineWidth && AgeBase64.Decode(text.ToString()) is { } body ? body : throw Damaged();
    }

    private static string Line(Stream from, MemoryStream read)
    {
        var line = new StringBuilder();
        while (true)
        {
            int one = from.ReadByte();
            if (one < 0)
            {
                throw read.Length == 0 ? new SealingException("this is no age file: it is empty") : new SealingException("this age file ends within its head: it was cut, or did not arrive whole");
            }

            read.WriteByte((byte)one);
            if (one == '\n')
            {
                return line.ToString();
            }

            // A byte that is no letter of ASCII must not become one.
            line.Append(one <= '~' ? (char)one : Cut);
            if (read.Length > MostBytes)
            {
                throw new SealingException($"this is no age file, or its head is longer than {MostBytes} bytes");
            }
        }
    }

    private static SealingException Damaged() => new("the head of this age file is damaged");
}
