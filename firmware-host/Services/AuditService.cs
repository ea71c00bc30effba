using Bedside.Audit;
using Bedside.Ingest.Intake;
using Bedside.Model.Audit;

namespace Bedside.Host.Services;

/// <summary>Keeps the journal of a running box: that it began and ended, the end of each epoch, checkpoints, and what could not be written before.</summary>
internal sealed partial class AuditService(AuditTrail trail, AuditEntry start, TimeProvider time, ILogger<AuditService> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private AuditState _told;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        trail.Tell(start);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        trail.Tell(new AuditEntry(AuditAct.BoxStop) { Result = AuditResult.Done });
        trail.Tick();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await Task.Run(trail.Tick, stoppingToken);
            TellState();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void TellState()
    {
        AuditState state = trail.State;
        if (state == _told)
        {
            return;
        }

        _told = state;
        if (state == AuditState.Kept)
        {
            LogKept();
        }
        else
        {
            LogState(state, trail.Fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal of access is written again")]
    private partial void LogKept();

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal of access: {State} {Reason}; what must stand in it is refused while it cannot be written, capture goes on")]
    private partial void LogState(AuditState state, string reason);
}

/// <summary>The call by which the box gets its journal.</summary>
internal static class AuditServices
{
    /// <summary>The journal in the data folder, written from the first moment on.</summary>
    /// <param name="configuration">Its text; of it a hash stands in the entry of the start, so that a changed configuration is seen. Null = there is none.</param>
    public static void AddAudit(this IServiceCollection services, string data, KernelClock clock, Viewer.StartCause cause, string? configuration)
    {
        var options = new AuditOptions { Box = Environment.MachineName, UncertaintyMicroseconds = () => clock.State.UncertaintyMicroseconds };
        var trail = AuditTrail.OpenForBox(data, options, TimeProvider.System);
        List<AuditFact> facts = [AuditFact.Of(AuditFactKind.Kind, System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(cause.ToString()))];
        if (configuration is not null)
        {
            facts.Add(AuditFact.Of(AuditFactKind.Hash, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(configuration)).AsSpan(0, 16))));
        }

        services.AddSingleton(trail).AddSingleton<IAuditTrail>(trail).AddSingleton<IAuditHistory>(new AuditHistory(data));
        services.AddHostedService(provider => new AuditService(
            trail,
            new AuditEntry(AuditAct.BoxStart) { Result = AuditResult.Done, What = facts },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AuditService>>()));
    }
}
