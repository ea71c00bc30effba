using Bedside.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Sheet;

/// <summary>
/// Counts the hours of this day and the one before ahead of need, newest first, so that a sheet opens at once: an hour when it is over, the rest after a start. It never takes more than half of
/// a processor, and what fails here costs no more than a slower first sheet.
/// </summary>
internal sealed class SheetWarming(BedView view, SheetBook book, IOptions<ViewerOptions> options, TimeProvider time, ILogger<SheetWarming> log) : BackgroundService
{
    private const int MostSignals = 200;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>After an hour its last readings may still be on their way.</summary>
    private static readonly long SettledNs = TimeSpan.FromSeconds(15).Nanoseconds();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Every, time, stoppingToken);
                await WarmAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                log.LogWarning(error, "Hours of the sheet could not be counted ahead");
            }
        }
    }

    private async Task WarmAsync(CancellationToken stopping)
    {
        WardSettings ward = options.Value.Ward();
        UtcInstant now = time.Instant();
        var today = WardDay.Holding(now, ward);
        Signal[] signals = [.. view.Store.Signals.Where(signal => signal.Metric.Kind is SignalKind.Numeric or SignalKind.Setting).Take(MostSignals)];
        foreach (TimeRange hour in WardDay.Of(today.Date.AddDays(-1), ward).Hours.Concat(today.Hours).Where(hour => hour.To.Add(SettledNs) < now).Reverse())
        {
            long begun = time.GetTimestamp();
            await book.ReadAsync(signals, [hour], stopping);
            await Task.Delay(time.GetElapsedTime(begun), time, stopping);
        }
    }
}
