using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Bedside.Audit;
using Bedside.Host.Trust;
using Bedside.Model.Audit;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Host.Commands;

/// <summary><c>bedside unit</c>: the boxes of one unit know each other by certificates of an authority of their own.</summary>
internal static class UnitCommand
{
    private const int DefaultPort = 8443;
    private const int PassphraseBytes = 16;

    public static Command Create() =>
        new("unit", "The boxes of a unit: found one, let boxes join it by a code that serves once, and see how certificates do.")
        {
            CreateUnit(), UnitJoinCommands.Invite(), UnitJoinCommands.Join(), UnitStatusCommand.Create(), UnitWishesCommand.Create(), Reissue(), Remove(),
        };

    /// <summary>Where the files of the box are; everything else that a command of the unit needs follows from it.</summary>
    internal static Option<DirectoryInfo> Data()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        data.Required = false;
        data.DefaultValueFactory = _ => new DirectoryInfo("/var/lib/bedside");
        return data;
    }

    /// <summary>Says in one sentence what cannot be.</summary>
    internal static T Try<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception failed) when (failed is UnitFaultException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failed.Message);
        }
    }

    internal static BoxKey KeyOf(DirectoryInfo data, FileInfo? key) => Try(() =>
    {
        data.Create();
        return BoxKeyPlace.ReadOrBegin(data, key, warning => Console.Error.WriteLine($"bedside: {warning}"));
    });

    private static Command CreateUnit()
    {
        Option<DirectoryInfo> data = Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<bool> json = StoreArguments.Json();
        var name = new Option<string>("--name") { Description = "Name of the unit, as people say it.", Required = true };
        var zone = new Option<string>("--zone") { Description = "Zone under which all its boxes have their names, such as icu.home.arpa or one of your hospital; certificates are good for names in it alone.", Required = true };
        var host = new Option<string?>("--host") { Description = "Name of this box in the zone; default: what the machine calls itself." };
        var port = new Option<int>("--port") { Description = "Port on which this box, the unit head, answers the others over TLS.", DefaultValueFactory = _ => DefaultPort };
        var root = new Option<FileInfo>("--root-key")
        {
            Description = "New file for the unit's root key, encrypted under words that are printed once: a USB stick, or print it. It stays nowhere else.",
            DefaultValueFactory = _ => new FileInfo("unit-root.key"),
        };
        var shares = new Option<bool>("--shares") { Description = "Print three shares, for three people, instead of the words of the root key: any two give them back, one alone is worth nothing." };
        var command = new Command("create", "Found a unit: this box is its head and issues the certificates of the others.") { name, zone, host, port, root, shares, data, key, json };
        command.SetAction(result =>
        {
            DirectoryInfo place = result.GetRequiredValue(data);
            using BoxKey box = KeyOf(place, result.GetValue(key));
            using AuditTrail journal = CommandAudit.Open(place);
            var desk = new UnitDesk(UnitSetup.FilesOf(place), box, TimeProvider.System, UnitTrail.OfConsole(journal));
            string inside = result.GetRequiredValue(zone);
            FileInfo file = result.GetRequiredValue(root);
            string words = RootShares.Words(RandomNumberGenerator.GetBytes(PassphraseBytes));
            UnitMembership unit = Try(() => desk.Found(
                result.GetRequiredValue(name), inside, result.GetValue(host) ?? UnitNames.HostOf(Environment.MachineName, inside), result.GetValue(port), (secret, certificate) => WriteRoot(file, secret, certificate.ExportCertificatePem(), words)));
            Tell(unit, file, words, result.GetValue(shares) ? RootShares.Split(words) : null, result.GetValue(json));
            return 0;
        });
        return command;
    }

    /// <summary>What was founded, and what makes the issuer anew.</summary>
    /// <param name="shares">Null = the words are told as they are.</param>
    private static void Tell(UnitMembership unit, FileInfo root, string words, IReadOnlyList<string>? shares, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new CreatedUnitText(unit.Name, unit.Zone, unit.Host, unit.Box, root.FullName, shares is null ? words : null, shares), UnitTexts.Default.CreatedUnitText));
            return;
        }

        Console.WriteLine($"The unit {unit.Name} is founded; this box is its head, {unit.Host}.");
        Console.WriteLine($"Root key: {root.FullName}. Take it out of this box, on a USB stick or printed, in a safe place: it makes the issuer anew, and nothing else.");
        if (shares is null)
        {
            Console.WriteLine($"Its words, shown this once: {words}");
        }
        else
        {
            Console.WriteLine("Its words in three shares, shown this once. Give each to another person, with a copy of the file; two of them together make the issuer anew:");
            foreach (string share in shares)
            {
                Console.WriteLine($"  {share}");
            }
        }

        Console.WriteLine("Next: bedside unit invite --host BOX." + unit.Zone + " for each other box.");
    }

    private static Command Reissue()
    {
        Option<DirectoryInfo> data = Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var root = new Option<FileInfo>("--root-key") { Description = "File of the unit's root key.", Required = true };
        var words = new Option<FileInfo?>("--words") { Description = "File with the words of the root key, or with two of its shares, a line each; default: they are asked for." };
        var command = new Command("reissue", "Make the unit's issuer anew with the root key: before its five years end, or when it was lost or may be in other hands.") { root, words, data, key };
        command.SetAction(async (result, cancel) =>
        {
            DirectoryInfo place = result.GetRequiredValue(data);
            using BoxKey box = KeyOf(place, result.GetValue(key));
            string[] said = result.GetValue(words) is { } file ? await File.ReadAllLinesAsync(file.FullName, cancel) : Ask();
            using ECDsa secret = ReadRoot(result.GetRequiredValue(root), WordsOf([.. said.Select(line => line.Trim()).Where(line => line.Length > 0)]));
            using AuditTrail journal = CommandAudit.Open(place);
            var desk = new UnitDesk(UnitSetup.FilesOf(place), box, TimeProvider.System, UnitTrail.OfConsole(journal));
            return Try(() =>
            {
                desk.Reissue(secret);
                Console.WriteLine("The issuer is made anew; boxes get certificates of it as theirs are renewed.");
                return 0;
            });
        });
        return command;
    }

    private static Command Remove()
    {
        Option<DirectoryInfo> data = Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var host = new Argument<string>("HOST") { Description = "Name of the box, as bedside unit status prints it." };
        var command = new Command("remove", "Take a box out of the unit: the head answers it no more at once, the other boxes within five minutes of reaching the head.") { host, data, key };
        command.SetAction(result => Try(() =>
        {
            DirectoryInfo place = result.GetRequiredValue(data);
            using AuditTrail journal = CommandAudit.Open(place);
            UnitSetup.FilesOf(place).Remove(result.GetRequiredValue(host), UnitTrail.OfConsole(journal));
            Console.WriteLine($"{result.GetRequiredValue(host)} is out of the unit.");
            return 0;
        }));
        return command;
    }

    /// <summary>Throws <see cref="CommandFailedException"/> when it is a single share, or shares that do not fit.</summary>
    private static string WordsOf(string[] said) => said switch
    {
        [var one, ..] when !RootShares.IsShare(one) => one,
        [var one, var other] => Try(() => RootShares.Join(one, other)),
        [_] => throw new CommandFailedException("one share of the root key is worth nothing: give another of the three beside it, a line each."),
        [] => throw new CommandFailedException("the words of the root key are missing, or two of its shares."),
        _ => throw new CommandFailedException("two shares of the root key are needed, and no more."),
    };

    /// <summary>PKCS#8 under AES-256-CBC, PBKDF2-HMAC-SHA-256: <c>openssl pkey -in FILE</c> reads it. A file of that name is never replaced.</summary>
    private static void WriteRoot(FileInfo file, ECDsa key, string certificate, string words)
    {
        const int Iterations = 600_000;
        if (file.Exists)
        {
            throw new CommandFailedException($"{file.FullName} is there already, and a root key is never written over: name another file with --root-key.");
        }

        string text = key.ExportEncryptedPkcs8PrivateKeyPem(words, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations)) + "\n" + certificate + "\n";
        var disk = new PosixDisk(file.Directory!.FullName, isPrivate: true);
        BoxKey.Write(disk, file.Name, Encoding.ASCII.GetBytes(text));
    }

    private static ECDsa ReadRoot(FileInfo file, string words)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromEncryptedPem(File.ReadAllText(file.FullName), words);
            return key;
        }
        catch (Exception failed) when (failed is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new CommandFailedException($"{file.FullName} is no root key, or the words are not its own.");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new CommandFailedException(failed.Message);
        }
    }

    private static string[] Ask()
    {
        Console.Error.Write("Words of the root key, or one of its shares: ");
        string first = Console.ReadLine() ?? string.Empty;
        if (!RootShares.IsShare(first))
        {
            return [first];
        }

        Console.Error.Write("Another share: ");
        return [first, Console.ReadLine() ?? string.Empty];
    }
}

/// <summary><c>unit invite</c> and <c>unit join</c>.</summary>
internal static class UnitJoinCommands
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static Command Invite()
    {
        Option<DirectoryInfo> data = UnitCommand.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var host = new Option<string>("--host") { Description = "Name of the box that is to join, in the unit's zone.", Required = true };
        var listen = new Option<string>("--listen") { Description = "ADDR:PORT of this machine on which the box is waited for; 0 = any free port.", DefaultValueFactory = _ => "*:0" };
        var file = new Option<FileInfo?>("--out") { Description = "Write the code to FILE, to be carried on a USB stick." };
        var command = new Command("invite", "On the unit head: make a code for one box and wait for it. The code serves once, within 15 minutes, and only while this runs.") { host, listen, file, data, key };
        command.SetAction(async (result, cancel) =>
        {
            DirectoryInfo place = result.GetRequiredValue(data);
            using BoxKey box = UnitCommand.KeyOf(place, result.GetValue(key));
            using AuditTrail journal = CommandAudit.Open(place);
            return await InviteAsync((UnitSetup.FilesOf(place), box, UnitTrail.OfConsole(journal)), result.GetRequiredValue(host), Options.ListenPlace.Parse(result.GetRequiredValue(listen), "--listen"), result.GetValue(file), cancel);
        });
        return command;
    }

    public static Command Join()
    {
        Option<DirectoryInfo> data = UnitCommand.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var code = new Argument<string>("CODE|FILE") { Description = "The code that bedside unit invite printed, or the file that it wrote." };
        var address = new Option<string>("--address") { Description = "IP address of the unit head, when its name is not known here.", DefaultValueFactory = _ => string.Empty };
        address.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !IPAddress.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"--address must be an IP address, not {result.Tokens[0].Value}.");
            }
        });
        var command = new Command("join", "Let this box join a unit with a code of its head. Start the box again afterwards.") { code, address, data, key };
        command.SetAction(async (result, cancel) =>
        {
            string said = result.GetRequiredValue(code);
            EnrolmentCode parsed = EnrolmentCode.Parse(File.Exists(said) ? await File.ReadAllTextAsync(said, cancel) : said)
                ?? throw new CommandFailedException("that is neither a code of a unit nor a file with one; bedside unit invite on the unit head makes one.");
            DirectoryInfo place = result.GetRequiredValue(data);
            using BoxKey box = UnitCommand.KeyOf(place, result.GetValue(key));
            using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using AuditTrail journal = CommandAudit.Open(place);
            var trail = UnitTrail.OfConsole(journal);
            AuditEntry? kept = null;
            try
            {
                // Before the head is asked: what the code serves for must not be lost for want of an entry.
                kept = trail.Keep(AuditAct.UnitJoin, "join", string.Empty, AuditFact.Of(AuditFactKind.Hash, UnitTrail.HashOf(new PublicKey(secret))));
                UnitMembership unit = await HeadLine.JoinAsync(parsed, result.GetRequiredValue(address), secret, TimeProvider.System, cancel);
                new UnitDesk(UnitSetup.FilesOf(place), box, TimeProvider.System, trail).Join(unit, secret);
                trail.End(kept, isDone: true);
                Console.WriteLine($"This box is {unit.Host} of the unit {unit.Name}.");
                return 0;
            }
            catch (Exception failed) when (failed is UnitFaultException or IOException or UnauthorizedAccessException)
            {
                if (kept is not null)
                {
                    trail.End(kept, isDone: false);
                }

                throw new CommandFailedException(failed.Message);
            }
        });
        return command;
    }

    private static async Task<int> InviteAsync((UnitFiles Files, BoxKey Box, UnitTrail Trail) unitHead, string host, IPEndPoint at, FileInfo? file, CancellationToken cancel)
    {
        (UnitFiles files, BoxKey box, UnitTrail trail) = unitHead;
        UnitMembership unit = UnitCommand.Try(() => files.ReadUnit() ?? throw new UnitFaultException("this box is in no unit; found one first with bedside unit create."));
        BoxCertificate head = BoxCertificate.Open(unit, box) ?? throw new CommandFailedException("the key of this box's certificate cannot be opened with the box key; name its file with --box-key.");
        if (UnitNames.FaultOfHost(host, unit.Zone) is { } fault)
        {
            throw new CommandFailedException(fault);
        }

        _ = UnitCommand.Try(() => files.ReadAuthority() ?? throw new UnitFaultException("this box is not the unit head; say it on the head, " + unit.Head + "."));
        var desk = new UnitDesk(files, box, TimeProvider.System, trail);
        var code = EnrolmentCode.Make(unit.Host, 1, head.Root);
        var taking = new EnrolmentDesk(code.Secret, request => desk.IssueFor(request, host, known: null), TimeProvider.System);
        await using WebApplication door = EnrolmentDoor.Build(at, head, taking);
        try
        {
            await door.StartAsync(cancel);
        }
        catch (Exception taken) when (taken is IOException or System.Net.Sockets.SocketException)
        {
            throw new CommandFailedException($"{at} cannot be listened on: {taken.Message}");
        }

        AuditEntry kept = UnitCommand.Try(() => trail.Keep(AuditAct.UnitJoin, "invite", host));
        string text = (code with { Port = new Uri(door.Urls.First()).Port }).ToString();
        if (file is not null)
        {
            await File.WriteAllTextAsync(file.FullName, text + "\n", cancel);
        }

        Console.WriteLine($"code {text}");
        Console.WriteLine($"Within {EnrolmentDesk.Lifetime.TotalMinutes:0} minutes, on {host}: bedside unit join CODE");
        while (!taking.IsOver)
        {
            await Task.Delay(Look, TimeProvider.System, cancel);
        }

        // The answer is still on its way.
        await door.StopAsync(cancel);
        trail.End(kept, taking.IsUsed);
        Console.WriteLine(taking.IsUsed ? string.Create(CultureInfo.InvariantCulture, $"{host} has joined.") : "Nobody joined: the code is void.");
        return taking.IsUsed ? 0 : 1;
    }
}
