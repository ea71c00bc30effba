using System.Globalization;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>
/// Writes signals as WFDB records: one record for each sampling rate (and a new one after more than an hour of silence),
/// each signal in a file of its own, format 16 where its counts fit, else 32. Gaps are filled with the format's missing
/// code. Marks are annotations of the annotator <c>ctx</c>. Readings, alerts and gaps go into the tables of <see cref="ExportTables"/>. Reads the store twice and holds one
/// block at a time.
/// </summary>
/// <param name="source">Blocks of a signal within [from, to), ascending; number 0 = those of the whole bed.</param>
public sealed class WfdbWriter(Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source)
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Throws <see cref="IOException"/> where the folder is not empty or the disk does not take it.</summary>
    public ExportResult Write(ExportRequest asked, CancellationToken cancel = default)
    {
        ExportRequest request = asked.Marked(source);
        var folder = new ExportFolder(request.Directory);
        long samples = 0;
        long readings;
        long gaps;
        var records = new List<string>();
        using (var tables = new ExportTables(CsvTable.In(folder), request))
        {
            tables.Fill(source, cancel);
            foreach (RecordPlan plan in new WaveSurvey(request, source, tables).Plan(cancel))
            {
                string name = NameOf(plan.Period, records);
                records.Add(name);
                samples += WriteRecord(folder, name, plan, request, cancel);
            }

            readings = tables.Readings;
            gaps = tables.Gaps;
        }

        ExportNotes.Write(folder, request, ExportFormat.Wfdb);
        return new ExportResult(folder.Files, samples, readings, gaps);
    }

    private static string NameOf(SamplePeriod period, List<string> taken)
    {
        string name = $"waves_{WfdbNames.Plain(period.Hertz.ToString("0.####", CultureInfo.InvariantCulture))}hz";
        string free = name;
        for (int number = 2; taken.Contains(free); number++)
        {
            free = $"{name}_{number}";
        }

        return free;
    }

    private static UtcInstant FloorToMillisecond(UtcInstant instant) =>
        instant.Add(-(((instant.UnixNanoseconds % NanosecondsPerMillisecond) + NanosecondsPerMillisecond) % NanosecondsPerMillisecond));

    private static string FileName(string record, string signal, IReadOnlyCollection<string> taken)
    {
        string name = $"{record}_{WfdbNames.Plain(signal)}";
        string free = name;
        for (int number = 2; taken.Contains($"{free}.dat"); number++)
        {
            free = $"{name}_{number}";
        }

        return $"{free}.dat";
    }

    private long WriteRecord(ExportFolder folder, string record, RecordPlan plan, ExportRequest request, CancellationToken cancel)
    {
        UtcInstant origin = FloorToMillisecond(plan.Start);
        var lines = new List<WfdbLine>();
        using var sidecars = new WfdbSidecars(folder, record);
        try
        {
            foreach (Stretch stretch in plan.Stretches)
            {
                string name = stretch.Track.NameAmong([.. lines.Select(line => line.Name)]);
                string file = FileName(record, name, [.. lines.Select(line => line.File)]);
                var writer = new WfdbTrackWriter(stretch, name, origin, folder.Create(file), sidecars);
                lines.Add(new WfdbLine(name, file, writer));
                Fill(writer, plan, request, cancel);
            }

            long frames = lines.Max(line => line.Writer.Position);
            foreach (WfdbLine line in lines)
            {
                line.Writer.FinishAt(frames);
            }

            var description = new WfdbRecordDescription(record, plan.Period, origin, frames, lines, request.Experimental);
            folder.WriteText($"{record}.hea", description.Header().ToText());
            folder.WriteText($"{record}.json", description.Json());
            IReadOnlyList<WfdbNote> notes = WfdbContext.Of(request.Context, plan, origin, [.. lines.Select(line => line.Writer.Stretch.Track.Signal)], frames);
            if (notes.Count > 0)
            {
                folder.WriteBytes($"{record}.{WfdbContext.Annotator}", WfdbAnnotationFile.Encode(notes));
            }

            return lines.Sum(line => line.Writer.Samples);
        }
        finally
        {
            foreach (WfdbLine line in lines)
            {
                line.Writer.Dispose();
            }
        }
    }

    private void Fill(WfdbTrackWriter writer, RecordPlan plan, ExportRequest request, CancellationToken cancel)
    {
        Track track = writer.Stretch.Track;
        foreach (Block block in source(track.Signal.Number, plan.Start, plan.End))
        {
            cancel.ThrowIfCancellationRequested();
            if (block is GapBlock gap)
            {
                writer.Take(gap);
            }
            else if (block is SampleBlock whole && whole.Period == track.Period && whole.Scale == track.Scale
                && whole.Within(plan.Start, plan.End < request.To ? plan.End : request.To) is SampleBlock samples)
            {
                writer.Take(samples);
            }
        }
    }
}

/// <summary>A signal of a record under its name and file.</summary>
internal sealed record WfdbLine(string Name, string File, WfdbTrackWriter Writer);
