using System.Runtime.InteropServices;

namespace Bedside.Extract.Package;

/// <summary>The samples of one signal on their way into its file of a WFDB record: format 16 or 32, low byte first. What nobody puts is missing.</summary>
internal sealed class SignalFrames : IDisposable
{
    private readonly short[] _shorts;
    private readonly int[] _longs;
    private readonly bool _isShort;
    private Stream? _file;
    private bool _isBegun;

    public SignalFrames(bool isShort, int frames)
    {
        _isShort = isShort;
        _shorts = new short[isShort ? frames : 0];
        _longs = new int[isShort ? 0 : frames];
        Empty();
    }

    public WfdbFormat Format => _isShort ? WfdbFormat.Short : WfdbFormat.Long;

    /// <summary>Of the file, as header(5) wants it.</summary>
    public short Checksum { get; private set; }

    /// <summary>Its first sample.</summary>
    public int Initial { get; private set; }

    /// <summary>Begins a file, which is closed by <see cref="Dispose"/>.</summary>
    public void Open(Stream file) => (_file, _isBegun, Checksum, Initial) = (file, false, 0, 0);

    public void Put(int frame, ReadOnlySpan<int> samples)
    {
        if (!_isShort)
        {
            samples.CopyTo(_longs.AsSpan(frame));
            return;
        }

        Span<short> shorts = _shorts.AsSpan(frame, samples.Length);
        for (int i = 0; i < samples.Length; i++)
        {
            shorts[i] = (short)samples[i];
        }
    }

    /// <summary>Writes so many samples and begins anew.</summary>
    public void Flush(int frames)
    {
        if (!_isBegun)
        {
            Initial = _isShort ? _shorts[0] : _longs[0];
            _isBegun = true;
        }

        int sum = Checksum;
        for (int i = 0; i < frames; i++)
        {
            sum = unchecked(sum + (_isShort ? _shorts[i] : _longs[i]));
        }

        Checksum = unchecked((short)sum);
        _file?.Write(_isShort ? MemoryMarshal.AsBytes(_shorts.AsSpan(0, frames)) : MemoryMarshal.AsBytes(_longs.AsSpan(0, frames)));
        Empty();
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Empty()
    {
        Array.Fill(_shorts, (short)WfdbFormat.Short.Missing);
        Array.Fill(_longs, WfdbFormat.Long.Missing);
    }
}
