using System.Security.Cryptography.X509Certificates;

namespace Bedside.Host.Trust;

/// <summary>
/// Asks the head every five minutes which boxes were removed, and keeps its signed answer on the disk: what was removed once stays so without the head, and over a restart. Throws nothing; a head that is off changes nothing.
/// </summary>
/// <param name="current">The certificate of this box; null = it has none now.</param>
/// <param name="ask">Asks the head; throws <see cref="UnitFaultException"/>.</param>
internal sealed partial class RemovalWatch(
    UnitFiles files, Func<BoxCertificate?> current, Func<BoxCertificate, CancellationToken, Task<SignedRemovals>> ask, TimeProvider time, ILogger<RemovalWatch> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    private volatile RemovedBoxes? _removed;

    /// <summary>Whether a box of this name is believed.</summary>
    public bool Admits(string box) => _removed?.Boxes.Contains(box, StringComparer.Ordinal) != true;

    /// <summary>Takes what the disk has.</summary>
    public void Read()
    {
        if (files.ReadUnit() is { } unit && files.ReadRemovals() is { } kept)
        {
            using var root = X509Certificate2.CreateFromPem(unit.Root);
            _removed = kept.Open(root) ?? _removed;
        }
    }

    /// <summary>One look at the head: what it says is believed when its issuer signed it and it is not older than what is known; it holds at once, and is on the disk when this returns.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            if (current() is not { } mine || files.ReadAuthority() is not null)
            {
                return;
            }

            SignedRemovals said = await ask(mine, cancel);
            if (said.Open(mine.Root) is not { } removed || removed.Number < (_removed?.Number ?? 0))
            {
                LogRefused(mine.Unit.Head);
                return;
            }

            bool isNew = removed.Number > (_removed?.Number ?? -1);
            _removed = removed;
            if (isNew)
            {
                files.Write(said);
            }
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested)
        {
            LogFault(failed.Message);
        }
    }

    /// <summary>What is known is known from the first handshake on.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Read();
        }
        catch (Exception failed)
        {
            LogFault(failed.Message);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What {Head} says of removed boxes is not signed by the unit's issuer, or is older than what is known: it is not believed")]
    private partial void LogRefused(string head);

    [LoggerMessage(Level = LogLevel.Information, Message = "The unit head was not asked for removed boxes: {Reason}")]
    private partial void LogFault(string reason);
}
