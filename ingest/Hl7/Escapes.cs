using System.Buffers;
using System.Buffers.Text;

namespace Bedside.Ingest.Hl7;

/// <summary>Escape sequences of a leaf: resolved last, after everything was split.</summary>
public static class Escapes
{
    /// <summary>Longer ones are text.</summary>
    private const int LongestSequence = 4_096;

    /// <summary>The text of a leaf; <paramref name="strange"/> = a sequence was not known and stands as it came.</summary>
    public static string Resolve(ReadOnlySpan<byte> leaf, Delimiters delimiters, Hl7Charset charset, out bool strange)
    {
        strange = false;
        int first = leaf.IndexOf(delimiters.Escape);
        if (first < 0)
        {
            return charset.Decode(leaf);
        }

        var output = new ArrayBufferWriter<byte>(leaf.Length);
        while (first >= 0)
        {
            output.Write(leaf[..first]);
            leaf = leaf[first..];
            int length = leaf[1..Math.Min(leaf.Length, LongestSequence)].IndexOf(delimiters.Escape);
            if (length < 0 || !TryResolve(leaf.Slice(1, length), delimiters, output))
            {
                strange = true;
                int kept = length < 0 ? 1 : length + 1;
                output.Write(leaf[..kept]);
                leaf = leaf[kept..];
                if (length >= 0 && KeepsItsEnd(leaf, delimiters))
                {
                    output.Write(leaf[..1]);
                    leaf = leaf[1..];
                }
            }
            else
            {
                leaf = leaf[(length + 2)..];
            }

            first = leaf.IndexOf(delimiters.Escape);
        }

        output.Write(leaf);
        return charset.Decode(output.WrittenSpan);
    }

    /// <summary>The mark that ended a strange sequence may begin a good one (<c>C:\dir\F\</c>): it stays only where it does not.</summary>
    private static bool KeepsItsEnd(ReadOnlySpan<byte> fromEnd, Delimiters delimiters)
    {
        int next = fromEnd[1..Math.Min(fromEnd.Length, LongestSequence)].IndexOf(delimiters.Escape);
        return next < 0 || !TryResolve(fromEnd.Slice(1, next), delimiters, new ArrayBufferWriter<byte>());
    }

    private static bool TryResolve(ReadOnlySpan<byte> sequence, Delimiters delimiters, ArrayBufferWriter<byte> output)
    {
        switch (sequence)
        {
            case [(byte)'F']:
                output.Write([delimiters.Field]);
                return true;
            case [(byte)'S']:
                output.Write([delimiters.Component]);
                return true;
            case [(byte)'T']:
                output.Write([delimiters.Sub]);
                return true;
            case [(byte)'R']:
                output.Write([delimiters.Repetition]);
                return true;
            case [(byte)'E']:
                output.Write([delimiters.Escape]);
                return true;
            case [(byte)'P'] when delimiters.Truncation != 0:
                output.Write([delimiters.Truncation]);
                return true;
            case [(byte)'H' or (byte)'N']:
                return true;
            case [(byte)'X', ..]:
                return TryHex(sequence[1..], output);
            case [(byte)'.', ..]:
                return TryFormat(sequence, output);
            default:
                return false;
        }
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, ArrayBufferWriter<byte> output)
    {
        if (digits.IsEmpty || digits.Length % 2 != 0)
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }

        for (int i = 0; i < digits.Length; i += 2)
        {
            _ = Utf8Parser.TryParse(digits.Slice(i, 2), out byte value, out _, 'X');
            bool afterReturn = value == (byte)'\n' && i > 0 && output.WrittenCount > 0 && output.WrittenSpan[^1] == (byte)'\n';
            if (!afterReturn)
            {
                output.Write([value == (byte)'\r' ? (byte)'\n' : value]);
            }
        }

        return true;
    }

    private static bool TryFormat(ReadOnlySpan<byte> sequence, ArrayBufferWriter<byte> output)
    {
        if (sequence.StartsWith(".br"u8) || sequence.StartsWith(".sp"u8))
        {
            output.Write("\n"u8);
            return true;
        }

        return sequence.StartsWith(".in"u8) || sequence.StartsWith(".ti"u8) || sequence.StartsWith(".fi"u8)
            || sequence.StartsWith(".nf"u8) || sequence.StartsWith(".ce"u8) || sequence.StartsWith(".sk"u8);
    }
}
