using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Storage.Stays;

namespace Bedside.Host.Commands;

/// <summary><c>bedside stay list</c>: stays with their spans, and the keys under which data lie. Also beside a running box.</summary>
internal static class StayListCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<FileInfo?> config = StoreArguments.Config();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("list", "Print who lay in the bed, as far as is known, and the keys with what the box keeps under each.") { data, key, config, json };
        command.SetAction(async result =>
        {
            await using Store store = StoreArguments.OpenForStays(result.GetRequiredValue(data), result.GetValue(key));
            using StayBook book = OpenBook(result.GetRequiredValue(data), result.GetValue(key), StoreArguments.Stays(result.GetValue(config)));
            IReadOnlyList<Stay> keys = store.ListStays();
            CommandAudit.Keep(result.GetRequiredValue(data), CommandAudit.Entry(Model.Audit.AuditAct.StayRead));
            if (result.GetValue(json))
            {
                PrintJson(book, keys);
            }
            else
            {
                Print(book, keys);
            }

            return 0;
        });
        return command;
    }

    /// <summary>Beside a process that may be writing it.</summary>
    internal static StayBook OpenBook(DirectoryInfo data, FileInfo? key, StaySettings settings)
    {
        try
        {
            var book = StayBook.OpenReadOnly(data.FullName, BoxKeyPlace.Read(data, key), settings, TimeProvider.System);
            if (book.Locked > 0)
            {
                Console.Error.WriteLine($"bedside: {book.Locked} records of stays cannot be read without their key; name the file of the box key with --box-key.");
            }

            return book;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static void Print(StayBook book, IReadOnlyList<Stay> keys)
    {
        foreach (IGrouping<StayId, StaySpan> stay in book.Spans.GroupBy(span => span.Stay))
        {
            IReadOnlyList<StayId> under = book.KeysOf(stay.Key);
            foreach (StaySpan span in stay)
            {
                Console.WriteLine($"stay\t{span.Stay}\t{span.From}\t{span.To?.ToString() ?? "now"}\t{Word(span.Certainty)}\t{string.Join(',', under)}\t{Files(keys, under).ToString(CultureInfo.InvariantCulture)}");
            }
        }

        foreach (Stay key in keys)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"key\t{key.Id}\t{Word(key.State)}\t{key.Begun?.ToString() ?? "---"}\t{key.Ended?.ToString() ?? "---"}\t{key.Files}\t{key.Bytes}"));
        }
    }

    private static void PrintJson(StayBook book, IReadOnlyList<Stay> keys)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("stays");
            foreach (IGrouping<StayId, StaySpan> stay in book.Spans.GroupBy(span => span.Stay))
            {
                WriteStay(writer, book, keys, stay);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("keys");
            foreach (Stay key in keys)
            {
                writer.WriteStartObject();
                writer.WriteString("key", key.Id.ToString());
                writer.WriteString("state", Word(key.State));
                writer.WriteString("begun", key.Begun?.ToString());
                writer.WriteString("ended", key.Ended?.ToString());
                writer.WriteNumber("files", key.Files);
                writer.WriteNumber("bytes", key.Bytes);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteStay(Utf8JsonWriter writer, StayBook book, IReadOnlyList<Stay> keys, IGrouping<StayId, StaySpan> stay)
    {
        IReadOnlyList<StayId> under = book.KeysOf(stay.Key);
        writer.WriteStartObject();
        writer.WriteString("stay", stay.Key.ToString());
        writer.WriteStartArray("spans");
        foreach (StaySpan span in stay)
        {
            writer.WriteStartObject();
            writer.WriteString("from", span.From.ToString());
            writer.WriteString("to", span.To?.ToString());
            writer.WriteString("certainty", Word(span.Certainty));
            writer.WriteStartArray("because");
            foreach (long number in span.Because)
            {
                writer.WriteNumberValue(number);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("keys");
        foreach (StayId key in under)
        {
            writer.WriteStringValue(key.ToString());
        }

        writer.WriteEndArray();
        writer.WriteNumber("files", Files(keys, under));
        writer.WriteEndObject();
    }

    private static int Files(IReadOnlyList<Stay> keys, IReadOnlyList<StayId> under) => keys.Where(key => under.Contains(key.Id)).Sum(key => key.Files);

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
