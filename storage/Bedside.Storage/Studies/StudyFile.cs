using System.Text;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;
using Bedside.Storage.Retention;

namespace Bedside.Storage.Studies;

/// <summary>
/// The studies on the disk: a text that is held twice, sealed under a key of the box because a draft is its author's alone. Written anew as a whole: a crash leaves the former or the new one.
/// </summary>
/// <param name="key">Derived from the box key for <see cref="Purpose"/>.</param>
internal sealed class StudyFile(IDisk disk, byte[] key)
{
    public const string Name = "studies";

    /// <summary>Bytes of the text before it is sealed, at most: base64 of it fits into a twin file.</summary>
    public const int MostBytes = 760 * 1024;

    private const string Damaged = "the file of the studies is damaged, or sealed under another box key: put a copy of it or the former key back; the public log beside it is still readable";

    /// <summary>What the key is derived from the box key for.</summary>
    public static ReadOnlySpan<byte> Purpose => "bedside studies"u8;

    private static ReadOnlySpan<byte> About => "studies\0version 1"u8;

    public static bool Fits(StudyList list) => Encoding.UTF8.GetByteCount(StudyCoding.Write(list)) <= MostBytes;

    /// <summary>Throws <see cref="IOException"/> when it cannot be read.</summary>
    public StudyList Read()
    {
        (string? text, Damage? damage) = TwinFile.Read(disk, Name);
        if (text is null)
        {
            return damage is null ? StudyList.Empty : throw new IOException(Damaged);
        }

        byte[]? plain = SealedText.Open(key, text, About);
        return plain is not null && StudyCoding.Read(Encoding.UTF8.GetString(plain)) is { } list ? list : throw new IOException(Damaged);
    }

    /// <summary>On the disk when it returns. Throws the disk's errors; what is there is then the former or the new one.</summary>
    public void Write(StudyList list) => TwinFile.Write(disk, Name, SealedText.Seal(key, Encoding.UTF8.GetBytes(StudyCoding.Write(list)), About));
}
