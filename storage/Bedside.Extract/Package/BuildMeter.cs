namespace Bedside.Extract.Package;

/// <summary>How far a build is, from pieces that are done on several threads. What it tells never falls.</summary>
internal sealed class BuildMeter(IProgress<BuildProgress>? progress)
{
    /// <summary>It speaks when so much more is done.</summary>
    private const double Step = 0.002;

    private readonly Lock _gate = new();
    private double _done;
    private double _told = -1;

    /// <summary>Something more is done: its share of the whole, all of which together are 1.</summary>
    public void Add(string stage, double share)
    {
        lock (_gate)
        {
            _done = Math.Min(1, _done + share);
            if (_done - _told >= Step)
            {
                _told = _done;
                progress?.Report(new BuildProgress(stage, _done));
            }
        }
    }

    public void End()
    {
        lock (_gate)
        {
            (_done, _told) = (1, 1);
            progress?.Report(new BuildProgress("done", 1));
        }
    }
}

/// <summary>A piece of work that passes through the time of a stay: turns where it is into its share of the whole.</summary>
internal sealed class MeteredPiece(BuildMeter meter, string stage, PackageStay stay, double share)
{
    private double _part;

    public void At(Model.UtcInstant instant)
    {
        double part = Math.Clamp((double)instant.Since(stay.From) / Math.Max(1, stay.To.Since(stay.From)), 0, 1);
        if (part > _part)
        {
            meter.Add(stage, (part - _part) * share);
            _part = part;
        }
    }

    public void End() => At(stay.To);
}
