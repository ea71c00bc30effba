using System.CommandLine;
using System.Globalization;
using System.Text;
using Bedside.Audit;
using Bedside.Model.Audit;

namespace Bedside.Host.Commands;

/// <summary><c>bedside audit</c>: the journal of access. All of it also works beside a running box.</summary>
internal static class AuditCommand
{
    private const int LongestFile = 1 << 20;

    public static Command Create() =>
        new("audit", "The journal of who did what, when and why: read it, prove that nothing in it was changed, and let another box witness it.")
        {
            AuditListCommand.Create(), AuditVerifyCommand.Create(), Checkpoint(), Cosign(), AuditWitnessedCommand.Create(), Key(),
        };

    /// <summary>The file that a person named. Throws <see cref="CommandFailedException"/>.</summary>
    internal static string ReadText(FileInfo file)
    {
        try
        {
            return file.Length <= LongestFile ? File.ReadAllText(file.FullName) : throw new CommandFailedException($"{file.FullName} is too long to be a checkpoint or a key.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static Command Checkpoint()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var old = new Option<long?>("--old") { Description = "For a witness that saw so many entries: with the proof that the journal goes on from them." };
        var output = new Option<FileInfo?>("--out") { Description = "File to write; default: standard output." };
        var command = new Command("checkpoint", "Print how long the journal is and what its tree says, signed: for a witness, or for paper. It tells nothing of what stands in it.") { data, old, output };
        command.SetAction(result =>
        {
            DirectoryInfo directory = StoreArguments.Existing(result.GetRequiredValue(data));
            using AuditTrail trail = CommandAudit.Open(directory);
            WitnessRequest made = Try(() => trail.Checkpoint(result.GetValue(old) ?? 0))
                ?? throw new CommandFailedException($"the journal never had {result.GetValue(old)} entries: if the witness saw so many, it was cut or rolled back; verify it with the witness's checkpoint.");
            Write(result.GetValue(output), result.GetValue(old) is null ? made.Checkpoint.ToString() : made.ToString());
            return 0;
        });
        return command;
    }

    private static Command Cosign()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var file = new Argument<FileInfo>("FILE") { Description = "What bedside audit checkpoint wrote on the other box." };
        var output = new Option<FileInfo?>("--out") { Description = "File to write; default: standard output." };
        var command = new Command("cosign", "As a witness, say that the journal of another box goes on from what this one saw of it. Kept here: its origin, size, root and signatures.") { file, data, output };
        command.SetAction(result =>
        {
            DirectoryInfo directory = StoreArguments.Existing(result.GetRequiredValue(data));
            FileInfo asked = result.GetRequiredValue(file);
            WitnessRequest request = WitnessRequest.Parse(ReadText(asked)) ?? throw new CommandFailedException($"{asked.FullName} is no checkpoint; bedside audit checkpoint --out writes one on the other box.");
            using AuditTrail trail = CommandAudit.Open(directory);
            WitnessAnswer answer = Try(() => trail.Cosign(request, CommandAudit.Entry(AuditAct.CheckpointCosigned)));
            Write(result.GetValue(output), answer.Cosigned?.ToString() ?? throw new CommandFailedException(answer.Sentence));
            return 0;
        });
        return command;
    }

    private static Command Key()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var take = new Option<bool>("--take") { Description = "Take it out of the box: it is printed once, then overwritten and deleted." };
        var command = new Command("key", "Print the verification key, to be kept sealed on paper away from the box. As long as it lies in the box, whoever can read the box could seal old entries anew.") { data, take };
        command.SetAction(async (result, _) =>
        {
            DirectoryInfo directory = StoreArguments.Existing(result.GetRequiredValue(data));
            using AuditTrail trail = CommandAudit.Open(directory);
            IReadOnlyList<VerificationKey> keys = Try(() => trail.Keys(result.GetValue(take), CommandAudit.Entry(AuditAct.KeyTaken)));
            if (keys.Count == 0)
            {
                throw new CommandFailedException("the verification key was taken out of this box; it is on the paper on which it was printed.");
            }

            foreach (VerificationKey key in keys)
            {
                Console.WriteLine(key);
            }

            await Console.Error.WriteLineAsync(result.GetValue(take)
                ? "bedside: it is not in the box any more. Keep it sealed, away from the box: bedside audit verify --key FILE needs it."
                : "bedside: it still lies in the box; take it out with --take once it is on paper.");
            return 0;
        });
        return command;
    }

    private static void Write(FileInfo? output, string text)
    {
        if (output is null)
        {
            Console.Write(text);
            return;
        }

        try
        {
            File.WriteAllText(output.FullName, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"written to {output.FullName}"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static T Try<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (AuditUnwritableException full)
        {
            throw new CommandFailedException(full.Message);
        }
    }
}
