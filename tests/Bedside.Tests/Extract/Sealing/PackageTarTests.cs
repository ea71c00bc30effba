using System.Formats.Tar;
using System.Text;
using Bedside.Extract.Sealing;

namespace Bedside.Tests.Extract.Sealing;

public sealed class PackageTarTests
{
    [Fact]
    public void A_folder_comes_back_as_it_was_packed()
    {
        using var folder = new Folder();
        SampleBag.Fill(folder.New("in"));
        Directory.CreateDirectory(folder.New("in/data/empty"));
        Directory.CreateDirectory(folder.New("out"));

        byte[] tar = SampleBag.Tar(folder.New("in"));
        string name = PackageTar.Read(new MemoryStream(tar), folder.New("out"));

        Assert.Equal(SampleBag.Name, name);
        Assert.Equal(Tree(folder.New("in")), Tree(folder.New($"out/{name}")));
        Assert.True(Directory.Exists(folder.New($"out/{name}/data/empty")));
        Assert.Equal(0, tar.Length % 512);
    }

    [Fact]
    public void The_same_files_are_the_same_bytes_whenever_and_in_whatever_order_they_were_written()
    {
        using var folder = new Folder();
        SampleBag.Fill(folder.New("a"));
        foreach (string file in Directory.GetFiles(folder.New("a"), "*", SearchOption.AllDirectories).OrderDescending(StringComparer.Ordinal))
        {
            string copy = folder.New(Path.Combine("b", Path.GetRelativePath(folder.New("a"), file)));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!); // it has one
            File.Copy(file, copy);
            File.SetLastWriteTimeUtc(copy, new DateTime(1999, 9, 9, 9, 9, 9, DateTimeKind.Utc));
            File.SetUnixFileMode(copy, UnixFileMode.UserRead);
        }

        Assert.True(SampleBag.Tar(folder.New("a")).AsSpan().SequenceEqual(SampleBag.Tar(folder.New("b"))));
    }

    [Fact]
    public async Task GNU_tar_lists_and_unpacks_it_with_no_owner_and_no_time()
    {
        using var folder = new Folder();
        SampleBag.Fill(folder.New("in"));
        await File.WriteAllBytesAsync(folder.New("x.tar"), SampleBag.Tar(folder.New("in")));

        string[] lines = (await Programs.OutputAsync(folder.Path, "tar", "--list", "--verbose", "--numeric-owner", "--utc", "--file", "x.tar")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await Programs.OutputAsync(folder.Path, "tar", "--extract", "--file", "x.tar");

        Assert.All(lines, line => Assert.Matches(line.EndsWith('/') ? "^drwxr-xr-x 0/0 +0 1970-01-01 00:00 " : "^-rw-r--r-- 0/0 +[0-9]+ 1970-01-01 00:00 ", line));
        Assert.Equal(lines.Select(line => line.Split(' ')[^1]).Order(StringComparer.Ordinal), lines.Select(line => line.Split(' ')[^1]));
        Assert.Equal(Tree(folder.New("in")), Tree(folder.New(SampleBag.Name)));
    }

    [Fact]
    public void The_base_library_reads_every_entry_of_it()
    {
        using var folder = new Folder();
        SampleBag.Fill(folder.New("in"));
        using var reader = new TarReader(new MemoryStream(SampleBag.Tar(folder.New("in"))));
        var files = new List<string>();
        while (reader.GetNextEntry() is { } entry)
        {
            Assert.Equal(TarEntryFormat.Ustar, entry.Format);
            if (entry.EntryType == TarEntryType.RegularFile)
            {
                using var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                files.Add($"{entry.Name[(SampleBag.Name.Length + 1)..]} {Convert.ToHexString(content.ToArray())}");
            }
        }

        Assert.Equal(Tree(folder.New("in")), files);
    }

    /// <summary>Nobody waits for nine gigabytes of zeros: the header, its record and a file that is hollow.</summary>
    [Fact]
    public async Task GNU_tar_reads_the_size_of_a_file_beyond_eight_gibibytes()
    {
        const long Size = (9L << 30) + 5;
        using var folder = new Folder();
        byte[] record = TarBlock.SizeRecord(Size);
        byte[] head = new byte[3 * 512];
        TarBlock.Write(head.AsSpan(0, 512), TarBlock.RecordName, TarBlock.Record, record.Length);
        record.CopyTo(head, 512);
        TarBlock.Write(head.AsSpan(1024), "x/big.arrow", TarBlock.File, Size);
        await using (FileStream file = File.Create(folder.New("big.tar")))
        {
            await file.WriteAsync(head);
            file.SetLength(head.Length + Size + TarBlock.Filling(Size) + 1024);
        }

        string line = await Programs.OutputAsync(folder.Path, "tar", "--list", "--verbose", "--file", "big.tar");

        Assert.Matches($"^-rw-r--r-- 0/0 +{Size} 1970-01-01 00:00 x/big.arrow\n$", line);
        Assert.Equal(Size, TarBlock.ReadSizeRecord(record));
        Assert.Equal("20 size=100000000000\n".Length, TarBlock.SizeRecord(100_000_000_000).Length);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("x/../../y")]
    [InlineData("x/./y")]
    [InlineData("x//y")]
    [InlineData("x/.hidden")]
    [InlineData("x/-f")]
    [InlineData("x/a b")]
    [InlineData("x/é")]
    [InlineData("y/elsewhere")]
    [InlineData("x")]
    public void A_name_that_could_be_anywhere_is_refused(string name)
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.New("out"));
        byte[] tar = [.. Forge("x/", '5'), .. Forge(name, '0'), .. new byte[1024]];

        Assert.Throws<SealingException>(() => PackageTar.Read(new MemoryStream(tar), folder.New("out")));
        Assert.Equal(["out"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFiles(folder.New("out"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_forged_header_is_taken_where_nothing_is_wrong_with_it()
    {
        using var folder = new Folder();
        byte[] tar = [.. Forge("x/", '5'), .. Forge("x/data", '0'), .. new byte[1024]];

        Assert.Equal("x", PackageTar.Read(new MemoryStream(tar), folder.Path));
        Assert.True(File.Exists(folder.New("x/data")));
    }

    [Theory]
    [InlineData('1')]
    [InlineData('2')]
    [InlineData('3')]
    [InlineData('4')]
    [InlineData('6')]
    [InlineData('7')]
    [InlineData('L')]
    [InlineData('g')]
    [InlineData('x')]
    public void What_is_no_file_is_refused(char kind)
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.New("out"));
        byte[] tar = [.. Forge("x/", '5'), .. Forge("x/data", kind, "/etc/passwd"), .. new byte[1024]];

        Assert.Throws<SealingException>(() => PackageTar.Read(new MemoryStream(tar), folder.New("out")));
        Assert.Equal(["x"], Directory.GetFileSystemEntries(folder.New("out")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_link_in_the_folder_is_not_packed()
    {
        using var folder = new Folder();
        SampleBag.Fill(folder.New("in"));
        File.CreateSymbolicLink(folder.New("in/data/link"), "/etc/hostname");

        Assert.Contains("data/link is a link", Assert.Throws<SealingException>(() => SampleBag.Tar(folder.New("in"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_are_cut_where_the_format_allows_and_come_back()
    {
        string folderName = new('d', 90);
        string name = $"{SampleBag.Name}/data/{folderName}/{new string('f', 80)}";
        byte[] block = new byte[512];
        TarBlock.Write(block, name, TarBlock.File, 5);

        Assert.Equal((name, TarBlock.File, 5L), TarBlock.Read(block));
        Assert.Throws<SealingException>(() => TarBlock.Write(new byte[512], new string('n', 101), TarBlock.File, 0));
    }

    private static string[] Tree(string directory) =>
    [
        .. Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Select(file => $"{Path.GetRelativePath(directory, file)} {Convert.ToHexString(File.ReadAllBytes(file))}").Order(StringComparer.Ordinal),
    ];

    /// <summary>A header with a right checksum that the box would not write.</summary>
    private static byte[] Forge(string name, char kind, string link = "")
    {
        byte[] block = new byte[512];
        TarBlock.Write(block, kind == TarBlock.Folder ? "x/" : "x", kind == TarBlock.Folder ? kind : TarBlock.File, 0);
        block.AsSpan(0, 2).Clear();
        Encoding.Latin1.GetBytes(name).CopyTo(block, 0);
        Encoding.Latin1.GetBytes(link).CopyTo(block, 157);
        block[156] = (byte)kind;
        "        "u8.CopyTo(block.AsSpan(148));
        Encoding.ASCII.GetBytes(Convert.ToString(block.Sum(one => one), 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return block;
    }
}
