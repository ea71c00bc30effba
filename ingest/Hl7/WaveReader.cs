using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>Waveforms: rows of type NA with their attributes under the same OBX-4 (sheet 7). What has no sampling rate is left out and said.</summary>
internal sealed class WaveReader(ReportContext context)
{
    /// <summary>One block; devices send 1 s to 6 s of at most 500 a second.</summary>
    private const int MostSamples = 65_536;

    private const int MostChannels = 64;
    private const double LeastRate = 0.1;
    private const double MostRate = 10_000;
    private const int MostWaves = 128;
    private const int MostDecimals = 6;
    private const long SecondNs = 1_000_000_000;

    private readonly Dictionary<string, long> _next = new(StringComparer.Ordinal);

    public void Read(Report report, IDriverOutput output)
    {
        foreach (Observation row in report.Rows)
        {
            bool isArray = row.Type == "NA" || row.Type == "MA";
            if (!row.Shape.IsDevice || row.IsFacet || !(isArray || row.Type == "ED") || !row.Value.HasValue)
            {
                continue;
            }

            var attributes = new WaveAttributes(report, row, context.Rules);
            if (attributes.Period is not { } period)
            {
                context.Tell($"rate {row.Shape.Code}", new Hl7Fault(Hl7Fault.RequiredField, "OBX", row.Sequence, 5, "a wave has no sampling rate and was left out"), output);
                continue;
            }

            // Of a multiplexed array nobody says which channel is what: with more than one they are numbered.
            int channels = row.Type == "MA" ? row.Value.Repetition(0).Components : 1;
            for (int channel = 0; channel < Math.Min(channels, MostChannels); channel++)
            {
                if (ValuesOf(row, channel, attributes) is not { } values)
                {
                    context.Tell($"array {row.Shape.Code}", new Hl7Fault(Hl7Fault.DataType, "OBX", row.Sequence, 5, $"a wave is no array of at most {MostSamples} numbers and was left out"), output);
                    break;
                }

                Place(report, row, (attributes, period, values), channels == 1 ? string.Empty : (channel + 1).ToString(CultureInfo.InvariantCulture), output);
            }
        }
    }

    private static WaveValues? ValuesOf(Observation row, int channel, WaveAttributes attributes) => row.Type switch
    {
        "MA" => WaveValues.ReadChannel(row.Value, channel, attributes.Markers, MostSamples, MostDecimals),
        "ED" => EncodedWave.Read(row.Value, attributes.Markers, MostSamples),
        _ => WaveValues.Read(row.Value, attributes.Markers, MostSamples, MostDecimals),
    };

    private void Place(Report report, Observation row, (WaveAttributes Attributes, SamplePeriod Period, WaveValues Values) wave, string channel, IDriverOutput output)
    {
        MetricName name = context.Rules.EntryOf(row.Shape) is { } told
            ? new MetricName(told.Id, told, told.Code, row.Shape.Name.Name, row.Shape.Name.DeviceCode)
            : row.Shape.Name;
        if (name is { Entry: not null, IsWave: false } || channel.Length > 0)
        {
            name = MetricNames.AsRaw(name, row.Shape.Code);
        }

        if (name.Conflict)
        {
            context.Conflicts.Add(row.Shape, output);
            context.Tell(name.Id, new Hl7Fault(Hl7Fault.TableValue, "OBX", row.Sequence, 3, $"number and name are of two signals; kept as {name.Id}"), output);
        }

        (Scale? scale, string unit) = wave.Attributes.ScaleOf(wave.Values, context.Rules.UnitOf(row.Shape));
        var metric = new Metric
        {
            SignalId = name.Id,
            Kind = SignalKind.Waveform,
            Code = name.Code,
            CodeName = name.Entry?.CodeName is { Length: > 0 } reference ? reference : name.Name,
            Unit = unit,
            Channel = channel,
            Label = name.Name,
            DeviceCode = name.DeviceCode,
        };
        SenderClock.Stated? stated = context.Clock.Choose(observed: null, report.Begin);
        CheckLength(report, row, wave, output);
        context.Readout.Samples(
            new DeviceEvent.Samples(metric, wave.Period, wave.Values.Raw)
            {
                Scale = scale,
                At = stated is { } time ? new DeviceTicks((ulong)Anchor(name.Id + channel, time, wave.Period, wave.Values.Raw.Length)) : null,
                Within = stated?.Within ?? default,
                Validity = report.Marks | row.Validity,
                Runs = wave.Values.Runs,
            },
            output);
    }

    /// <summary>Blocks follow each other by their samples; a stated time counts anew when it is farther off than two samples, or than it is exact.</summary>
    private long Anchor(string id, SenderClock.Stated time, SamplePeriod period, int count)
    {
        long stated = Math.Max(0, time.At.UnixNanoseconds);
        long tolerance = Math.Max(2 * period.Nanoseconds, time.Within.Ticks >= TimeSpan.TicksPerSecond ? SecondNs : 0);
        long start = _next.TryGetValue(id, out long next) && Math.Abs(next - stated) <= tolerance ? next : stated;
        if (_next.Count < MostWaves || _next.ContainsKey(id))
        {
            _next[id] = start + period.NanosecondsOf(count);
        }

        return start;
    }

    private void CheckLength(Report report, Observation row, (WaveAttributes Attributes, SamplePeriod Period, WaveValues Values) wave, IDriverOutput output)
    {
        if (report is { Begin: { } begin, End: { } end } && begin.Precision < TimeSpan.FromSeconds(1))
        {
            double expected = (end.Wall - begin.Wall).TotalSeconds * wave.Period.Hertz;
            if (Math.Abs(expected - wave.Values.Raw.Length) > 1 + wave.Period.Hertz * end.Precision.TotalSeconds)
            {
                context.Tell($"length {row.Shape.Code}", new Hl7Fault(Hl7Fault.DataType, "OBX", row.Sequence, 5, string.Create(CultureInfo.InvariantCulture, $"a wave has {wave.Values.Raw.Length} samples where its times have room for {expected:F0}; the samples count")), output);
            }
        }
    }

    internal static SamplePeriod? PeriodOf(Fixed rate)
    {
        double hertz = rate.ToDouble();
        if (hertz is not (>= LeastRate and <= MostRate) || rate.Exponent is > 0 or < -MostDecimals)
        {
            return null;
        }

        long numerator = 1;
        for (int i = 0; i < -rate.Exponent; i++)
        {
            numerator *= 10;
        }

        return new SamplePeriod(numerator, rate.Mantissa);
    }
}
