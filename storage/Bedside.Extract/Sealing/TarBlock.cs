using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Bedside.Extract.Sealing;

/// <summary>
/// A header of a tar: 512 bytes of POSIX.1-2017 <c>pax</c>, section "ustar Interchange Format". Of what it can say only name, kind and size are used; everything else is always the same, so the same files
/// are the same bytes: no owner, no time (0 = 1970), mode 0644 or 0755.
/// </summary>
internal static class TarBlock
{
    public const int Bytes = 512;

    /// <summary>What eleven octal digits can say; a larger file says its size in a record of its own before it.</summary>
    public const long LargestPlain = 0x1_FFFF_FFFF;

    public const char File = '0';
    public const char Folder = '5';
    public const char Record = 'x';
    public const string RecordName = "PaxHeader";

    private const int NameBytes = 100;
    private const int ModeAt = 100;
    private const int UserAt = 108;
    private const int GroupAt = 116;
    private const int SizeAt = 124;
    private const int SizeDigits = 11;
    private const int TimeAt = 136;
    private const int SumAt = 148;
    private const int SumBytes = 8;
    private const int KindAt = 156;
    private const int MagicAt = 257;
    private const int DeviceAt = 329;
    private const int MinorAt = 337;
    private const int PrefixAt = 345;
    private const int PrefixBytes = 155;

    private static ReadOnlySpan<byte> Magic => "ustar\000"u8;

    /// <summary>Writes all of the block. Throws <see cref="SealingException"/> for a name that does not fit.</summary>
    public static void Write(Span<byte> block, string name, char kind, long size)
    {
        block.Clear();
        int split = Split(name);
        _ = Encoding.ASCII.GetBytes(name.AsSpan(split == 0 ? 0 : split + 1), block[..NameBytes]);
        _ = Encoding.ASCII.GetBytes(name.AsSpan(0, split), block.Slice(PrefixAt, PrefixBytes));
        Octal(block[ModeAt..], kind == Folder ? 0x1ED : 0x1A4, 7);
        Octal(block[UserAt..], 0, 7);
        Octal(block[GroupAt..], 0, 7);
        Octal(block[SizeAt..], size > LargestPlain ? 0 : size, SizeDigits);
        Octal(block[TimeAt..], 0, SizeDigits);
        block[KindAt] = (byte)kind;
        Magic.CopyTo(block[MagicAt..]);
        Octal(block[DeviceAt..], 0, 7);
        Octal(block[MinorAt..], 0, 7);
        Octal(block[SumAt..], Sum(block), 6);
        block[SumAt + 7] = (byte)' ';
    }

    /// <summary>What a block says. Throws <see cref="SealingException"/> for one that <see cref="Write"/> did not write.</summary>
    public static (string Name, char Kind, long Size) Read(ReadOnlySpan<byte> block)
    {
        string prefix = Text(block.Slice(PrefixAt, PrefixBytes));
        string name = Text(block[..NameBytes]);
        long size = 0;
        foreach (byte digit in block.Slice(SizeAt, SizeDigits))
        {
            size = (size * 8) + (digit - '0');
        }

        (string Name, char Kind, long Size) said = (prefix.Length > 0 ? $"{prefix}/{name}" : name, (char)block[KindAt], size);
        Span<byte> again = stackalloc byte[Bytes];
        if (said.Size < 0 || said.Size > LargestPlain || said.Kind is not (File or Folder or Record) || !IsNamed(said))
        {
            throw Foreign();
        }

        Write(again, said.Name, said.Kind, said.Size);
        return block.SequenceEqual(again) ? said : throw Foreign();
    }

    /// <summary>The record that says the size of a large file: <c>LENGTH size=BYTES</c> and LF, of which LENGTH counts itself.</summary>
    public static byte[] SizeRecord(long size)
    {
        string rest = string.Create(CultureInfo.InvariantCulture, $" size={size}\n");
        int length = rest.Length + 2;
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length}{rest}"));
    }

    /// <summary>Throws <see cref="SealingException"/> for what <see cref="SizeRecord"/> did not write.</summary>
    public static long ReadSizeRecord(ReadOnlySpan<byte> record)
    {
        const int NumberAt = 8;
        return record.Length > NumberAt && Utf8Parser.TryParse(record[NumberAt..], out long size, out _) && size > LargestPlain && record.SequenceEqual(SizeRecord(size)) ? size : throw Foreign();
    }

    /// <summary>How many bytes fill the last block of so many.</summary>
    public static int Filling(long size) => (int)(-size & (Bytes - 1));

    public static SealingException Foreign() => new("this is no tar that a box wrote: it is damaged, or another program made it");

    private static bool IsNamed((string Name, char Kind, long Size) said) =>
        (said.Kind == Folder) == said.Name.EndsWith('/') && (said.Kind != Folder || said.Size == 0) && PackageNames.IsPath(said.Kind == Folder ? said.Name[..^1] : said.Name);

    /// <summary>Where a long name is cut: at the last slash that leaves no more than 100 letters behind it; 0 = nowhere.</summary>
    private static int Split(string name)
    {
        if (name.Length <= NameBytes)
        {
            return 0;
        }

        int split = name.IndexOf('/', name.Length - NameBytes - 1);
        return split is > 0 and <= PrefixBytes && split < name.Length - 1 ? split : throw new SealingException($"{name} is too long for a tar");
    }

    private static string Text(ReadOnlySpan<byte> field) => Encoding.ASCII.GetString(field[..(field.IndexOf((byte)0) is >= 0 and var end ? end : field.Length)]);

    private static void Octal(Span<byte> field, long value, int digits)
    {
        for (int i = digits - 1; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    /// <summary>Of all bytes, with spaces where it will stand.</summary>
    private static int Sum(ReadOnlySpan<byte> block)
    {
        int sum = SumBytes * ' ';
        foreach (byte one in block)
        {
            sum += one;
        }

        return sum;
    }
}
