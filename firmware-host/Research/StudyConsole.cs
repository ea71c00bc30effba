using Bedside.Audit;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Host.Trust;
using Bedside.Identity.Studies;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Model.Stays;
using Bedside.Storage.Keys;
using Bedside.Storage.People;
using Bedside.Storage.Studies;
using Bedside.Viewer.People;

namespace Bedside.Host.Research;

/// <summary>What the world gives to <c>bedside extract</c>: the time, and what a person types unseen.</summary>
/// <param name="Secret">Asks for it with these words.</param>
internal sealed record StudyConsoleWorld(TimeProvider Clock, Func<string, string> Secret)
{
    /// <summary>Asks the unit who refuses, for a box with that data folder and key; null = nobody else is there to be asked. Throws <see cref="IOException"/>.</summary>
    public Func<DirectoryInfo, BoxKey, RefusedElsewhere?> Elsewhere { get; init; } = UnitRefusals.Ask;

    public static StudyConsoleWorld Real { get; } = new(TimeProvider.System, SecretReader.Read);
}

/// <summary>The studies of a data folder, opened for one command, beside a box that may be running.</summary>
internal sealed class StudyConsole : IDisposable
{
    private readonly StudyConsoleWorld _world;
    private readonly bool _ownsTrail;

    private StudyConsole(DirectoryInfo data, FileInfo? keyFile, BoxKey box, (BedOptions Options, string Source) read, StudyConsoleWorld world, AuditTrail? trail = null)
    {
        (Data, KeyFile, Box, Options, _world) = (data, keyFile, box, read.Options, world);
        Stays = Options.Stays.ToSettings(read.Source);
        Settings = Options.Research.ToSettings(read.Source, Options.TimeZone);
        _ownsTrail = trail is null;
        Trail = trail ?? AuditTrail.Open(data.FullName, CommandAudit.Options(), world.Clock);
        Book = StudyBook.Open(data.FullName, StudyBook.KeyOf(box), Trail, world.Clock, Settings, _ownsTrail ? Environment.UserName : string.Empty);
    }

    public DirectoryInfo Data { get; }

    public FileInfo? KeyFile { get; }

    public BoxKey Box { get; }

    public BedOptions Options { get; }

    public StudySettings Settings { get; }

    public StaySettings Stays { get; }

    public AuditTrail Trail { get; }

    public StudyBook Book { get; }

    public TimeProvider Clock => _world.Clock;

    /// <summary>Who refuses research at other beds of the unit by now. Throws <see cref="IOException"/>: what cannot be asked lets nobody's data go.</summary>
    public RefusedElsewhere? Elsewhere() => _world.Elsewhere(Data, Box);

    /// <summary>Throws <see cref="CommandFailedException"/> where there is no folder or no key.</summary>
    public static StudyConsole Open(DirectoryInfo data, FileInfo? key, FileInfo? config, StudyConsoleWorld world)
    {
        string source = config?.FullName ?? "the configuration";
        BedOptions options = config is null ? new BedOptions() : BedOptions.Read(config.FullName);
        BoxKey box = BoxKeyPlace.Read(StoreArguments.Existing(data), key) ?? throw new CommandFailedException("there is no box key, and studies are not kept without one; name its file with --box-key.");
        return new StudyConsole(data, key, box, (options, source), world);
    }

    /// <summary>For one act of the running box, in its own journal. Throws <see cref="IOException"/> where the key is gone.</summary>
    public static StudyConsole OfBox(DirectoryInfo data, FileInfo? key, BedOptions options, AuditTrail trail, StudyConsoleWorld world) => new(
        data,
        key,
        BoxKeyPlace.Read(data, key) ?? throw new IOException("there is no box key, and studies are not kept without one"),
        (options, "the configuration"),
        world,
        trail);

    /// <summary>Who says to be whom, proved by the password of the account. Throws <see cref="CommandFailedException"/>.</summary>
    public async Task<Account> ProveAsync(string badge, CancellationToken cancel)
    {
        IAccountBook accounts = AccountBook.Open(Data.FullName);
        if (!accounts.HasAccounts)
        {
            throw new CommandFailedException("this box has no accounts, and a study takes four people at least: bedside account add makes them.");
        }

        string asks = accounts.Current.Find(badge)?.CodeApp is null ? $"password of {badge}: " : $"password of {badge}, and the six digits of the app right after it: ";
        var people = new PeopleOptions { PinKey = () => Box.Derive(AccountServices.PinContext), NeedsSecondFactor = Options.People.NeedsSecondFactor };
        (Account? account, bool isSure) = await ConsoleSignIn.ProveAsync(accounts, Trail, people, Clock, badge, _world.Secret(asks), cancel);
        return account is null ? throw new CommandFailedException("badge or password is wrong, or the account may do nothing; bedside account reset BADGE gives a new code.")
            : isSure ? account
            : throw new CommandFailedException($"{badge} decides, and that takes the six digits of an app beside the password here: set one up at the bed's screen (More, People).");
    }

    public Study Find(string id) => Book.Studies.FirstOrDefault(study => study.Id == id)
        ?? throw new CommandFailedException($"there is no study {id}; bedside extract list shows those there are.");

    /// <summary>Takes a step; with the second agreement the key of the study's names is born.</summary>
    public void Take(AskedStep step)
    {
        Book.Take(step);
        if (step.Kind == StudyStepKind.ApproveSecond)
        {
            using var ring = StudyKeyRing.Open(Data.FullName, Box);
            using StudyKey born = ring.Make(step.Study);
        }
    }

    /// <summary>What somebody looked at who took no step.</summary>
    public void Looked(string what, string study) => Trail.Append(CommandAudit.Entry(AuditAct.ResearchLook, AuditFact.Of(AuditFactKind.Kind, what), AuditFact.Of(AuditFactKind.Study, study.Length == 0 ? "none" : study)));

    public void Dispose()
    {
        if (_ownsTrail)
        {
            Trail.Dispose();
        }

        Box.Dispose();
    }
}
