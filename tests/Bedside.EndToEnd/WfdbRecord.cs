using System.Buffers.Binary;
using System.Globalization;

namespace Bedside.EndToEnd;

/// <summary>A WFDB record as this test reads and writes it: format 16, one or more signals of one or more rates (WFDB header(5), signal(5)).</summary>
internal sealed record WfdbRecord(IReadOnlyList<WfdbRecord.Channel> Channels)
{
    /// <summary>One signal. Physical = (sample - baseline) / gain.</summary>
    public sealed record Channel(string Name, double Hertz, double Gain, int Baseline, string Unit, int[] Samples);

    /// <summary>Writes interleaved frames at <paramref name="frameHertz"/>; each channel's rate is a multiple of it.</summary>
    public void Write(string record, int frameHertz)
    {
        int frames = Channels.Min(channel => channel.Samples.Length / (int)(channel.Hertz / frameHertz));
        string name = Path.GetFileName(record);
        var header = new List<string> { $"{name} {Channels.Count} {frameHertz} {frames}" };
        foreach (Channel channel in Channels)
        {
            int perFrame = (int)(channel.Hertz / frameHertz);
            header.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}.dat 16x{perFrame} {channel.Gain}({channel.Baseline})/{channel.Unit} 16 0 {channel.Samples[0]} 0 0 {channel.Name}"));
        }

        File.WriteAllLines(record + ".hea", header);
        using FileStream data = File.Create(record + ".dat");
        byte[] two = new byte[2];
        for (int frame = 0; frame < frames; frame++)
        {
            foreach (Channel channel in Channels)
            {
                int perFrame = (int)(channel.Hertz / frameHertz);
                for (int i = 0; i < perFrame; i++)
                {
                    BinaryPrimitives.WriteInt16LittleEndian(two, (short)channel.Samples[(frame * perFrame) + i]);
                    data.Write(two);
                }
            }
        }
    }

    public static WfdbRecord Read(string header)
    {
        string[] lines = [.. File.ReadLines(header).Where(line => line.Length > 0 && line[0] != '#')];
        double frameHertz = double.Parse(lines[0].Split(' ')[2].Split('/')[0], CultureInfo.InvariantCulture);
        var specs = lines.Skip(1).Select(line => line.Split(' ', 9)).ToList();
        int[] perFrame = [.. specs.Select(spec => spec[1].Contains('x', StringComparison.Ordinal) ? int.Parse(spec[1].Split('x')[1].Split(':')[0], CultureInfo.InvariantCulture) : 1)];
        Assert.All(specs, spec => Assert.StartsWith("16", spec[1], StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(header)!, specs[0][0]));
        int frames = bytes.Length / 2 / perFrame.Sum();
        int[][] samples = [.. perFrame.Select(count => new int[frames * count])];
        int at = 0;
        for (int frame = 0; frame < frames; frame++)
        {
            for (int channel = 0; channel < samples.Length; channel++)
            {
                for (int i = 0; i < perFrame[channel]; i++, at += 2)
                {
                    samples[channel][(frame * perFrame[channel]) + i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at));
                }
            }
        }

        return new WfdbRecord([.. specs.Select((spec, i) => Parse(spec, frameHertz * perFrame[i], samples[i]))]);
    }

    private static Channel Parse(string[] spec, double hertz, int[] samples)
    {
        string gain = spec[2].Split('/')[0];
        string unit = spec[2].Contains('/', StringComparison.Ordinal) ? spec[2].Split('/', 2)[1] : "mV";
        int bracket = gain.IndexOf('(', StringComparison.Ordinal);
        int baseline = bracket >= 0 ? int.Parse(gain[(bracket + 1)..].TrimEnd(')'), CultureInfo.InvariantCulture) : int.Parse(spec[4], CultureInfo.InvariantCulture);
        double number = double.Parse(bracket >= 0 ? gain[..bracket] : gain, CultureInfo.InvariantCulture);
        return new Channel(spec[^1], hertz, number, baseline, unit, samples);
    }
}
