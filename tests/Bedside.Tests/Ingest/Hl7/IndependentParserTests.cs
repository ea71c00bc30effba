using System.Text;
using System.Text.Json;
using Bedside.Ingest.Hl7;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>
/// What the box finds in messages of others is what independent parsers find: how many OBX, and of each the code, the value, the unit and the time. Without the recordings of others, which are
/// not ours to publish, the messages of the simulated gateway are compared.
/// </summary>
public sealed class IndependentParserTests
{
    [Fact]
    public async Task ObservationsAreThoseThatAParserInNodeFinds()
    {
        using TemporaryFolder folder = Written(out Dictionary<string, Row[]> ours);
        await using PeerProcess parser = await PeerProcess.NodeAsync("hl7/rows.mjs", folder.PathOf(string.Empty));
        Compare(ours, await parser.ReadToEndAsync());
    }

    [PythonHl7Fact]
    public async Task ObservationsAreThoseThatPythonHl7Finds()
    {
        using TemporaryFolder folder = Written(out Dictionary<string, Row[]> ours);
        await using var parser = PeerProcess.Python("hl7/rows.py", folder.PathOf(string.Empty));
        Compare(ours, await parser.ReadToEndAsync());
    }

    [Fact]
    public void WhatIsMalformedIsRefusedWithItsSegmentAndField()
    {
        if (Repository.Shared("data/hl7") is not { } shared)
        {
            return;
        }

        int refused = 0;
        foreach (string file in Directory.EnumerateFiles(shared, "*.hl7", SearchOption.AllDirectories))
        {
            foreach (ReadOnlyMemory<byte> one in MessageSplit.Of(File.ReadAllBytes(file), Hl7Limits.Default).Messages)
            {
                if (Hl7Message.Read(one).Rejection is { } why)
                {
                    refused++;
                    Assert.True(why.Segment == "MSH" && why.Reason.Length > 0 && (why.Field is 2 or 9 || why.Code == Hl7Fault.SegmentSequence), $"{file}: {why}");
                }
            }
        }

        Assert.True(refused > 2, $"only {refused} were refused");
    }

    private static void Compare(Dictionary<string, Row[]> ours, string theirs)
    {
        string[] lines = theirs.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ours.Count, lines.Length);
        int rows = 0;
        foreach (string line in lines)
        {
            using var parsed = JsonDocument.Parse(line);
            string file = parsed.RootElement[0].GetString()!;
            Row[] found = [.. parsed.RootElement[1].EnumerateArray().Select(row => new Row(row[0].GetString()!, row[1].GetString()!, row[2].GetString()!, row[3].GetString()!))];
            Assert.True(ours[file].SequenceEqual(found), $"{file}:\n{string.Join('\n', ours[file])}\nand\n{string.Join('\n', found)}");
            rows += found.Length;
        }

        Assert.True(rows > 20, $"only {rows} rows");
    }

    /// <summary>Every observation with the usual delimiters, a file each, with carriage returns; and what the box's reader finds in it.</summary>
    private static TemporaryFolder Written(out Dictionary<string, Row[]> ours)
    {
        var folder = new TemporaryFolder();
        ours = new Dictionary<string, Row[]>(StringComparer.Ordinal);
        var reader = new MessageReader(new Hl7Settings());
        foreach (byte[] bytes in Messages())
        {
            var message = Hl7Message.Read(bytes);
            if (message.Rejection is null && message.Faults.Count == 0 && SenderReader.IsObservation(message) && message.Delimiters with { Truncation = 0 } == Delimiters.Usual)
            {
                string file = $"{ours.Count:D4}.hl7";
                folder.Write(file, message.Write());
                ours[file] = [.. reader.Read(message).Reports.SelectMany(report => report.Rows).Select(Row.Of)];
            }
        }

        return folder;
    }

    private static IEnumerable<byte[]> Messages()
    {
        yield return Encoding.UTF8.GetBytes(Said.Header + Said.Place + Said.Request + Said.HeartRate + string.Concat(Enumerable.Range(2, 30).Select(i => $"OBX|{i}|NM|{150_000 + i}^MDC_X^MDC|1.1.1.{i}|{i}.5|mm[Hg]^mm[Hg]^UCUM|||||R|||2026030210{i:D2}00\r")));
        foreach (string file in Repository.Shared("data/hl7") is { } shared ? Directory.EnumerateFiles(shared, "*.hl7", SearchOption.AllDirectories) : [])
        {
            foreach (ReadOnlyMemory<byte> one in MessageSplit.Of(File.ReadAllBytes(file), Hl7Limits.Default).Messages)
            {
                yield return one.ToArray();
            }
        }
    }

    /// <summary>Leaves as they were sent, one character a byte.</summary>
    private sealed record Row(string Code, string Value, string Unit, string Time)
    {
        public static Row Of(Observation row) => new(Text(row.Segment.Field(3).Component(1)), Text(row.Value), Text(row.Segment.Field(6).Component(1)), Text(row.Segment.Field(14)));

        private static string Text(Hl7Value value) => Encoding.Latin1.GetString(value.Bytes);
    }
}
