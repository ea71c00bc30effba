using System.Diagnostics;

namespace Bedside.Host.Kiosk;

/// <summary>Runs the site's own program with <c>day</c> or <c>night</c> whenever that changes. No shell is between.</summary>
internal sealed class Backlight(string program, NightHours night, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private bool? _isNight;

    /// <summary>One sentence when it was run and failed; null = nothing was to be done, or it was done.</summary>
    public async Task<string?> FollowAsync(TimeZoneInfo zone, CancellationToken cancel)
    {
        bool isNight = night.Holds(TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime));
        if (isNight == _isNight)
        {
            return null;
        }

        _isNight = isNight;
        string word = isNight ? "night" : "day";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, [word]) { UseShellExecute = false }) ?? throw new IOException("it does not start.");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await using ITimer timer = time.CreateTimer(_ => limit.Cancel(), state: null, Patience, Timeout.InfiniteTimeSpan);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return $"{program} {word} took longer than {Patience.TotalSeconds:0} s and was ended.";
            }

            return process.ExitCode == 0 ? null : $"{program} {word} ended with {process.ExitCode}.";
        }
        catch (Exception failure) when (failure is IOException or System.ComponentModel.Win32Exception)
        {
            return $"{program} cannot be run: {failure.Message}";
        }
    }
}
