using System.CommandLine;
using System.Text.Json;
using Bedside.Host.Measuring.Hl7;

namespace Bedside.Host.Commands;

/// <summary><c>bedside bench hl7</c>: messages a second that the box takes and has on its disk.</summary>
internal static class Hl7BenchCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long to measure each of the four ways of sending, after two seconds of warming up.", DefaultValueFactory = _ => 5 };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("hl7", $"HL7 messages of {Hl7BenchMessages.Values} values over MLLP to a box of its own, each answered when it is on the disk: pipelined and one at a time, without and with TLS.") { seconds, json };
        command.SetAction(async (result, cancel) =>
        {
            int duration = result.GetValue(seconds);
            if (duration is < 1 or > 3_600)
            {
                throw new CommandFailedException($"--seconds must lie between 1 and 3600, not {duration}.");
            }

            IReadOnlyList<Hl7Figure> figures = await Hl7Bench.RunAsync(TimeSpan.FromSeconds(duration), TimeProvider.System, BenchCommand.Progress, cancel);
            BenchCommand.Progress(string.Empty);
            if (result.GetValue(json))
            {
                Print(figures);
            }
            else
            {
                Console.WriteLine(string.Join('\n', figures));
            }

            return figures.Any(figure => figure.Refused > 0) ? throw new CommandFailedException("the box did not accept every message.") : 0;
        });
        return command;
    }

    private static void Print(IReadOnlyList<Hl7Figure> figures)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (Hl7Figure figure in figures)
            {
                figure.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        output.Write("\n"u8);
    }
}
