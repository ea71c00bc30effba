using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>
/// Hashes and compares passwords and PINs: PBKDF2 by the framework's <see cref="PasswordHasher{TUser}"/>. One at a time, on one core, so that whoever tries many takes nothing from capture;
/// what would have to wait too long is turned away.
/// </summary>
internal sealed class SecretCheck : IDisposable
{
    private const int Waiting = 8;

    /// <summary>As long as what SHA-1 makes (RFC 4226, section 4, R6).</summary>
    private const int CodeSecretBytes = 20;

    /// <summary>The hasher is told whose it is and makes nothing of it.</summary>
    private const string Anybody = "";

    private readonly PasswordHasher<string> _hasher;
    private readonly Func<byte[]?> _pinKey;
    private readonly ConcurrencyLimiter _one = new(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <summary>What is compared where there is nothing to compare: it takes as long.</summary>
    private readonly Lazy<string> _nobodys;

    public SecretCheck(IOptions<ViewerOptions> options)
    {
        PeopleOptions people = options.Value.People;
        _pinKey = people.PinKey;
        _hasher = new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = people.HashIterations }));
        _nobodys = new Lazy<string>(() => _hasher.HashPassword(Anybody, SessionBook.Random()));
    }

    public bool TakesPins => _pinKey() is not null;

    /// <summary>Null = too many at once.</summary>
    public Task<string?> HashAsync(string secret, CancellationToken cancel) => OneAsync(() => _hasher.HashPassword(Anybody, secret), cancel);

    /// <summary>Whether it is the secret; null = too many at once. Without a hash it takes as long and is false.</summary>
    public async Task<bool?> IsAsync(string? hash, string secret, CancellationToken cancel)
    {
        string? answer = await OneAsync(
            () =>
            {
                string other = _nobodys.Value;
                bool isRight = _hasher.VerifyHashedPassword(Anybody, hash ?? other, secret) != PasswordVerificationResult.Failed;
                return isRight && hash is not null ? "right" : string.Empty;
            },
            cancel);
        return answer is null ? null : answer.Length > 0;
    }

    /// <summary>A PIN as it is hashed: under this box's key, so that it is worth nothing without the box.</summary>
    public string Bind(string badge, string pin) =>
        Convert.ToBase64String(HMACSHA256.HashData(_pinKey() ?? throw new IOException("there is no box key, and a PIN is bound to it"), Encoding.UTF8.GetBytes($"{badge}\0{pin}")));

    /// <summary>The 20 bytes of which the app of that person makes codes.</summary>
    public byte[] CodeSecret(string badge, string seed) =>
        HMACSHA256.HashData(_pinKey() ?? throw new IOException("there is no box key, and codes of an app are bound to it"), Encoding.UTF8.GetBytes($"code app\0{badge}\0{seed}"))[..CodeSecretBytes];

    public void Dispose() => _one.Dispose();

    private async Task<string?> OneAsync(Func<string> work, CancellationToken cancel)
    {
        using RateLimitLease lease = await _one.AcquireAsync(1, cancel);
        return lease.IsAcquired ? await Task.Run(work, cancel) : null;
    }
}
