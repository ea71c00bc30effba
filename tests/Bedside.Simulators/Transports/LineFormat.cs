using System.Globalization;

namespace Bedside.Simulators.Transports;

/// <summary>The bit after the data that makes their count of ones even or odd.</summary>
public enum Parity
{
    None,
    Even,
    Odd,
}

/// <summary>How an asynchronous serial line is set: <c>19200 8E1</c>.</summary>
public sealed record LineFormat(int Baud, int DataBits = 8, Parity Parity = Parity.None, int StopBits = 1)
{
    private const int Slowest = 50;
    private const int Fastest = 4_000_000;

    /// <summary>From one start bit to the next.</summary>
    public int BitsPerByte => 1 + DataBits + (Parity is Parity.None ? 0 : 1) + StopBits;

    /// <summary>Reads what <see cref="ToString"/> writes, also with a comma between; the part after the speed may be left out (8N1). Null = it is no line.</summary>
    public static LineFormat? Parse(string text)
    {
        string[] parts = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        string frame = parts.Length > 1 ? parts[1].ToUpperInvariant() : "8N1";
        if (parts.Length is not (1 or 2)
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int baud)
            || baud is < Slowest or > Fastest
            || frame is not [>= '5' and <= '8', 'N' or 'E' or 'O', '1' or '2'])
        {
            return null;
        }

        Parity parity = frame[1] switch { 'E' => Parity.Even, 'O' => Parity.Odd, _ => Parity.None };
        return new LineFormat(baud, frame[0] - '0', parity, frame[2] - '0');
    }

    public override string ToString() => $"{Baud} {DataBits}{Parity.ToString()[0]}{StopBits}";
}
