using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>What came of a byte of the stream, for those who steer the conversation.</summary>
internal enum StreamNews
{
    None,

    /// <summary>A block is whole.</summary>
    Block,

    /// <summary>The ventilator refuses; <see cref="DataStream.Error"/> says why.</summary>
    Refused,

    /// <summary>The stream is over by itself.</summary>
    Ended,

    /// <summary>A block was damaged.</summary>
    Damaged,
}

/// <summary>The continuous stream (RADC): blocks to readings, and after damage the search for the next one.</summary>
internal sealed class DataStream(Configuration configuration, Readings readings, CurveStreams curves)
{
    private BlockReader _blocks = new(default);
    private BlockSearch _search = new(default);
    private bool _searching;

    /// <summary>Number of the ventilator's error.</summary>
    public int Error { get; private set; }

    /// <summary>Whether a block has begun and not ended.</summary>
    public bool IsInside => !_blocks.IsBetween;

    /// <summary>The ventilator was told to send; what it was told to send does not change until it ends.</summary>
    public void Begin(IDriverOutput output)
    {
        _blocks = new BlockReader(configuration.Counts);
        _search = new BlockSearch(configuration.Counts);
        _searching = false;
        curves.Begin(output);
    }

    public StreamNews Take(byte value, MonotonicInstant now, long offset, IDriverOutput output)
    {
        if (!_searching)
        {
            return Handle(_blocks.Take(value), now, offset, output);
        }

        byte[]? found = _search.Take(value);
        if (found is null)
        {
            return StreamNews.None;
        }

        _searching = false;
        _blocks.Reset();
        StreamNews news = StreamNews.None;
        foreach (byte one in found)
        {
            StreamNews said = Handle(_blocks.Take(one), now, offset, output);
            news = said == StreamNews.None ? news : said;
        }

        return news;
    }

    public void Flush(IDriverOutput output) => curves.Flush(output);

    private StreamNews Handle(BlockPart part, MonotonicInstant now, long offset, IDriverOutput output)
    {
        switch (part)
        {
            case BlockPart.Sample:
                curves.Add(_blocks.Sample, _blocks.BreathPhase, now, output);
                return StreamNews.None;
            case BlockPart.CurveEnd:
                return StreamNews.Block;
            case BlockPart.Values:
                curves.Flush(output);
                TakeValues(output);
                return StreamNews.Block;
            case BlockPart.Error:
                Error = _blocks.Body[0];
                return StreamNews.Refused;
            case BlockPart.StreamEnd:
                curves.Flush(output);
                return StreamNews.Ended;
            case BlockPart.Damaged:
                Damage(offset, output);
                return StreamNews.Damaged;
            default:
                return StreamNews.None;
        }
    }

    private void TakeValues(IDriverOutput output)
    {
        DeviceTicks? at = curves.Now;
        switch (_blocks.Kind)
        {
            case BlockReader.Breath:
                readings.TakeBreath(configuration.Breath, Messages.ReadBinaryValues(_blocks.Body), trend: false, at, output);
                break;
            case BlockReader.Settings:
                readings.TakeSettings(configuration.Settings, Messages.ReadBinaryValues(_blocks.Body), at, output);
                break;
            case BlockReader.Trend:
                readings.TakeBreath(configuration.Trend, Messages.ReadBinaryValues(Messages.WithoutTime(_blocks.Body)), trend: true, at, output);
                break;
            default:
                readings.TakeAlarms(configuration.Alarms, Messages.ReadBinaryStates(_blocks.Body), at, output);
                break;
        }
    }

    private void Damage(long offset, IDriverOutput output)
    {
        int samples = _blocks.Kind == BlockReader.Curve ? _blocks.Samples : 0;
        string doubt = samples > 0 ? $"; its {samples} samples may be wrong" : string.Empty;
        output.Report(new DeviceEvent.Fault($"a block of the stream is damaged{doubt}", offset));
        output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
        curves.Doubt(samples, output);
        _searching = true;
        _search.Clear();
    }
}
