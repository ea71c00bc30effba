using System.Globalization;
using Bedside.Model;

namespace Bedside.Extract.Arrow;

/// <summary>
/// Writes signals as Arrow IPC files (ARROW.md): the tables of <see cref="ExportTables"/>, and for the waves of each device and
/// rate one file with a row for each instant at which one of them has a sample, three columns for each: value in its unit, raw
/// count, validity. Reads the store twice; holds one block of each wave of a device and one batch of rows.
/// </summary>
/// <param name="source">Blocks of a signal within [from, to), ascending; number 0 = those of the whole bed.</param>
public sealed class ArrowExport(Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source)
{
    private const int ColumnsOfTrack = 3;

    /// <summary>Throws <see cref="IOException"/> where the folder is not empty or the disk does not take it.</summary>
    public ExportResult Write(ExportRequest asked, CancellationToken cancel = default)
    {
        ExportRequest request = asked.Marked(source);
        var folder = new ExportFolder(request.Directory);
        TableMaker make = ArrowTable.In(folder, request);
        long samples = 0;
        long readings;
        long gaps;
        using (var tables = new ExportTables(make, request))
        {
            tables.Fill(source, cancel);
            foreach (WaveGroup group in WaveGroup.Find(request, source, tables, make, cancel))
            {
                samples += WriteWaves(folder, group, request, cancel);
            }

            readings = tables.Readings;
            gaps = tables.Gaps;
        }

        ExportNotes.Write(folder, request, ExportFormat.Arrow);
        return new ExportResult(folder.Files, samples, readings, gaps);
    }

    private static ArrowSchema SchemaOf(WaveGroup group, ExportRequest request)
    {
        var names = new List<string>();
        var fields = new List<ArrowField> { new("time_utc", ArrowType.Instant, IsNullable: false, []) };
        foreach (Track track in group.Tracks)
        {
            string name = track.NameAmong(names);
            names.Add(name);
            fields.AddRange(ArrowDescription.Fields(name, track, request));
        }

        return new ArrowSchema(fields, ArrowDescription.Of(group, request));
    }

    /// <summary>One row for each instant, from that of the earliest sample on: those that stand on it give theirs, the others give nulls.</summary>
    private static void Merge(TrackCursor[] cursors, ArrowWriter writer)
    {
        while (Earliest(cursors) is UtcInstant time)
        {
            writer.Columns[0].Append(time.UnixNanoseconds);
            for (int i = 0; i < cursors.Length; i++)
            {
                int at = 1 + (ColumnsOfTrack * i);
                if (cursors[i].IsThere && cursors[i].Time == time)
                {
                    cursors[i].Take(writer.Columns[at], writer.Columns[at + 1], writer.Columns[at + 2]);
                }
                else
                {
                    writer.Columns[at].AppendNull();
                    writer.Columns[at + 1].AppendNull();
                    writer.Columns[at + 2].AppendNull();
                }
            }

            writer.EndRow();
        }
    }

    private static UtcInstant? Earliest(TrackCursor[] cursors)
    {
        UtcInstant? earliest = null;
        foreach (TrackCursor cursor in cursors)
        {
            if (cursor.IsThere && (earliest is not UtcInstant known || cursor.Time < known))
            {
                earliest = cursor.Time;
            }
        }

        return earliest;
    }

    private long WriteWaves(ExportFolder folder, WaveGroup group, ExportRequest request, CancellationToken cancel)
    {
        string rate = ExportFolder.Plain(group.Period.Hertz.ToString("0.####", CultureInfo.InvariantCulture));
        using FileStream stream = folder.Create(folder.FreeName($"waves/{ExportFolder.Plain(group.Device)}_{rate}hz", ".arrow"));
        var cursors = new List<TrackCursor>();
        try
        {
            foreach (Track track in group.Tracks)
            {
                cursors.Add(new TrackCursor(track, BlocksOf(track, request, cancel)));
            }

            var writer = new ArrowWriter(stream, SchemaOf(group, request), ArrowForm.File);
            Merge([.. cursors], writer);
            writer.Finish();
            stream.Flush(flushToDisk: true);
            return cursors.Sum(cursor => cursor.Passed);
        }
        finally
        {
            foreach (TrackCursor cursor in cursors)
            {
                cursor.Dispose();
            }
        }
    }

    private IEnumerable<SampleBlock> BlocksOf(Track track, ExportRequest request, CancellationToken cancel)
    {
        foreach (Block block in source(track.Signal.Number, request.From, request.To))
        {
            cancel.ThrowIfCancellationRequested();
            if (block is SampleBlock whole && whole.Period == track.Period && whole.Scale == track.Scale && whole.Within(request.From, request.To) is SampleBlock samples)
            {
                yield return samples;
            }
        }
    }
}
