using System.CommandLine;
using System.Globalization;
using Bedside.Host.Decoding;
using Bedside.Host.Options;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;

namespace Bedside.Host.Commands;

/// <summary><c>bedside decode FILE</c>: recorded bytes to JSON lines.</summary>
internal static class DecodeCommand
{
    /// <summary>A file of messages may be long; each message of it is bounded in its segments.</summary>
    private const int MostFileBytes = 64 << 20;

    /// <summary>Not in the catalogue: its senders call the box.</summary>
    private static Hl7Driver Hl7 { get; } = new(new Hl7Settings { Limits = new Hl7Limits { MessageBytes = MostFileBytes } });

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Raw bytes, hex text, HL7 messages, .cap, pcap or pcapng." };
        var driver = new Option<string?>("--driver") { Description = $"Decode with this driver (hl7, {ExperimentalDrivers.Known}); default: find it out. Naming one turns it on." };
        var device = new Option<string?>("--device") { Description = "Packet captures: address of the device, with or without :port." };
        Option<string[]> experimental = ExperimentalDrivers.Option();
        var command = new Command("decode", "Decode recorded bytes to JSON lines on standard output, one event each.") { file, driver, device, experimental };
        command.SetAction(result => Run(result.GetRequiredValue(file), Drivers(result.GetValue(driver), result.GetValue(experimental) ?? []), result.GetValue(device)));
        return command;
    }

    private static int Run(FileInfo file, IReadOnlyList<IDriver> drivers, string? device)
    {
        Recording recording = Open(file, device);
        using var standard = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
        var json = new EventJson(standard);
        foreach (CaptureFault fault in recording.Faults)
        {
            Console.Error.WriteLine($"{file.Name}: {fault}");
            if (!fault.IsNote)
            {
                json.WriteFault(fault.Reason, fault.Offset);
            }
        }

        bool understood = false;
        foreach (Conversation conversation in recording.Conversations.Where(one => one.BytesFromDevice > 0))
        {
            if (Decoder.Recognise(conversation, drivers) is not { } found)
            {
                Console.Error.WriteLine($"{conversation.Name}: no driver knows these bytes.");
                continue;
            }

            understood = true;
            var output = new JsonOutput(json, new DeviceWall(found.Driver.Traits.Clock));
            Decoder.Run(conversation, found.Driver, found.Transport, output);
            Console.Error.WriteLine($"{conversation.Name}: {found.Driver.Name} over {found.Transport.ToString().ToLowerInvariant()}, {output.Summary}{WarningOf(found.Driver)}.");
        }

        standard.Flush();
        return understood ? 0 : throw new CommandFailedException($"{file.Name}: no driver knows these bytes; name one with --driver, or see README.md for what is supported.");
    }

    /// <summary>Empty for the usual ones.</summary>
    internal static string WarningOf(IDriver driver) => driver.Traits.IsExperimental ? $" ({ExperimentalDrivers.Warning})" : string.Empty;

    /// <summary>The one of that name, or those that are asked whose bytes these are.</summary>
    internal static IReadOnlyList<IDriver> Drivers(string? name, IReadOnlyCollection<string> experimental)
    {
        IReadOnlyCollection<string> on = ExperimentalDrivers.Checked(experimental, "--experimental");
        if (name is null)
        {
            return [.. DriverCatalog.With(on), Hl7];
        }

        IDriver driver = (name == Hl7.Name ? Hl7 : DriverCatalog.ByName(name))
            ?? throw new CommandFailedException($"there is no driver {name}; known are hl7, {ExperimentalDrivers.Known}.");
        return [driver];
    }

    internal static Recording Open(FileInfo file, string? device)
    {
        try
        {
            return CaptureFile.Open(file.FullName, device);
        }
        catch (Exception failure) when (failure is CaptureFormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private sealed class JsonOutput(EventJson json, DeviceWall wall) : IDriverOutput
    {
        private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

        public string Summary => string.Join(", ", _counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}")));

        public void Send(ReadOnlySpan<byte> bytes)
        {
            Count("send");
            json.WriteSend(bytes);
        }

        public void Report(DeviceEvent said)
        {
            Count(said.GetType().Name.ToLowerInvariant());
            if (said is DeviceEvent.WallClock clock)
            {
                wall.Anchor(clock);
            }

            json.Write(said, wall);
        }

        private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
    }
}
