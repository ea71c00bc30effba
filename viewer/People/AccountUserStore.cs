using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Bedside.Model;
using Bedside.Model.People;
using Microsoft.AspNetCore.Identity;

namespace Bedside.Viewer.People;

/// <summary>The accounts as ASP.NET Core Identity's passkeys want them: to find a person and their public keys. Accounts are made and changed elsewhere.</summary>
internal sealed class AccountUserStore(IAccountBook accounts) : IUserPasskeyStore<Account>
{
    private const int HandleBytes = 16;

    /// <summary>What an authenticator keeps of whose key it is: not the badge.</summary>
    public static string HandleOf(string badge) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"bedside passkey\0{badge}")).AsSpan(0, HandleBytes));

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(HandleOf(user.Badge));

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Badge);

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => Task.FromException(Elsewhere());

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Badge);

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Task.FromException(Elsewhere());

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => Task.FromException<IdentityResult>(Elsewhere());

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => Task.FromException<IdentityResult>(Elsewhere());

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(accounts.Current.All.FirstOrDefault(account => account.State == AccountState.Active && HandleOf(account.Badge) == userId));

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult(accounts.Current.Find(normalizedUserName));

    public Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => Task.FromException(Elsewhere());

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. (accounts.Current.Find(user.Badge) ?? user).Passkeys.Select(ToInfo)]);

    public Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        string id = Base64Url.EncodeToString(credentialId);
        return Task.FromResult(accounts.Current.All.FirstOrDefault(account => account.State == AccountState.Active && account.Passkeys.Any(passkey => passkey.Id == id)));
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await GetPasskeysAsync(user, cancellationToken)).FirstOrDefault(passkey => passkey.CredentialId.AsSpan().SequenceEqual(credentialId));

    public Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => Task.FromException(Elsewhere());

    public void Dispose()
    {
        // Nothing is held.
    }

    public static Passkey ToPasskey(UserPasskeyInfo info, string domain, string label, UtcInstant at) => new(
        Base64Url.EncodeToString(info.CredentialId),
        Convert.ToBase64String(info.PublicKey),
        domain,
        label,
        at,
        info.SignCount,
        [.. info.Transports ?? []],
        info.IsUserVerified,
        info.IsBackupEligible,
        info.IsBackedUp);

    private static UserPasskeyInfo ToInfo(Passkey passkey) => new(
        Base64Url.DecodeFromChars(passkey.Id),
        Convert.FromBase64String(passkey.PublicKey),
        passkey.CreatedAt.ToDateTime(),
        passkey.SignCount,
        [.. passkey.Transports],
        passkey.IsUserVerified,
        passkey.IsBackupEligible,
        passkey.IsBackedUp,
        attestationObject: [],
        clientDataJson: []);

    private static NotSupportedException Elsewhere() => new("accounts are changed in the book of accounts");
}
