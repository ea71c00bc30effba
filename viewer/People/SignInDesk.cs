using System.Threading.RateLimiting;
using Bedside.Model.People;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>What became of a try to say who one is.</summary>
internal enum SignInResult
{
    Right,

    /// <summary>Wrong badge, wrong secret, no such account, a disabled one: nobody is told which.</summary>
    Wrong,

    /// <summary>After five wrong ones, for a while; or more tries than hands make.</summary>
    Wait,

    /// <summary>The box could not compare it now.</summary>
    Busy,
}

/// <summary>A try, and what became of it.</summary>
/// <param name="Wait">How long to wait; zero where that is not why.</param>
/// <param name="Proof">What proved it; none where nothing did.</param>
internal readonly record struct Tried(SignInResult Result, TimeSpan Wait, Proof Proof = Proof.None);

/// <summary>Compares what a person says with the accounts, and counts what was wrong.</summary>
internal sealed class SignInDesk : IDisposable
{
    /// <summary>What is longer is nobody's, and not compared.</summary>
    private const int LongestText = 256;

    private readonly IAccountBook _accounts;
    private readonly SecretCheck _check;
    private readonly CodeApps _apps;
    private readonly FailureThrottle _throttle;
    private readonly PeopleTrail _trail;
    private readonly PartitionedRateLimiter<string> _rate;

    public SignInDesk(IAccountBook accounts, SecretCheck check, CodeApps apps, FailureThrottle throttle, PeopleTrail trail, IOptions<ViewerOptions> options)
    {
        (_accounts, _check, _apps, _throttle, _trail) = (accounts, check, apps, throttle, trail);
        int most = options.Value.People.TriesAMinute;
        _rate = PartitionedRateLimiter.Create<string, string>(source => RateLimitPartition.GetSlidingWindowLimiter(
            source, _ => new SlidingWindowRateLimiterOptions { PermitLimit = most, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 }));
    }

    /// <summary>One more try of that address; false = too many. Also for codes and passkeys.</summary>
    public bool MayTry(string source)
    {
        using RateLimitLease lease = _rate.AttemptAcquire(source);
        return lease.IsAcquired;
    }

    /// <summary>A badge as the journal has it: what nobody has may be a password that was typed into the wrong field.</summary>
    public string Named(string badge) => _accounts.Current.Find(badge)?.Badge ?? "other";

    /// <summary>Whoever has an app of codes says its six digits right after the password; alone, neither is right.</summary>
    public Task<Tried> PasswordAsync(string badge, string said, string source, CancellationToken cancel)
    {
        bool hasApp = _accounts.Current.Find(badge)?.CodeApp is not null;
        (string password, string code) = hasApp ? CodeApps.Split(said) : (said, string.Empty);
        return TryAsync(
            badge,
            source,
            hasApp ? Proof.PasswordAndCode : Proof.Password,
            account => account is { IsPasswordWornOut: false } ? account.Password : null,
            password,
            right: account => WithCode(account, code) is { } taken ? taken with { Failures = 0, PinFailures = 0 } : null,
            wrong: account => account with { Failures = Math.Min(account.Failures + 1, AccountLimits.MostFailures) },
            cancel);
    }

    public Task<Tried> PinAsync(string badge, string pin, string source, CancellationToken cancel) =>
        TryAsync(
            badge,
            source,
            Proof.Pin,
            account => account is { IsPinWornOut: false } && _check.TakesPins ? account.Pin : null,
            _check.TakesPins ? _check.Bind(badge, pin) : pin,
            right: account => account with { PinFailures = 0 },
            wrong: account => account with { PinFailures = Math.Min(account.PinFailures + 1, AccountLimits.MostPinFailures) },
            cancel);

    public void Dispose() => _rate.Dispose();

    private async Task<Tried> TryAsync(
        string badge, string source, Proof proof, Func<Account, string?> hashOf, string secret, Func<Account, Account?> right, Func<Account, Account> wrong, CancellationToken cancel)
    {
        if (!MayTry(source))
        {
            return new Tried(SignInResult.Wait, TimeSpan.FromMinutes(1));
        }

        TimeSpan wait = _throttle.Wait(badge, source);
        if (wait > TimeSpan.Zero)
        {
            if (_throttle.IsNews(badge, source))
            {
                _trail.Waits(Named(badge), source, wait);
            }

            return new Tried(SignInResult.Wait, wait);
        }

        Account? account = _accounts.Current.Find(badge);
        string? hash = account is { State: AccountState.Active } && secret.Length <= LongestText ? hashOf(account) : null;
        if (await _check.IsAsync(hash, secret.Length <= LongestText ? secret : string.Empty, cancel) is not bool isRight)
        {
            return new Tried(SignInResult.Busy, TimeSpan.FromSeconds(1));
        }

        if (isRight && account is { } who && Settle(who, right))
        {
            _throttle.Clear(badge, source);
            return new Tried(SignInResult.Right, TimeSpan.Zero, proof);
        }

        _throttle.Fail(badge, source);
        _trail.Refused(Named(badge), source);

        // Also for a badge that nobody has: a write that is left out could be measured.
        Count(list => new AccountChange(list.Find(badge) is { } known ? list.With(wrong(known)) : list with { All = [.. list.All] }));
        return new Tried(SignInResult.Wrong, TimeSpan.Zero);
    }

    /// <summary>Whether what was said with a right password is right too; it counts no more afterwards.</summary>
    private bool Settle(Account account, Func<Account, Account?> right)
    {
        if (right(account) is not { } after)
        {
            return false;
        }

        // Of two who say the same code at the same time, or at the console and at the screen, the book lets in one.
        if (after != account && Count(list => list.Find(account.Badge) is { } known && right(known) is { } next ? new AccountChange(list.With(next)) : AccountChange.No(AccountFault.Code)) == AccountFault.Code)
        {
            return false;
        }

        if (after.CodeApp is { } app)
        {
            _apps.Spend(account.Badge, app);
        }

        return true;
    }

    /// <summary>Null = a code is wanted, and that is none.</summary>
    private Account? WithCode(Account account, string code) =>
        account.CodeApp is null ? account : _apps.Take(account, code) is { } app ? account with { CodeApp = app } : null;

    /// <summary>A disk that does not take it keeps nobody out: the waiting times, and what codes were taken, hold in memory.</summary>
    private AccountFault Count(Func<AccountList, AccountChange> change)
    {
        try
        {
            return _accounts.Change(change);
        }
        catch (IOException failed)
        {
            _trail.DiskFailed(failed.Message);
            return AccountFault.None;
        }
    }
}
