using Bedside.Host.Commands;
using Bedside.Identity;
using Bedside.Model.Stays;
using Bedside.Storage.Keys;

namespace Bedside.Host.Services;

/// <summary>The identity vault of the data folder, opened when it is first needed: a disk that fails then does not keep the box from starting, and is asked again.</summary>
internal sealed partial class VaultPlace(DirectoryInfo data, FileInfo? key, ILogger<VaultPlace> log) : IDisposable
{
    private readonly Lock _gate = new();
    private IdentityVault? _vault;
    private BoxKey? _box;

    /// <summary>Throws <see cref="IOException"/> with the remedy when it cannot be had now.</summary>
    public IdentityVault Open()
    {
        lock (_gate)
        {
            if (_vault is not null)
            {
                return _vault;
            }

            try
            {
                _box ??= BoxKeyPlace.Read(data, key) ?? throw new IOException("there is no box key, and identities are not kept without one: name its file with --box-key");
                _vault = IdentityVault.Open(data.FullName, _box);
            }
            catch (Exception failed) when (failed is UnauthorizedAccessException or CommandFailedException)
            {
                throw new IOException($"the identity vault cannot be opened: {failed.Message}", failed);
            }

            if (_vault.Note.Length > 0)
            {
                LogFound(_vault.Note);
            }

            return _vault;
        }
    }

    /// <summary>The same where there is one; null = nobody's identity was ever kept.</summary>
    public IdentityVault? OpenIfThere() => IdentityVault.IsIn(data.FullName) ? Open() : null;

    /// <summary>Whose number that is; unknown also while the vault cannot be had.</summary>
    public PersonToken PersonOf(string wristband)
    {
        try
        {
            return Open().PersonOf(wristband);
        }
        catch (IOException failed)
        {
            LogFound(failed.Message);
            return default;
        }
    }

    public void Dispose()
    {
        _vault?.Dispose();
        _box?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity vault: {What}")]
    private partial void LogFound(string what);
}
