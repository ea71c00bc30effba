using Bedside.Host.Options;
using Bedside.Model.Stays;
using Bedside.Storage;

namespace Bedside.Host.Services;

/// <summary>The task behind <see cref="AdmissionIntake"/>: what devices say of their patients as it comes, and housekeeping once a minute.</summary>
internal sealed partial class AdmissionService(AdmissionIntake intake, TimeProvider time, ILogger<AdmissionService> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Housekeeping = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
        LogCounts(string.Join(", ", intake.Counts.Select(pair => $"{pair.Value} {pair.Key}")));
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        long kept = time.GetTimestamp();
        try
        {
            while (true)
            {
                await intake.WaitAsync(Housekeeping, _stop.Token);
                if (!await intake.PumpAsync(_stop.Token))
                {
                    await Task.Delay(AgainAfter, time, _stop.Token);
                    intake.Rouse();
                }

                if (time.GetElapsedTime(kept) >= Housekeeping)
                {
                    kept = time.GetTimestamp();
                    await intake.ElapseAsync(_stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Messages of the admissions: {Counts}")]
    private partial void LogCounts(string counts);
}

/// <summary>How the admissions are put together.</summary>
internal static class AdmissionServices
{
    /// <summary>
    /// Admissions and the patients that devices name go to the vault and to the desk of the stays, which must be registered before. Without a desk nothing is registered, and ADT is answered
    /// as a message that nothing is made of.
    /// </summary>
    public static IServiceCollection AddAdmissions(this IServiceCollection services, AdmissionSettings settings, (DirectoryInfo Data, FileInfo? Key) place)
    {
        if (!services.Any(one => one.ServiceType == typeof(IStayDesk)))
        {
            return services;
        }

        return services.AddVault(place).AddSingleton(settings).AddSingleton<AdmissionIntake>().AddHostedService<AdmissionService>();
    }

    /// <summary>The vault alone: a desk needs it to know a number from a wristband.</summary>
    public static IServiceCollection AddVault(this IServiceCollection services, (DirectoryInfo Data, FileInfo? Key) place) =>
        services.Any(one => one.ServiceType == typeof(VaultPlace))
            ? services
            : services.AddSingleton(all => new VaultPlace(place.Data, place.Key, all.GetRequiredService<ILogger<VaultPlace>>()));

    /// <summary>What a command that takes recorded messages needs, beside a store that is open for writing.</summary>
    public static ServiceProvider ForCommand(Store store, AdmissionSettings settings, (DirectoryInfo Data, FileInfo? Key) place, StaySettings? stays = null) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(store)
        .AddVault(place)
        .AddStays(store, stays ?? new StaySettings(), services => services.GetRequiredService<VaultPlace>().PersonOf)
        .AddAdmissions(settings, place)
        .BuildServiceProvider();
}
