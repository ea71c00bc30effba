using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage;

namespace Bedside.Host.Commands;

/// <summary><c>bedside query</c>: samples, readings, or an envelope of one signal.</summary>
internal static class QueryCommand
{
    private static readonly UtcInstant Beginning = new(0);
    private static readonly UtcInstant EndOfTime = new(long.MaxValue / 2);

    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var signal = new Option<string?>("--signal") { Description = "Id or number of the signal; without it the signals are listed." };
        Option<string?> from = StoreArguments.From();
        Option<string?> to = StoreArguments.To();
        var points = new Option<int?>("--points") { Description = "Print a min/max/mean envelope of this many columns instead of the samples." };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("query", "Print samples of one signal, or an exact min/max/mean envelope.") { data, key, signal, from, to, points, json };
        command.SetAction(async result =>
        {
            await using Store store = StoreArguments.OpenReadOnly(result.GetRequiredValue(data), result.GetValue(key));
            UtcInstant start = StoreArguments.Instant(result.GetValue(from), Beginning, "--from");
            UtcInstant end = StoreArguments.Instant(result.GetValue(to), EndOfTime, "--to");
            await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
            if (result.GetValue(signal) is not { } id)
            {
                List(store, output);
                return 0;
            }

            Signal found = StoreArguments.Find(store, id);
            AuditFact[] what = [AuditFact.Of(AuditFactKind.Signal, found.Number.Value), .. CommandAudit.Range(result.GetValue(from), result.GetValue(to))];
            CommandAudit.Keep(result.GetRequiredValue(data), CommandAudit.Entry(AuditAct.DataRead, what));
            if (result.GetValue(points) is { } columns)
            {
                Envelope(store, found, (start, end), columns, output, result.GetValue(json));
            }
            else
            {
                Samples(store, found, (start, end), output, result.GetValue(json));
            }

            return 0;
        });
        return command;
    }

    private static void List(Store store, StreamWriter output)
    {
        foreach (Signal signal in store.Signals)
        {
            output.WriteLine($"{signal.Number.Value}\t{signal.Id}\t{signal.Metric.Kind.ToString().ToLowerInvariant()}\t{signal.Metric.Unit}\t{signal.Device}\t{signal.Metric.Label}");
        }
    }

    private static void Envelope(Store store, Signal signal, (UtcInstant From, UtcInstant To) range, int points, StreamWriter output, bool json)
    {
        if (points is < 1 or > 1_000_000)
        {
            throw new CommandFailedException($"--points must lie between 1 and 1000000, not {points}.");
        }

        (UtcInstant start, UtcInstant end) = Clip(store, signal, range);
        IReadOnlyList<EnvelopePoint> columns = end > start ? store.Envelope(signal.Number, start, end, points) : [];
        if (!json)
        {
            output.WriteLine("time\tmin\tmax\tmean\tcount");
            foreach (EnvelopePoint column in columns)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{column.Time}\t{column.Min:R}\t{column.Max:R}\t{column.Mean:R}\t{column.Count}"));
            }

            return;
        }

        output.Flush();
        using var writer = new Utf8JsonWriter(output.BaseStream);
        writer.WriteStartArray();
        foreach (EnvelopePoint column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("t", column.Time.ToString());
            writer.WriteNumber("min", column.Min);
            writer.WriteNumber("max", column.Max);
            writer.WriteNumber("mean", column.Mean);
            writer.WriteNumber("count", column.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>An open range is what the store has of the signal.</summary>
    private static (UtcInstant From, UtcInstant To) Clip(Store store, Signal signal, (UtcInstant From, UtcInstant To) range)
    {
        (UtcInstant from, UtcInstant to) = range;
        if (from == Beginning && store.Read(signal.Number, from, to).FirstOrDefault() is { } first)
        {
            from = first.Start;
        }

        if (to == EndOfTime)
        {
            to = store.Last(signal.Number)?.End.Add(1) ?? from;
        }

        return (from, to);
    }

    private static void Samples(Store store, Signal signal, (UtcInstant From, UtcInstant To) range, StreamWriter output, bool json)
    {
        output.WriteLine(json ? Head(signal) : $"# {signal.Id} [{signal.Metric.Unit}]\ntime\tvalue\traw\tvalidity");
        bool first = true;
        foreach (Block block in store.Read(signal.Number, range.From, range.To))
        {
            foreach ((UtcInstant time, string value, string raw, Validity validity) in Values(block, range.From, range.To))
            {
                string names = string.Join(',', validity.Names().Select(name => json ? $"\"{name}\"" : name));
                output.WriteLine(json
                    ? $"{(first ? " " : ",")}{{\"t\":\"{time}\",\"value\":{value},\"raw\":{raw},\"validity\":[{names}]}}"
                    : $"{time}\t{(value == "null" ? "---" : value)}\t{raw}\t{names}");
                first = false;
            }
        }

        if (json)
        {
            output.WriteLine("]}");
        }
    }

    private static string Head(Signal signal)
    {
        string id = JsonEncodedText.Encode(signal.Id).ToString();
        string unit = JsonEncodedText.Encode(signal.Metric.Unit).ToString();
        return $"{{\"signal\":\"{id}\",\"unit\":\"{unit}\",\"code\":{signal.Metric.Code},\"samples\":[";
    }

    private static IEnumerable<(UtcInstant Time, string Value, string Raw, Validity Validity)> Values(Block block, UtcInstant from, UtcInstant to)
    {
        switch (block)
        {
            case SampleBlock samples:
                var validity = new Validity[samples.Samples.Length];
                foreach (ValidityRun run in samples.Validity)
                {
                    Array.Fill(validity, run.Validity, run.Start, run.Length);
                }

                for (int i = 0; i < samples.Samples.Length; i++)
                {
                    UtcInstant time = samples.TimeOf(i);
                    if (time >= from && time < to)
                    {
                        int raw = samples.Samples.Span[i];
                        bool usable = validity[i].IsUsable() && samples.Scale is not null;
                        string value = usable ? samples.Scale!.Value.Physical(raw).ToString("R", CultureInfo.InvariantCulture) : "null";
                        yield return (time, value, raw.ToString(CultureInfo.InvariantCulture), validity[i]);
                    }
                }

                break;
            case NumericBlock numerics:
                foreach (NumericReading reading in numerics.Readings.Where(reading => reading.Time >= from && reading.Time < to))
                {
                    string value = reading.Value?.ToString() ?? "null";
                    yield return (reading.Time, value, value, reading.Validity);
                }

                break;
            case TextBlock text:
                string quoted = $"\"{JsonEncodedText.Encode(text.Text)}\"";
                yield return (text.Start, quoted, quoted, text.Validity);
                break;
        }
    }
}
