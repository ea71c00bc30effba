using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Bedside.Extract.Sealing;

/// <summary>SHA-256 of many files at once, each by one of the processor's cores.</summary>
internal static class Digests
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Lower-case hexadecimal, in the order of the paths. Throws the disk's errors and <see cref="OperationCanceledException"/>.</summary>
    public static string[] Of(string directory, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        string[] digests = new string[paths.Count];
        try
        {
            _ = Parallel.ForEach(
                Partitioner.Create(Enumerable.Range(0, paths.Count), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel },
                () => new byte[BufferBytes],
                (one, _, buffer) =>
                {
                    digests[one] = Of(Path.Combine(directory, paths[one]), buffer, cancel);
                    return buffer;
                },
                _ => { });
        }
        catch (AggregateException several)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }

        return digests;
    }

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Of(string path, byte[] buffer, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.SequentialScan });
        for (int read = file.Read(buffer); read > 0; read = file.Read(buffer))
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
