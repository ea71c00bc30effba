using Bedside.Storage.Disk;

namespace Bedside.Storage.Keys;

/// <summary>A file whose frames are encrypted by those who read and write them, with the cipher they do it with, which goes when the file is closed.</summary>
internal sealed class FileWithCipher(IDiskFile file, FileCipher cipher) : IDiskFile
{
    private bool _isDisposed;

    public FileCipher Cipher => cipher;

    public long Length => file.Length;

    public int Read(long offset, Span<byte> bytes) => file.Read(offset, bytes);

    public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

    public void Sync() => file.Sync();

    public void Forget() => file.Forget();

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            cipher.LetGo();
            file.Dispose();
        }
    }
}
