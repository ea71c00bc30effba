using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Extract;

/// <summary>
/// A WFDB record of one segment, read piece by piece: never more than the frames asked for are in memory. Not safe for
/// several threads.
/// </summary>
public sealed class WfdbReader : IDisposable
{
    private const int FramesAtOnce = 16384;

    private readonly List<SignalFile> _files = [];
    private readonly (SignalFile File, int Place)[] _signals;

    private WfdbReader(string path, WfdbHeader header)
    {
        Path = path;
        Header = header;
        _signals = new (SignalFile, int)[header.Signals.Length];
    }

    /// <summary>The header's file.</summary>
    public string Path { get; }

    public WfdbHeader Header { get; }

    /// <summary>Frames of the record: as the header says, or as the files hold.</summary>
    public long Frames { get; private set; }

    /// <summary>
    /// Opens <paramref name="record"/>, named with or without <c>.hea</c>. Throws <see cref="WfdbException"/> where header
    /// or signal files are not there, not whole or not of a kind that can be read.
    /// </summary>
    public static WfdbReader Open(string record)
    {
        string path = record.EndsWith(".hea", StringComparison.Ordinal) ? record : record + ".hea";
        string name = System.IO.Path.GetFileName(path);
        if (!File.Exists(path))
        {
            throw new WfdbException(name, 0, "there is no such file", $"Looked in {System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))}: name the record by its header file.");
        }

        var reader = new WfdbReader(path, WfdbHeader.Parse(name, File.ReadAllText(path)));
        try
        {
            reader.OpenFiles(name);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Samples of one signal over <paramref name="frames"/> frames from <paramref name="first"/> on, put in time (skew taken
    /// out); what lies beyond the file is <see cref="WfdbFormat.Missing"/>. A frame holds <see cref="WfdbSignal.SamplesPerFrame"/> of them.
    /// </summary>
    public int[] Read(int signal, long first, int frames)
    {
        WfdbSignal line = Header.Signals[signal];
        int[] samples = new int[frames * line.SamplesPerFrame];
        Take(signal, first + line.Skew, samples);
        return samples;
    }

    /// <summary>
    /// Reads everything and compares initial values and checksums with the header; one sentence for each that differs.
    /// What the header does not state is not checked.
    /// </summary>
    public IReadOnlyList<string> Verify()
    {
        var differences = new List<string>();
        for (int signal = 0; signal < _signals.Length; signal++)
        {
            WfdbSignal line = Header.Signals[signal];
            short sum = 0;
            int? initial = null;
            for (long first = 0; first < Frames; first += FramesAtOnce)
            {
                int[] samples = new int[(int)Math.Min(FramesAtOnce, Frames - first) * line.SamplesPerFrame];
                Take(signal, first, samples);
                initial ??= samples[0];
                sum = WfdbChecksum.Add(sum, samples);
            }

            Compare(differences, line, "checksum", line.Checksum, sum);
            Compare(differences, line, "initial value", line.InitialValue, initial ?? 0);
        }

        return differences;
    }

    public void Dispose()
    {
        foreach (SignalFile file in _files)
        {
            file.Handle.Dispose();
        }
    }

    private static void Compare(List<string> differences, WfdbSignal line, string what, int? stated, int found)
    {
        if (stated is int value && value != found)
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"{line.File}, signal {line.Description}: {what} {found}, the header says {value}"));
        }
    }

    private void OpenFiles(string header)
    {
        for (int i = 0; i < _signals.Length; i++)
        {
            WfdbSignal line = Header.Signals[i];
            SignalFile? file = _files.FirstOrDefault(one => one.Name == line.File);
            if (file is null)
            {
                string path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? string.Empty, line.File);
                if (!File.Exists(path))
                {
                    throw new WfdbException(line.File, 0, $"the header {header} names this file, but it is not beside it", "Fetch it into the same folder.");
                }

                file = new SignalFile(line.File, File.OpenHandle(path), line.Format, line.Offset);
                _files.Add(file);
            }

            if (file.Format != line.Format)
            {
                throw new WfdbException(header, 0, $"signals in {line.File} have formats {file.Format.Code} and {line.Format.Code}", "One file has one format: correct the header.");
            }

            _signals[i] = (file, file.SamplesPerFrame);
            file.SamplesPerFrame += line.SamplesPerFrame;
        }

        foreach (SignalFile file in _files)
        {
            long held = file.Format.SamplesIn(Math.Max(0, RandomAccess.GetLength(file.Handle) - file.Offset)) / file.SamplesPerFrame;
            if (held < Header.Frames)
            {
                throw new WfdbException(file.Name, 0, $"the file ends after {held} of the {Header.Frames} frames that {header} states", "Fetch it again: it is cut short.");
            }

            file.Frames = held;
        }

        Frames = Header.Frames ?? _files.Min(file => file.Frames);
    }

    private void Take(int signal, long first, int[] samples)
    {
        (SignalFile file, int place) = _signals[signal];
        int own = Header.Signals[signal].SamplesPerFrame;
        ReadOnlySpan<int> frames = file.Load(first, samples.Length / own, Frames);
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = frames[(i / own * file.SamplesPerFrame) + place + (i % own)];
        }
    }

    /// <summary>One file with the samples of one or more signals, frame by frame; the last piece read is kept for the next signal.</summary>
    private sealed class SignalFile(string name, SafeFileHandle handle, WfdbFormat format, long offset)
    {
        private int[] _samples = [];
        private long _first = -1;

        public string Name => name;

        public SafeFileHandle Handle => handle;

        public WfdbFormat Format => format;

        public long Offset => offset;

        public int SamplesPerFrame { get; set; }

        public long Frames { get; set; }

        public ReadOnlySpan<int> Load(long first, int frames, long end)
        {
            int wanted = frames * SamplesPerFrame;
            if (first == _first && wanted == _samples.Length)
            {
                return _samples;
            }

            int[] samples = new int[wanted];
            Array.Fill(samples, format.Missing);
            int there = (int)Math.Clamp(end - first, 0, frames) * SamplesPerFrame;
            if (there > 0)
            {
                // Format 212 holds two samples in three bytes: begin with the even one.
                long begin = first * SamplesPerFrame;
                int before = format.Code == 212 ? (int)(begin % 2) : 0;
                int[] whole = new int[there + before];
                byte[] bytes = new byte[format.BytesFor(whole.Length)];
                ReadFully(bytes, offset + format.ByteOf(begin - before));
                format.Decode(bytes, whole);
                whole.AsSpan(before).CopyTo(samples);
            }

            _samples = samples;
            _first = first;
            return samples;
        }

        private void ReadFully(Span<byte> bytes, long position)
        {
            while (bytes.Length > 0)
            {
                int read = RandomAccess.Read(handle, bytes, position);
                if (read == 0)
                {
                    throw new WfdbException(name, 0, "the file became shorter while it was read", "Read it again when nothing writes to it.");
                }

                bytes = bytes[read..];
                position += read;
            }
        }
    }
}

/// <summary>The check of header(5): low 16 bits of the sum of all samples.</summary>
public static class WfdbChecksum
{
    public static short Add(short sum, ReadOnlySpan<int> samples)
    {
        foreach (int sample in samples)
        {
            sum = unchecked((short)(sum + sample));
        }

        return sum;
    }
}
