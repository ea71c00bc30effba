using Bedside.Audit;

namespace Bedside.Host.Trust;

/// <summary>
/// Every five minutes brings the newest checkpoint of this box's journal to the head of its unit, which cosigns it when it goes on from what it saw, and witnesses the head's journal the same way. Throws nothing: a head
/// that is off holds nobody up, and from what it saw the journal is proved the next time.
/// </summary>
/// <param name="current">The certificate of this box; null = it is in no unit, has none now, or is the head.</param>
/// <param name="say">Says it to the head; throws <see cref="UnitFaultException"/>.</param>
internal sealed partial class WitnessWatch(
    WitnessDesk desk,
    Func<BoxCertificate?> current,
    Func<BoxCertificate, WitnessCall, CancellationToken, Task<WitnessReply>> say,
    TimeProvider time,
    ILogger<WitnessWatch> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>When it did not come about.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    /// <summary>Entries of this box's journal that the head saw.</summary>
    private long _seen;

    /// <summary>Entries of the head's journal on which this box's word was said.</summary>
    private long _said;
    private string _refusal = string.Empty;
    private string _headRefusal = string.Empty;

    /// <summary>Once. Returns whether both journals went on.</summary>
    public async Task<bool> LookAsync(CancellationToken cancel)
    {
        try
        {
            return current() is { } mine && await ExchangeAsync(mine, cancel);
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested)
        {
            LogFault(failed.Message);
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            bool isDone;
            try
            {
                isDone = await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(isDone ? Every : Again, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> ExchangeAsync(BoxCertificate mine, CancellationToken cancel)
    {
        string head = HeadLine.Split(mine.Unit.Head).Host;
        WitnessReply reply = await SayAsync(mine, head, cancel);
        if (reply.Cosigned is null && reply.Seen != _seen)
        {
            // After a start, or when the head's disk was brought back: the proof begins where the head says.
            _seen = reply.Seen;
            reply = await SayAsync(mine, head, cancel);
        }

        await Task.Run(() => desk.Hear(reply), cancel);
        _seen = reply.Seen;
        Tell(reply.Cosigned is null ? reply.Refusal : string.Empty, mine.Unit.Host);
        WitnessAnswer answer = await Task.Run(() => desk.Cosign(reply.Checkpoint, head, head), cancel);
        if (answer.Cosigned is not { } word)
        {
            TellHead(head, answer.Sentence);
            return false;
        }

        _headRefusal = string.Empty;

        if (word.Size > _said)
        {
            _ = await say(mine, new WitnessCall(Checkpoint: null, word.ToString(), word.Size), cancel);
            _said = word.Size;
        }

        return reply.Cosigned is not null;
    }

    private async Task<WitnessReply> SayAsync(BoxCertificate mine, string head, CancellationToken cancel)
    {
        WitnessCall call = await Task.Run(() => new WitnessCall(desk.Own(_seen).ToString(), Cosigned: null, desk.Seen(head)), cancel);
        return await say(mine, call, cancel);
    }

    /// <summary>What stands is said once.</summary>
    private void Tell(string refusal, string host)
    {
        if (refusal.Length > 0 && _refusal.Length == 0)
        {
            LogRefused(host, refusal);
        }

        _refusal = refusal;
    }

    private void TellHead(string head, string refusal)
    {
        if (_headRefusal.Length == 0)
        {
            LogHead(head, refusal);
        }

        _headRefusal = refusal;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal of access could not be brought to its witness: {Reason}")]
    private partial void LogFault(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal of access of {Host}: the unit head says, {Reason}")]
    private partial void LogRefused(string host, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal of access of the unit head {Head}: {Reason}")]
    private partial void LogHead(string head, string reason);
}
