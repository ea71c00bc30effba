using System.Text;
using System.Text.Unicode;

namespace Bedside.Ingest.Hl7;

/// <summary>How the bytes of a message become text (MSH-18): what it declares where that is true, else UTF-8, else Windows-1252.</summary>
public sealed class Hl7Charset
{
    private const int Windows1252 = 1252;
    private const int Windows874 = 874;
    private const int IsoBase = 28_590;

    private readonly Encoding _encoding;

    private Hl7Charset(Encoding encoding) => _encoding = encoding;

    /// <summary>Strictly UTF-8 where it is that, else Windows-1252.</summary>
    public static Hl7Charset Unstated { get; } = new(Encoding.UTF8);

    private static Hl7Charset Western { get; } = Page(Windows1252);

    public string Decode(ReadOnlySpan<byte> bytes) => _encoding.GetString(bytes);

    /// <summary>Chooses for one message; <paramref name="doubt"/> says what is wrong with the declaration.</summary>
    internal static Hl7Charset Named(Hl7Value declared, ReadOnlySpan<byte> message, out string? doubt)
    {
        doubt = null;
        bool isAscii = !message.ContainsAnyExceptInRange((byte)0, (byte)0x7F);
        bool isUtf8 = isAscii || Utf8.IsValid(message);
        Hl7Charset otherwise = isUtf8 ? Unstated : Western;
        if (!declared.HasValue)
        {
            return otherwise;
        }

        string name = Encoding.ASCII.GetString(declared.Repetition(declared.Repetitions > 1 ? 1 : 0).Bytes).Trim().ToUpperInvariant();
        switch (name)
        {
            case "" or "ASCII":
                return otherwise;
            case "UNICODE UTF-8" or "UTF-8" or "UTF8" or "UNICODE":
                doubt = isUtf8 ? null : "UTF-8 is declared and the bytes are not UTF-8";
                return otherwise;
            case "8859/1" or "ISO IR8859/1" or "ISO8859-1" or "ISO-8859-1" or "ISO IR100":
                // 0x80 to 0x9F are control characters there, and letters where they occur in fact.
                return Western;
        }

        if (PageOf(name) is { } page)
        {
            return Page(page);
        }

        doubt = "the character set is not known";
        return otherwise;
    }

    private static int? PageOf(string name) => name switch
    {
        "8859/15" => IsoBase + 15,
        "8859/11" => Windows874,
        ['8', '8', '5', '9', '/', >= '2' and <= '9'] => IsoBase + (name[^1] - '0'),
        "GB 18030-2000" => 54_936,
        "BIG-5" => 950,
        "KS X 1001" => 51_949,
        "ISO IR87" or "ISO IR159" => 50_220,
        _ => null,
    };

    private static Hl7Charset Page(int number) => new(CodePagesEncodingProvider.Instance.GetEncoding(number) ?? Encoding.GetEncoding(number));
}
