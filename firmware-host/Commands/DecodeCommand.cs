using System.CommandLine;
using System.Globalization;
using Bedside.Host.Decoding;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;

namespace Bedside.Host.Commands;

/// <summary><c>bedside decode FILE</c>: recorded bytes to JSON lines.</summary>
internal static class DecodeCommand
{
    /// <summary>A file of messages may be long; each message of it is bounded in its segments.</summary>
    private const int MostFileBytes = 64 << 20;

    /// <summary>Every driver, and HL7, which has none of its own because its senders call the box.</summary>
    private static IReadOnlyList<IDriver> Known { get; } = [.. DriverCatalog.All, new Hl7Driver(new Hl7Settings { Limits = new Hl7Limits { MessageBytes = MostFileBytes } })];

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Raw bytes, hex text, HL7 messages, .cap, pcap or pcapng." };
        var driver = new Option<string?>("--driver") { Description = $"Decode with this driver ({string.Join(", ", Known.Select(known => known.Name))}); default: find it out." };
        var device = new Option<string?>("--device") { Description = "Packet captures: address of the device, with or without :port." };
        var command = new Command("decode", "Decode recorded bytes to JSON lines on standard output, one event each.") { file, driver, device };
        command.SetAction(result => Run(result.GetRequiredValue(file), result.GetValue(driver), result.GetValue(device)));
        return command;
    }

    private static int Run(FileInfo file, string? driverName, string? device)
    {
        IReadOnlyList<IDriver> drivers = Drivers(driverName);
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
            Console.Error.WriteLine($"{conversation.Name}: {found.Driver.Name} over {found.Transport.ToString().ToLowerInvariant()}, {output.Summary}.");
        }

        standard.Flush();
        return understood ? 0 : throw new CommandFailedException($"{file.Name}: no driver knows these bytes; name one with --driver, or see README.md for what is supported.");
    }

    internal static IReadOnlyList<IDriver> Drivers(string? name)
    {
        if (name is null)
        {
            return Known;
        }

        IDriver driver = Known.FirstOrDefault(known => known.Name == name)
            ?? throw new CommandFailedException($"there is no driver {name}; known are {string.Join(", ", Known.Select(known => known.Name))}.");
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
