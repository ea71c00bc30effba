using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Storage;

/// <summary>
/// The files that bind this encoding to the one in TypeScript. BEDSIDE_WRITE_VECTORS=1 writes them anew; a commit that
/// does so explains why.
/// </summary>
public sealed class VectorTests
{
    private static readonly string Folder = Repository.PathOf("tests/vectors");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. VectorBlocks.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheVectorIsWhatTheEncoderWrites_AndDecodesToItsBlock(string name)
    {
        Block block = VectorBlocks.All[name];
        byte[] encoded = BlockCodec.Encode(block);
        string expected = Expected(block, encoded).ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("BEDSIDE_WRITE_VECTORS") == "1")
        {
            File.WriteAllBytes(Path.Combine(Folder, name + ".bin"), encoded);
            File.WriteAllText(Path.Combine(Folder, name + ".json"), expected);
        }

        byte[] stored = File.ReadAllBytes(Path.Combine(Folder, name + ".bin"));
        Assert.Equal(stored, encoded);
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, name + ".json")), expected);
        Assert.True(SampleBlocks.Same(block, BlockCodec.Decode(stored)));
    }

    [Fact]
    public void EveryFileInTheFolderBelongsToAVector() => Assert.Equal(
        VectorBlocks.All.Keys.SelectMany(name => new[] { name + ".bin", name + ".json" }).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);

    [Fact]
    public void TheVectorsReachEveryKindCodecAndOrder()
    {
        List<byte[]> encoded = [.. VectorBlocks.All.Values.Select(BlockCodec.Encode)];
        Assert.Equal(Enumerable.Range(1, 9), encoded.Select(bytes => (int)bytes[0]).Distinct().Order());
        IEnumerable<(int, int)> codecs = encoded.Where(bytes => bytes[0] == 1).Select(bytes => ((int)bytes[76], (int)bytes[77])).Distinct().Order();
        Assert.Equal([(0, 0), (1, 1), (1, 2), (1, 4), (2, 0), (2, 1), (2, 2), (2, 3)], codecs);
    }

    /// <summary>Hand-assembled from FORMAT.md, so that a slip in writer and reader alike is seen.</summary>
    [Fact]
    public void ABlockAssembledByHandFromTheDocumentDecodes()
    {
        const string Hex =
            "01 01 0000 07000000 0000000000000000 0065CD1D00000000 DC050000 03000000" // samples, 0 … 0.5 s, 1500 µs, epoch 3
            + "0000000000000080 0A00000000000000 01000000 0A000000 000000000000F87F 000000000000F87F" // no device time, index 10, 1/10 s, no scale
            + "05000000 02 01 0000" // 5 samples, Rice, order 1
            + "64000000" // x[0] = 100, then residuals 1, -2, 0, 3 = zigzag 2, 3, 0, 6 with k = 1
            + "21 E5 00"; // in the order of the stream: 10000 (k) | 10 0 | 10 1 | 0 0 | 1110 0
        byte[] bytes = Convert.FromHexString(Hex.Replace(" ", string.Empty, StringComparison.Ordinal));
        SampleBlock block = Assert.IsType<SampleBlock>(BlockCodec.Decode(bytes));
        Assert.Equal([100, 101, 99, 99, 102], block.Samples.ToArray());
        Assert.Equal(new UtcInstant(500_000_000), block.End);
        Assert.Null(block.Scale);
    }

    private static JsonObject Expected(Block block, byte[] encoded)
    {
        var json = new JsonObject
        {
            ["kind"] = BlockCodec.KindOf(block).ToString().ToLowerInvariant(),
            ["signal"] = block.Signal.Value,
            ["start"] = Wide(block.Start.UnixNanoseconds),
            ["end"] = Wide(block.End.UnixNanoseconds),
            ["uncertaintyMicroseconds"] = block.UncertaintyMicroseconds,
            ["clockEpoch"] = block.ClockEpoch,
        };
        switch (block)
        {
            case SampleBlock samples:
                json["deviceTime"] = Wide(samples.DeviceNanoseconds);
                json["firstIndex"] = Wide(samples.FirstIndex);
                json["period"] = new JsonObject { ["numerator"] = samples.Period.Numerator, ["denominator"] = samples.Period.Denominator };
                json["scale"] = samples.Scale is { } scale ? new JsonObject { ["gain"] = scale.Gain, ["offset"] = scale.Offset } : null;
                json["codec"] = encoded[76];
                json["parameter"] = encoded[77];
                json["validity"] = new JsonArray([.. samples.Validity.Select(run => (JsonNode)new JsonObject { ["start"] = run.Start, ["length"] = run.Length, ["validity"] = (int)run.Validity })]);
                json["samples"] = new JsonArray([.. samples.Samples.ToArray().Select(sample => (JsonNode)sample)]);
                break;
            case NumericBlock numeric:
                json["readings"] = new JsonArray([.. numeric.Readings.Select(Reading)]);
                break;
            default:
                json["payload"] = JsonNode.Parse(encoded.AsSpan(BlockCodec.HeaderBytes));
                break;
        }

        return json;
    }

    private static JsonNode Reading(NumericReading reading) => new JsonObject
    {
        ["time"] = Wide(reading.Time.UnixNanoseconds),
        ["deviceTime"] = Wide(reading.DeviceNanoseconds),
        ["value"] = reading.Value is { } value ? new JsonObject { ["mantissa"] = Wide(value.Mantissa), ["exponent"] = value.Exponent } : null,
        ["validity"] = (int)reading.Validity,
    };

    private static string? Wide(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
