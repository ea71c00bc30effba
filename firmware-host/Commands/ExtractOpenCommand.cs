using System.CommandLine;
using System.Globalization;
using Bedside.Extract.Sealing;

namespace Bedside.Host.Commands;

/// <summary><c>bedside extract open</c>: what a researcher does with a package; it needs no box, no store and no account.</summary>
internal static class ExtractOpenCommand
{
    private const int LongestKeyFile = 1 << 16;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The package as it was fetched: NAME.tar.age." };
        var identity = new Option<FileInfo>("--identity") { Description = "File with your secret key (AGE-SECRET-KEY-1…), of bedside extract keygen or age-keygen.", Required = true };
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder in which the package is unpacked; it must not hold one of that name already.", Required = true };
        var key = new Option<FileInfo?>("--key") { Description = "signer.pem of the box, from the public log; default: the one in the package, whose digest you then compare yourself." };
        var command = new Command("open", "Decrypt, unpack and verify a package; exit 1 says what in it was altered, and nothing of it is left.") { file, identity, output, key };
        command.SetAction((result, cancel) => Task.FromResult(Run(result.GetRequiredValue(file), result.GetRequiredValue(identity), result.GetRequiredValue(output), result.GetValue(key), cancel)));
        return command;
    }

    private static int Run(FileInfo file, FileInfo identity, DirectoryInfo output, FileInfo? key, CancellationToken cancel)
    {
        IReadOnlyList<AgeIdentity> keys = [];
        try
        {
            string? signer = key is null ? null : ReadText(key);
            keys = AgeIdentity.ParseFile(ReadText(identity));
            (string place, BagReport report) = Open(file, keys, output, signer, cancel);
            Print(place, report, signer is not null);
            return 0;
        }
        catch (SealingException refused)
        {
            throw new CommandFailedException($"{refused.Message}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
        finally
        {
            foreach (AgeIdentity one in keys)
            {
                one.Dispose();
            }
        }
    }

    /// <summary>Unpacks beside where it will be, and moves it there once it is known to be whole: what was refused cannot be taken for what was not.</summary>
    private static (string Place, BagReport Report) Open(FileInfo file, IReadOnlyList<AgeIdentity> keys, DirectoryInfo output, string? signer, CancellationToken cancel)
    {
        output.Create();
        string unpacking = Path.Combine(output.FullName, $".{file.Name}.unpacking");
        if (Path.Exists(unpacking))
        {
            Directory.Delete(unpacking, recursive: true);
        }

        Directory.CreateDirectory(unpacking, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            string name;
            using (FileStream packed = file.OpenRead())
            using (Stream open = AgeFile.Decrypt(packed, keys))
            {
                name = PackageTar.Read(open, unpacking, cancel);
            }

            BagReport report = Bag.Check(Path.Combine(unpacking, name), signer, cancel);
            if (report.Fault.Length == 0 && report.Name != name)
            {
                report = report with { Fault = $"the folder {name} holds the package {report.Name}" };
            }

            if (report.Fault.Length > 0)
            {
                throw new SealingException($"{file.Name} is not what a box packed: {report.Fault}; it is not unpacked");
            }

            string place = Path.Combine(output.FullName, name);
            if (Path.Exists(place))
            {
                throw new IOException($"{place} is there already; name another folder with --out.");
            }

            Directory.Move(Path.Combine(unpacking, name), place);
            return (place, report);
        }
        finally
        {
            Directory.Delete(unpacking, recursive: true);
        }
    }

    private static void Print(string place, BagReport report, bool isKeyKnown)
    {
        Console.WriteLine($"package   {report.Name}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"data      {report.Files} files, {report.Bytes} bytes"));
        foreach (IGrouping<string, string> part in Directory.EnumerateFiles(Path.Combine(place, "data"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Path.Combine(place, "data"), path))
            .GroupBy(path => path.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path.Split(Path.DirectorySeparatorChar)[0] + "/" : path, StringComparer.Ordinal)
            .OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            Console.WriteLine(part.Key.EndsWith('/') ? string.Create(CultureInfo.InvariantCulture, $"          {part.Key} {part.Count()} files") : $"          {part.Key}");
        }

        Console.WriteLine($"signer    {report.SignerDigest}");
        Console.WriteLine($"folder    {place}");
        Console.WriteLine(isKeyKnown
            ? "result    whole, and signed by the key that you named"
            : "result    whole, and signed by the key in it: compare the digest of the signer with the public log of the hospital");
        Console.WriteLine("Read README.txt or LISEZMOI.txt, and DATA-USE.txt, before you use it.");
    }

    private static string ReadText(FileInfo file) =>
        file.Length <= LongestKeyFile ? File.ReadAllText(file.FullName) : throw new SealingException($"{file.FullName} is too long to be a key");
}
