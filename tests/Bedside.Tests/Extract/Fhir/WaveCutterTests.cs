using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Bedside.Extract.Fhir;
using Bedside.Model;

namespace Bedside.Tests.Extract.Fhir;

/// <summary>Waves as pieces of SampledData.</summary>
public class WaveCutterTests
{
    private const long Second = 1_000_000_000;

    /// <summary>2026-01-15T07:00:00Z.</summary>
    private const long Start = 1_768_460_400 * Second;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Every_sample_comes_back_once_as_it_was_and_what_is_missing_is_E(int seed)
    {
        var random = new Random(seed);
        SamplePeriod period = random.Next(3) switch { 0 => SamplePeriod.FromHertz(500), 1 => SamplePeriod.FromHertz(240), _ => new SamplePeriod(2, 125) };
        (List<SampleBlock> blocks, Dictionary<long, long> truth) = Wave(random, period);

        List<WaveChunk> chunks = Cut(blocks);

        var got = new Dictionary<long, long>();
        foreach (WaveChunk chunk in chunks)
        {
            long[] samples = Samples(Json(chunk).GetProperty("data").GetString()!);
            Assert.True(period.NanosecondsOf(samples.Length) <= 10 * Second + 1);
            for (int i = 0; i < samples.Length; i++)
            {
                if (truth.ContainsKey(chunk.FirstIndex + i))
                {
                    got.Add(chunk.FirstIndex + i, samples[i]); // throws for one that comes twice
                }
                else
                {
                    Assert.Equal(WaveChunk.Missing, samples[i]);
                }
            }
        }

        Assert.Equal(truth.OrderBy(one => one.Key), got.OrderBy(one => one.Key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Blocks_that_are_joined_and_thereby_moved_by_a_millisecond_give_the_same_pieces(int seed)
    {
        var random = new Random(seed);
        (List<SampleBlock> blocks, _) = Wave(random, SamplePeriod.FromHertz(500));
        List<SampleBlock> moved = [.. blocks.Select(block => block with { Start = block.Start.Add(random.Next(-1_000_000, 1_000_000)) })];

        List<WaveChunk> before = Cut(blocks);
        List<WaveChunk> after = Cut(moved);

        Assert.Equal(before.Select(chunk => (chunk.FirstIndex, chunk.Count)), after.Select(chunk => (chunk.FirstIndex, chunk.Count)));
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First.Samples, pair.Second.Samples));
    }

    [Fact]
    public void Times_computed_from_the_period_stay_within_a_sample_for_an_hour_of_240_Hz()
    {
        var period = SamplePeriod.FromHertz(240);
        IEnumerable<SampleBlock> blocks = Enumerable.Range(0, 3600).Select(second => Block(second * 240L, period, new int[240]) with { Start = new UtcInstant(Start + (second * Second)) });

        List<WaveChunk> chunks = Cut(blocks);

        Assert.Equal(360, chunks.Count);
        double milliseconds = Json(chunks[0]).GetProperty("period").GetDouble();
        Assert.Equal("4.16666666667", Json(chunks[0]).GetProperty("period").GetRawText());
        const long Samples = 3600L * 240;
        double drift = Math.Abs((Samples * milliseconds * 1e6) - period.NanosecondsOf(Samples));
        Assert.True(drift < period.Nanoseconds, $"{drift} ns after an hour");
        Assert.All(chunks, chunk => Assert.InRange(chunk.Start - Start - period.NanosecondsOf(chunk.FirstIndex), -1, 1));
    }

    [Fact]
    public void A_short_hole_is_E_and_a_longer_one_begins_a_new_piece()
    {
        var period = SamplePeriod.FromHertz(100);

        List<WaveChunk> filled = Cut([Block(0, period, [1, 2]), Block(102, period, [3])]);
        List<WaveChunk> cut = Cut([Block(0, period, [1, 2]), Block(103, period, [3])]);

        Assert.Equal($"1 2{string.Concat(Enumerable.Repeat(" E", 100))} 3", Json(Assert.Single(filled)).GetProperty("data").GetString());
        Assert.Equal(["1 2", "3"], cut.Select(chunk => Json(chunk).GetProperty("data").GetString()));
    }

    [Fact]
    public void Midnight_scale_rate_and_epoch_begin_a_new_piece()
    {
        var period = SamplePeriod.FromHertz(10);
        SampleBlock first = Block(0, period, [.. Enumerable.Range(0, 10)]);
        SampleBlock next = Block(10, period, [.. Enumerable.Range(10, 10)]);

        Assert.Single(Cut([first, next]));
        Assert.Equal(2, Cut([first, next with { Scale = new Scale(1, 2) }]).Count);
        Assert.Equal(2, Cut([first, next with { ClockEpoch = 9, FirstIndex = 0 }]).Count);
        Assert.Equal(2, Cut([first, next with { Period = SamplePeriod.FromHertz(20), FirstIndex = 0 }]).Count);
        List<WaveChunk> midnight = Cut([first, next], time => time < Start + (500 * 1_000_000) ? Start + (500 * 1_000_000) : long.MaxValue);
        Assert.Equal([5, 15], midnight.Select(chunk => chunk.Count));
    }

    [Fact]
    public void Made_up_samples_are_left_out_unless_everything_is_made_up()
    {
        var period = SamplePeriod.FromHertz(10);
        SampleBlock block = Block(0, period, [1, 2, 3, 4, 5, 6]) with { Validity = [new ValidityRun(2, 2, Validity.DemoData)] };

        Assert.Equal(["1 2", "5 6"], Cut([block]).Select(chunk => Json(chunk).GetProperty("data").GetString()));
        Assert.Equal(["1 2", "3 4", "5 6"], Cut([block], demo: true).Select(chunk => Json(chunk).GetProperty("data").GetString()));
    }

    private static List<WaveChunk> Cut(IEnumerable<SampleBlock> blocks, Func<long, long>? boundary = null, bool demo = false)
    {
        var cutter = new WaveCutter(boundary ?? (_ => long.MaxValue), demo);
        return [.. blocks.SelectMany(cutter.Take), .. cutter.End()];
    }

    /// <summary>Half a minute or more in blocks of random length, with holes, late doubles and invalid runs.</summary>
    private static (List<SampleBlock> Blocks, Dictionary<long, long> Truth) Wave(Random random, SamplePeriod period)
    {
        var blocks = new List<SampleBlock>();
        var truth = new Dictionary<long, long>();
        long index = 0;
        while (period.NanosecondsOf(index) < 40 * Second)
        {
            int[] samples = [.. Enumerable.Range(0, random.Next(1, 600)).Select(_ => random.Next(int.MinValue, int.MaxValue))];
            int bad = random.Next(samples.Length);
            int length = random.Next(1, samples.Length - bad + 1);
            SampleBlock block = Block(index, period, samples) with { Validity = random.Next(3) == 0 ? [new ValidityRun(bad, length, random.Next(2) == 0 ? Validity.Invalid : Validity.NotAvailable)] : [] };
            for (int i = 0; i < samples.Length; i++)
            {
                bool invalid = block.Validity.Any(run => i >= run.Start && i < run.Start + run.Length);
                truth.TryAdd(index + i, invalid ? WaveChunk.Missing : samples[i]);
            }

            blocks.Add(block);
            index += samples.Length;
            index += random.Next(6) switch { 0 => random.Next(1, 200), 1 => random.Next(500, 3000), _ => 0 };
        }

        return (blocks, truth);
    }

    private static SampleBlock Block(long index, SamplePeriod period, int[] samples) => new()
    {
        Signal = new SignalNumber(1),
        Start = new UtcInstant(Start + period.NanosecondsOf(index)),
        ClockEpoch = 1,
        Period = period,
        Samples = samples,
        Scale = new Scale(0.005, -40.96),
        FirstIndex = index,
    };

    private static JsonElement Json(WaveChunk chunk)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            SampledDataText.Write(json, chunk, "mV");
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        JsonElement root = document.RootElement.Clone();
        Assert.Equal("-40.96", root.GetProperty("origin").GetProperty("value").GetRawText());
        Assert.Equal("0.005", root.GetProperty("factor").GetRawText());
        return root;
    }

    private static long[] Samples(string data) =>
        [.. data.Split(' ').Select(one => one == "E" ? WaveChunk.Missing : long.Parse(one, CultureInfo.InvariantCulture))];
}
