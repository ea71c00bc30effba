using System.Globalization;
using Bedside.Extract.Hl7;
using Bedside.Host.Options;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage;
using Bedside.Storage.Feeding;
using Bedside.Viewer;

namespace Bedside.Host.Services;

/// <summary>How patient, and how quick, the sender is.</summary>
internal sealed record Hl7SenderPace
{
    /// <summary>No answer for so long = connect anew and send again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Before the first new attempt; twice as long before each further one …</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>… up to this.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two messages at least: a backlog of days must not slow capture.</summary>
    public TimeSpan Between { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer than a store takes to make durable what came in an interval.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// Sends what is stored to one destination, which a named person approved, oldest first. The store is the queue: nothing is lost while the destination is away, and nothing is counted as sent before it said so. HL7-OUT.md.
/// </summary>
internal sealed partial class Hl7Sender(Hl7OutOptions options, Hl7SenderPace pace, Store store, TimeProvider time, ILogger<Hl7Sender> log, IAuditTrail? trail = null) : IHostedService, IDisposable
{
    private const int RefusalsTold = 100;

    private readonly CancellationTokenSource _stop = new();
    private readonly Pcd01Writer _writer = new(options.Message);
    private readonly System.Net.Security.SslClientAuthenticationOptions? _tls = options.Tls();
    private Task _running = Task.CompletedTask;
    private Hl7OutLine? _line;
    private StoreFeed? _feed;
    private volatile OutboundStanding _standing = new(OutboundState.Starting, string.Empty);
    private long _lostTold;
    private long _refusalsTold;

    /// <summary>For <c>/health</c>.</summary>
    public OutboundReport Report => _feed?.State is { } state
        ? new OutboundReport(state.Destination, state.ApprovedBy, state.ApprovedAt, _standing.State, state.Sent, state.Refused, state.Lost, state.LastAccepted, state.Oldest, _standing.Detail)
        : new OutboundReport(options.To, options.ApprovedBy, ApprovedAt: null, _standing.State, 0, 0, 0, LastAck: null, Oldest: null, _standing.Detail);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Tls12)
        {
            LogOldTls();
        }

        _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _feed?.Dispose();
        _stop.Dispose();
    }

    private UtcInstant Now => UtcInstant.FromDateTime(time.GetUtcNow());

    private async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                try
                {
                    _feed ??= await OpenAsync(cancel);
                    await SendNextAsync(_feed, cancel);
                }
                catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
                {
                    // Without a place in the queue that is written down nothing leaves: it could leave twice.
                    _standing = new OutboundStanding(OutboundState.Blocked, failed.Message);
                    LogBlocked(failed.Message);
                    await Task.Delay(pace.LongestWait, time, cancel);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
        finally
        {
            await EndAsync();
        }
    }

    /// <summary>What was approved is on the disk before anything leaves.</summary>
    private async Task<StoreFeed> OpenAsync(CancellationToken cancel)
    {
        trail?.Append(new AuditEntry(AuditAct.SendStart) { Who = options.ApprovedBy, Role = AuditRole.Console, What = [AuditFact.Of(AuditFactKind.Kind, options.Waves ? "waves" : "numbers")] });
        StoreFeed feed = store.OpenFeed(new FeedOptions { Destination = options.To, ApprovedBy = options.ApprovedBy, Every = options.Interval, Waves = options.Waves, Settle = pace.Settle });
        _lostTold = feed.State.Lost;
        if (feed.IsNewlyApproved)
        {
            string what = options.Waves ? "numbers, states and waves" : "numbers and states";
            Note("approved", $"{what} of this bed are sent to {options.To} by HL7; approved by {options.ApprovedBy}");
        }

        if (feed.Beginning is FeedBeginning.PlaceLost or FeedBeginning.OtherDestination)
        {
            Note("restarted", feed.Beginning == FeedBeginning.PlaceLost ? "how far the destination was told could not be read: what was not sent before now is not sent" : $"the destination is another one: {options.To} is told what comes from now on");
        }

        _ = await store.SyncAsync(cancel);
        LogBegun(options.To, options.ApprovedBy, feed.Beginning);
        return feed;
    }

    private async Task SendNextAsync(StoreFeed feed, CancellationToken cancel)
    {
        FeedPart? part = await Task.Run(() => feed.Next(Now), cancel);
        TellLost(feed);
        if (part is null)
        {
            _standing = _standing.State is OutboundState.Starting or OutboundState.Blocked ? new OutboundStanding(OutboundState.Fine, string.Empty) : _standing;
            await Task.Delay(UntilDue(feed.State.Oldest), time, cancel);
            return;
        }

        FeedOutcome outcome = _writer.Write(part, store.Signals) is { } message ? await DeliverAsync(part, message, cancel) : FeedOutcome.Empty;
        feed.Settle(outcome);
        await Task.Delay(pace.Between, time, cancel);
    }

    /// <summary>Until the destination has the message, or refuses it. The very same bytes each time.</summary>
    private async Task<FeedOutcome> DeliverAsync(FeedPart part, byte[] message, CancellationToken cancel)
    {
        TimeSpan wait = pace.FirstWait;
        while (true)
        {
            try
            {
                _line ??= await Hl7OutLine.ConnectAsync(options.Destination, _tls, time, pace.Patience, cancel);
                (Hl7Reply reply, string text) = await _line.SendAsync(message, Pcd01Writer.ControlOf(part), cancel);
                switch (reply)
                {
                    case Hl7Reply.Accepted:
                        _standing = new OutboundStanding(OutboundState.Fine, string.Empty);
                        return FeedOutcome.Accepted;
                    case Hl7Reply.Refused:
                        _standing = new OutboundStanding(OutboundState.Refusing, text);
                        TellRefused(part, text);
                        return FeedOutcome.Refused;
                    default:
                        _standing = new OutboundStanding(OutboundState.Deferred, text);
                        break;
                }
            }
            catch (IOException failed)
            {
                await HangUpAsync();
                if (_standing.State != OutboundState.Unreachable)
                {
                    LogUnreachable(options.To, failed.Message);
                }

                _standing = new OutboundStanding(OutboundState.Unreachable, failed.Message);
            }

            await Task.Delay(wait, time, cancel);
            wait = wait * 2 < pace.LongestWait ? wait * 2 : pace.LongestWait;
        }
    }

    private TimeSpan UntilDue(UtcInstant? oldest)
    {
        long every = options.Interval.Ticks * 100;
        UtcInstant now = Now;
        UtcInstant first = oldest is { } waiting && waiting < now ? waiting : now;
        UtcInstant due = first.Add(every - (((first.UnixNanoseconds % every) + every) % every)).Add(pace.Settle.Ticks * 100);
        var left = TimeSpan.FromTicks(due.Since(now) / 100);
        return left < pace.Between ? pace.Between : left > options.Interval + pace.Settle ? options.Interval : left;
    }

    private async Task HangUpAsync()
    {
        if (_line is { } line)
        {
            _line = null;
            await line.DisposeAsync();
        }
    }

    private async Task EndAsync()
    {
        await HangUpAsync();
        try
        {
            _feed?.Save();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // The last message goes again at the next start, under its number.
            LogBlocked(failed.Message);
        }
    }

    private void TellLost(StoreFeed feed)
    {
        long lost = feed.State.Lost;
        if (lost > _lostTold)
        {
            Note("lost", string.Create(CultureInfo.InvariantCulture, $"{lost - _lostTold} values went from the store before {options.To} had them"));
            LogLost(lost - _lostTold, options.To);
            _lostTold = lost;
        }
    }

    private void TellRefused(FeedPart part, string text)
    {
        LogRefused(options.To, Pcd01Writer.ControlOf(part), text);
        if (_refusalsTold++ < RefusalsTold)
        {
            Note("refused", $"{options.To} refused message {Pcd01Writer.ControlOf(part)} of {part.From} to {part.To}: {text}", part);
        }
    }

    private void Note(string what, string text, FeedPart? part = null)
    {
        UtcInstant now = Now;
        _ = store.TryAppend(new AnnotationBlock
        {
            Signal = SignalNumber.None,
            Start = part?.From ?? now,
            Until = part?.To,
            Key = $"box/hl7-out-{what}/{now.UnixNanoseconds}",
            Kind = $"hl7-out-{what}",
            Text = text,
            Source = "box",
        });
    }

    private sealed record OutboundStanding(OutboundState State, string Detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "HL7 is sent to {Destination}, approved by {Person} ({Beginning})")]
    private partial void LogBegun(string destination, string person, FeedBeginning beginning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "HL7 is also sent over TLS 1.2, because hl7Out.tls12 says so: bring the destination to TLS 1.3, then take that setting away")]
    private partial void LogOldTls();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Destination} does not answer, HL7 waits: {Reason}")]
    private partial void LogUnreachable(string destination, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "HL7 is not sent, because the disk does not take how far it came: {Reason}")]
    private partial void LogBlocked(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Destination} refused message {Control}: {Text}")]
    private partial void LogRefused(string destination, string control, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} values went from the store before {Destination} had them")]
    private partial void LogLost(long count, string destination);
}

/// <summary>Puts the sender together.</summary>
internal static class Hl7OutServices
{
    /// <summary>Nothing where no destination is told.</summary>
    public static void AddHl7Out(this IServiceCollection services, Hl7OutOptions options, Store store)
    {
        if (options.IsOn)
        {
            services.AddSingleton(options).AddSingleton(new Hl7SenderPace { Settle = store.Health.PowerCutBound + TimeSpan.FromSeconds(1) }).AddSingleton<Hl7Sender>();
            services.AddHostedService(provider => provider.GetRequiredService<Hl7Sender>());
        }
    }
}
