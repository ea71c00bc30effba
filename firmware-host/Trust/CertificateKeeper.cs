using System.Security.Cryptography;
using Bedside.Storage.Keys;
using Bedside.Viewer;

namespace Bedside.Host.Trust;

/// <summary>
/// Keeps the certificate of this box: reads it, has it renewed when a third of its life is left, tries again every hour, and puts the new one in its place while connections go on. Whatever fails is told by
/// <see cref="Report"/>; nothing of it ends the box, and the listener goes on with what it has.
/// </summary>
/// <param name="box">The box key; null = it cannot be had now.</param>
/// <param name="ask">How another certificate is had from the head; throws <see cref="UnitFaultException"/>.</param>
internal sealed partial class CertificateKeeper(
    UnitFiles files,
    Func<BoxKey?> box,
    Func<BoxCertificate, ECDsa, CancellationToken, Task<IssuedLeaf>> ask,
    UnitTrail trail,
    TimeProvider time,
    ILogger<CertificateKeeper> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private volatile BoxCertificate? _current;
    private volatile string? _fault;
    private volatile bool _isMember;

    /// <summary>What is served now; null = there is none.</summary>
    public BoxCertificate? Current => _current;

    /// <summary>What went wrong last, one sentence; null = nothing.</summary>
    public string? Fault => _fault;

    /// <summary>For the screen; null = this box is in no unit.</summary>
    public CertificateReport? Report => !_isMember ? null : new CertificateReport
    {
        DaysLeft = _current is { } now ? (now.Until - time.GetUtcNow()).TotalDays : null,
        RenewalFails = _fault is not null && _current is not null,
    };

    /// <summary>The certificate on the disk is served from the first handshake on; a head that does not answer keeps no box from starting.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            using BoxKey? key = box();
            _fault = Read(key);
        }
        catch (Exception failed)
        {
            // It is looked at again at once.
            _isMember = failed is UnitFaultException;
            _fault = failed.Message;
            LogFault(failed.Message);
        }

        return base.StartAsync(cancellationToken);
    }

    /// <summary>Reads what the disk has now, and renews it when that is due. Never throws but for a cancellation.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        string? fault;
        try
        {
            using BoxKey? key = box();
            fault = Read(key);
            if (fault is null && key is not null && _current is { } current && time.GetUtcNow() >= current.RenewFrom)
            {
                await RenewAsync(current, key, cancel);
                fault = Read(key);
            }
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested)
        {
            // There is something of a unit, be it unreadable.
            _isMember |= failed is UnitFaultException;
            fault = failed.Message;
        }

        if (fault is not null && fault != _fault)
        {
            LogFault(fault);
        }

        _fault = fault;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What stands in the way of serving it; null = nothing, or the box is in no unit. What was served before goes on when the file cannot be read now.</summary>
    private string? Read(BoxKey? key)
    {
        UnitMembership? unit = files.ReadUnit();
        _isMember = unit is not null;
        if (unit is null)
        {
            _current = null;
            return null;
        }

        if (_current?.Unit == unit)
        {
            return null;
        }

        if (key is null || BoxCertificate.Open(unit, key) is not { } opened)
        {
            return "the key of this box's certificate cannot be opened with the box key: bring the box key back, or delete the file unit and let the box join again.";
        }

        _current = opened;
        LogServed(unit.Host, opened.Until);
        return null;
    }

    private async Task RenewAsync(BoxCertificate current, BoxKey key, CancellationToken cancel)
    {
        var desk = new UnitDesk(files, key, time, trail);
        if (files.ReadAuthority() is not null)
        {
            desk.RenewOwn();
            return;
        }

        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IssuedLeaf leaf = await ask(current, fresh, cancel);
        desk.Take(current.Unit, leaf, fresh);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate for {Host} is served until {Until}")]
    private partial void LogServed(string host, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate of this box: {Fault}")]
    private partial void LogFault(string fault);
}
