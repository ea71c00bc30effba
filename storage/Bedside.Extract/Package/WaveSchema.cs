using Bedside.Extract.Arrow;
using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>A wave in one scale under the name of its columns: that of its signal, with <c>~2</c>, <c>~3</c>, … for another scale.</summary>
internal sealed record WaveName(string Name, WaveLane Lane, ScaledWave Wave)
{
    /// <summary>In names of WFDB files, which know letters, digits and underscores: <c>abp_2</c> is another source, <c>abp_s2</c> another scale.</summary>
    public string Plain => WfdbNames.Plain(Name.Replace("~", "_s", StringComparison.Ordinal));

    public static IReadOnlyList<WaveName> Of(WaveFile file) =>
    [
        .. file.Lanes.SelectMany(lane => lane.Scales.Select((scale, index) => new WaveName(index == 0 ? lane.Signal.Name : $"{lane.Signal.Name}~{Spelling.Of(index + 1)}", lane, scale))),
    ];
}

/// <summary>What the Arrow file of a <see cref="WaveFile"/> says of itself.</summary>
internal static class WaveSchema
{
    private static readonly string ValidityBits = string.Join(
        ", ", Enumerable.Range(0, 16).Select(bit => (Validity)(0x8000 >> bit)).Select(one => $"0x{(ushort)one:X4} {one.Names()[0]}"));

    public static ArrowSchema Of(WaveFile file, IReadOnlyList<WaveName> waves, StayTime time) => new(
        [time.Field, .. waves.SelectMany(Fields)],
        [
            .. PackageDescription.Beginning("waves", time),
            Pair("device", file.Lanes[0].Signal.Device.Name),
            Pair("rate_hz", WfdbRate.ToText(file.Period)),
            Pair("period_s", $"{Spelling.Of(file.Period.Numerator)}/{Spelling.Of(file.Period.Denominator)}"),
            Pair("nulls", "NAME.raw null = no sample at this time, or one that the device called unusable; NAME is null with it; NAME.validity null = plainly valid; rows that are not there are gaps, and gaps.csv says why"),
            Pair("validity_bits", ValidityBits),
        ]);

    /// <summary>Value where there is a scale, count, and marks where the file has any.</summary>
    private static IEnumerable<ArrowField> Fields(WaveName wave)
    {
        IReadOnlyList<KeyValuePair<string, string>> signal = PackageDescription.Of(wave.Lane.Signal);
        string taken = Spelling.Of(wave.Lane.HertzTaken);
        if (wave.Wave.Scale is Scale scale)
        {
            KeyValuePair<string, string>[] exact = [Pair("scale", "value = raw * gain + offset"), Pair("gain", Spelling.Of(scale.Gain)), Pair("offset", Spelling.Of(scale.Offset))];
            yield return new ArrowField(wave.Name, ArrowKind.Float32, IsNullable: true, [Pair("role", "value"), .. signal, Pair("rate_taken_hz", taken), .. exact]);
            yield return new ArrowField($"{wave.Name}.raw", Raw(wave), IsNullable: true, [Pair("role", "raw"), .. signal, Pair("rate_taken_hz", taken), .. exact]);
        }
        else
        {
            yield return new ArrowField($"{wave.Name}.raw", Raw(wave), IsNullable: true, [Pair("role", "raw"), .. signal, Pair("rate_taken_hz", taken), Pair("scale", "none: the device told no calibration")]);
        }

        if (wave.Wave.Marks != Validity.Valid)
        {
            yield return new ArrowField($"{wave.Name}.validity", ArrowKind.UInt16, IsNullable: true, [Pair("role", "validity"), .. signal]);
        }
    }

    private static ArrowKind Raw(WaveName wave) => wave.Wave.IsShort ? ArrowKind.Int16 : ArrowKind.Int32;

    private static KeyValuePair<string, string> Pair(string key, string value) => new($"bedside.{key}", value);
}
