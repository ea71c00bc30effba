using System.Globalization;
using System.Text;

namespace Bedside.Simulators.Masimo;

/// <summary>Which keys a model sends, in which order and form: <c>0</c> is a digit, <c>+</c> a sign, <c>X</c> a hexadecimal digit.</summary>
public sealed record AsciiLayout(string Name, IReadOnlyList<(string Key, string Form)> Fields)
{
    /// <summary>The four layouts that are known from recorded and quoted lines.</summary>
    public static IReadOnlyList<AsciiLayout> All { get; } =
    [
        Of("rad-8", "SN=0000000000 SPO2=000% BPM=000 PI=00.00% SPCO=00.0% SPMET=00.0% DESAT=00 PIDELTA=+00 ALARM=XXXX EXC=XXXXXX"),
        Of("radical-7", "SN=0000000000 SPO2=000% BPM=000 PI=00.00 SPCO=00% SPMET=00.0% SPHB=00.0 SPOC=00 RESVD=000 DESAT=00 PIDELTA=+00 PVI=000 ALARM=XXXXXX EXC=XXXXXXX EXC1=XXXXXXXX"),
        Of("rainbow", "SN=0000000000 SPO2=000% BPM=000 PI=00.00% SPCO=00.0% SPMET=00.0% DESAT=00 PIDELTA=+00 PVI=000 ALARM=XXXX EXC=XXXXXX"),
        Of("rad-5", "SPO2=000% BPM=000 PI=00.00% ALARM=XX EXC=XXX"),
    ];

    private static AsciiLayout Of(string name, string line) =>
        new(name, [.. line.Split(' ').Select(field => (field[..field.IndexOf('=', StringComparison.Ordinal)], field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]))]);
}

/// <summary>Writes lines of ASCII 1.</summary>
public static class AsciiLine
{
    /// <summary>A line without its end; a key without a value gets dashes.</summary>
    public static string Write(AsciiLayout layout, DateTime wall, IReadOnlyDictionary<string, double> values)
    {
        var line = new StringBuilder(wall.ToString("MM'/'dd'/'yy HH:mm:ss", CultureInfo.InvariantCulture));
        foreach ((string key, string form) in layout.Fields)
        {
            line.Append(' ').Append(key).Append('=').Append(values.TryGetValue(key, out double value) ? Value(form, value) : Dashes(form));
        }

        return line.ToString();
    }

    private static string Dashes(string form) => form.Replace('0', '-').Replace('X', '0');

    private static string Value(string form, double value)
    {
        if (form[0] == 'X')
        {
            return ((long)value).ToString($"X{form.Length}", CultureInfo.InvariantCulture);
        }

        string sign = form[0] == '+' ? (value < 0 ? "-" : "+") : string.Empty;
        string digits = form.Trim('+', '%');
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : digits.Length - point - 1;
        string number = Math.Abs(value).ToString($"F{decimals}", CultureInfo.InvariantCulture).PadLeft(digits.Length, '0');
        return sign + number + (form.EndsWith('%') ? "%" : string.Empty);
    }
}
