using System.Globalization;
using System.Text;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Keys;

namespace Bedside.Bench;

/// <summary>
/// Thirty days with the end of summer time among them: four numerics, the fastest of 1 Hz, and four waves of 100 to 500 Hz, quiet lines with spikes of one sample at
/// random places, among them the edges of columns, tiles, blocks and segments. Stored by the product's own writer, whose clock runs as fast as it can.
/// </summary>
internal sealed class SpikeMonth
{
    public const int Days = 30;

    private const long Hour = 3_600_000_000_000;
    private const double WaveGain = 0.01;
    private const string Device = "spikes";

    private readonly SpikeSignal[] _signals;

    public SpikeMonth(int seed, int spikesOfSignal)
    {
        int[] periods = [1000, 2000, 5000, 10_000, 10, 8, 4, 2];
        _signals =
        [
            .. periods.Select((period, i) => new SpikeSignal(
                period >= 1000 ? $"n{i}" : $"w{i}", period >= 1000 ? SignalKind.Numeric : SignalKind.Waveform, period, Start, Days, spikesOfSignal, (seed * 100) + i)),
        ];
    }

    public static UtcInstant Start { get; } = UtcInstant.FromDateTime(new DateTimeOffset(2026, 10, 5, 0, 0, 0, TimeSpan.Zero));

    /// <summary>03:00 becomes 02:00 in Paris.</summary>
    public static UtcInstant DaylightSavingEnds { get; } = UtcInstant.FromDateTime(new DateTimeOffset(2026, 10, 25, 1, 0, 0, TimeSpan.Zero));

    public async Task StoreAsync(string folder)
    {
        _ = Directory.CreateDirectory(folder);
        using var key = BoxKey.ReadOrCreate(Path.Combine(folder, BoxKey.FileName), out _);
        var clock = new MonthClock(Start);
        await using var store = Store.Open(folder, new StoreOptions { BoxKey = key }, clock);
        Signal[] registered = [.. _signals.Select(one => store.Register(Device, MetricOf(one)))];
        for (long hour = 0; hour < Days * 24; hour++)
        {
            UtcInstant from = Start.Add(hour * Hour);
            foreach (Block block in _signals.SelectMany((one, i) => Blocks(one, registered[i].Number, from)).OrderBy(block => block.Start))
            {
                clock.Now = block.End;
                await store.AppendAsync(block, CancellationToken.None);
            }

            clock.Now = from.Add(Hour);
            _ = await store.SyncAsync(CancellationToken.None);
        }
    }

    /// <summary>What was stored, as one line of JSON: times in ms since 1970 (exact: periods are whole ms), values in the signal's unit.</summary>
    public void Print(TextWriter output)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("from", Milliseconds(Start));
            json.WriteNumber("to", Milliseconds(Start.Add(Days * 24 * Hour)));
            json.WriteStartArray("signals");
            foreach (SpikeSignal one in _signals)
            {
                json.WriteStartObject();
                json.WriteString("id", one.Id);
                json.WriteNumber("period", one.PeriodNanoseconds / 1_000_000);
                json.WriteStartArray("spikes");
                foreach ((long index, int value) in one.Spikes)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(Milliseconds(one.TimeOf(index)));
                    json.WriteNumberValue(one.Kind == SignalKind.Waveform ? Math.Round(value * WaveGain, 6) : value);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteStartArray("data");
                foreach (Stretch stretch in one.Stretches)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(Milliseconds(one.TimeOf(stretch.First)));
                    json.WriteNumberValue(Milliseconds(one.TimeOf(stretch.End - 1)));
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static long Milliseconds(UtcInstant time) => time.UnixNanoseconds / 1_000_000;

    private static Metric MetricOf(SpikeSignal one) => new()
    {
        SignalId = one.Id,
        Kind = one.Kind,
        Unit = "1",
        Label = one.Id.ToUpper(CultureInfo.InvariantCulture),
        ExpectedEvery = one.Kind == SignalKind.Numeric ? TimeSpan.FromMilliseconds(one.PeriodNanoseconds / 1_000_000) : null,
    };

    /// <summary>The blocks of a signal that begin within the hour.</summary>
    private static IEnumerable<Block> Blocks(SpikeSignal one, SignalNumber number, UtcInstant from)
    {
        (long first, long end) = ((from.UnixNanoseconds - Start.UnixNanoseconds) / one.PeriodNanoseconds, (from.UnixNanoseconds - Start.UnixNanoseconds + Hour) / one.PeriodNanoseconds);
        foreach (Stretch stretch in one.Stretches)
        {
            if (stretch.End <= first || stretch.First >= end)
            {
                continue;
            }

            for (long at = Math.Max(first, stretch.First); at < Math.Min(end, stretch.End);)
            {
                long next = Math.Min(Math.Min(end, stretch.End), ((at / one.BlockLength) + 1) * one.BlockLength);
                yield return BlockOf(one, number, at, (int)(next - at));
                at = next;
            }
        }
    }

    private static Block BlockOf(SpikeSignal one, SignalNumber number, long at, int count)
    {
        if (one.Kind == SignalKind.Numeric)
        {
            return new NumericBlock
            {
                Signal = number,
                Start = one.TimeOf(at),
                ClockEpoch = 1,
                UncertaintyMicroseconds = 500,
                Readings = [.. Enumerable.Range(0, count).Select(i => new NumericReading(one.TimeOf(at + i), new Fixed(one.Value(at + i), 0), Validity.Valid, DeviceNanoseconds: null))],
            };
        }

        return new SampleBlock
        {
            Signal = number,
            Start = one.TimeOf(at),
            ClockEpoch = 1,
            UncertaintyMicroseconds = 500,
            Period = SamplePeriod.FromHertz(1_000_000_000 / one.PeriodNanoseconds),
            Samples = Enumerable.Range(0, count).Select(i => one.Value(at + i)).ToArray(),
            Scale = new Scale(WaveGain, 0),
            FirstIndex = at,
        };
    }

    /// <summary>The clock of the month, set by what is stored.</summary>
    private sealed class MonthClock(UtcInstant start) : TimeProvider
    {
        private long _now = start.UnixNanoseconds;

        public UtcInstant Now
        {
            set => Interlocked.Exchange(ref _now, value.UnixNanoseconds);
        }

        public override DateTimeOffset GetUtcNow() => new UtcInstant(Interlocked.Read(ref _now)).ToDateTime();
    }
}
