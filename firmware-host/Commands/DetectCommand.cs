using System.CommandLine;
using System.Net;
using System.Text.Json;
using Bedside.Host.Options;
using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Ingest.Talker;

namespace Bedside.Host.Commands;

/// <summary><c>bedside detect</c>: what is connected where.</summary>
internal static class DetectCommand
{
    public static Command Create()
    {
        var ports = new Argument<string[]>("PORT") { Description = "Serial ports, or ADDR:PORT of a monitor that waits to be called; default: all serial ports of this machine.", Arity = ArgumentArity.ZeroOrMore };
        var listenOnly = new Option<bool>("--listen-only") { Description = "Send nothing: another system polls the device." };
        Option<string?> talker = TalkerCommand.Used();
        Option<bool> json = StoreArguments.Json();
        Option<string> language = StoreArguments.Language();
        Option<string[]> experimental = ExperimentalDrivers.Option();
        var command = new Command("detect", "Say what is connected to which port, or what is wrong with the line.") { ports, listenOnly, talker, experimental, language, json };
        command.SetAction(async (result, cancel) =>
        {
            ISerialPorts serial = result.GetValue(talker) is { } socket ? new TalkedPorts(socket, TimeProvider.System) : new MachinePorts(TimeProvider.System);
            string[] chosen = result.GetValue(ports) is { Length: > 0 } named ? named : Listed(serial);
            if (chosen.Length == 0)
            {
                throw new CommandFailedException("this machine has no serial port; plug in an adapter, or name a port.");
            }

            bool quiet = result.GetValue(listenOnly);
            IReadOnlyList<IDriver> drivers = DriverCatalog.With(ExperimentalDrivers.Checked(result.GetValue(experimental) ?? [], "--experimental"));
            DetectionReport[] reports = await Task.WhenAll(chosen.Select(port =>
                Task.Run(() => new Detector(Open(port, serial, quiet) with { Drivers = drivers }, TimeProvider.System).Run(cancel), cancel)));
            Print(reports, result.GetValue(json), french: result.GetRequiredValue(language) == "fr");
            return reports.Any(report => report.State == "recognised") ? 0 : 1;
        });
        return command;
    }

    private static string[] Listed(ISerialPorts ports)
    {
        try
        {
            return [.. ports.List().Select(found => found.Path)];
        }
        catch (IOException refused)
        {
            throw new CommandFailedException(refused.Message);
        }
    }

    private static PortOptions Open(string port, ISerialPorts ports, bool listenOnly) =>
        IPEndPoint.TryParse(port, out IPEndPoint? device) && port.Contains(':', StringComparison.Ordinal)
            ? PortOptions.Tcp(device, TimeProvider.System) with { ListenOnly = listenOnly }
            : PortOptions.Serial(port, ports, listenOnly);

    private static void Print(DetectionReport[] reports, bool json, bool french)
    {
        if (!json)
        {
            foreach (DetectionReport report in reports)
            {
                Console.WriteLine($"{report.Port}: {(french ? report.Finding.French : report.Finding.English)}");
            }

            return;
        }

        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (DetectionReport report in reports)
            {
                Write(writer, report);
            }

            writer.WriteEndArray();
        }

        output.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter json, DetectionReport report)
    {
        json.WriteStartObject();
        json.WriteString("port", report.Port);
        json.WriteString("state", report.State);
        json.WriteString("finding", JsonNamingPolicy.KebabCaseLower.ConvertName(report.Finding.Kind.ToString()));
        json.WriteString("sentence", report.Finding.English);
        json.WriteString("sentence_fr", report.Finding.French);
        json.WriteString("driver", report.Driver);
        json.WriteString("protocol", report.Identity?.Protocol);
        json.WriteString("quality", report.Quality);
        json.WriteBoolean("experimental", report.IsExperimental);
        json.WriteString("line", report.Line);
        json.WriteString("manufacturer", report.Identity?.Manufacturer);
        json.WriteString("model", report.Identity?.Model);
        json.WriteString("serial_number", report.Identity?.SerialNumber);
        json.WriteNumber("took_ms", report.TookMs);
        json.WriteStartArray("trials");
        foreach (Trial trial in report.Trials)
        {
            json.WriteStartObject();
            json.WriteString("line", trial.Line);
            json.WriteString("asked", trial.Asked);
            json.WriteNumber("bytes", trial.Bytes);
            if (trial.FramingErrors is { } errors)
            {
                json.WriteNumber("errors", errors);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
