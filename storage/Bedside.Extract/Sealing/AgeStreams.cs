using System.Security.Cryptography;

namespace Bedside.Extract.Sealing;

/// <summary>Encrypts in chunks of 64 KiB, each with its place and whether it is the last in its nonce (STREAM). Disposing of it writes the last.</summary>
internal sealed class AgeWriteStream(Stream to, ChaCha20Poly1305 cipher) : Stream
{
    private readonly byte[] _waiting = new byte[AgeFile.ChunkBytes];
    private readonly byte[] _sealed = new byte[AgeFile.ChunkBytes + AgeWrap.TagBytes];
    private int _used;
    private ulong _chunks;
    private bool _isOver;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_isOver;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        while (!buffer.IsEmpty)
        {
            // A full chunk is written only when something follows: it might be the last.
            if (_used == AgeFile.ChunkBytes)
            {
                Seal(_waiting, isLast: false);
                _used = 0;
            }

            if (_used == 0 && buffer.Length > AgeFile.ChunkBytes)
            {
                Seal(buffer[..AgeFile.ChunkBytes], isLast: false);
                buffer = buffer[AgeFile.ChunkBytes..];
                continue;
            }

            int taken = Math.Min(AgeFile.ChunkBytes - _used, buffer.Length);
            buffer[..taken].CopyTo(_waiting.AsSpan(_used));
            _used += taken;
            buffer = buffer[taken..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>What is not a whole chunk yet waits on.</summary>
    public override void Flush() => to.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isOver)
        {
            _isOver = true;
            try
            {
                Seal(_waiting.AsSpan(0, _used), isLast: true);
                to.Flush();
            }
            finally
            {
                CryptographicOperations.ZeroMemory(_waiting);
                cipher.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void Seal(ReadOnlySpan<byte> chunk, bool isLast)
    {
        Span<byte> nonce = stackalloc byte[AgeWrap.NonceBytes];
        AgeFile.SetNonce(nonce, _chunks++, isLast);
        cipher.Encrypt(nonce, chunk, _sealed.AsSpan(0, chunk.Length), _sealed.AsSpan(chunk.Length, AgeWrap.TagBytes));
        to.Write(_sealed.AsSpan(0, chunk.Length + AgeWrap.TagBytes));
    }
}

/// <summary>The reverse. After a fault it gives nothing any more but the same fault.</summary>
internal sealed class AgeReadStream(Stream from, ChaCha20Poly1305 cipher) : Stream
{
    private readonly byte[] _sealed = new byte[AgeFile.ChunkBytes + AgeWrap.TagBytes];
    private readonly byte[] _open = new byte[AgeFile.ChunkBytes];
    private int _at;
    private int _filled;
    private ulong _chunks;
    private bool _isLast;
    private string? _fault;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_fault is not null)
        {
            throw new SealingException(_fault);
        }

        if (_at == _filled && !_isLast)
        {
            Next();
        }

        int taken = Math.Min(buffer.Length, _filled - _at);
        _open.AsSpan(_at, taken).CopyTo(buffer);
        _at += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CryptographicOperations.ZeroMemory(_open);
            cipher.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Next()
    {
        int read = from.ReadAtLeast(_sealed, _sealed.Length, throwOnEndOfStream: false);
        int length = read - AgeWrap.TagBytes;
        if (length < 0)
        {
            throw Fail("this age file ends before its last part: it was cut, or did not arrive whole");
        }

        // A whole chunk may be the last as well; one that is not whole can only be that.
        _isLast = length < AgeFile.ChunkBytes || !TryOpen(length, isLast: false);
        if (_isLast && !TryOpen(length, isLast: true))
        {
            throw Fail($"this age file was altered or cut: part {_chunks + 1} of it, of {AgeFile.ChunkBytes >> 10} KiB each, does not match its seal");
        }

        if (_isLast && from.ReadByte() >= 0)
        {
            throw Fail("something was added behind the end of this age file");
        }

        if (length == 0 && _chunks > 0)
        {
            throw Fail("the end of this age file is not as age writes it");
        }

        _at = 0;
        _filled = length;
        _chunks++;
    }

    private bool TryOpen(int length, bool isLast)
    {
        Span<byte> nonce = stackalloc byte[AgeWrap.NonceBytes];
        AgeFile.SetNonce(nonce, _chunks, isLast);
        try
        {
            cipher.Decrypt(nonce, _sealed.AsSpan(0, length), _sealed.AsSpan(length, AgeWrap.TagBytes), _open.AsSpan(0, length));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private SealingException Fail(string sentence)
    {
        _at = 0;
        _filled = 0;
        CryptographicOperations.ZeroMemory(_open);
        return new SealingException(_fault = sentence);
    }
}
