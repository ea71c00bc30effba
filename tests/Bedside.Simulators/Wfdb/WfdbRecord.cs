using System.Buffers.Binary;

namespace Bedside.Simulators.Wfdb;

/// <summary>A record in memory: each signal's raw counts at its own rate.</summary>
public sealed record WfdbRecord(WfdbHeader Header, IReadOnlyList<int[]> Samples)
{
    /// <summary>Stands where the record has no sample.</summary>
    public const int Missing = int.MinValue;

    /// <summary>Samples a second of one signal.</summary>
    public double Rate(int signal) => Header.FrameRate * Header.Signals[signal].SamplesPerFrame;

    /// <summary>Reads a record by the path of its header without the extension.</summary>
    /// <exception cref="WfdbException">A file is missing or is not what the header says.</exception>
    public static WfdbRecord Open(string path)
    {
        string trimmed = path.EndsWith(".hea", StringComparison.Ordinal) ? path[..^4] : path;
        string headerPath = trimmed + ".hea";
        if (!File.Exists(headerPath))
        {
            throw new WfdbException($"there is no record {headerPath}");
        }

        var header = WfdbHeader.Parse(File.ReadAllText(headerPath));
        string folder = Path.GetDirectoryName(Path.GetFullPath(headerPath)) ?? ".";
        return Read(header, file => File.Exists(Path.Combine(folder, file)) ? File.ReadAllBytes(Path.Combine(folder, file)) : throw new WfdbException($"the record's file {file} is missing"));
    }

    /// <summary>Reads the samples; <paramref name="open"/> gives a signal file's bytes.</summary>
    /// <exception cref="WfdbException">A file is not what the header says.</exception>
    public static WfdbRecord Read(WfdbHeader header, Func<string, byte[]> open)
    {
        int[][] samples = new int[header.Signals.Count][];
        foreach (IGrouping<string, (WfdbSignal Signal, int Index)> file in header.Signals.Select((s, i) => (Signal: s, Index: i)).GroupBy(s => s.Signal.File))
        {
            (WfdbSignal Signal, int Index)[] inside = [.. file];
            WfdbSignal first = inside[0].Signal;
            byte[] bytes = open(file.Key);
            int perFrame = inside.Sum(s => s.Signal.SamplesPerFrame);
            long held = SamplesIn(first.Format, bytes.Length - first.ByteOffset) / perFrame;
            long frames = header.Frames ?? held;
            if (held < frames)
            {
                throw new WfdbException($"{file.Key} holds {held} frames of the {frames} that the header announces");
            }

            Spread(inside, new WfdbSamples(first.Format, bytes.AsMemory((int)first.ByteOffset)), frames, samples);
        }

        return new WfdbRecord(header, samples);
    }

    private static void Spread((WfdbSignal Signal, int Index)[] inside, WfdbSamples source, long frames, int[][] samples)
    {
        foreach ((WfdbSignal signal, int index) in inside)
        {
            samples[index] = new int[frames * signal.SamplesPerFrame];
            samples[index].AsSpan().Fill(Missing);
        }

        long at = 0;
        for (long frame = 0; frame < frames; frame++)
        {
            foreach ((WfdbSignal signal, int index) in inside)
            {
                // A skewed signal's samples were written that many frames late.
                long place = (frame - signal.Skew) * signal.SamplesPerFrame;
                for (int sample = 0; sample < signal.SamplesPerFrame; sample++, at++)
                {
                    if (place >= 0)
                    {
                        samples[index][place + sample] = source[at];
                    }
                }
            }
        }
    }

    private static long SamplesIn(int format, long bytes) => format switch
    {
        80 => bytes,
        16 or 61 or 160 => bytes / 2,
        212 => (bytes * 2) / 3,
        24 => bytes / 3,
        32 => bytes / 4,
        _ => throw new WfdbException($"signals of format {format} cannot be played; 16, 24, 32, 61, 80, 160 and 212 can"),
    };
}

/// <summary>The samples of a signal file, one after the other (WFDB signal(5)).</summary>
internal readonly struct WfdbSamples(int format, ReadOnlyMemory<byte> bytes)
{
    /// <summary>The lowest number of a format means that there is no sample.</summary>
    public int this[long index]
    {
        get
        {
            ReadOnlySpan<byte> span = bytes.Span;
            (int value, int lowest) = format switch
            {
                16 => (BinaryPrimitives.ReadInt16LittleEndian(span[(int)(2 * index)..]), short.MinValue),
                61 => (BinaryPrimitives.ReadInt16BigEndian(span[(int)(2 * index)..]), short.MinValue),
                160 => (BinaryPrimitives.ReadUInt16LittleEndian(span[(int)(2 * index)..]) - 32_768, short.MinValue),
                80 => (span[(int)index] - 128, -128),
                212 => (Packed(span, index), -2048),
                24 => (ThreeBytes(span[(int)(3 * index)..]), -8_388_608),
                _ => (BinaryPrimitives.ReadInt32LittleEndian(span[(int)(4 * index)..]), int.MinValue),
            };
            return value == lowest ? WfdbRecord.Missing : value;
        }
    }

    /// <summary>Two samples of twelve bits in three bytes: low byte, both high halves, low byte of the second.</summary>
    private static int Packed(ReadOnlySpan<byte> span, long index)
    {
        int pair = (int)(index / 2 * 3);
        int bits = (index & 1) == 0
            ? span[pair] | ((span[pair + 1] & 0x0F) << 8)
            : span[pair + 2] | ((span[pair + 1] & 0xF0) << 4);
        return (bits << 20) >> 20;
    }

    private static int ThreeBytes(ReadOnlySpan<byte> span) => ((span[0] << 8) | (span[1] << 16) | (span[2] << 24)) >> 8;
}
