using System.Net;
using Bedside.Host.Options;
using Bedside.Ingest.Hl7;

namespace Bedside.Host.Services;

/// <summary>Opens the HL7 port with the program and closes it with it.</summary>
internal sealed partial class Hl7Service(Hl7Options options, Hl7Settings settings, Hl7Intake intake, TimeProvider time, ILoggerFactory logs) : IHostedService, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger<Hl7Service> _log = logs.CreateLogger<Hl7Service>();
    private MllpListener? _listener;
    private Task _running = Task.CompletedTask;

    /// <summary>Where it listens, once it does.</summary>
    public IPEndPoint? Local => _listener?.Local;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var chosen = new MllpOptions
        {
            Limits = settings.Limits,
            Answers = options.Answers,
            AnswersOf = settings.Senders.Count == 0 ? null : name => settings.RulesOf(name).Answers,
            AlwaysApplication = options.AlwaysApplication,
        };
        _listener = new MllpListener(options.Listen, intake, chosen, options.Tls(), (time, logs.CreateLogger<MllpListener>()));
        LogReady(_listener.Local, options.Bed.Length == 0 ? "the only bed that is told of" : "the bed of the configuration");
        if (options.Tls12)
        {
            LogOldTls();
        }

        _running = Task.WhenAll(_listener.RunAsync(_stop.Token), WatchAsync(_stop.Token));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
        LogCounts(string.Join(", ", intake.Counts.Select(pair => $"{pair.Value} {pair.Key}")), intake.Repeated);
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                intake.Elapse();
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "HL7 is taken at {Local}, for {Bed}")]
    private partial void LogReady(IPEndPoint local, string bed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "HL7 is also taken over TLS 1.2, because hl7.tls12 says so: bring the senders to TLS 1.3, then take that setting away")]
    private partial void LogOldTls();

    [LoggerMessage(Level = LogLevel.Information, Message = "HL7 messages: {Counts}; {Repeated} came again")]
    private partial void LogCounts(string counts, long repeated);
}
