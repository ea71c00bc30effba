using System.Buffers.Text;
using System.Text;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>Which question a reply answers.</summary>
internal enum ReplyKind
{
    /// <summary>MISCA, the answer to SNDA.</summary>
    Basic,

    /// <summary>MISCF, the answer to SNDF.</summary>
    Extended,
}

/// <summary>One reply, taken apart. Fields have the vendor's numbers: the first field of data is number 5.</summary>
/// <param name="Fields">Without the blanks around them.</param>
/// <param name="Widths">With them.</param>
/// <param name="StatedBytes">The count that the ventilator sent.</param>
/// <param name="Bytes">The bytes that came.</param>
internal sealed record Reply(ReplyKind Kind, IReadOnlyList<string> Fields, IReadOnlyList<int> Widths, int StatedBytes, int Bytes)
{
    public const int FirstNumber = 5;

    private const byte Comma = (byte)',';

    /// <summary>
    /// Reads a line that begins with <see cref="Frame.Head"/>. Null = it is no whole reply, and <paramref name="reason"/> says why. The count of
    /// fields must be right; that of the bytes is for <see cref="WidthWatch"/> to judge.
    /// </summary>
    public static Reply? Read(ReadOnlySpan<byte> line, out string reason)
    {
        if (ReadHeader(line, out ReplyHeader header) is { } wrong)
        {
            reason = wrong;
            return null;
        }

        ReadOnlySpan<byte> body = line[header.Length..];
        int end = body.IndexOf(Frame.EndOfText);
        if (end < 0)
        {
            reason = $"a reply broke off after {body.Length} of {header.Bytes} bytes";
            return null;
        }

        if (body[(end + 1)..].ContainsAnyExcept((byte)' '))
        {
            reason = "a reply goes on after its end";
            return null;
        }

        return ReadFields(header, body[..end], out reason);
    }

    /// <summary>Reads the part up to and with 02; what is wrong with it, or null.</summary>
    public static string? ReadHeader(ReadOnlySpan<byte> line, out ReplyHeader header)
    {
        header = default;
        int start = line[..Math.Min(line.Length, Frame.MostHeaderBytes)].IndexOf(Frame.StartOfText);
        if (start <= Frame.Head.Length)
        {
            return "the header of a reply is not whole";
        }

        ReplyKind? kind = line[Frame.Head.Length] switch
        {
            (byte)'A' => ReplyKind.Basic,
            (byte)'F' => ReplyKind.Extended,
            _ => null,
        };
        ReadOnlySpan<byte> rest = line[(Frame.Head.Length + 1)..start];
        if (kind is null || !TakeComma(ref rest) || !TakeCount(ref rest, out int bytes) || !TakeCount(ref rest, out int fields) || !rest.IsEmpty)
        {
            return "the header of a reply is not of the form MISCA,bytes,fields, or MISCF,bytes,fields,";
        }

        header = new ReplyHeader(kind.Value, bytes, fields, start + 1);
        return null;
    }

    private static Reply? ReadFields(ReplyHeader header, ReadOnlySpan<byte> body, out string reason)
    {
        int strange = body.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        if (strange >= 0)
        {
            reason = $"a reply holds the byte {body[strange]:X2}H, which is no character";
            return null;
        }

        // The comma after the last field parts it from nothing.
        bool ended = body.Length > 0 && body[^1] == Comma;
        int count = body.Count(Comma) + (ended ? 0 : 1);
        if (count != header.Fields)
        {
            reason = $"a reply states {header.Fields} fields and has {count}";
            return null;
        }

        var fields = new List<string>(count);
        var widths = new List<int>(count);
        ReadOnlySpan<byte> joined = ended ? body[..^1] : body;
        foreach (Range range in joined.Split(Comma))
        {
            ReadOnlySpan<byte> field = joined[range];
            widths.Add(field.Length);
            fields.Add(Encoding.ASCII.GetString(field).Trim());
        }

        reason = string.Empty;
        return new Reply(header.Kind, fields, widths, header.Bytes, body.Length);
    }

    private static bool TakeComma(ref ReadOnlySpan<byte> rest)
    {
        bool is_ = rest.Length > 0 && rest[0] == Comma;
        rest = is_ ? rest[1..] : rest;
        return is_;
    }

    /// <summary>Digits, blanks perhaps, and a comma.</summary>
    private static bool TakeCount(ref ReadOnlySpan<byte> rest, out int count)
    {
        bool read = Utf8Parser.TryParse(rest, out uint number, out int digits) && number <= Frame.MostBytes;
        count = (int)(read ? number : 0);
        rest = rest[digits..].TrimStart((byte)' ');
        return read && TakeComma(ref rest);
    }
}

/// <summary>What a reply says of itself before its fields. <paramref name="Length"/> counts its bytes, 02 among them.</summary>
internal readonly record struct ReplyHeader(ReplyKind Kind, int Bytes, int Fields, int Length);

/// <summary>
/// Judges the count of bytes. It is the only thing that tells a lost or doubled byte inside a field, for nothing has a checksum; but other
/// firmware has other widths, and one count is reported that does not fit its reply (sheet 3). So a reply whose count is wrong is only taken when its
/// widths are those of the recordings, or when the same widths came with the same count the time before.
/// </summary>
internal sealed class WidthWatch
{
    private Reply?[] _before = new Reply?[2];

    /// <summary>Null = taken. Otherwise why the reply is not to be believed.</summary>
    public string? Judge(Reply reply)
    {
        var table = FieldTable.Of(reply.Kind);
        bool usual = table.HasWidths(reply.Widths);
        if (usual)
        {
            return null;
        }

        if (reply.StatedBytes == reply.Bytes && reply.Bytes != table.Bytes)
        {
            return null;
        }

        int place = (int)reply.Kind;
        Reply? before = _before[place];
        _before[place] = reply;
        bool again = before is not null && before.StatedBytes == reply.StatedBytes && before.Widths.SequenceEqual(reply.Widths);
        return again ? null : $"a reply states {reply.StatedBytes} bytes and has {reply.Bytes}, or its fields have other widths than usual";
    }

    public void Forget() => _before = new Reply?[2];
}
