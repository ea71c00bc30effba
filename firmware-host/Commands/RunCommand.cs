using System.CommandLine;
using System.Net;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Intake;
using Bedside.Storage;
using Bedside.Viewer;
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
        var config = new Option<FileInfo?>("--config") { Description = "JSON: bed, timeZone, language, boxKey, durability, retention {budget, waveforms, numerics}, hl7 {port, bed, address, certificate, key, clientAuthority, timeZone, everySeconds, ack, alwaysApplication}, ports [{serial | udp | tcp, driver, line, listenOnly}]." };
        var serial = new Option<string[]>("--serial") { Description = "A serial port: PATH, or PATH=DRIVER, or PATH=DRIVER,\"19200 8E1\"; may be given several times." };
        var udp = new Option<string[]>("--udp") { Description = "A monitor on the network: ADDR:PORT; may be given several times." };
        var tcp = new Option<string[]>("--tcp") { Description = "A monitor on the network that waits to be called: ADDR:PORT; may be given several times." };
        Option<int?> hl7 = new("--hl7") { Description = "Port on which HL7 (MLLP) is taken; without a certificate in the configuration, from this machine only. 0 = any free one." };
        Option<string?> hl7Bed = new("--hl7-bed") { Description = "Which PV1-3 is this box's bed: BED, or components such as ICU^^5; default: the only one that is told of." };
        var durability = new Option<string?>("--durability") { Description = "What a power cut may cost: 1s (default), or 10s with half the wear of the disk." };
        var demo = new Option<bool>("--demo") { Description = "Say on the screen that the data are made up." };
        var command = new Command("run", "Capture, keep and show: the box itself. Prints \"ready http://…\" when the screen can be opened.") { data, key, port, config, serial, udp, tcp, hl7, hl7Bed, durability, demo };
        command.SetAction(async (result, cancel) =>
        {
            BedOptions options = result.GetValue(config) is { } file ? BedOptions.Read(file.FullName) : new BedOptions();
            foreach (string text in result.GetValue(serial) ?? [])
            {
                options.Ports.Add(PortSettings.ParseSerial(text));
            }

            foreach (string text in result.GetValue(udp) ?? [])
            {
                options.Ports.Add(PortSettings.ParseUdp(text));
            }

            foreach (string text in result.GetValue(tcp) ?? [])
            {
                options.Ports.Add(PortSettings.ParseTcp(text));
            }

            foreach (PortSettings one in options.Ports)
            {
                one.Check("--serial");
            }

            options.Hl7.Port = result.GetValue(hl7) ?? options.Hl7.Port;
            options.Hl7.Bed = result.GetValue(hl7Bed) ?? options.Hl7.Bed;
            options.Hl7.Check("--hl7");
            if (result.GetValue(durability) is { } word)
            {
                options.Durability = Durability.Parse(word) is null ? throw new CommandFailedException(Durability.Refusal("--durability", word)) : word;
            }

            await RunAsync(options, (result.GetRequiredValue(data), result.GetValue(key) ?? options.KeyFile), result.GetValue(port), result.GetValue(demo), cancel);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(BedOptions options, (DirectoryInfo Data, FileInfo? Key) place, int port, bool demo, CancellationToken cancel)
    {
        await using Store store = Open(place.Data, place.Key, options);
        await using WebApplication app = Compose(options, store, PortMemory.Open(place.Data.FullName), port, demo);
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
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        if (app.Services.GetService<Hl7Service>()?.Local is { } mllp)
        {
            Console.WriteLine($"hl7 {mllp}");
        }

        Console.WriteLine($"ready {address}");
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
            };
            return Store.Open(data.FullName, chosen, TimeProvider.System);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    /// <summary>The composition root: who gets what.</summary>
    private static WebApplication Compose(BedOptions options, Store store, PortMemory memory, int port, bool demo)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(options);
        var board = new PortBoard(memory, TimeProvider.System);
        builder.Services.AddSingleton(board);
        var clock = new KernelClock(TimeProvider.System);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<BedIntake>();
        builder.Services.AddBedsideViewer(new ViewerOptions
        {
            Box = Environment.MachineName,
            Bed = options.Bed,
            TimeZone = options.TimeZone,
            Language = options.Language,
            Demo = demo,
            Ports = () => board.Ports,
            ClockUncertaintyMicroseconds = () => clock.State.UncertaintyMicroseconds,
        });
        builder.Services.AddHostedService<PortService>();
        if (options.Hl7.Port is not null)
        {
            builder.Services.AddSingleton(options.Hl7).AddSingleton(options.Hl7.Settings(options.TimeZone)).AddSingleton<Hl7Intake>().AddSingleton<Hl7Service>();
            builder.Services.AddHostedService(services => services.GetRequiredService<Hl7Service>());
        }

        WebApplication app = builder.Build();
        app.MapBedside();
        return app;
    }
}
