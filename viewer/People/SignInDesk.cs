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

/// <summary>Compares what a person says with the accounts, and counts what was wrong.</summary>
internal sealed class SignInDesk : IDisposable
{
    /// <summary>What is longer is nobody's, and not compared.</summary>
    private const int LongestText = 256;

    private readonly IAccountBook _accounts;
    private readonly SecretCheck _check;
    private readonly FailureThrottle _throttle;
    private readonly PeopleTrail _trail;
    private readonly PartitionedRateLimiter<string> _rate;

    public SignInDesk(IAccountBook accounts, SecretCheck check, FailureThrottle throttle, PeopleTrail trail, IOptions<ViewerOptions> options)
    {
        (_accounts, _check, _throttle, _trail) = (accounts, check, throttle, trail);
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

    public Task<(SignInResult Result, TimeSpan Wait)> PasswordAsync(string badge, string password, string source, CancellationToken cancel) =>
        TryAsync(
            badge,
            source,
            account => account is { IsPasswordWornOut: false } ? account.Password : null,
            password,
            right: account => account with { Failures = 0, PinFailures = 0 },
            wrong: account => account with { Failures = Math.Min(account.Failures + 1, AccountLimits.MostFailures) },
            cancel);

    public Task<(SignInResult Result, TimeSpan Wait)> PinAsync(string badge, string pin, string source, CancellationToken cancel) =>
        TryAsync(
            badge,
            source,
            account => account is { IsPinWornOut: false } && _check.TakesPins ? account.Pin : null,
            _check.TakesPins ? _check.Bind(badge, pin) : pin,
            right: account => account with { PinFailures = 0 },
            wrong: account => account with { PinFailures = Math.Min(account.PinFailures + 1, AccountLimits.MostPinFailures) },
            cancel);

    public void Dispose() => _rate.Dispose();

    private async Task<(SignInResult Result, TimeSpan Wait)> TryAsync(
        string badge, string source, Func<Account, string?> hashOf, string secret, Func<Account, Account> right, Func<Account, Account> wrong, CancellationToken cancel)
    {
        if (!MayTry(source))
        {
            return (SignInResult.Wait, TimeSpan.FromMinutes(1));
        }

        TimeSpan wait = _throttle.Wait(badge, source);
        if (wait > TimeSpan.Zero)
        {
            if (_throttle.IsNews(badge, source))
            {
                _trail.Waits(Named(badge), source, wait);
            }

            return (SignInResult.Wait, wait);
        }

        Account? account = _accounts.Current.Find(badge);
        string? hash = account is { State: AccountState.Active } && secret.Length <= LongestText ? hashOf(account) : null;
        if (await _check.IsAsync(hash, secret.Length <= LongestText ? secret : string.Empty, cancel) is not bool isRight)
        {
            return (SignInResult.Busy, TimeSpan.FromSeconds(1));
        }

        if (isRight)
        {
            _throttle.Clear(badge, source);
            if (account is { } clean && right(clean) != clean)
            {
                Count(badge, right);
            }

            return (SignInResult.Right, TimeSpan.Zero);
        }

        _throttle.Fail(badge, source);
        _trail.Refused(Named(badge), source);

        // Also for a badge that nobody has: a write that is left out could be measured.
        Count(badge, wrong);
        return (SignInResult.Wrong, TimeSpan.Zero);
    }

    /// <summary>A disk that does not take it keeps nobody out: the waiting times hold in memory.</summary>
    private void Count(string badge, Func<Account, Account> change)
    {
        try
        {
            _accounts.Change(list => new AccountChange(list.Find(badge) is { } account ? list.With(change(account)) : list with { All = [.. list.All] }));
        }
        catch (IOException failed)
        {
            _trail.DiskFailed(failed.Message);
        }
    }
}
