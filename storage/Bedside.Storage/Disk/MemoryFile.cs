namespace Bedside.Storage.Disk;

/// <summary>A copy of a file, for reading.</summary>
internal sealed class MemoryFile(ReadOnlyMemory<byte> content) : IDiskFile
{
    public long Length => content.Length;

    private const int PageBytes = 4096;

    /// <summary>
    /// Null when the file is gone or cannot be read. From the last page to the first: of a file that is being appended to
    /// meanwhile it is what stood there at some moment, without a hole.
    /// </summary>
    public static MemoryFile? CopyOf(IDisk disk, string name)
    {
        try
        {
            using IDiskFile file = disk.Open(name, DiskAccess.Read);
            byte[] bytes = new byte[file.Length];
            for (int at = (bytes.Length - 1) / PageBytes * PageBytes; at >= 0; at -= PageBytes)
            {
                _ = file.Read(at, bytes.AsSpan(at, Math.Min(PageBytes, bytes.Length - at)));
            }

            return new MemoryFile(bytes);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return null;
        }
    }

    public int Read(long offset, Span<byte> bytes)
    {
        int length = (int)Math.Clamp(content.Length - offset, 0, bytes.Length);
        content.Slice((int)Math.Min(offset, content.Length), length).Span.CopyTo(bytes);
        return length;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => throw new IOException("this file is a copy for reading");

    public void Sync()
    {
    }

    public void Dispose()
    {
    }
}
