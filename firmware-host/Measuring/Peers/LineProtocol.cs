using System.Buffers.Text;
using System.Text;
using Bedside.Model;

namespace Bedside.Host.Measuring.Peers;

/// <summary>A measurement and the names of its fields, in the bytes of a line.</summary>
internal sealed class LineKind
{
    private const string Unspeakable = "\"\\";
    private const int MostNameBytes = 1_000;

    private LineKind(byte[] measurement, byte[][] fields)
    {
        Measurement = measurement;
        Fields = fields;
    }

    public byte[] Measurement { get; }

    public byte[][] Fields { get; }

    /// <summary>Null, with the reason, for names that a line cannot say, or that not every reader of lines takes for the same.</summary>
    public static LineKind? Of(string measurement, IReadOnlyList<string> fields, out string refusal)
    {
        refusal = measurement.StartsWith('#') ? $"a measurement named {measurement} would be a comment" : RefusalOf(measurement) ?? fields.Select(RefusalOf).FirstOrDefault(one => one is not null) ?? string.Empty;
        if (fields.Count == 0)
        {
            refusal = $"a line of {measurement} without a field says nothing";
        }
        else if (fields.Contains("time"))
        {
            refusal = "a field named time would be lost: it is the name of the time itself";
        }
        else if (new HashSet<string>(fields, StringComparer.Ordinal).Count != fields.Count)
        {
            refusal = $"a field of {measurement} stands twice in a line";
        }

        return refusal.Length > 0 ? null : new LineKind(Escaped(measurement, ", "), [.. fields.Select(field => Escaped(field, ",= "))]);
    }

    private static string? RefusalOf(string name) => name switch
    {
        "" => "an empty name cannot be said in a line",
        _ when name.Any(letter => char.IsControl(letter) || Unspeakable.Contains(letter, StringComparison.Ordinal)) => $"the name {string.Concat(name.Where(letter => !char.IsControl(letter)))} has a quote, a backslash or a control character; a line cannot say it",
        _ when Encoding.UTF8.GetByteCount(name) > MostNameBytes => $"a name of more than {MostNameBytes} bytes is too long for a line",
        _ => null,
    };

    private static byte[] Escaped(string name, string special) =>
        Encoding.UTF8.GetBytes(string.Concat(name.Select(letter => special.Contains(letter, StringComparison.Ordinal) ? $"\\{letter}" : letter.ToString())));
}

/// <summary>
/// Lines of InfluxDB's line protocol, which both peers read: measurement, fields, time in nanoseconds. Integers are integer
/// fields, decimals are written digit by digit as they were sent.
/// </summary>
internal sealed class LineProtocol
{
    private const int MostNumberBytes = 20;

    /// <summary>More of them do not come back out of a float64.</summary>
    private const int MostDecimalDigits = 15;

    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    public int Lines { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Clear() => (Lines, _length) = (0, 0);

    /// <summary>Adds a line, or nothing and says why.</summary>
    public bool TryAdd(LineKind kind, ReadOnlySpan<Fixed> values, UtcInstant time, out string refusal)
    {
        int before = _length;
        refusal = values.Length != kind.Fields.Length ? $"{kind.Fields.Length} fields need as many values, not {values.Length}"
            : time.UnixNanoseconds is < 0 or > long.MaxValue - 1 ? $"a time of {time.UnixNanoseconds} ns lies outside of what both peers keep"
            : string.Empty;
        Append(kind.Measurement);
        for (int i = 0; refusal.Length == 0 && i < values.Length; i++)
        {
            Append(i == 0 ? " "u8 : ","u8);
            Append(kind.Fields[i]);
            Append("="u8);
            if (!TryAppend(values[i]))
            {
                refusal = $"{values[i].Mantissa} × 10^{values[i].Exponent} is more than a line can say exactly";
            }
        }

        if (refusal.Length > 0)
        {
            _length = before;
            return false;
        }

        Append(" "u8);
        Append(time.UnixNanoseconds);
        Append("\n"u8);
        Lines++;
        return true;
    }

    private bool TryAppend(Fixed value)
    {
        if (value.Exponent >= 0)
        {
            Int128 whole = value.Mantissa;
            for (int i = 0; i < value.Exponent && IsLong(whole); i++)
            {
                whole *= 10;
            }

            if (!IsLong(whole))
            {
                return false;
            }

            Append((long)whole);
            Append("i"u8);
            return true;
        }

        Span<byte> digits = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(Magnitude(value.Mantissa), digits, out int count);
        if (count > MostDecimalDigits)
        {
            return false;
        }

        int places = -value.Exponent;
        Append(value.Mantissa < 0 ? "-"u8 : default);
        Append(count > places ? digits[..(count - places)] : "0"u8);
        Append("."u8);
        for (int zeros = places - count; zeros > 0; zeros--)
        {
            Append("0"u8);
        }

        Append(digits[Math.Max(0, count - places)..count]);
        return true;
    }

    private static bool IsLong(Int128 whole) => whole >= long.MinValue && whole <= long.MaxValue;

    private static ulong Magnitude(long mantissa) => mantissa < 0 ? (ulong)-(Int128)mantissa : (ulong)mantissa;

    private void Append(long number)
    {
        Reserve(MostNumberBytes);
        _ = Utf8Formatter.TryFormat(number, _bytes.AsSpan(_length), out int count);
        _length += count;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (_length + more > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + more));
        }
    }
}
