using Bedside.Model;
using static Bedside.Extract.ExportColumn;

namespace Bedside.Extract.Arrow;

/// <summary>The waves of one device that come at one rate: one file.</summary>
internal sealed record WaveGroup(string Device, SamplePeriod Period, IReadOnlyList<Track> Tracks)
{
    /// <summary>
    /// The first of two passes over the waveforms: finds which rates and scales there are, because a schema comes before its
    /// rows. Fills the table of gaps on the way, and a table with what is known of each block.
    /// </summary>
    public static IReadOnlyList<WaveGroup> Find(ExportRequest request, Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source, ExportTables tables, TableMaker make, CancellationToken cancel)
    {
        var tracks = new List<Track>();
        using IExportTable times = make("times", [
            Instant("time_utc"), Text("signal"), Whole("samples"), Whole("uncertainty_us"), Whole("clock_epoch"), Whole("first_index"), Seconds("device_time_s")]);
        foreach (Signal signal in request.Signals.Where(signal => signal.Metric.Kind == SignalKind.Waveform))
        {
            foreach (SampleBlock block in WaveBlocks.Read(signal, request, source, tables, cancel))
            {
                times.Row(
                    block.Start, signal.Id, block.Samples.Length, ExportCell.Uncertainty(block.UncertaintyMicroseconds), block.ClockEpoch, block.FirstIndex, ExportCell.Seconds(block.DeviceNanoseconds));
                var track = new Track(signal, block.Period, block.Scale);
                if (!tracks.Contains(track))
                {
                    tracks.Add(track);
                }
            }
        }

        return [.. tracks.GroupBy(track => track.Signal.Device).SelectMany(device => device.GroupBy(track => track.Period)
            .OrderByDescending(rate => rate.Key.Hertz)
            .Select(rate => new WaveGroup(device.Key, rate.Key, [.. rate])))];
    }
}

/// <summary>Stands on one sample of a track after the other. Holds one block.</summary>
internal sealed class TrackCursor : IDisposable
{
    private readonly IEnumerator<SampleBlock> _blocks;
    private readonly Scale? _scale;
    private SampleBlock? _block;
    private int _index;
    private int _run;

    /// <summary>Stands on the first sample of the blocks, which are those of the track, ascending.</summary>
    public TrackCursor(Track track, IEnumerable<SampleBlock> blocks)
    {
        _scale = track.Scale;
        _blocks = blocks.GetEnumerator();
        NextBlock();
    }

    /// <summary>False = the track has ended.</summary>
    public bool IsThere => _block is not null;

    /// <summary>Time of the sample; without meaning at the end.</summary>
    public UtcInstant Time { get; private set; }

    /// <summary>Samples passed.</summary>
    public long Passed { get; private set; }

    /// <summary>Writes the sample as value, raw count and validity, and goes on to the next.</summary>
    public void Take(ColumnBuilder value, ColumnBuilder raw, ColumnBuilder validity)
    {
        SampleBlock block = _block!; // only where IsThere
        int sample = block.Samples.Span[_index];
        Validity marks = Marks(block);
        if (_scale is Scale scale && marks.IsUsable())
        {
            value.Append(scale.Physical(sample));
        }
        else
        {
            value.AppendNull();
        }

        raw.Append(sample);
        validity.Append((ushort)marks);
        Passed++;
        if (++_index < block.Samples.Length)
        {
            Time = block.TimeOf(_index);
        }
        else
        {
            NextBlock();
        }
    }

    public void Dispose() => _blocks.Dispose();

    private Validity Marks(SampleBlock block)
    {
        while (_run < block.Validity.Length && block.Validity[_run].Start + block.Validity[_run].Length <= _index)
        {
            _run++;
        }

        return _run < block.Validity.Length && block.Validity[_run].Start <= _index ? block.Validity[_run].Validity : Validity.Valid;
    }

    private void NextBlock()
    {
        do
        {
            _block = _blocks.MoveNext() ? _blocks.Current : null;
        }
        while (_block is { Samples.Length: 0 });
        _index = 0;
        _run = 0;
        Time = _block?.Start ?? default;
    }
}
