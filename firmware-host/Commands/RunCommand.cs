using System.CommandLine;
using System.Net;
using Bedside.Host.Machine;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Host.Settings;
using Bedside.Host.Trust;
using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Ingest.Talker;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Settings;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.People;
using Bedside.Viewer;
using Bedside.Viewer.People;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Console;

namespace Bedside.Host.Commands;

/// <summary><c>bedside run</c>: the appliance.</summary>
internal static class RunCommand
{
    private const int LargestPort = 65_535;

    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        data.Required = false;
        data.DefaultValueFactory = _ => new DirectoryInfo("/var/lib/bedside");
        Option<FileInfo?> key = StoreArguments.Key();
        var port = new Option<int>("--port") { Description = "Port of the screen on this machine; 0 = any free one.", DefaultValueFactory = _ => 8080 };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out int number) || number is < 0 or > LargestPort))
            {
                result.AddError($"--port must be a number from 0 to {LargestPort}, not {result.Tokens[0].Value}.");
            }
        });
        var listen = new Option<string?>("--listen") { Description = "Also offer the screen over TLS 1.3, with this box's certificate of its unit: ADDR:PORT of this machine, or *:PORT. Addresses that other machines reach need an account first." };
        var demo = new Option<bool>("--demo") { Description = "Say on the screen that the data are made up." };
        var command = new Command("run", "Capture, keep and show: the box itself. Prints \"ready http://…\" when the screen can be opened.") { data, key, port };
        var bed = new BedArguments();
        bed.AddTo(command);
        command.Options.Add(listen);
        command.Options.Add(demo);
        command.SetAction(async (result, cancel) =>
        {
            BedOptions options = bed.Read(result);
            options.Listen = result.GetValue(listen) ?? options.Listen;
            if (options.Listen.Length > 0)
            {
                _ = ListenPlace.Parse(options.Listen, "--listen");
            }

            await RunAsync(options, (result.GetRequiredValue(data), result.GetValue(key) ?? options.KeyFile), result.GetValue(port), result.GetValue(demo), cancel);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(BedOptions options, (DirectoryInfo Data, FileInfo? Key) place, int port, bool demo, CancellationToken cancel)
    {
        CrashDumps.Forbid();
        await using Store store = Open(place.Data, place.Key, options);
        await using WebApplication app = Compose(options, store, place, port, demo);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException taken)
        {
            throw new CommandFailedException($"port {port} cannot be opened: {taken.Message} Choose another with --port.");
        }

        // What was only needed to start is given back: the box runs for months.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        string[] addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        if (app.Services.GetService<Hl7Service>()?.Local is { } mllp)
        {
            Console.WriteLine($"hl7 {mllp}");
        }

        AccountServices.OfferFirstCode((AccountBook)app.Services.GetRequiredService<IAccountBook>(), app.Services.GetRequiredService<IAuditTrail>(), TimeProvider.System);
        foreach (string secure in addresses.Where(one => one.StartsWith(Uri.UriSchemeHttps, StringComparison.Ordinal)))
        {
            Console.WriteLine($"tls {secure}");
        }

        Console.WriteLine($"ready {addresses.First(one => !one.StartsWith(Uri.UriSchemeHttps, StringComparison.Ordinal))}");
        await app.WaitForShutdownAsync(cancel);
    }

    private static Store Open(DirectoryInfo data, FileInfo? key, BedOptions options)
    {
        try
        {
            StoreOptions chosen = StoreArguments.OptionsOfBox(data, key) with
            {
                SyncEvery = Durability.Parse(options.Durability)!.Value, // it was checked
                Retention = options.Retention.ToOptions("--config"),
                Evidence = EvidenceBudget.ToOptions(options.Evidence, "--evidence-budget", new DriveInfo(data.FullName).TotalSize),
            };
            return Store.Open(data.FullName, chosen, TimeProvider.System);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    /// <summary>The composition root: who gets what.</summary>
    private static WebApplication Compose(BedOptions options, Store store, (DirectoryInfo Data, FileInfo? Key) place, int port, bool demo)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        LogTail tail = AddLog(builder);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        IAccountBook accounts = AccountBook.Open(place.Data.FullName);
        var unit = UnitSetup.Add(builder, place, options.Listen, accounts.HasAccounts);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(options);
        var board = new PortBoard(PortMemory.Open(place.Data.FullName), TimeProvider.System);
        builder.Services.AddSingleton(board);
        var clock = new KernelClock(TimeProvider.System);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<BedIntake>();
        TalkedPorts? talker = options.Talker.Length > 0 ? new TalkedPorts(options.Talker, TimeProvider.System) : null;
        builder.Services.AddSingleton(talker ?? (ISerialPorts)new MachinePorts(TimeProvider.System));
        SettingsDesk desk = Desk(options, store, place.Data);
        builder.Services.AddSingleton(desk).AddSingleton<ISettingsDesk>(desk);
        MachineSensors sensors = new("/", () => clock.State);
        var run = RunMark.Begin(place.Data.FullName, sensors.BootId, TimeProvider.System);
        builder.Services.AddAudit(place.Data.FullName, clock, run.Cause, options.Text);
        AddEvidence(builder, store, board, clock);
        builder.Services.AddSingleton(accounts);
        builder.Services.AddHl7Out(options.Hl7Out, store);
        Func<OutboundReport?> outbound = () => null;
        Func<Uri?> own = () => null;
        builder.Services.AddBedsideViewer(new ViewerOptions
        {
            Box = Environment.MachineName,
            Ward = () => desk.Ward,
            WardPage = options.WardPage.ToPage(() => own(), unit.Client),
            Machine = () => sensors.Read() with { Start = run.Cause, FormerUntil = run.FormerUntil },
            Certificates = () => unit.Report,
            OwnNames = () => unit.Names,
            Notes = () => [.. BoxNotes.Of(options, desk.Note, talker?.Fault), .. unit.Notes],
            Log = () => tail.Lines,
            Demo = demo,
            People = new PeopleOptions { PinKey = AccountServices.PinKey(place.Data, place.Key), NeedsSecondFactor = options.People.NeedsSecondFactor, PasskeyDomain = () => unit.Zone },
            Ports = () => board.Ports,
            Outbound = () => outbound(),
            Help = DeviceHelp.Pages(DriverCatalog.All),
            AdmissionsSilenceHours = options.Stays.AdmissionsSilentHours,
            ClockUncertaintyMicroseconds = () => clock.State.UncertaintyMicroseconds,
        });
        builder.Services.AddVault(place).AddStays(store, options.Stays.ToSettings("--config"), services => services.GetRequiredService<VaultPlace>().PersonOf);
        builder.Services.AddStudies(place, options);
        builder.Services.AddHostedService<PortService>();
        AddHl7In(builder, options.Hl7, desk.Ward.TimeZone);
        builder.Services.AddAdmissions(options.Hl7.Admissions(desk.Ward.TimeZone), place);
        WebApplication app = builder.Build();
        outbound = () => app.Services.GetService<Hl7Sender>()?.Report;
        desk.LogTo(app.Services.GetRequiredService<ILogger<SettingsDesk>>());
        app.Lifetime.ApplicationStopped.Register(run.End);
        own = () => AddressOf(app);
        unit.Map(app);
        app.MapBedside();
        return app;
    }

    private static SettingsDesk Desk(BedOptions options, Store store, DirectoryInfo data) => new(
        new SettingsFile(new PosixDisk(data.FullName), store.DeriveKey(SettingsFile.Purpose)),
        PinnedSettings.Of(options, options.Text),
        DeviceHearing.Of(store, TimeProvider.System),
        TimeProvider.System,
        TimeSpan.FromSeconds(options.SettingsTrialSeconds));

    private static void AddEvidence(WebApplicationBuilder builder, Store store, PortBoard board, KernelClock clock)
    {
        if (store.Evidence is { } ring)
        {
            builder.Services.AddSingleton<IEvidence>(new EvidenceTap(ring, board, clock, TimeProvider.System));
        }
    }

    private static void AddHl7In(WebApplicationBuilder builder, Hl7Options hl7, string timeZone)
    {
        if (hl7.Port is not null)
        {
            builder.Services.AddSingleton(hl7).AddSingleton(hl7.Settings(timeZone)).AddSingleton<Hl7Intake>().AddSingleton<Hl7Service>();
            builder.Services.AddHostedService(services => services.GetRequiredService<Hl7Service>());
        }
    }

    /// <summary>To standard error, and the last words of it for the diagnostic.</summary>
    private static LogTail AddLog(WebApplicationBuilder builder)
    {
        var tail = new LogTail(TimeProvider.System);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddProvider(tail);
        return tail;
    }

    /// <summary>Where the screen of this box answers; null = not yet.</summary>
    private static Uri? AddressOf(WebApplication app)
    {
        string? address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(one => !one.StartsWith(Uri.UriSchemeHttps, StringComparison.Ordinal));
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? here) && here.Port > 0 ? here : null;
    }
}
