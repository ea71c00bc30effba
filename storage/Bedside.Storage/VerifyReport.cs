using Bedside.Model;

namespace Bedside.Storage;

/// <summary>Bytes that are not what was written. Signal 0 = not known, or of the whole bed.</summary>
public sealed record Damage(string File, long Offset, SignalNumber Signal, string What)
{
    /// <summary>Of when the damaged data are, as far as it is known; null = not known, or it costs no data.</summary>
    public UtcInstant? From { get; init; }

    public UtcInstant? Until { get; init; }
}

/// <summary>What a reading of everything found.</summary>
public sealed record VerifyReport
{
    public long Blocks { get; init; }

    /// <summary>Samples of waveforms and readings of numerics.</summary>
    public long Samples { get; init; }

    /// <summary>What went over the ports: chunks, silences, holes.</summary>
    public long EvidenceEntries { get; init; }

    public IReadOnlyList<Damage> Damaged { get; init; } = [];

    /// <summary>Files whose key is not there, a plain sentence each: only their checksums were looked at.</summary>
    public IReadOnlyList<string> Locked { get; init; } = [];

    /// <summary>What the last moments before a kill or a power cut left unfinished at the end of a journal. Normal: it was never acknowledged.</summary>
    public IReadOnlyList<Damage> Unfinished { get; init; } = [];

    /// <summary>The gaps that are recorded in the store.</summary>
    public IReadOnlyList<GapBlock> Gaps { get; init; } = [];

    public IReadOnlyList<Signal> Signals { get; init; } = [];
}
