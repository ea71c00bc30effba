using Bedside.Identity.Studies;

namespace Bedside.Host.Trust;

/// <summary>
/// Says to the head, every ten seconds, who refuses research on this box: marks under the key of the unit, and only when they changed more than their digest. Throws nothing; while the head does not hear it,
/// nothing leaves any box of the unit.
/// </summary>
/// <param name="current">The certificate of this box; null = it is in no unit, or has none now.</param>
/// <param name="say">Says it to the head; throws <see cref="UnitFaultException"/>.</param>
/// <param name="refusing">Marks of everybody who refuses on this box by now, under that key. Throws <see cref="IOException"/>.</param>
internal sealed partial class WishWatch(
    Func<BoxCertificate?> current,
    Func<BoxCertificate, WishQuestion, CancellationToken, Task<WishAnswer>> say,
    Func<SubjectKey, IReadOnlySet<UInt128>> refusing,
    TimeProvider time,
    ILogger<WishWatch> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private byte[]? _key;
    private bool _isSilent;

    /// <summary>Says it once. Returns whether the head has it.</summary>
    public async Task<bool> LookAsync(CancellationToken cancel)
    {
        try
        {
            if (current() is not { } mine)
            {
                return false;
            }

            bool isKnown = await SayAsync(mine, cancel);
            if (isKnown && _isSilent)
            {
                LogHeard(mine.Unit.Head);
            }

            _isSilent &= !isKnown;
            return isKnown;
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested)
        {
            if (!_isSilent)
            {
                LogFault(failed.Message);
            }

            _isSilent = true;
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ((Task)LookAsync(stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The digest alone first; all marks when the head wants them, under the key that it said then.</summary>
    private async Task<bool> SayAsync(BoxCertificate mine, CancellationToken cancel)
    {
        WishAnswer? answer = null;
        for (int turn = 0; turn < 2 && answer?.IsWanted != false; turn++)
        {
            IReadOnlyList<string> marks = _key is null ? [] : await Task.Run(Marks, cancel);
            bool isWhole = answer is not null;
            string name = _key is null ? string.Empty : WishMarks.NameOf(_key);
            answer = await say(mine, new WishQuestion(name, WishMarks.Digest(marks), isWhole ? marks : null, Asks: false), cancel);
            _key = Convert.FromBase64String(answer.Key);
        }

        return answer?.IsWanted == false;
    }

    private IReadOnlyList<string> Marks()
    {
        using var key = new SubjectKey(_key);
        return WishMarks.Write(refusing(key));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The unit does not hear what patients of this bed say of research, and lets nothing go to research: {Reason}")]
    private partial void LogFault(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Head} hears again what patients of this bed say of research")]
    private partial void LogHeard(string head);
}
