using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>The numbers of one array.</summary>
/// <param name="Raw">Each times ten to the power of <paramref name="Decimals"/>; what is missing repeats what was before it.</param>
/// <param name="Decimals">Most that any of them has.</param>
/// <param name="Greatest">Of their absolute values.</param>
/// <param name="Runs">Where there is no sample.</param>
internal sealed record WaveValues(int[] Raw, int Decimals, double Greatest, ImmutableArray<ValidityRun> Runs)
{
    /// <summary>Null when something is no number, has more than <paramref name="mostDecimals"/> decimals or does not fit, or there are too many.</summary>
    public static WaveValues? Read(Hl7Value array, ImmutableArray<int> markers, int most, int mostDecimals)
    {
        var numbers = new List<Fixed?>();
        int next = 0;
        while (array.NextRepetition(ref next, out Hl7Value line))
        {
            int at = 0;
            while (line.NextComponent(ref at, out Hl7Value element))
            {
                if (numbers.Count == most || !TryNumber(element, out Fixed? number) || number is { Exponent: > 0 } || -(number?.Exponent ?? 0) > mostDecimals)
                {
                    return null;
                }

                numbers.Add(number);
            }
        }

        return numbers.Count == 0 ? null : Make(numbers, markers);
    }

    /// <summary>One channel of a multiplexed array: its component of each repetition.</summary>
    public static WaveValues? ReadChannel(Hl7Value array, int channel, ImmutableArray<int> markers, int most, int mostDecimals)
    {
        var numbers = new List<Fixed?>();
        int at = 0;
        while (array.NextRepetition(ref at, out Hl7Value step))
        {
            Hl7Value element = step.Component(channel + 1);
            if (numbers.Count == most || !TryNumber(element, out Fixed? number) || number is { Exponent: > 0 } || -(number?.Exponent ?? 0) > mostDecimals)
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers.Count == 0 ? null : Make(numbers, markers);
    }

    private static bool TryNumber(Hl7Value element, out Fixed? number)
    {
        number = null;
        if (element.IsEmpty)
        {
            return true;
        }

        // One sender puts a space behind the sign.
        Span<char> text = stackalloc char[24];
        int length = 0;
        foreach (byte one in element.Bytes)
        {
            if (one != (byte)' ')
            {
                if (length == text.Length)
                {
                    return false;
                }

                text[length++] = (char)one;
            }
        }

        bool read = Fixed.TryParse(text[..length], out Fixed value);
        number = value;
        return read;
    }

    internal static WaveValues? Make(List<Fixed?> numbers, ImmutableArray<int> markers)
    {
        int decimals = numbers.Max(number => -(number?.Exponent ?? 0));
        int[] raw = new int[numbers.Count];
        double greatest = 0;
        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        int missingFrom = -1;
        for (int i = 0; i <= raw.Length; i++)
        {
            Fixed? number = i < raw.Length ? numbers[i] : new Fixed(0, 0);
            bool isMissing = i < raw.Length && (number is null || (number.Value.Exponent == 0 && markers.Contains((int)Math.Clamp(number.Value.Mantissa, int.MinValue, int.MaxValue))));
            if (!isMissing && missingFrom >= 0)
            {
                runs.Add(new ValidityRun(missingFrom, i - missingFrom, Validity.NotAvailable));
            }

            missingFrom = isMissing ? (missingFrom < 0 ? i : missingFrom) : -1;
            if (i == raw.Length)
            {
                break;
            }

            Int128 scaled = number?.Mantissa ?? (i > 0 ? raw[i - 1] : 0);
            for (int d = number is null ? decimals : -number.Value.Exponent; d < decimals; d++)
            {
                scaled *= 10;
            }

            if (scaled < int.MinValue || scaled > int.MaxValue)
            {
                return null;
            }

            raw[i] = (int)scaled;
            greatest = isMissing ? greatest : Math.Max(greatest, Math.Abs(number?.ToDouble() ?? 0));
        }

        return new WaveValues(raw, decimals, greatest, runs.DrainToImmutable());
    }
}
