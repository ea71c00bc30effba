using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bedside.Tests.Ingest.PhilipsIntellivue;

namespace Bedside.Tests.Ingest.AllowList;

/// <summary>
/// What the devices' documents have for a host that only reads: questions, keep-alives, answers, and the choice of what is read out. Written from the sheets and apart
/// from the drivers' lists and from the code that compares with them, frames, checksums and all.
/// </summary>
internal static partial class DocumentedWords
{
    private static readonly Dictionary<string, Func<byte[], bool>> Documents = new(StringComparer.Ordinal)
    {
        ["philips-intellivue"] = IsIntellivue,
        ["draeger-medibus"] = IsMedibus,
        ["puritan-bennett-840"] = words => Encoding.Latin1.GetString(words) is "RSET\r" or "SNDA\r" or "SNDF\r" or "\rSNDA\r",
        ["puritan-bennett-waveform"] = _ => false,
        ["servo-cie"] = IsServo,
        ["ge-datex-dri"] = IsDri,
        ["ivy-450c"] = _ => false,
        ["masimo-ascii"] = _ => false,
        ["nonin-df"] = _ => false,
        ["mindray-pds"] = IsPatientDataShare,
    };

    /// <summary>Null = nobody has written down what the document of this driver allows.</summary>
    public static Func<byte[], bool>? Of(string driver) => Documents.GetValueOrDefault(driver);

    /// <summary>MEDIBUS, sheet 3 to 7: commands without argument, 6AH with its four questions, the choice of traces, answers, enabling bytes.</summary>
    private static bool IsMedibus(byte[] words)
    {
        if (words.Length > 0 && words[0] == 0xD0)
        {
            return Enabling.IsMatch(Convert.ToHexString(words));
        }

        string text = Encoding.Latin1.GetString(words);
        if (text.Length < 5 || text[^1] != '\r' || text[^3..^1] != (words[..^3].Sum(one => one) & 0xFF).ToString("X2", CultureInfo.InvariantCulture))
        {
            return false;
        }

        string body = text[2..^3];
        return (text[0], text[1]) switch
        {
            ('\x1B', (>= '\x23' and <= '\x2E') or '\x30' or '\x51' or '\x52' or '\x53' or '\x55') => body.Length == 0,
            ('\x1B', '\x54') => Traces.IsMatch(body),
            ('\x1B', '\x6A') => body is "2" or "3" or "4" or "5",
            ('\x01', '\x52') => body == "0161'Bedside'01.00:06.00",
            ('\x01', '\x15' or (>= '\x20' and <= '\x7F')) => body.Length == 0,
            _ => false,
        };
    }

    /// <summary>CIE, sheet 2, 3, 5: ESC, the basic mode, the extended mode with its checksum; nothing that begins with SSMP, STOU or another setting.</summary>
    private static bool IsServo(byte[] words)
    {
        string text = Encoding.Latin1.GetString(words);
        if (text is "\x1B" or "\x04" or "HO\x04")
        {
            return true;
        }

        if (text.Length < 7 || text[^1] != '\x04' || text[^3..^1] != words[..^3].Aggregate(0, (sum, one) => sum ^ one).ToString("X2", CultureInfo.InvariantCulture))
        {
            return false;
        }

        return ServoQuestion.IsMatch(text[..^3]);
    }

    /// <summary>S/5 Computer Interface, sheet 3, 6.1, 7.1, 8: requests for displayed values, for the auxiliary record, waves and alarms.</summary>
    private static bool IsDri(byte[] words)
    {
        if (words.Length < 4 || words[0] != 0x7E || words[^1] != 0x7E)
        {
            return false;
        }

        var record = new List<byte>();
        for (int at = 1; at < words.Length - 1; at++)
        {
            if (words[at] == 0x7D && words[++at] is not (0x5D or 0x5E))
            {
                return false;
            }

            record.Add(words[at - 1] == 0x7D ? (byte)(words[at] | 0x20) : words[at]);
        }

        byte[] bytes = [.. record];
        if (bytes.Length < 42 || bytes[^1] != (byte)bytes[..^1].Sum(one => one) || BinaryPrimitives.ReadInt16LittleEndian(bytes) != bytes.Length - 1)
        {
            return false;
        }

        bool asksOnce = bytes[2..14].All(one => one == 0) && bytes[15] == 0 && bytes[16..22].AsSpan().SequenceEqual((byte[])[0, 0, 0, 0, 0, 0xFF]) && bytes[22..40].All(one => one == 0);
        byte[] request = bytes[40..^1];
        return asksOnce && bytes[14] switch
        {
            0 => request.Length == 9 && request[0] is 1 or 4 && BinaryPrimitives.ReadInt16LittleEndian(request.AsSpan(1)) is -1 or 0 or >= 5 and <= 60 && (request[3] & 0xF1) == 0 && request[4..].All(one => one == 0),
            1 => request.Length == 32 && request[0] is 0 or 1 && request[1..4].All(one => one == 0) && request[4..28].All(one => one is < 64 or 0xFF) && request[28..].All(one => one == 0),
            4 => request.Length == 12 && request[0] is 2 or 3 && request[1..].All(one => one == 0),
            _ => false,
        };
    }

    /// <summary>Patient Data Share, sheet A: the keep-alive 106 and a query of parameters, waves and alarms.</summary>
    private static bool IsPatientDataShare(byte[] words)
    {
        string text = Encoding.Latin1.GetString(words);
        return text.Length > 3 && text[0] == '\x0B' && text.EndsWith("\x1C\r", StringComparison.Ordinal) && PatientDataShare.IsMatch(text[1..^2]);
    }

    /// <summary>Data Export, sheet 2.2, 4 to 6: on a line in its frame.</summary>
    private static bool IsIntellivue(byte[] words)
    {
        byte[]? message = words.Length > 0 && words[0] == 0xC0 ? Unframed(words) : words;
        return message is not null && (IsSession(message) || IsExport(message));
    }

    private static byte[]? Unframed(byte[] words)
    {
        var bytes = new List<byte>();
        for (int at = 1; at < words.Length - 1; at++)
        {
            if (words[at] is 0xC0 or 0xC1 || (words[at] == 0x7D && at + 1 >= words.Length - 1))
            {
                return null;
            }

            bytes.Add(words[at] == 0x7D ? (byte)(words[++at] ^ 0x20) : words[at]);
        }

        byte[] frame = [.. bytes];
        return frame.Length > 6 && words[^1] == 0xC1 && frame[0] == 0x11 && frame[1] == 0x01
            && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(2)) == frame.Length - 6
            && BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(frame.Length - 2)) == FrameCheck(frame[..^2])
            ? frame[4..^2]
            : null;
    }

    private static ushort FrameCheck(byte[] bytes)
    {
        int register = 0xFFFF;
        foreach (byte one in bytes)
        {
            register ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register & 1) != 0 ? (register >> 1) ^ 0x8408 : register >> 1;
            }
        }

        return (ushort)~register;
    }

    /// <summary>Association, release and abort, byte by byte but for the two lengths of a message.</summary>
    private static bool IsSession(byte[] message)
    {
        string text = Convert.ToHexString(message);
        string association = Convert.ToHexString(Vectors.AssociationRequestLan);
        return text == Convert.ToHexString(Vectors.Release) || text == Convert.ToHexString(Vectors.ReleaseResponse) || text == Convert.ToHexString(Vectors.Abort)
            || text == association || text == association.Replace("0000055400000554", "000003E8000003E8", StringComparison.Ordinal);
    }

    private static bool IsExport(byte[] message)
    {
        string text = Convert.ToHexString(message);
        int rest = message.Length - 8;
        return text.StartsWith("E1000002", StringComparison.Ordinal) && message.Length > 14
            && BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)) == rest
            && BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(12)) == rest - 6
            && Export.IsMatch(text[8..]);
    }

    [GeneratedRegex("^D0(C1C[0-F])?(C2C[0-F])?(C3C[0-F])?C0C0$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Enabling { get; }

    [GeneratedRegex(@"^([0-9A-F]{4}){1,12}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Traces { get; }

    [GeneratedRegex(@"^(RCTY|RHVE|RCCO|RSEN|RTIM|RSTI|RADC|RADAB|RADAS|RADAE|SPVE00[1-5]|SDADC(1[0-9A-F]{2}){1,4}|SDADB(2[0-9A-F]{2}){1,50}|SDADS(3[0-9A-F]{2}){1,75}|SDADE(4[0-9A-F]{2}){1,50})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ServoQuestion { get; }

    [GeneratedRegex(@"^MSH\|\^~\\&\|{7}(ORU\^R01\|106\|P\|2\.3\.1\|\r|QRY\^R02\|1203\|P\|2\.3\.1\rQRD\|[0-9]{14}\|R\|I\|Q895211\|{5}RES\r(QRF\|MON\|{4}0&0\^([12]\^1\^0\^[0-9]{1,4}(&[0-9]{1,4}){0,3}|[34]\^1\^1\^)\r)+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PatientDataShare { get; }

    /// <summary>
    /// ROIV with a poll, an extended poll with its period, the list of waves asked for or set, all of the MDS object; RORS that confirms the introduction. The only thing that
    /// is set is which waves this client gets.
    /// </summary>
    [GeneratedRegex(
        "^(0001.{4}.{4}0007.{4}0021000000000000" + "0000(0C160008.{4}0001(0021|002A|0006|0009|0005|0036).{4}|F13B0014.{4}0001(0021|002A|0006|0009|0005|0036).{4}00010008F13E0004.{8})"
        + "|0001.{4}.{4}0003.{4}002100000000000000000001" + "0002F23A"
        + "|0001.{4}.{4}0005.{4}002100000000000000000001.{4}0000F23A.{4}.{4}.{4}(0002.{4})+"
        + "|0002.{4}.{4}0001.{4}0021000000000000" + "00000D060000)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Export { get; }
}
