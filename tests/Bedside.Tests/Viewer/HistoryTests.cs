using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Viewer;

namespace Bedside.Tests.Viewer;

/// <summary>Samples, envelopes and tiles are exactly what was stored.</summary>
public class HistoryTests
{
    [Fact]
    public async Task Contiguous_blocks_are_one_segment_and_a_hole_begins_another()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant start = host.Now.Add(TimeSpan.FromSeconds(-10));
        await host.Store.StoreAsync(
            Blocks.Wave(ecg, start, Blocks.Counting(0, 250)) with { Validity = [new ValidityRun(248, 2, Validity.Questionable)] },
            Blocks.Wave(ecg, start.Add(TimeSpan.FromSeconds(1)), Blocks.Counting(250, 250), 250) with { Validity = [new ValidityRun(0, 3, Validity.Questionable)] },
            Blocks.Wave(ecg, start.Add(TimeSpan.FromSeconds(5)), Blocks.Counting(1000, 250), firstIndex: 0, epoch: 2) with { Scale = new Scale(0.01, 0) });
        UtcInstant from = start.Add(TimeSpan.FromMilliseconds(400));

        JsonElement answer = await host.GetAsync($"/api/v1/signals/ecg-ii/samples?{ViewerHost.Range(from, host.Now)}");
        JsonElement[] segments = [.. answer.GetProperty("segments").EnumerateArray()];

        Assert.Equal(("ecg-ii", "mV", 4000.0), (answer.GetProperty("id").GetString(), answer.GetProperty("unit").GetString(), answer.GetProperty("period_us").GetDouble()));
        Assert.Equal((Blocks.Scale.Gain, Blocks.Scale.Offset), (answer.GetProperty("gain").GetDouble(), answer.GetProperty("offset").GetDouble()));
        Assert.Equal(2, segments.Length);
        Assert.Equal(from.ToString(), segments[0].GetProperty("start").GetString());
        Assert.Equal(1500, segments[0].GetProperty("uncertaintyUs").GetInt32());
        Assert.Equal(Blocks.Counting(100, 400), segments[0].GetProperty("raw").EnumerateArray().Select(raw => raw.GetInt32()));
        JsonElement run = segments[0].GetProperty("validity").EnumerateArray().Single();
        Assert.Equal((148, 5, "questionable"), (run.GetProperty("start").GetInt32(), run.GetProperty("length").GetInt32(), run.GetProperty("flags")[0].GetString()));
        Assert.False(segments[0].TryGetProperty("gain", out _));
        Assert.Equal(2, segments[1].GetProperty("epoch").GetInt32());
        Assert.Equal(0.01, segments[1].GetProperty("gain").GetDouble());
        Assert.Equal(Blocks.Counting(1000, 250), segments[1].GetProperty("raw").EnumerateArray().Select(raw => raw.GetInt32()));
    }

    [Fact]
    public async Task A_range_without_samples_is_an_empty_answer()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Blocks.Ecg(host.Store);
        Blocks.HeartRate(host.Store);

        Assert.Empty((await host.GetAsync("/api/v1/signals/ecg-ii/samples")).GetProperty("segments").EnumerateArray());
        Assert.Empty((await host.GetAsync("/api/v1/signals/hr/samples")).GetProperty("readings").EnumerateArray());
        Assert.Empty((await host.GetAsync("/api/v1/signals/hr/envelope")).EnumerateArray());
    }

    [Fact]
    public async Task Readings_keep_the_digits_and_the_time_of_the_device()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        UtcInstant start = host.Now.Add(TimeSpan.FromSeconds(-60));
        await host.Store.StoreAsync(Blocks.Readings(
            rate,
            new NumericReading(start, new Fixed(950, -1), Validity.Valid, 1_500_000_000),
            new NumericReading(start.Add(TimeSpan.FromSeconds(1)), Value: null, Validity.NotAvailable, DeviceNanoseconds: null),
            new NumericReading(start.Add(TimeSpan.FromSeconds(2)), new Fixed(97, 0), Validity.Valid, DeviceNanoseconds: null)));

        string text = await host.Http.GetStringAsync($"/api/v1/signals/{rate.Number.Value}/samples?{ViewerHost.Range(start, start.Add(TimeSpan.FromSeconds(2)))}");
        JsonElement[] readings = [.. JsonSerializer.Deserialize<JsonElement>(text).GetProperty("readings").EnumerateArray()];

        Assert.Contains("\"value\":95.0,", text);
        Assert.Equal(2, readings.Length);
        Assert.Equal(start.ToString(), readings[0].GetProperty("time").GetString());
        Assert.Equal("1.500000000", readings[0].GetProperty("deviceTime").GetString());
        Assert.Equal(JsonValueKind.Null, readings[1].GetProperty("value").ValueKind);
        Assert.Equal("not-available", readings[1].GetProperty("validity")[0].GetString());
    }

    [Fact]
    public async Task A_text_signal_with_slashes_in_its_name_gives_its_states()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal mode = Blocks.Mode(host.Store);
        await host.Store.StoreAsync(new TextBlock { Signal = mode.Number, Start = host.Now.Add(-1), Text = "BIPAP" });

        JsonElement answer = await host.GetAsync($"/api/v1/signals/{Uri.EscapeDataString(mode.Id)}/samples");

        Assert.Equal(mode.Id, answer.GetProperty("id").GetString());
        Assert.Equal("BIPAP", answer.GetProperty("readings").EnumerateArray().Single().GetProperty("text").GetString());
    }

    [Fact]
    public async Task By_accept_the_blocks_come_as_they_were_stored()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant start = host.Now.Add(TimeSpan.FromSeconds(-10));
        SampleBlock[] stored = [.. Enumerable.Range(0, 5).Select(i => Blocks.Wave(ecg, start.Add(TimeSpan.FromSeconds(i)), Blocks.Counting(i * 250, 250), i * 250))];
        await host.Store.StoreAsync(stored);

        (byte[] bytes, _, System.Net.Http.Headers.HttpContentHeaders content) =
            await host.GetBytesAsync($"/api/v1/signals/ecg-ii/samples?{ViewerHost.Range(start, host.Now)}", "application/vnd.bedside.block");

        Assert.Equal("application/vnd.bedside.block", content.ContentType?.MediaType);
        var frame = new LiveFrame(1, 0, 0, 0, 0, 0, bytes);
        Assert.Equal(stored.SelectMany(block => block.Samples.ToArray()), frame.Decoded.OfType<SampleBlock>().SelectMany(block => block.Samples.ToArray()));
    }

    [Fact]
    public async Task More_samples_than_one_answer_may_hold_are_refused_with_the_remedy()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => (options.MostSamples, options.MostColumns) = (300, 50));
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant start = host.Now.Add(TimeSpan.FromSeconds(-10));
        await host.Store.StoreAsync(Blocks.Wave(ecg, start, Blocks.Counting(0, 250)), Blocks.Wave(ecg, start.Add(TimeSpan.FromSeconds(1)), Blocks.Counting(0, 250), 250));

        JsonElement samples = await host.GetProblemAsync($"/api/v1/signals/ecg-ii/samples?{ViewerHost.Range(start, host.Now)}", HttpStatusCode.RequestEntityTooLarge);
        JsonElement columns = await host.GetProblemAsync("/api/v1/signals/ecg-ii/envelope?points=51", HttpStatusCode.RequestEntityTooLarge);

        Assert.Contains("shorter range", samples.GetProperty("detail").GetString());
        Assert.Contains("fewer", columns.GetProperty("detail").GetString());
        await host.GetAsync($"/api/v1/signals/ecg-ii/samples?{ViewerHost.Range(start, start.Add(TimeSpan.FromSeconds(1)))}");
        await host.GetProblemAsync("/api/v1/signals/ecg-ii/envelope?points=0", HttpStatusCode.BadRequest);
        await host.GetProblemAsync("/api/v1/signals/ecg-ii/envelope?points=many", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_envelope_equals_brute_force()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        var random = new Random(7);
        UtcInstant start = host.Now.Add(TimeSpan.FromMinutes(-5));
        List<(UtcInstant Time, double Value)> samples = await FillAsync(host.Store, ecg, start, random);

        foreach (int points in new[] { 1, 7, 100, 1333 })
        {
            UtcInstant from = start.Add(random.NextInt64(0, 40_000_000_000));
            UtcInstant to = from.Add(random.NextInt64(20_000_000_000, 90_000_000_000));
            JsonElement[] columns = [.. (await host.GetAsync($"/api/v1/signals/ecg-ii/envelope?{ViewerHost.Range(from, to)}&points={points}")).EnumerateArray()];
            var expected = samples
                .Where(sample => sample.Time >= from && sample.Time < to)
                .GroupBy(sample => (long)((Int128)sample.Time.Since(from) * points / to.Since(from)))
                .OrderBy(column => column.Key)
                .ToList();

            Assert.Equal(expected.Sum(column => column.Count()), columns.Sum(column => column.GetProperty("count").GetInt64()));
            Assert.InRange(columns.Length, expected.Count - 2, expected.Count + 2);
            Assert.Equal(expected.Min(column => column.Min(sample => sample.Value)), columns.Min(column => column.GetProperty("min").GetDouble()), 9);
            Assert.Equal(expected.Max(column => column.Max(sample => sample.Value)), columns.Max(column => column.GetProperty("max").GetDouble()), 9);
            foreach (JsonElement column in columns)
            {
                Assert.True(InstantText.TryRead(column.GetProperty("t").GetString(), out UtcInstant time));
                int index = (int)Math.Round((double)time.Since(from) * points / to.Since(from), MidpointRounding.AwayFromZero);
                UtcInstant next = ColumnStart(from, to, points, index + 1);
                double[] inside = [.. samples.Where(sample => sample.Time >= ColumnStart(from, to, points, index) && sample.Time < next).Select(sample => sample.Value)];
                Assert.Equal(inside.Length, column.GetProperty("count").GetInt64());
                Assert.Equal(inside.Min(), column.GetProperty("min").GetDouble(), 9);
                Assert.Equal(inside.Max(), column.GetProperty("max").GetDouble(), 9);
                Assert.Equal(inside.Average(), column.GetProperty("mean").GetDouble(), 6);
            }
        }
    }

    [Fact]
    public async Task Columns_on_the_grid_hold_the_range_and_are_exact_for_what_they_state()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant start = host.Now.Add(TimeSpan.FromMinutes(-5));
        List<(UtcInstant Time, double Value)> samples = await FillAsync(host.Store, ecg, start, new Random(11));
        (UtcInstant from, UtcInstant to) = (start.Add(1_234_567_890), start.Add(93_000_000_000));

        foreach (int points in new[] { 1, 2, 9, 1000 })
        {
            JsonElement[] columns = [.. (await host.GetAsync($"/api/v1/signals/ecg-ii/envelope?{ViewerHost.Range(from, to)}&points={points}&columns=grid")).EnumerateArray()];
            Assert.InRange(columns.Length, 1, points);
            var ranges = columns.Select(column => (From: Read(column, "t"), Until: Read(column, "until"), Column: column)).ToList();
            Assert.True(ranges[0].From <= from && ranges[^1].Until >= samples.Max(sample => sample.Time));
            Assert.All(ranges, range => Assert.Equal(0, range.From.UnixNanoseconds % 4_000_000_000));
            foreach ((UtcInstant begin, UtcInstant until, JsonElement column) in ranges)
            {
                double[] inside = [.. samples.Where(sample => sample.Time >= begin && sample.Time < until).Select(sample => sample.Value)];
                Assert.Equal(inside.Length, column.GetProperty("count").GetInt64());
                Assert.Equal((inside.Min(), inside.Max()), (column.GetProperty("min").GetDouble(), column.GetProperty("max").GetDouble()));
                Assert.Equal((inside[0], inside[^1]), (column.GetProperty("first").GetDouble(), column.GetProperty("last").GetDouble()));
                Assert.Equal(inside.Average(), column.GetProperty("mean").GetDouble(), 6);
            }
        }

        JsonElement problem = await host.GetProblemAsync("/api/v1/signals/ecg-ii/envelope?columns=round", HttpStatusCode.BadRequest);
        Assert.Contains("'grid'", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Many_long_columns_meet_at_cells_unless_they_are_asked_to_be_equal_and_hold_every_sample()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant start = host.Now.Add(TimeSpan.FromMinutes(-5));
        List<(UtcInstant Time, double Value)> samples = await FillAsync(host.Store, ecg, start, new Random(12));
        (UtcInstant from, UtcInstant to) = (start.Add(-TimeSpan.FromHours(8)), start.Add(93_000_000_000));

        foreach ((string kind, int points, bool isNear) in new[] { ("", 300, true), ("", 200, false), ("&columns=near", 200, true), ("&columns=equal", 300, false) })
        {
            JsonElement[] columns = [.. (await host.GetAsync($"/api/v1/signals/ecg-ii/envelope?{ViewerHost.Range(from, to)}&points={points}{kind}")).EnumerateArray()];
            var expected = samples.Where(sample => sample.Time < to).ToList();
            Assert.Equal(expected.Count, columns.Sum(column => column.GetProperty("count").GetInt64()));
            Assert.Equal(isNear, columns.All(column => Read(column, "t").UnixNanoseconds % 4_000_000_000 == 0));
            foreach (JsonElement column in columns)
            {
                double[] inside = [.. expected.Where(sample => sample.Time >= Read(column, "t") && sample.Time < Read(column, "until")).Select(sample => sample.Value)];
                Assert.Equal((inside.Length, inside.Min(), inside.Max()), (column.GetProperty("count").GetInt32(), column.GetProperty("min").GetDouble(), column.GetProperty("max").GetDouble()));
            }
        }
    }

    private static UtcInstant Read(JsonElement column, string name) =>
        InstantText.TryRead(column.GetProperty(name).GetString(), out UtcInstant time) ? time : throw new FormatException($"{name} is no time");

    [Fact]
    public async Task A_tile_is_laid_out_as_drawn_and_equals_brute_force()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        const long width = 250_000_000;
        const long tile = 512 * width;
        long index = host.Now.Add(TimeSpan.FromMinutes(-10)).UnixNanoseconds / tile;
        var start = new UtcInstant(index * tile);
        List<(UtcInstant Time, double Value)> samples = await FillAsync(host.Store, ecg, start.Add(TimeSpan.FromSeconds(20)), new Random(3));

        (byte[] bytes, _, _) = await host.GetBytesAsync($"/api/v1/tiles/{ecg.Number.Value}/2/{index}");

        Assert.Equal(40 + (512 * 16), bytes.Length);
        Assert.Equal("BDT1", Encoding.ASCII.GetString(bytes, 0, 4));
        Assert.Equal((1, 2, 512), (bytes[4], bytes[5], BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(6))));
        Assert.Equal((start.UnixNanoseconds, width), (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16))));
        double gain = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(24));
        double offset = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(32));
        for (int i = 0; i < 512; i++)
        {
            ReadOnlySpan<byte> column = bytes.AsSpan(40 + (i * 16), 16);
            double[] inside = [.. samples.Where(sample => sample.Time >= start.Add(i * width) && sample.Time < start.Add((i + 1) * width)).Select(sample => sample.Value)];
            Assert.Equal((uint)inside.Length, BinaryPrimitives.ReadUInt32LittleEndian(column[12..]));
            if (inside.Length > 0)
            {
                Assert.Equal(inside.Min(), (BinaryPrimitives.ReadInt32LittleEndian(column) * gain) + offset, 9);
                Assert.Equal(inside.Max(), (BinaryPrimitives.ReadInt32LittleEndian(column[4..]) * gain) + offset, 9);
                Assert.Equal(inside.Average(), (BinaryPrimitives.ReadSingleLittleEndian(column[8..]) * gain) + offset, 1e-5);
            }
        }
    }

    [Fact]
    public async Task A_closed_tile_never_changes_and_an_open_one_is_asked_for_again()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        const long tile = 512 * 15_625_000L;
        long index = host.Now.UnixNanoseconds / tile;
        await host.Store.StoreAsync(Blocks.Reading(rate, new UtcInstant(index * tile), 805, -1));

        (byte[] bytes, System.Net.Http.Headers.HttpResponseHeaders open, _) = await host.GetBytesAsync($"/api/v1/tiles/{rate.Number.Value}/0/{index}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/tiles/{rate.Number.Value}/0/{index}");
        again.Headers.IfNoneMatch.Add(open.ETag!);
        using HttpResponseMessage unchanged = await host.Http.SendAsync(again);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await host.Store.StoreAsync(Blocks.Reading(rate, host.Now, 80));
        (byte[] same, System.Net.Http.Headers.HttpResponseHeaders closed, _) = await host.GetBytesAsync($"/api/v1/tiles/{rate.Number.Value}/0/{index}");
        (_, System.Net.Http.Headers.HttpResponseHeaders empty, _) = await host.GetBytesAsync($"/api/v1/tiles/{rate.Number.Value}/0/{index - 5}");

        Assert.Equal("no-cache", open.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(bytes, same);
        Assert.Equal(open.ETag, closed.ETag);
        Assert.Equal("public, max-age=31536000, immutable", closed.CacheControl?.ToString());
        Assert.Equal("no-cache", empty.CacheControl?.ToString());
        Assert.Equal(0.1, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(24)), 12);
        Assert.Equal(805, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(40)));
    }

    [Fact]
    public async Task A_tile_travels_zipped_to_those_who_take_it_and_has_a_tag_of_its_own()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        long index = host.Now.Add(TimeSpan.FromMinutes(-10)).UnixNanoseconds / (512 * 250_000_000L);
        _ = await FillAsync(host.Store, ecg, new UtcInstant(index * 512 * 250_000_000L), new Random(4));
        string path = $"/api/v1/tiles/{ecg.Number.Value}/2/{index}";
        (byte[] plain, System.Net.Http.Headers.HttpResponseHeaders headers, _) = await host.GetBytesAsync(path);

        foreach ((string accepted, bool isZipped) in new[] { ("gzip, deflate, br", true), ("br;q=1, gzip;q=0.5", true), ("gzip;q=0", false), ("identity", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            using HttpResponseMessage answer = await host.Http.SendAsync(request);
            byte[] bytes = await answer.Content.ReadAsByteArrayAsync();
            Assert.Equal(isZipped ? "gzip" : string.Empty, string.Join(',', answer.Content.Headers.ContentEncoding));
            Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
            Assert.Equal(isZipped, !Equals(answer.Headers.ETag, headers.ETag));
            Assert.True(!isZipped || bytes.Length < plain.Length, $"{bytes.Length} of {plain.Length} bytes");
            Assert.Equal(plain, isZipped ? Unzip(bytes) : bytes);
        }
    }

    [Fact]
    public async Task A_tile_that_cannot_be_is_refused()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);

        await host.GetProblemAsync($"/api/v1/tiles/{rate.Number.Value}/13/0", HttpStatusCode.BadRequest);
        await host.GetProblemAsync($"/api/v1/tiles/{rate.Number.Value}/0/-1", HttpStatusCode.BadRequest);
        await host.GetProblemAsync($"/api/v1/tiles/{rate.Number.Value}/0/{long.MaxValue}", HttpStatusCode.BadRequest);
        await host.GetProblemAsync($"/api/v1/tiles/{rate.Number.Value}/x/0", HttpStatusCode.NotFound);
    }

    private static byte[] Unzip(byte[] zipped)
    {
        using var whole = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress))
        {
            gzip.CopyTo(whole);
        }

        return whole.ToArray();
    }

    /// <summary>A minute of random samples with holes, as blocks of various lengths; what was stored, one by one.</summary>
    private static async Task<List<(UtcInstant Time, double Value)>> FillAsync(Store store, Signal signal, UtcInstant start, Random random)
    {
        var samples = new List<(UtcInstant, double)>();
        long index = 0;
        while (index < 60 * Blocks.Rate)
        {
            int count = random.Next(1, 400);
            SampleBlock block = Blocks.Wave(
                signal, start.Add(SamplePeriod.FromHertz(Blocks.Rate).NanosecondsOf(index)), [.. Enumerable.Range(0, count).Select(_ => random.Next(-3000, 3000))], index);
            await store.AppendAsync(block, CancellationToken.None);
            samples.AddRange(Enumerable.Range(0, count).Select(i => (block.TimeOf(i), Blocks.Scale.Physical(block.Samples.Span[i]))));
            index += count + (random.Next(5) == 0 ? random.Next(500) : 0);
        }

        await store.SyncAsync(CancellationToken.None);
        return samples;
    }

    private static UtcInstant ColumnStart(UtcInstant from, UtcInstant to, int points, int index) => from.Add((long)((Int128)to.Since(from) * index / points));
}
