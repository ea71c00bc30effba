using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>Reads the lines of one header file and says, for each thing it cannot take, where it stands and what to do.</summary>
internal sealed partial class WfdbHeaderText(string file, string text)
{
    private const int MostSignals = 1024;
    private const int MostSamplesPerFrame = 65536;
    private const int DescriptionField = 8;
    private static readonly char[] Blanks = [' ', '\t', '\r'];

    private readonly string[] _lines = text.Split('\n');
    private readonly List<string> _comments = [];
    private int _line;

    public WfdbHeader Read()
    {
        string[] fields = NextLine()?.Split(Blanks, StringSplitOptions.RemoveEmptyEntries)
            ?? throw Wrong("the header is empty", "Fetch the file again.");
        RefuseSegments(fields[0]);
        int signals = fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? count
            : throw Wrong("the second field must be the number of signals", "Fetch the header again, or correct the line.");
        if (signals is 0 or > MostSignals)
        {
            throw Wrong($"the record has {signals} signals", "Only records with 1 to 1024 signals can be read.");
        }

        SamplePeriod period = Rate(fields.Length > 2 ? fields[2] : WfdbHeader.StandardRate);
        long? frames = fields.Length > 3 ? Number(fields[3], "the number of samples", 0, long.MaxValue / MostSamplesPerFrame) : null;
        TimeSpan? time = fields.Length > 4 ? TimeOfDay(fields[4]) : null;
        DateTime? date = fields.Length > 5 ? Date(fields[5]) : null;
        ImmutableArray<WfdbSignal>.Builder lines = ImmutableArray.CreateBuilder<WfdbSignal>(signals);
        for (int i = 0; i < signals; i++)
        {
            string line = NextLine()
                ?? throw Wrong($"the header ends after {i} of {signals} signal lines", "Fetch the file again: it is cut short.");
            lines.Add(Signal(line));
        }

        while (NextLine() is not null)
        {
            // Comments after the last signal are collected by NextLine; anything else there has no meaning in WFDB.
        }

        return new WfdbHeader
        {
            Name = fields[0],
            FramePeriod = period,
            Frames = frames > 0 ? frames : null,
            Base = date is DateTime day ? day + (time ?? TimeSpan.Zero) : null,
            BaseTimeOfDay = date is null ? time : null,
            Signals = lines.MoveToImmutable(),
            Comments = [.. _comments],
        };
    }

    private string? NextLine()
    {
        while (_line < _lines.Length)
        {
            string line = _lines[_line++].Trim(Blanks);
            if (line.StartsWith('#'))
            {
                _comments.Add(line[1..].Trim());
            }
            else if (line.Length > 0)
            {
                return line;
            }
        }

        return null;
    }

    private void RefuseSegments(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return;
        }

        int recordLine = _line;
        var segments = new List<string>();
        while (NextLine() is string line)
        {
            string segment = line.Split(Blanks)[0];
            if (segment != "~" && !segment.EndsWith("_layout", StringComparison.Ordinal))
            {
                segments.Add(segment);
            }
        }

        _line = recordLine;
        throw Wrong(
            $"this is a multi-segment record of {name[(slash + 1)..]} segments, which cannot be read as one",
            segments.Count == 0 ? "Read its segments one by one." : $"Read its segments one by one: {string.Join(", ", segments.Take(5))}{(segments.Count > 5 ? ", …" : string.Empty)}.");
    }

    private SamplePeriod Rate(string field)
    {
        string rate = field.Split('/')[0];
        return WfdbRate.TryParse(rate, out SamplePeriod period)
            ? period
            : throw Wrong($"“{rate}” is not a sampling rate in hertz", "Correct the third field of the line.");
    }

    private TimeSpan TimeOfDay(string field)
    {
        string[] parts = field.Trim('[', ']').Split(':');
        bool read = parts.Length <= 3;
        decimal seconds = 0;
        foreach (string part in parts)
        {
            read &= decimal.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) && number < 86400;
            seconds = read ? (seconds * 60) + number : 0;
        }

        return read && seconds < 86400
            ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond))
            : throw Wrong($"“{field}” is not a time of day", "Write it as HH:MM:SS.");
    }

    private DateTime Date(string field) =>
        DateTime.TryParseExact(field.Trim('[', ']'), ["d/M/yyyy", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
            ? date
            : throw Wrong($"“{field}” is not a date", "Write it as DD/MM/YYYY, or take it away and say --start.");

    private WfdbSignal Signal(string line)
    {
        string[] fields = line.Split(Blanks, DescriptionField + 1, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 2)
        {
            throw Wrong("a signal line needs a file and a format", "Fetch the header again, or correct the line.");
        }

        if (fields[0] == "-" || fields[0] == "~" || fields[0].Contains('/', StringComparison.Ordinal) || fields[0].Contains('\\', StringComparison.Ordinal))
        {
            throw Wrong($"“{fields[0]}” is not a file beside the header", "Put the signal file into the header's folder and name it plainly.");
        }

        (double gain, long? baseline, string? unit) = fields.Length > 2 ? GainOf(fields[2]) : (0, null, null);
        int zero = Optional(fields, 4) ?? 0;
        return FormatOf(fields[1]) with
        {
            File = fields[0],
            Gain = gain,
            Baseline = baseline ?? zero,
            Unit = unit,
            Resolution = Optional(fields, 3) ?? 0,
            Zero = zero,
            InitialValue = Optional(fields, 5),
            Checksum = Optional(fields, 6) is int sum ? unchecked((short)sum) : null,
            Description = fields.Length > DescriptionField ? fields[DescriptionField].Trim() : string.Empty,
        };
    }

    private WfdbSignal FormatOf(string field)
    {
        Match match = FormatField.Match(field);
        if (!match.Success)
        {
            throw Wrong($"“{field}” is not a storage format", "It must be a number such as 16, 212 or 212x4.");
        }

        int code = (int)Number(match.Groups["code"].Value, "the format", 0, int.MaxValue);
        if (!WfdbFormat.IsKnown(code))
        {
            throw Wrong($"storage format {code} cannot be read here", "Formats 16, 24, 32, 61, 80, 160 and 212 can: convert the record with WFDB's xform or rdsamp and wrsamp.");
        }

        return new WfdbSignal
        {
            File = string.Empty,
            Format = new WfdbFormat(code),
            SamplesPerFrame = match.Groups["frame"].Success ? (int)Number(match.Groups["frame"].Value, "the samples per frame", 1, MostSamplesPerFrame) : 1,
            Skew = match.Groups["skew"].Success ? (int)Number(match.Groups["skew"].Value, "the skew", 0, int.MaxValue) : 0,
            Offset = match.Groups["offset"].Success ? Number(match.Groups["offset"].Value, "the byte offset", 0, long.MaxValue / 2) : 0,
        };
    }

    private (double Gain, long? Baseline, string? Unit) GainOf(string field)
    {
        Match match = GainField.Match(field);
        if (!match.Success || !double.TryParse(match.Groups["gain"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double gain) || !double.IsFinite(gain))
        {
            throw Wrong($"“{field}” is not a gain", "It must be counts per unit, such as 200 or 200(1024)/mV.");
        }

        return (
            gain,
            match.Groups["baseline"].Success ? Number(match.Groups["baseline"].Value, "the baseline", int.MinValue, int.MaxValue) : null,
            match.Groups["unit"].Success ? match.Groups["unit"].Value : null);
    }

    private int? Optional(string[] fields, int index) =>
        fields.Length > index ? (int)Number(fields[index], $"field {index + 1}", int.MinValue, uint.MaxValue) : null;

    private long Number(string field, string what, long least, long most) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw Wrong($"“{field}” is not {what}", "It must be a whole number: correct the line.");

    private WfdbException Wrong(string problem, string remedy) => new(file, _line, problem, remedy);

    [GeneratedRegex(@"^(?<code>\d+)(x(?<frame>\d+))?(:(?<skew>\d+))?(\+(?<offset>\d+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex FormatField { get; }

    [GeneratedRegex(@"^(?<gain>[-+]?[\d.]+([eE][-+]?\d+)?)(\((?<baseline>[-+]?\d+)\))?(/(?<unit>\S+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex GainField { get; }
}
