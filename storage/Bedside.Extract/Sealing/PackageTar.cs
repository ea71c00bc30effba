namespace Bedside.Extract.Sealing;

/// <summary>A folder as one tar, whose bytes tell nothing but names, sizes and contents; and the way back. BAG.md, section 3.</summary>
public static class PackageTar
{
    private const int BufferBytes = 1 << 20;

    /// <summary>
    /// Writes everything below <paramref name="directory"/> as <c>NAME/…</c>, folders and files in the order of their names. <paramref name="to"/> stays open.
    /// Throws <see cref="SealingException"/> for what cannot be in a package, <see cref="IOException"/> when a file changes meanwhile.
    /// </summary>
    /// <param name="progress">Bytes that were written so far, after each file or MiB.</param>
    public static void Write(string directory, string name, Stream to, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        if (!PackageNames.IsName(name))
        {
            throw new SealingException($"{name} is no name for a package");
        }

        byte[] buffer = new byte[BufferBytes];
        long written = 0;
        Header(to, buffer, $"{name}/", TarBlock.Folder, 0);
        foreach (string path in PackageNames.Below(directory))
        {
            cancel.ThrowIfCancellationRequested();
            if (path[^1] == '/')
            {
                Header(to, buffer, $"{name}/{path}", TarBlock.Folder, 0);
                continue;
            }

            using FileStream file = Open(Path.Combine(directory, path));
            long size = file.Length;
            if (size > TarBlock.LargestPlain)
            {
                byte[] record = TarBlock.SizeRecord(size);
                Header(to, buffer, TarBlock.RecordName, TarBlock.Record, record.Length);
                to.Write(record);
                Fill(to, buffer, record.Length);
            }

            Header(to, buffer, $"{name}/{path}", TarBlock.File, size);
            for (long left = size; left > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                int read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                {
                    throw new IOException($"{path} became shorter while it was packed");
                }

                to.Write(buffer.AsSpan(0, read));
                left -= read;
                progress?.Report(written += read);
            }

            Fill(to, buffer, size);
        }

        buffer.AsSpan(0, 2 * TarBlock.Bytes).Clear();
        to.Write(buffer.AsSpan(0, 2 * TarBlock.Bytes));
    }

    /// <summary>
    /// Unpacks what <see cref="Write"/> wrote into an empty folder, and reads to the very end. Nothing can come out beside the folder: names are plain, links do not exist, no file is written twice.
    /// Throws <see cref="SealingException"/> at the first thing that <see cref="Write"/> would have written otherwise.
    /// </summary>
    /// <returns>The name of the folder that was packed, which is now below <paramref name="into"/>.</returns>
    public static string Read(Stream from, string into, CancellationToken cancel = default)
    {
        byte[] buffer = new byte[BufferBytes];
        string last = string.Empty;
        string root = string.Empty;
        while (Next(from, buffer) is { } entry)
        {
            cancel.ThrowIfCancellationRequested();
            root = root.Length == 0 ? RootOf(entry.Name) : root;
            string path = Path.Combine(into, entry.Name.TrimEnd('/'));
            if (!entry.Name.StartsWith(root, StringComparison.Ordinal) || string.CompareOrdinal(entry.Name, last) <= 0 || File.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
            {
                throw TarBlock.Foreign();
            }

            last = entry.Name;
            if (entry.Kind == TarBlock.Folder)
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Unpack(from, path, entry.Size, buffer, cancel);
            }
        }

        return root.Length > 0 && from.ReadAtLeast(buffer, 1, throwOnEndOfStream: false) == 0 ? root[..^1] : throw TarBlock.Foreign();
    }

    /// <summary>The folder that everything is in comes first.</summary>
    private static string RootOf(string first) => first.IndexOf('/', StringComparison.Ordinal) == first.Length - 1 ? first : throw TarBlock.Foreign();

    /// <summary>Null at the end, both blocks of which are zero.</summary>
    private static (string Name, char Kind, long Size)? Next(Stream from, byte[] buffer)
    {
        Span<byte> block = buffer.AsSpan(0, TarBlock.Bytes);
        Take(from, block);
        if (!block.ContainsAnyExcept((byte)0))
        {
            Take(from, block);
            return block.ContainsAnyExcept((byte)0) ? throw TarBlock.Foreign() : null;
        }

        (string Name, char Kind, long Size) entry = TarBlock.Read(block);
        if (entry.Kind != TarBlock.Record)
        {
            return entry;
        }

        if (entry.Name != TarBlock.RecordName || entry.Size > TarBlock.Bytes)
        {
            throw TarBlock.Foreign();
        }

        Take(from, block);
        long size = TarBlock.ReadSizeRecord(block[..(int)entry.Size]);
        if (block[(int)entry.Size..].ContainsAnyExcept((byte)0))
        {
            throw TarBlock.Foreign();
        }

        Take(from, block);
        entry = TarBlock.Read(block);
        return entry is { Kind: TarBlock.File, Size: 0 } ? entry with { Size = size } : throw TarBlock.Foreign();
    }

    private static void Unpack(Stream from, string path, long size, byte[] buffer, CancellationToken cancel)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (long left = size; left > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            Take(from, part);
            file.Write(part);
            left -= part.Length;
        }

        Span<byte> filling = buffer.AsSpan(0, TarBlock.Filling(size));
        Take(from, filling);
        if (filling.ContainsAnyExcept((byte)0))
        {
            throw TarBlock.Foreign();
        }
    }

    private static void Take(Stream from, Span<byte> bytes)
    {
        if (from.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new SealingException("this tar ends too early: it was cut, or did not arrive whole");
        }
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.SequentialScan });

    private static void Header(Stream to, byte[] buffer, string name, char kind, long size)
    {
        Span<byte> block = buffer.AsSpan(0, TarBlock.Bytes);
        TarBlock.Write(block, name, kind, size);
        to.Write(block);
    }

    private static void Fill(Stream to, byte[] buffer, long size)
    {
        Span<byte> filling = buffer.AsSpan(0, TarBlock.Filling(size));
        filling.Clear();
        to.Write(filling);
    }
}
