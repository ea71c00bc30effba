using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>
/// What is said of one record: the WFDB header, and the JSON file with what a header cannot say exactly. WFDB knows
/// physical = (count − baseline) / gain with a whole baseline; the store knows physical = count × gain + offset.
/// </summary>
internal sealed class WfdbRecordDescription(string name, SamplePeriod period, UtcInstant origin, long samples, IReadOnlyList<WfdbLine> lines, IReadOnlySet<string> experimental)
{
    private const int LongestDescription = 80;
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public WfdbHeader Header() => new()
    {
        Name = name,
        FramePeriod = period,
        Frames = samples,
        Base = origin.ToDateTime().UtcDateTime,
        Signals = [.. lines.Select(SignalLine)],
        Comments = [.. Comments()],
    };

    public string Json()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteString("record", name);
            json.WriteString("start_utc", origin.ToString());
            json.WriteStartObject("period_s");
            json.WriteNumber("numerator", period.Numerator);
            json.WriteNumber("denominator", period.Denominator);
            json.WriteEndObject();
            json.WriteString("rate_hz", WfdbRate.ToText(period));
            json.WriteNumber("samples", samples);
            json.WriteString("times", $"{name}_times.csv");
            json.WriteString("gaps", $"{name}_gaps.csv");
            json.WriteString("validity", $"{name}_validity.csv");
            json.WriteStartArray("signals");
            foreach (WfdbLine line in lines)
            {
                WriteSignal(json, line);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static WfdbSignal SignalLine(WfdbLine line)
    {
        Track track = line.Writer.Stretch.Track;
        var calibration = WfdbCalibration.Of(track.Scale);
        return new WfdbSignal
        {
            File = line.File,
            Format = line.Writer.Stretch.Format,
            Gain = calibration.Gain,
            Baseline = calibration.Baseline,
            Unit = WfdbNames.UnitFor(track.Signal.Metric.Unit),
            Resolution = line.Writer.Stretch.Format.Resolution,
            InitialValue = line.Writer.InitialValue,
            Checksum = line.Writer.Checksum,
            Description = line.Name.Length > LongestDescription ? line.Name[..LongestDescription] : line.Name,
        };
    }

    private void WriteSignal(Utf8JsonWriter json, WfdbLine line)
    {
        Track track = line.Writer.Stretch.Track;
        var calibration = WfdbCalibration.Of(track.Scale);
        json.WriteStartObject();
        json.WriteString("name", line.Name);
        json.WriteString("signal", track.Signal.Id);
        json.WriteString("device", track.Signal.Device);
        json.WriteBoolean("experimental", experimental.Contains(track.Signal.Device));
        json.WriteNumber("code_11073", track.Signal.Metric.Code);
        json.WriteString("code_name", track.Signal.Metric.CodeName);
        json.WriteString("file", line.File);
        json.WriteNumber("format", line.Writer.Stretch.Format.Code);
        json.WriteNumber("missing_code", line.Writer.Stretch.Format.Missing);
        json.WriteString("unit_ucum", track.Signal.Metric.Unit);
        if (track.Scale is Scale scale)
        {
            json.WriteNumber("gain", scale.Gain);
            json.WriteNumber("offset", scale.Offset);
        }
        else
        {
            json.WriteNull("gain");
            json.WriteNull("offset");
        }

        json.WriteBoolean("header_calibration_exact", calibration.Exact);
        json.WriteNumber("samples_of_device", line.Writer.Samples);
        json.WriteNumber("unusable_written_as_missing", line.Writer.Unusable);
        json.WriteNumber("equal_to_missing_code", line.Writer.LikeMissing);
        json.WriteNumber("largest_deviation_from_grid_ns", line.Writer.LargestDeviation);
        if (line.Writer.LargestUncertainty == uint.MaxValue)
        {
            json.WriteNull("largest_uncertainty_us");
        }
        else
        {
            json.WriteNumber("largest_uncertainty_us", line.Writer.LargestUncertainty);
        }

        json.WriteStartArray("marks");
        foreach (string mark in line.Writer.Marks.Names())
        {
            json.WriteStringValue(mark);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private IEnumerable<string> Comments()
    {
        yield return $"Base time is UTC. Exact times: {name}_times.csv, gaps: {name}_gaps.csv, marks on samples: {name}_validity.csv, all of it: {name}.json";
        if (lines.Any(line => (line.Writer.Marks & (Validity.DemoData | Validity.TestData)) != 0))
        {
            yield return "This record holds demonstration or test data.";
        }

        if (!WfdbRate.TryParse(WfdbRate.ToText(period), out SamplePeriod read) || read != period)
        {
            yield return $"The rate is rounded; the period is {period} exactly.";
        }

        foreach (WfdbLine line in lines)
        {
            Track track = line.Writer.Stretch.Track;
            if (experimental.Contains(track.Signal.Device))
            {
                yield return $"{line.Name}: read by an experimental driver ({track.Signal.Device}) that was never tried on a real device";
            }

            if (track.Scale is not Scale scale)
            {
                yield return $"{line.Name}: not calibrated, counts only";
            }
            else if (!WfdbCalibration.Of(scale).Exact)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{line.Name}: gain and baseline above are rounded; exactly {track.Signal.Metric.Unit} = count * {scale.Gain:R} + {scale.Offset:R}");
            }

            if (line.Writer.LargestDeviation > period.Nanoseconds / 2)
            {
                yield return $"{line.Name}: true times are up to {Spelling.Seconds(line.Writer.LargestDeviation)} s from the even grid, see {name}_times.csv";
            }
        }
    }
}
