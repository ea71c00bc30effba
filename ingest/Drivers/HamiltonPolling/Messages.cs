using System.Text;

namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>Every message that may leave the box: the question for each parameter that the sheet names, but for the curves. None changes a setting.</summary>
internal static class Outgoing
{
    /// <summary>Mode and oxygen: a ventilator has both even when it waits for a patient.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Probes { get; } = [Frame.Request(ParameterTable.Mode), Frame.Request(ParameterTable.Oxygen)];

    public static IReadOnlyList<AllowedMessage> All { get; } =
        [.. ParameterTable.Asked.Select(row => new AllowedMessage($"ask for {row.Name}", Frame.Request(row.Id)))];
}

/// <summary>What a reply is.</summary>
internal enum ReplyKind
{
    /// <summary>Five characters.</summary>
    Value,

    /// <summary>A letter and four characters.</summary>
    Version,

    /// <summary>Who the ventilator is.</summary>
    Identification,

    /// <summary>The ventilator does not know the parameter, or does not have it now.</summary>
    Error,

    /// <summary>A moment of four curves.</summary>
    Curves,
}

/// <summary>A reply that makes sense.</summary>
/// <param name="Id">Of the parameter; 0 = it does not say.</param>
/// <param name="Text">Trimmed.</param>
/// <param name="Curves">Its status, then four pairs of bytes; empty for others.</param>
internal sealed record Reply(ReplyKind Kind, byte Id, string Text, byte[] Curves)
{
    private const int WordsAt = 1;
    private const byte SixBits = 0x3F;
    private const int Middle = 2048;
    private const string ErrorText = "RERROR";

    /// <summary>With what identifications begin.</summary>
    private const string IdentificationLetters = "AVBRC";

    public byte Status => Curves[0];

    /// <summary>Twelve bits in two bytes, the low six first; counts without a scale.</summary>
    public int Word(int index) => (((Curves[WordsAt + (2 * index) + 1] & SixBits) << 6) | (Curves[WordsAt + (2 * index)] & SixBits)) - Middle;

    /// <summary>
    /// Reads the bytes from 02 to 0D by the question that is open: values of some parameters begin with the letter of an identification. Null with a reason where
    /// they are no answer to it.
    /// </summary>
    /// <param name="asked">Null = it was not heard.</param>
    public static Reply? Read(ReadOnlySpan<byte> frame, byte? asked, out string reason)
    {
        reason = string.Empty;
        byte id = frame[1];
        ReadOnlySpan<byte> body = frame[1..^2];
        if (ParameterTable.IsCurve(id))
        {
            return asked is null || asked == id ? new Reply(ReplyKind.Curves, id, string.Empty, body[1..].ToArray()) : Refuse("curves came that were not asked for", out reason);
        }

        if (body.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return Refuse("a reply has bytes that are no text", out reason);
        }

        string text = Encoding.ASCII.GetString(body);
        if (text == ErrorText)
        {
            return new Reply(ReplyKind.Error, asked ?? 0, string.Empty, []);
        }

        bool unasked = asked is null && IdentificationLetters.Contains(text[0], StringComparison.Ordinal) && !IsNumber(text[1..]);
        if (asked == ParameterTable.VentilatorNumber || unasked)
        {
            return new Reply(ReplyKind.Identification, ParameterTable.VentilatorNumber, text.Trim(), []);
        }

        if ((asked is not null && asked != id) || frame.Length != Frame.UsualBytes)
        {
            return Refuse("a reply does not name the parameter that was asked for", out reason);
        }

        return ParameterTable.Of(id) is not { } row ? Refuse($"a reply names the parameter {id}, which no source has", out reason)
            : row.Kind == ParameterKind.Version ? new Reply(ReplyKind.Version, id, text[1..].Trim(), [])
            : new Reply(ReplyKind.Value, id, text[1..].Trim(), []);
    }

    /// <summary>Blanks, digits, one point and a sign.</summary>
    public static bool IsNumber(string text) => Model.Fixed.TryParse(text.Trim().TrimEnd('.'), out _);

    private static Reply? Refuse(string why, out string reason)
    {
        reason = why;
        return null;
    }
}
