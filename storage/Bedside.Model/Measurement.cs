using System.Collections.Immutable;
using System.Globalization;

namespace Bedside.Model;

/// <summary>
/// How far a value may be trusted: IEEE 11073-10201 MeasurementStatus in its own bit positions (bit 0 = 0x8000), and in
/// the positions that standard leaves free, marks that devices put on single samples.
/// </summary>
[Flags]
public enum Validity : ushort
{
    Valid = 0,

    /// <summary>11073 bit 0: unusable.</summary>
    Invalid = 0x8000,

    /// <summary>11073 bit 1: shown by monitors as -?-.</summary>
    Questionable = 0x4000,

    /// <summary>11073 bit 2: no value now.</summary>
    NotAvailable = 0x2000,

    /// <summary>11073 bit 3.</summary>
    CalibrationOngoing = 0x1000,

    /// <summary>11073 bit 4: never clinical.</summary>
    TestData = 0x0800,

    /// <summary>11073 bit 5: never clinical. Every simulator sets it.</summary>
    DemoData = 0x0400,

    /// <summary>Ours: outside the plausible range of the nomenclature; kept all the same.</summary>
    Implausible = 0x0200,

    /// <summary>Ours: not live when it arrived (replayed, back-filled or imported).</summary>
    Replayed = 0x0100,

    /// <summary>11073 bit 8: a person confirmed it.</summary>
    ValidatedData = 0x0080,

    /// <summary>11073 bit 9.</summary>
    EarlyIndication = 0x0040,

    /// <summary>11073 bit 10: a cuff is inflating, say.</summary>
    MeasurementOngoing = 0x0020,

    /// <summary>Ours, for samples: the converter was at its end.</summary>
    Saturated = 0x0010,

    /// <summary>Ours, for samples: the device put a pacer mark here.</summary>
    PacerMark = 0x0008,

    /// <summary>Ours, for samples: the device put a defibrillator mark here.</summary>
    DefibrillatorMark = 0x0004,

    /// <summary>11073 bit 14.</summary>
    InAlarm = 0x0002,

    /// <summary>11073 bit 15.</summary>
    AlarmInhibited = 0x0001,
}

public static class Validities
{
    /// <summary>True where there is a number to show: neither invalid nor unavailable.</summary>
    public static bool IsUsable(this Validity validity) => (validity & (Validity.Invalid | Validity.NotAvailable)) == 0;

    /// <summary>The names of the set bits in kebab-case, as the JSON of the command line and the API has them.</summary>
    public static IReadOnlyList<string> Names(this Validity validity)
    {
        var names = new List<string>();
        for (int bit = 15; bit >= 0; bit--)
        {
            var one = (Validity)(1 << bit);
            if ((validity & one) != 0)
            {
                names.Add(Kebab(one.ToString()));
            }
        }

        return names;
    }

    private static string Kebab(string pascal) =>
        string.Concat(pascal.Select((letter, index) =>
            index > 0 && char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}

/// <summary>The samples <paramref name="Start"/> … <paramref name="Start"/> + <paramref name="Length"/> - 1 of a block share this validity.</summary>
public readonly record struct ValidityRun(int Start, int Length, Validity Validity);

/// <summary>Physical value = raw × <paramref name="Gain"/> + <paramref name="Offset"/>, in the unit of the signal.</summary>
public readonly record struct Scale(double Gain, double Offset)
{
    public double Physical(int raw) => (raw * Gain) + Offset;
}

/// <summary>
/// A decimal number exactly as a device sent it: <paramref name="Mantissa"/> × 10^<paramref name="Exponent"/>. The
/// exponent keeps the precision the device displayed (95.0 is not 95).
/// </summary>
public readonly record struct Fixed(long Mantissa, sbyte Exponent)
{
    private const int MostDigits = 18;

    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, -sbyte.MinValue + 1).Select(exponent => Math.Pow(10, exponent))];

    /// <summary>Reads a plain decimal number ("-12.50"); false for anything else, also for more than 18 digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Fixed value)
    {
        value = default;
        ReadOnlySpan<char> rest = text.Trim();
        bool negative = rest.Length > 0 && rest[0] == '-';
        if (rest.Length > 0 && (rest[0] is '-' or '+'))
        {
            rest = rest[1..];
        }

        long mantissa = 0;
        int digits = 0;
        int point = -1;
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '.' && point < 0)
            {
                point = i;
            }
            else if (char.IsAsciiDigit(rest[i]) && ++digits <= MostDigits)
            {
                mantissa = (mantissa * 10) + (rest[i] - '0');
            }
            else
            {
                return false;
            }
        }

        value = new Fixed(negative ? -mantissa : mantissa, (sbyte)(point < 0 ? 0 : point + 1 - rest.Length));
        return digits > 0;
    }

    public double ToDouble() => Exponent >= 0 ? Mantissa * PowersOfTen[Exponent] : Mantissa / PowersOfTen[-Exponent];

    /// <summary>Plain decimal, invariant, with as many decimals as the exponent says: 95.0.</summary>
    public override string ToString()
    {
        if (Exponent >= 0)
        {
            string zeros = Mantissa == 0 ? string.Empty : new string('0', Exponent);
            return Mantissa.ToString(CultureInfo.InvariantCulture) + zeros;
        }

        string digits = UInt128.CreateChecked(Int128.Abs(Mantissa)).ToString(CultureInfo.InvariantCulture).PadLeft(1 - Exponent, '0');
        return $"{(Mantissa < 0 ? "-" : string.Empty)}{digits[..(digits.Length + Exponent)]}.{digits[(digits.Length + Exponent)..]}";
    }
}

/// <summary>What a signal is made of.</summary>
public enum SignalKind
{
    /// <summary>Real-time sample array (11073 RealTimeSampleArray).</summary>
    Waveform = 1,

    /// <summary>11073 Numeric.</summary>
    Numeric = 2,

    /// <summary>What a person set on the device: a number.</summary>
    Setting = 3,

    /// <summary>A state or a text (11073 Enumeration).</summary>
    Text = 4,
}

/// <summary>
/// A metric as a driver names it: what the device calls it, and what the nomenclature makes of it. Two metrics are the
/// same signal when <see cref="SignalId"/>, <see cref="Channel"/> and <see cref="Unit"/> agree.
/// </summary>
public sealed record Metric
{
    /// <summary>Id of <c>nomenclature.csv</c> (<c>ecg-ii</c>), or <c>raw/SYSTEM/CODE/NAME</c> where that has no row.</summary>
    public required string SignalId { get; init; }

    public required SignalKind Kind { get; init; }

    /// <summary>IEEE 11073-10101 code, partition × 65536 + term; 0 = none is confirmed.</summary>
    public uint Code { get; init; }

    /// <summary>Reference identifier (<c>MDC_ECG_HEART_RATE</c>), or the device's own symbol where <see cref="Code"/> is 0.</summary>
    public string CodeName { get; init; } = string.Empty;

    /// <summary>UCUM, of the values as they are stored; <c>1</c> = dimensionless, empty = the device did not say.</summary>
    public required string Unit { get; init; }

    /// <summary>Where in the device: 11073 VMD/channel or the device's own object key; empty where one is enough.</summary>
    public string Channel { get; init; } = string.Empty;

    /// <summary>The device's own label, for display only: it may be localised.</summary>
    public string Label { get; init; } = string.Empty;

    /// <summary>The code on the wire, as the device's document writes it (<c>philips:0x4182</c>, <c>medibus:CP1:0x7A</c>).</summary>
    public string DeviceCode { get; init; } = string.Empty;

    /// <summary>How often a value is due; null = aperiodic (a cuff pressure), or not known.</summary>
    public TimeSpan? ExpectedEvery { get; init; }

    /// <summary>Axis as the device itself shows it; null = take the nomenclature's.</summary>
    public double? DisplayMin { get; init; }

    public double? DisplayMax { get; init; }
}

/// <summary>A device as it introduced itself (11073 MDS). No patient data.</summary>
public sealed record DeviceIdentity
{
    private const string Support = "support";
    private const string Experimental = "experimental";
    private const string Conflicts = "code-conflicts";

    public required string Manufacturer { get; init; }

    public required string Model { get; init; }

    public string SerialNumber { get; init; } = string.Empty;

    public string Firmware { get; init; } = string.Empty;

    public string Protocol { get; init; } = string.Empty;

    /// <summary>True when the device says that it plays made-up data (demo or service mode).</summary>
    public bool Demo { get; init; }

    /// <summary>Whatever else the device said of itself, in its own words; and <c>support</c> = <c>experimental</c>.</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>True when what reads this device was never tried on a real one: its values are labelled wherever they are shown.</summary>
    public bool IsExperimental => Properties.GetValueOrDefault(Support) == Experimental;

    /// <summary>Codes whose number and name are of two signals, and of which the site has not said which signal they are: <c>150017 MDC_PRESS_BLD_ART_SYS, …</c>; empty = none.</summary>
    public string CodeConflicts => Properties.GetValueOrDefault(Conflicts, string.Empty);

    public DeviceIdentity WithCodeConflicts(string codes) => this with { Properties = Properties.SetItem(Conflicts, codes) };

    public DeviceIdentity AsExperimental() => this with { Properties = Properties.SetItem(Support, Experimental) };
}

/// <summary>Alert priority as the device reported it (IEC 60601-1-8 words).</summary>
public enum AlertPriority
{
    /// <summary>Information, prompt, advisory.</summary>
    None = 0,
    Low = 1,
    Medium = 2,
    High = 3,
}

/// <summary>Where in its life an alert is.</summary>
public enum AlertPhase
{
    Start = 1,
    Update = 2,
    End = 3,
}

/// <summary>An alert of a device, repeated in its own words: the box raises none itself.</summary>
public sealed record Alert
{
    /// <summary>Equal for all phases of one alert of one device.</summary>
    public required string Key { get; init; }

    public required AlertPhase Phase { get; init; }

    public required AlertPriority Priority { get; init; }

    /// <summary>True = about the device (INOP), false = about the patient.</summary>
    public bool Technical { get; init; }

    /// <summary>As displayed by the device, possibly localised.</summary>
    public required string Text { get; init; }

    /// <summary>IEEE 11073-10101 event code (partition 3), or 0.</summary>
    public uint Code { get; init; }

    public string CodeName { get; init; } = string.Empty;

    /// <summary>The metric or part it is about, in nomenclature ids where there is one.</summary>
    public string Source { get; init; } = string.Empty;

    public bool Silenced { get; init; }

    public bool Latched { get; init; }

    public bool Inhibited { get; init; }
}
