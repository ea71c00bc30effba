using Bedside.Model;

namespace Bedside.Storage.Evidence;

/// <summary>What the ring has of one port.</summary>
public sealed record EvidencePortFigures(string Port)
{
    /// <summary>The last that was known of it.</summary>
    public required EvidencePort Last { get; init; }

    public long FromDeviceBytes { get; init; }

    public long ToDeviceBytes { get; init; }

    public long Chunks { get; init; }

    /// <summary>Without a hole each; ascending, both ends included.</summary>
    public IReadOnlyList<(UtcInstant From, UtcInstant To)> Intervals { get; init; } = [];

    /// <summary>What is missing, and why.</summary>
    public IReadOnlyList<EvidenceEntry> Holes { get; init; } = [];
}

/// <summary>What a ring of evidence has.</summary>
/// <param name="Files">How many files it is in.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="Ports">By name.</param>
public sealed record EvidenceSurvey(int Files, long Bytes, IReadOnlyList<EvidencePortFigures> Ports)
{
    /// <summary>More holes of a port are not told one by one.</summary>
    private const int MostHoles = 1_000;

    internal static EvidenceSurvey Of(IReadOnlyList<EvidenceFile> files, IEnumerable<EvidenceEntry> entries)
    {
        var ports = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        foreach (EvidenceEntry entry in entries)
        {
            if (entry.Port == EvidencePort.Every)
            {
                foreach (Tally known in ports.Values)
                {
                    known.Add(entry);
                }
            }
            else
            {
                if (!ports.TryGetValue(entry.Port.Name, out Tally? tally))
                {
                    ports[entry.Port.Name] = tally = new Tally();
                }

                tally.Add(entry);
            }
        }

        return new EvidenceSurvey(files.Count, files.Sum(file => file.Bytes), [.. ports.Select(port => port.Value.Figures(port.Key))]);
    }

    private sealed class Tally
    {
        private readonly List<(UtcInstant From, UtcInstant To)> _intervals = [];
        private readonly List<EvidenceEntry> _holes = [];
        private EvidencePort _last = EvidencePort.Every;
        private long _fromDevice;
        private long _toDevice;
        private long _chunks;
        private bool _goesOn;

        public EvidencePortFigures Figures(string port) => new(port)
        {
            Last = _last,
            FromDeviceBytes = _fromDevice,
            ToDeviceBytes = _toDevice,
            Chunks = _chunks,
            Intervals = _intervals,
            Holes = _holes,
        };

        public void Add(EvidenceEntry entry)
        {
            if (entry.Kind == EvidenceKind.Hole)
            {
                _goesOn = false;
                if (_holes.Count < MostHoles)
                {
                    _holes.Add(entry);
                }

                return;
            }

            _last = entry.Port;
            _chunks += entry.Bytes.IsEmpty ? 0 : 1;
            _fromDevice += entry.Kind == EvidenceKind.FromDevice ? entry.Bytes.Length : 0;
            _toDevice += entry.Kind == EvidenceKind.ToDevice ? entry.Bytes.Length : 0;
            if (_goesOn)
            {
                (UtcInstant from, UtcInstant to) = _intervals[^1];
                _intervals[^1] = (entry.Utc < from ? entry.Utc : from, entry.Utc > to ? entry.Utc : to);
            }
            else
            {
                _intervals.Add((entry.Utc, entry.Utc));
                _goesOn = true;
            }
        }
    }
}
