using System.Globalization;
using System.Text;

namespace Bedside.Simulators.Hamilton;

/// <summary>Replies of the polling protocol.</summary>
public static class HamiltonReply
{
    /// <summary>Twelve bits, the low six first; only the low six bits of each byte mean anything, and real ones may be any byte.</summary>
    private const int Middle = 2048;

    public static byte[] Error { get; } = Text("RERROR");

    /// <summary>Five characters, blanks before.</summary>
    public static byte[] Value(byte id, string characters) => [0x02, id, .. Encoding.ASCII.GetBytes(characters.PadLeft(5)[..5]), 0x03, 0x0D];

    /// <summary><c>  22.</c>, <c>  7.5</c>, <c> 0.85</c>.</summary>
    public static string Number(double? value, int decimals) => value is double known
        ? known.ToString(decimals == 0 ? "0'.'" : $"F{decimals}", CultureInfo.InvariantCulture)
        : decimals == 0 ? "9999." : "999.9";

    public static byte[] Version(byte id, char device, string version) => [0x02, id, (byte)device, .. Encoding.ASCII.GetBytes(version), 0x03, 0x0D];

    /// <summary>Without an id: six characters.</summary>
    public static byte[] Text(string characters) => [0x02, .. Encoding.ASCII.GetBytes(characters), 0x03, 0x0D];

    public static byte[] Curves(byte id, byte status, params ReadOnlySpan<int> counts)
    {
        var reply = new List<byte> { 0x02, id, status };
        foreach (int count in counts)
        {
            int word = Math.Clamp(count + Middle, 0, 4095);
            reply.Add((byte)(word & 0x3F));
            reply.Add((byte)(word >> 6));
        }

        return [.. reply, 0x03, 0x0D];
    }
}
