using System.Buffers;
using System.Security.Cryptography;
using Bedside.Extract.Package;

namespace Bedside.Extract.Sealing;

/// <summary>SHA-256 of many files at once, each by one of the processor's cores.</summary>
internal static class Digests
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Lower-case hexadecimal, in the order of the paths. Throws the disk's errors and <see cref="OperationCanceledException"/>.</summary>
    public static string[] Of(string directory, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        string[] digests = new string[paths.Count];
        PackageWorkers.Run(Environment.ProcessorCount, [.. Enumerable.Range(0, paths.Count).Select<int, Action>(one => () => digests[one] = Of(Path.Combine(directory, paths[one]), cancel))]);
        return digests;
    }

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Of(string path, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.SequentialScan });
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int read = file.Read(buffer, 0, BufferBytes); read > 0; read = file.Read(buffer, 0, BufferBytes))
            {
                cancel.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
