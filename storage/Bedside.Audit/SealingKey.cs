using System.Globalization;
using System.Security.Cryptography;
using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Audit;

/// <summary>
/// The key of one epoch, 256 bits. The next is made of it and never the reverse (HMAC-SHA-256 under a fixed word), so whoever takes the key of now can seal nothing of before.
/// FORMAT.md, section 4.
/// </summary>
internal sealed class SealingKey : IDisposable
{
    public const int Bytes = 32;
    public const int IdDigits = 16;

    private readonly byte[] _key;

    private SealingKey(byte[] key) => _key = key;

    /// <summary>Says which key it is, and nothing of it.</summary>
    public string Id => Convert.ToHexStringLower(HMACSHA256.HashData(_key, "bedside audit key id"u8).AsSpan(0, IdDigits / 2));

    public static SealingKey New() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Null for what is not 64 hexadecimal digits.</summary>
    public static SealingKey? Parse(string digits)
    {
        byte[] key = new byte[Bytes];
        return digits.Length == 2 * Bytes && Convert.FromHexString(digits, key, out _, out int written) == System.Buffers.OperationStatus.Done && written == Bytes ? new SealingKey(key) : null;
    }

    public SealingKey Next() => new(HMACSHA256.HashData(_key, "bedside audit next epoch"u8));

    public void Seal(ReadOnlySpan<byte> hash, Span<byte> seal)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _ = HMACSHA256.HashData(_key, hash, whole);
        whole[..LogLine.SealBytes].CopyTo(seal);
    }

    public bool IsSame(SealingKey other) => CryptographicOperations.FixedTimeEquals(_key, other._key);

    public string Digits() => Convert.ToHexStringLower(_key);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}

/// <summary>What the file of the sealing key says.</summary>
/// <param name="SinceNs">When the epoch began, by the box's clock.</param>
/// <param name="Entries">Entries that were in the journal when it began: it can never have fewer.</param>
internal sealed record SealingState(long Epoch, long SinceNs, long Entries, SealingKey Key);

/// <summary>The file of the key of this epoch. Writing it anew is all that wipes the former: its place is overwritten as well, but what flash keeps of it is flash's.</summary>
internal static class SealingFile
{
    /// <summary>Null when there is none, or neither copy can be read. Throws the disk's errors.</summary>
    public static SealingState? Read(IDisk disk)
    {
        (string? text, _) = TwinFile.Read(disk, AuditNames.Sealing);
        string[] words = text?.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words is ["epoch", var epoch, "since", var since, "entries", var entries, "key", var digits]
            && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && long.TryParse(since, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long ns)
            && long.TryParse(entries, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && SealingKey.Parse(digits) is { } key
                ? new SealingState(number, ns, count, key)
                : null;
    }

    /// <summary>Durable when it returns; throws the disk's errors, the file is then the former or the new.</summary>
    public static void Write(IDisk disk, SealingState state)
    {
        using IDiskFile? former = disk.Names().Contains(AuditNames.Sealing) ? disk.Open(AuditNames.Sealing, DiskAccess.Write) : null;
        TwinFile.Write(disk, AuditNames.Sealing, string.Create(CultureInfo.InvariantCulture, $"epoch {state.Epoch}\nsince {state.SinceNs}\nentries {state.Entries}\nkey {state.Key.Digits()}\n"));
        try
        {
            Overwrite(former);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // Its name is gone; the disk that could not overwrite its place says so soon enough.
        }
    }

    /// <summary>With noise, as far as the medium lets one.</summary>
    public static void Overwrite(IDiskFile? file)
    {
        if (file is not null)
        {
            byte[] noise = RandomNumberGenerator.GetBytes((int)Math.Min(file.Length, 2 * TwinFile.MostBytes));
            file.Write(0, noise);
            file.Sync();
        }
    }
}

/// <summary>A key by which everything sealed under it and its successors can be checked, as a person keeps it on paper: <c>bedside-audit-key 1 EPOCH ID 64 digits in groups</c>.</summary>
internal sealed record VerificationKey(long Epoch, string Id, SealingKey Key)
{
    private const string Name = "bedside-audit-key";
    private const int GroupDigits = 8;

    public static VerificationKey Of(long epoch, SealingKey key) => new(epoch, key.Id, key);

    /// <summary>Null for a line that is no such key, or was mistyped: its id says so.</summary>
    public static VerificationKey? Parse(string line)
    {
        string[] words = line.Split([' ', '\t', '\r', '\n', '-'], StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["bedside", "audit", "key", "1", var epoch, var id, .. var digits]
            || !long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || SealingKey.Parse(string.Concat(digits).ToLowerInvariant()) is not { } key)
        {
            return null;
        }

        return key.Id == id ? new VerificationKey(number, id, key) : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name} 1 {Epoch} {Id} {string.Join(' ', Key.Digits().Chunk(GroupDigits).Select(group => new string(group)))}");
}
