using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bedside.Viewer.Research;

/// <summary>
/// Has the objections of the patients read again every 20 seconds, whether anybody asks or not: a no shuts what was built and ends what is being built within 60 seconds (<c>trust.md</c>, section 5.7), and what
/// is over is ended (section 5.8). What fails is tried again at the next turn; a download asks by itself each time and does not wait for this.
/// </summary>
internal sealed partial class ObjectionWatch(ResearchBox box, TimeProvider time, ILogger<ObjectionWatch> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(20);

    /// <summary>One look.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        await TryAsync(() => box.Builds?.StopObjectedAsync(cancel) ?? Task.CompletedTask);
        await TryAsync(() => box.Shelf?.ShutObjectedAsync(cancel) ?? Task.CompletedTask);
        await TryAsync(() => box.Shelf?.EndOverAsync(cancel) ?? Task.CompletedTask);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (box.Builds is null && box.Shelf is null)
        {
            return;
        }

        using var turns = new PeriodicTimer(Every, time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await turns.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or Model.Research.StudyRefusedException)
        {
            LogFailed(failed.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Objections to research and the ends of studies could not be enforced, and are tried again in 20 s: {What}")]
    private partial void LogFailed(string what);
}
