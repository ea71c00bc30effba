using System.CommandLine;
using System.Text;
using Bedside.Extract.Sealing;

namespace Bedside.Host.Commands;

/// <summary><c>bedside extract keygen</c>: a pair of keys for those who have no <c>age-keygen</c>; its file is one that <c>age</c> reads.</summary>
internal static class ExtractKeygenCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--out") { Description = "New file for the secret key, for its owner's eyes; default: standard output." };
        var command = new Command("keygen", "Make a pair of keys for research packages: the secret one stays with you, the public one (age1…) goes into the request.") { output };
        command.SetAction(result => Run(result.GetValue(output)));
        return command;
    }

    private static int Run(FileInfo? output)
    {
        using var identity = AgeIdentity.Generate();
        string text = $"# public key: {identity.Recipient}\n{identity.Secret()}\n";
        if (output is null)
        {
            Console.Write(text);
            return 0;
        }

        try
        {
            using var file = new FileStream(output.FullName, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            file.Write(Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }

        Console.WriteLine($"public key {identity.Recipient}");
        return 0;
    }
}
