using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bedside.Extract.Sealing;

/// <summary>Diffie-Hellman on Curve25519 (RFC 7748), which .NET 10 has not: libcrypto of OpenSSL 3, which .NET itself loads, does all of it.</summary>
internal static partial class X25519
{
    public const int Bytes = 32;

    /// <summary>NID_X25519 of OpenSSL's <c>obj_mac.h</c>.</summary>
    private const int KeyType = 1034;

    private const string Library = "libcrypto.so.3";

    /// <summary>The public key of a secret of 32 bytes.</summary>
    public static byte[] PublicOf(ReadOnlySpan<byte> secret)
    {
        byte[] made = new byte[Bytes];
        using var key = Key.OfSecret(secret);
        nuint length = Bytes;
        return RawPublicKey(key, made, ref length) == 1 && length == Bytes ? made : throw Failed();
    }

    /// <summary>What both sides come to; false when the other side's key is one of the few weak points for which it is zero whatever the secret (RFC 7748, section 6.1).</summary>
    public static bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> other, Span<byte> shared)
    {
        using var mine = Key.OfSecret(secret);
        using var theirs = Key.OfPublic(other);
        nint agreement = NewAgreement(mine, 0);
        try
        {
            if (agreement == 0 || BeginAgreement(agreement) != 1)
            {
                throw Failed();
            }

            nuint length = Bytes;
            bool isAgreed = SetOther(agreement, theirs) == 1 && Agree(agreement, shared, ref length) == 1 && length == Bytes && shared[..Bytes].ContainsAnyExcept((byte)0);
            if (!isAgreed)
            {
                ForgetErrors();
            }

            return isAgreed;
        }
        finally
        {
            FreeAgreement(agreement);
        }
    }

    private static CryptographicException Failed()
    {
        ForgetErrors();
        return new CryptographicException("libcrypto does not do X25519; OpenSSL 3.0 or later is needed (Debian: apt-get install libssl3)");
    }

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewSecret(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewPublic(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RawPublicKey(Key key, Span<byte> made, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewAgreement(Key key, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BeginAgreement(nint agreement);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_set_peer")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOther(nint agreement, Key other);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Agree(nint agreement, Span<byte> shared, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeAgreement(nint agreement);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeKey(nint key);

    /// <summary>What failed must not be told to the next who asks this thread.</summary>
    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ForgetErrors();

    /// <summary>An <c>EVP_PKEY</c>.</summary>
    private sealed class Key : SafeHandle
    {
        private Key(nint key)
            : base(0, ownsHandle: true)
        {
            SetHandle(key);
            if (IsInvalid)
            {
                throw Failed();
            }
        }

        public override bool IsInvalid => handle == 0;

        public static Key OfSecret(ReadOnlySpan<byte> secret) => new(NewSecret(KeyType, 0, secret, (nuint)secret.Length));

        public static Key OfPublic(ReadOnlySpan<byte> key) => new(NewPublic(KeyType, 0, key, (nuint)key.Length));

        protected override bool ReleaseHandle()
        {
            FreeKey(handle);
            return true;
        }
    }
}
