namespace Bedside.Storage.Disk;

internal enum DiskAccess
{
    Read,
    Write,

    /// <summary>A new, empty file; one of that name is replaced.</summary>
    Create,

    /// <summary>The same, for the eyes of its owner only.</summary>
    CreatePrivate,
}

/// <summary>
/// One folder of files. Names are durable only after <see cref="Sync"/>. Errors are <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal interface IDisk
{
    IReadOnlyList<string> Names();

    IDiskFile Open(string name, DiskAccess access);

    /// <summary>Replaces a file named <paramref name="to"/>.</summary>
    void Rename(string from, string to);

    void Delete(string name);

    void Sync();
}

/// <summary>A file read and written at offsets, from any thread. Bytes are durable only after <see cref="Sync"/>.</summary>
internal interface IDiskFile : IDisposable
{
    long Length { get; }

    /// <summary>How many bytes it read: fewer than asked only at the end of the file.</summary>
    int Read(long offset, Span<byte> bytes);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    void Sync();

    /// <summary>
    /// Nobody will read soon what is synced: the kernel need not keep it in memory. Without this a file that was written in
    /// large pieces stays there in large pieces, and each small write counts, and may be written, as one of them.
    /// </summary>
    void Forget()
    {
    }
}

internal static class DiskErrors
{
    /// <summary>What a disk throws when it fails, as opposed to a defect of the program.</summary>
    public static bool Is(Exception error) => error is IOException or UnauthorizedAccessException;
}
