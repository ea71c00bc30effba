namespace Bedside.Ingest.Captures;

/// <summary>Something in a file that is not as it should be, and was left out or mended.</summary>
/// <param name="Reason">One plain sentence.</param>
/// <param name="Offset">Bytes of the file before the first place where it was found.</param>
/// <param name="Count">In how many places.</param>
public sealed record CaptureFault(string Reason, long Offset, long Count)
{
    /// <summary>True = nothing is wrong with the recording: other traffic on the same network, or a guess that is worth knowing.</summary>
    public bool IsNote { get; init; }

    public override string ToString() => Count == 1 ? $"{Reason} (byte {Offset})" : $"{Reason} ({Count} times, first at byte {Offset})";
}

/// <summary>
/// A file that cannot be read at all. The message names the file, the place, what is wrong and what to do.
/// </summary>
public sealed class CaptureFormatException(string file, long offset, string reason, string remedy)
    : Exception($"{file}, byte {offset}: {reason} {remedy}")
{
    public string File { get; } = file;

    public long Offset { get; } = offset;

    public string Remedy { get; } = remedy;
}

/// <summary>Faults by their reason, so that a file full of them costs a line each and not a list as long as the file.</summary>
internal sealed class FaultTally
{
    private const int MostReasons = 64;

    private readonly List<CaptureFault> _faults = [];

    public IReadOnlyList<CaptureFault> Faults => _faults;

    public void Note(string reason, long offset) => Add(reason, offset, 1, note: true);

    public void Add(string reason, long offset, long count = 1) => Add(reason, offset, count, note: false);

    private void Add(string reason, long offset, long count, bool note)
    {
        int at = _faults.FindIndex(fault => fault.Reason == reason);
        if (at >= 0)
        {
            _faults[at] = _faults[at] with { Count = _faults[at].Count + count };
        }
        else if (_faults.Count < MostReasons)
        {
            _faults.Add(new CaptureFault(reason, offset, count) { IsNote = note });
        }
    }
}
