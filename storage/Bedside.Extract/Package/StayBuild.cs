using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>One stay on its way into a package: first all signals are looked through, and readings written; then the waves.</summary>
internal sealed class StayBuild
{
    private const double SurveyShare = 0.4;

    private readonly PackageStay _stay;
    private readonly PackageFolder _folder;
    private readonly (BuildMeter Meter, double Share) _progress;
    private readonly CancellationToken _cancel;
    private readonly StayTime _time;
    private readonly IReadOnlyList<PackagedSignal> _signals;
    private readonly SignalNotes[] _notes;
    private readonly List<WaveLane>[] _lanes;
    private BedEvents? _bed;

    public StayBuild(PackagePlan plan, PackageStay stay, PackageFolder folder, (BuildMeter Meter, double Share) progress, CancellationToken cancel)
    {
        (_stay, _folder, _progress, _cancel) = (stay, folder, progress, cancel);
        _time = new StayTime(stay, plan.Request.Time, plan.Zone);
        _signals = PackagedSignal.Of(stay, plan.Request.Signals);
        _notes = new SignalNotes[_signals.Count];
        _lanes = [.. _signals.Select(_ => new List<WaveLane>())];
    }

    /// <summary>After <see cref="Survey"/>, as the others.</summary>
    public BedEvents Bed => _bed ?? throw new InvalidOperationException("the stay was not looked through yet");

    /// <summary>Of the signals, in their order.</summary>
    public IReadOnlyList<SignalNotes> Notes => _notes;

    public long Samples => _lanes.Sum(lanes => lanes.Sum(lane => lane.Scales.Sum(scale => scale.Usable)));

    public long Readings { get; private set; }

    /// <summary>The first pass: rates, scales and ranges of the waves, gaps and clocks; readings and events are written or kept here.</summary>
    public void Survey(int workers)
    {
        int[] waves = [.. Enumerable.Range(0, _signals.Count).Where(i => _signals[i].Kind == SignalKind.Waveform)];
        double share = _progress.Share * SurveyShare / (waves.Length + 1);
        PackageWorkers.Run(workers, [() => WriteReadings(share), .. waves.Select<int, Action>(i => () => LookThrough(i, share))]);
    }

    /// <summary>The second: the files of waves, the largest first so that no worker waits for another at the end.</summary>
    public void WriteWaves(int workers)
    {
        IReadOnlyList<WaveFile> files = WaveFile.Of(_stay.Stay, _lanes.SelectMany(lanes => lanes));
        double share = _progress.Share * (1 - SurveyShare);
        double samples = Math.Max(1, files.Sum(file => file.Samples));
        PackageWorkers.Run(workers, [.. files.OrderByDescending(file => file.Samples).Select<WaveFile, Action>(file => () => WriteFile(file, share * file.Samples / samples))]);
    }

    private void WriteReadings(double share)
    {
        _bed = new BedEvents(_stay, _time, _signals, _cancel);
        using var file = new NumericsFile(_folder, _stay.Stay, _time);
        int[] readings = [.. Enumerable.Range(0, _signals.Count).Where(i => _signals[i].Kind != SignalKind.Waveform)];
        foreach (int i in readings)
        {
            var piece = new MeteredPiece(_progress.Meter, "readings", _stay, share / readings.Length);
            _notes[i] = ReadingFeed.Write(_signals[i], _stay, _time, file, piece.At, _cancel);
            piece.End();
        }

        file.Finish();
        Readings = file.Readings;
    }

    private void LookThrough(int place, double share)
    {
        PackagedSignal signal = _signals[place];
        var listener = new SignalListener(signal, _stay, _time);
        var piece = new MeteredPiece(_progress.Meter, "looking through waves", _stay, share);
        List<WaveLane> lanes = _lanes[place];
        foreach ((SampleBlock block, SamplePeriod taken) in WaveFeed.Read(signal, _stay, Hear, _cancel))
        {
            WaveLane? lane = lanes.Find(one => one.Period == block.Period);
            if (lane is null)
            {
                lanes.Add(lane = new WaveLane(signal, block.Period, taken.Hertz));
            }

            lane.Take(block);
        }

        _notes[place] = listener.Notes;
        _notes[place].Dictionary.AddRange(lanes.SelectMany(DictionaryRow.Of));
        piece.End();

        void Hear(Block block)
        {
            listener.Take(block);
            piece.At(block.Start);
        }
    }

    private void WriteFile(WaveFile file, double share)
    {
        IReadOnlyList<WaveName> waves = WaveName.Of(file);
        var piece = new MeteredPiece(_progress.Meter, "waves", _stay, share);
        using FileStream stream = _folder.Create($"waves/{file.Name}.arrow");
        var batch = new WaveBatch(stream, WaveSchema.Of(file, waves, _time), waves.Select(wave => wave.Wave));
        using var frames = new WfdbFrames(_folder, file, _time, waves);
        var cursors = new List<WaveCursor>();
        try
        {
            int column = 0;
            foreach (WaveLane lane in file.Lanes)
            {
                cursors.Add(new WaveCursor(lane, column, WaveFeed.Read(lane.Signal, _stay, block => piece.At(block.Start), _cancel).Select(given => given.Block).Where(block => block.Period == lane.Period)));
                column += lane.Scales.Count;
            }

            new WaveRows(file, _time, batch, frames).Write(cursors);
            batch.Finish();
            frames.Finish();
            piece.End();
        }
        finally
        {
            foreach (WaveCursor cursor in cursors)
            {
                cursor.Dispose();
            }
        }
    }
}
