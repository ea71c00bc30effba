namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>Modules that a wave needs, as the status of the displayed values tells them.</summary>
[Flags]
internal enum Modules
{
    None = 0,
    Pressure1 = 1,
    Pressure2 = 1 << 1,
    Pressure3 = 1 << 2,
    Pressure4 = 1 << 3,
    Oximeter = 1 << 4,
    Co2 = 1 << 5,
    Impedance = 1 << 6,
    Airway = 1 << 7,
    Oxygen = 1 << 8,
    Agents = 1 << 9,
    All = (1 << 10) - 1,
}

/// <summary>
/// Which waves to ask for. At 19200 8E1 a line carries 1745 bytes a second. Displayed values of four classes every five
/// seconds are 231 of them, a packet's header 43 and 6 for each wave; with the packets of 200 ms that were seen, 550 samples a
/// second in five waves make 1696 bytes. The monitor itself takes no more than 600 (sheet 7.1) and drops silently what is beyond.
/// </summary>
internal static class WaveChoice
{
    private const int MostSamplesPerSecond = 550;
    private const int MostWaves = 5;
    private const int FastLine = 115_200;
    private const int FirstLevelOfLongList = 11;

    /// <summary>In order of preference; the ECG needs no module, for its lead may be put on at any time.</summary>
    private static readonly (byte Wave, Modules Needs)[] Preferred =
    [
        (1, Modules.None),
        (4, Modules.Pressure1),
        (8, Modules.Oximeter),
        (9, Modules.Co2),
        (15, Modules.Impedance),
        (13, Modules.Airway),
        (14, Modules.Airway),
        (5, Modules.Pressure2),
        (6, Modules.Pressure3),
        (7, Modules.Pressure4),
        (10, Modules.Oxygen),
        (12, Modules.Agents),
    ];

    /// <summary>Level 11 at 115200: twenty-four waves, the first eight of which every monitor takes.</summary>
    private static readonly byte[] Everything =
        [1, 4, 8, 9, 15, 13, 14, 5, 2, 3, 6, 7, 16, 17, 36, 37, 38, 10, 12, 11, 18, 19, 32, 35];

    /// <summary>All that can be chosen.</summary>
    public static IReadOnlyList<byte[]> All { get; } =
    [
        .. Enumerable.Range(0, (int)Modules.All + 1)
            .Select(modules => OnSlowLine((Modules)modules))
            .Append(Everything)
            .DistinctBy(Convert.ToHexString),
    ];

    /// <summary>What to ask of a monitor of that level with these modules on a line of that speed.</summary>
    public static byte[] For(Modules modules, int level, int bitsPerSecond) =>
        level >= FirstLevelOfLongList && bitsPerSecond >= FastLine ? Everything : OnSlowLine(modules);

    private static byte[] OnSlowLine(Modules modules)
    {
        var chosen = new List<byte>();
        int rate = 0;
        foreach ((byte wave, Modules needs) in Preferred)
        {
            int more = WaveTable.Of(wave)?.Rate ?? 0;
            if (modules.HasFlag(needs) && rate + more <= MostSamplesPerSecond && chosen.Count < MostWaves)
            {
                chosen.Add(wave);
                rate += more;
            }
        }

        return [.. chosen];
    }
}
