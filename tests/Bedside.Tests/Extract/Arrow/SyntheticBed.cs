using Bedside.Extract;
using Bedside.Model;

namespace Bedside.Tests.Extract.Arrow;

/// <summary>A quarter of an hour of a made-up bed from a seed: two devices, rates, scales that change or are not there, holes explained and not, samples of every validity, readings, texts, alerts, marks.</summary>
internal static class SyntheticBed
{
    public static readonly UtcInstant From = Shelf.Time("2026-03-01T12:00:00Z");
    public static readonly UtcInstant To = Shelf.Time("2026-03-01T12:15:00Z");
    private const long Second = 1_000_000_000;
    private static readonly string[] Waves = ["ecg-ii", "abp", "pleth", "paw", "co2", "raw/bench/0x2A/odd wave"];

    public static ExportRequest Request(Shelf shelf, string directory) => new(shelf.Signals, From, To, directory);

    public static Shelf Of(int seed)
    {
        var random = new Random(seed);
        var shelf = new Shelf();
        foreach (string id in Waves)
        {
            AddWave(shelf, shelf.Signal(id, SignalKind.Waveform, "mm[Hg]", random.Next(2) == 0 ? "monitor" : "ventilator/1"), random);
        }

        AddReadings(shelf, random);
        shelf.Add(new DeviceBlock { Signal = SignalNumber.None, Start = From, Device = "monitor", State = DeviceState.Receiving, Identity = new DeviceIdentity { Manufacturer = "Dräger", Model = "V, \"500\"" }.AsExperimental() });
        shelf.Add(new ClockBlock { Signal = SignalNumber.None, Start = From, Device = "monitor", AnchorNanoseconds = From.UnixNanoseconds, DriftPpm = -12.5, WallOffsetNanoseconds = -1_500_000_001, Reason = "first", ClockEpoch = 3 });
        shelf.Add(new GapBlock { Signal = SignalNumber.None, Start = From.Add(Second), Until = From.Add(3 * Second), Cause = GapCause.DeviceSilent, Device = "ventilator/1", Missing = 2 });
        shelf.Add(new AnnotationBlock { Signal = SignalNumber.None, Start = From.Add(Second), Until = From.Add(60 * Second), Key = "a", Kind = "suction", Text = "épais\n\"oui\", voilà", Source = "bed", Version = 2 });
        shelf.Add(new AlertBlock
        {
            Signal = SignalNumber.None,
            Start = From.Add(5 * Second),
            Device = "monitor",
            Alert = new Alert { Key = "1:10", Phase = AlertPhase.Start, Priority = AlertPriority.High, Text = "** 心拍 120 > 100", Code = 196_616, Source = "hr", Latched = true },
        });
        return shelf;
    }

    private static void AddWave(Shelf shelf, Signal signal, Random random)
    {
        SamplePeriod period = random.Next(3) switch { 0 => new(1, 125), 1 => new(1, 250), _ => new(128, 12_500) };
        Scale? scale = random.Next(4) == 0 ? null : new Scale(random.Next(1, 50) * 0.0123, random.Next(-40, 40));
        UtcInstant epoch = From.Add(random.Next(1000) * (random.Next(2) == 0 ? 0 : 1_000_001));
        long index = 0;
        while (index < 3000)
        {
            int count = random.Next(1, 900);
            int run = random.Next(count);
            int bad = random.Next(count);
            shelf.Add(Shelf.Samples(
                signal, epoch.Add(period.NanosecondsOf(index)), period, scale, [.. Enumerable.Range(0, count).Select(_ => random.Next(-2000, 4000))], index,
                [.. Runs((run, Validity.DemoData), (bad, random.Next(2) == 0 ? Validity.Invalid : Validity.NotAvailable | Validity.Questionable), count)]));
            index += count;
            switch (random.Next(8))
            {
                case 0:
                    long missing = random.Next(1, 400);
                    shelf.Add(new GapBlock { Signal = signal.Number, Start = epoch.Add(period.NanosecondsOf(index)), Until = epoch.Add(period.NanosecondsOf(index + missing)), Cause = GapCause.Checksum, Missing = missing });
                    index += missing;
                    break;
                case 1:
                    index += random.Next(1, 400);
                    break;
                case 2 when scale is Scale known:
                    scale = known with { Gain = known.Gain * 2 };
                    break;
            }
        }
    }

    private static IEnumerable<ValidityRun> Runs((int At, Validity What) one, (int At, Validity What) other, int count)
    {
        (int first, int second) = (Math.Min(one.At, other.At), Math.Max(one.At, other.At));
        if (second - first > 3)
        {
            yield return new ValidityRun(first, 3, one.What);
            yield return new ValidityRun(second, Math.Min(5, count - second), other.What);
        }
    }

    private static void AddReadings(Shelf shelf, Random random)
    {
        Signal rate = shelf.Signal("hr", SignalKind.Numeric, "/min", "monitor");
        Signal peep = shelf.Signal("set-peep", SignalKind.Setting, "cm[H2O]", "ventilator/1");
        Signal mode = shelf.Signal("set-vent-mode", SignalKind.Text, "1", "ventilator/1");
        shelf.Add(new TextBlock { Signal = mode.Number, Start = From.Add(7), Text = "PC-BIPAP, \"adult\"\nASB", Code = 14, UncertaintyMicroseconds = uint.MaxValue });
        foreach (Signal signal in new[] { rate, peep })
        {
            shelf.Add(new NumericBlock
            {
                Signal = signal.Number,
                Start = From,
                UncertaintyMicroseconds = 500,
                Readings =
                [
                    .. Enumerable.Range(0, 600).Select(i => new NumericReading(
                        From.Add((i * Second) + random.Next(1000)),
                        random.Next(9) == 0 ? null : new Fixed(random.NextInt64(-99_999, 99_999_999), (sbyte)random.Next(-5, 2)),
                        random.Next(9) == 0 ? Validity.Questionable | Validity.DemoData : Validity.Valid,
                        random.Next(3) == 0 ? null : i * Second)),
                ],
            });
        }
    }
}
