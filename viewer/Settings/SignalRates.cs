using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Viewer.Settings;

/// <summary>Rates of a device's signals as they came lately.</summary>
internal sealed record SignalRatesAnswer(string Device, IReadOnlyList<SignalRate> Signals);

/// <summary>One signal.</summary>
/// <param name="Nominal">What the device says, in Hz; null = it comes when it comes.</param>
/// <param name="Measured">What came, against the box's clock; null = too little to tell.</param>
/// <param name="OverSeconds">What it was measured over.</param>
/// <param name="PlausibleMin">The least value that is technically possible, in the signal's unit; null = not known, as is the next.</param>
internal sealed record SignalRate(uint Number, string Id, double? Nominal, double? Measured, double OverSeconds, double? PlausibleMin, double? PlausibleMax);

/// <summary>Measures rates from what is stored: samples by their count and by when they were taken, never from what the device calls its rate.</summary>
internal static class SignalRates
{
    private const double LeastSeconds = 5;

    /// <summary>Periods between two readings from which on one is missing between them.</summary>
    private const double MissingAfter = 1.8;
    private static readonly TimeSpan Over = TimeSpan.FromSeconds(60);

    public static SignalRatesAnswer Measure(Store store, string device, UtcInstant now) =>
        new(device, [.. store.Signals.Where(signal => signal.Device == device && signal.Metric.Kind is SignalKind.Waveform or SignalKind.Numeric).Select(signal => Of(store, signal, now))]);

    private static SignalRate Of(Store store, Signal signal, UtcInstant now)
    {
        Block[] blocks = [.. store.Read(signal.Number, now.Add(-Over.Nanoseconds()), now)];
        NomenclatureEntry? entry = Nomenclature.Shipped.Of(signal) is { } known && known.Unit == signal.Metric.Unit ? known : null;
        (double? nominal, double? measured, double seconds) = signal.Metric.Kind == SignalKind.Waveform
            ? OfWave([.. blocks.OfType<SampleBlock>()])
            : OfReadings(signal, [.. blocks.OfType<NumericBlock>().SelectMany(block => block.Readings).Select(reading => reading.Time).Order()]);
        return new SignalRate(signal.Number.Value, signal.Id, nominal, measured, seconds, entry?.PlausibleMin, entry?.PlausibleMax);
    }

    /// <summary>From the start of one block to the start of another, over the newest run that nothing is missing in: the index counts samples, the start says when.</summary>
    private static (double? Nominal, double? Measured, double Seconds) OfWave(SampleBlock[] blocks)
    {
        if (blocks.Length == 0)
        {
            return (null, null, 0);
        }

        int first = blocks.Length - 1;
        while (first > 0 && blocks[first - 1].ClockEpoch == blocks[first].ClockEpoch && blocks[first - 1].FirstIndex + blocks[first - 1].Samples.Length == blocks[first].FirstIndex)
        {
            first--;
        }

        SampleBlock from = blocks[first];
        SampleBlock to = blocks[^1];
        double seconds = to.Start.Since(from.Start) / 1e9;
        return (to.Period.Hertz, seconds < LeastSeconds ? null : (to.FirstIndex - from.FirstIndex) / seconds, seconds);
    }

    private static (double? Nominal, double? Measured, double Seconds) OfReadings(Signal signal, UtcInstant[] times)
    {
        double? nominal = signal.Metric.ExpectedEvery is { } every && every > TimeSpan.Zero ? 1 / every.TotalSeconds : null;
        if (nominal is not { } hertz || times.Length < 2)
        {
            return (nominal, null, 0);
        }

        // Over the newest run that no reading is missing in: what is missing is told elsewhere, and is no rate.
        int first = times.Length - 1;
        while (first > 0 && times[first].Since(times[first - 1]) < MissingAfter / hertz * 1e9)
        {
            first--;
        }

        double seconds = times[^1].Since(times[first]) / 1e9;
        return (nominal, seconds < LeastSeconds ? null : (times.Length - 1 - first) / seconds, seconds);
    }
}
