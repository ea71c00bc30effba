using System.Globalization;

namespace Bedside.Simulators.Wfdb;

/// <summary>A record that cannot be read; the message says why, in a sentence.</summary>
public sealed class WfdbException(string message) : IOException(message);

/// <summary>
/// One signal as the header describes it: physical = (sample - <see cref="Baseline"/>) / <see cref="Gain"/> in
/// <see cref="Units"/>. <see cref="SamplesPerFrame"/> times the record's frame rate is its own rate.
/// </summary>
public sealed record WfdbSignal(string File, int Format, int SamplesPerFrame, int Skew, long ByteOffset)
{
    /// <summary>Counts per unit, with all the digits that the header has.</summary>
    public decimal Gain { get; init; } = 200;

    public int Baseline { get; init; }

    public string Units { get; init; } = "mV";

    public string Description { get; init; } = string.Empty;
}

/// <summary>
/// The header of a record (WFDB header(5)):
/// <code>
/// NAME SIGNALS [FRAMES-PER-SECOND[/...] [FRAMES-IN-ALL ...]]
/// FILE FORMAT[xSAMPLES][:SKEW][+OFFSET] [GAIN[(BASELINE)][/UNITS] [RESOLUTION [ZERO [FIRST [CHECKSUM [BLOCK [DESCRIPTION]]]]]]]
/// </code>
/// Lines that begin with # and empty lines say nothing.
/// </summary>
public sealed record WfdbHeader(string Name, double FrameRate, long? Frames, IReadOnlyList<WfdbSignal> Signals)
{
    private const double UsualFrameRate = 250;
    private const decimal UsualGain = 200;

    /// <summary>Reads a header's text.</summary>
    /// <exception cref="WfdbException">The header cannot be understood.</exception>
    public static WfdbHeader Parse(string text)
    {
        string[] lines = [.. text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')];
        if (lines.Length == 0)
        {
            throw new WfdbException("the header is empty");
        }

        string[] words = Words(lines[0]);
        if (words.Length < 2 || !int.TryParse(words[1], CultureInfo.InvariantCulture, out int count))
        {
            throw new WfdbException($"'{lines[0]}' is not the first line of a header");
        }

        if (words[0].Contains('/', StringComparison.Ordinal))
        {
            throw new WfdbException("records of several segments are not played; give one of its segments");
        }

        if (count < 1 || lines.Length < 1 + count)
        {
            throw new WfdbException($"the header announces {count} signals and describes {lines.Length - 1}");
        }

        double rate = words.Length > 2 ? Number(words[2].Split('/', '(')[0]) : UsualFrameRate;
        long? frames = words.Length > 3 && long.TryParse(words[3], CultureInfo.InvariantCulture, out long all) && all > 0 ? all : null;
        return rate > 0
            ? new WfdbHeader(words[0], rate, frames, [.. lines[1..(1 + count)].Select(Signal)])
            : throw new WfdbException($"{rate} frames a second cannot be played");
    }

    private static WfdbSignal Signal(string line)
    {
        string[] words = Words(line);
        if (words.Length < 2)
        {
            throw new WfdbException($"'{line}' does not describe a signal");
        }

        string format = words[1];
        long offset = Cut(ref format, '+');
        int skew = (int)Cut(ref format, ':');
        int samples = (int)Math.Max(1, Cut(ref format, 'x'));
        var signal = new WfdbSignal(words[0], (int)Number(format), samples, skew, offset);
        int zero = words.Length > 4 ? (int)Number(words[4]) : 0;
        signal = words.Length > 2 ? WithGain(signal, words[2], zero) : signal with { Baseline = zero };
        return words.Length > 8 ? signal with { Description = string.Join(' ', words[8..]) } : signal;
    }

    /// <summary>Reads GAIN(BASELINE)/UNITS; without a baseline the ADC's zero is it, and a gain of 0 means nobody calibrated.</summary>
    private static WfdbSignal WithGain(WfdbSignal signal, string word, int zero)
    {
        string[] parts = word.Split('/', 2);
        string[] numbers = parts[0].TrimEnd(')').Split('(', 2);
        if (!decimal.TryParse(numbers[0], NumberStyles.Float, CultureInfo.InvariantCulture, out decimal gain))
        {
            throw new WfdbException($"'{word}' is not a gain");
        }

        return signal with
        {
            Gain = gain == 0 ? UsualGain : gain,
            Baseline = numbers.Length > 1 ? (int)Number(numbers[1]) : zero,
            Units = parts.Length > 1 ? parts[1] : "mV",
        };
    }

    private static long Cut(ref string word, char mark)
    {
        int at = word.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0)
        {
            return 0;
        }

        long number = (long)Number(word[(at + 1)..]);
        word = word[..at];
        return number;
    }

    private static double Number(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw new WfdbException($"'{word}' is not a number");

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
