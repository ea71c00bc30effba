using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bedside.Audit;
using Bedside.Model;
using Bedside.Model.Audit;

namespace Bedside.Tests.Audit;

/// <summary>Ties FORMAT.md to the code, and the code to bytes that never change.</summary>
public sealed class AuditFormatDocumentTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("storage/Bedside.Audit/FORMAT.md"));

    [Fact]
    public void The_numbers_of_the_document_are_those_of_the_code()
    {
        var options = new AuditOptions();
        var expected = new Dictionary<string, long>
        {
            ["hash bytes"] = LogLine.HashBytes,
            ["seal bytes"] = LogLine.SealBytes,
            ["line bytes at most"] = LogLine.MostBytes,
            ["reason letters at most"] = AuditEntry.LongestWhy,
            ["name letters at most"] = AuditEntry.LongestName,
            ["facts at most"] = AuditEntry.MostFacts,
            ["word letters at most"] = AuditFact.LongestWord,
            ["file bytes"] = options.MostFileBytes,
            ["epoch s"] = (long)options.Epoch.TotalSeconds,
            ["checkpoint s"] = (long)options.CheckpointEvery.TotalSeconds,
            ["checkpoint entries"] = options.CheckpointEntries,
            ["waiting entries at most"] = options.MostWaiting,
            ["reserve bytes"] = AuditOptions.ReserveOfBox,
            ["reserve slices"] = AuditReserve.Slices,
            ["boxes witnessed at most"] = Witness.MostBoxes,
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), Rows("| constant | value |").ToDictionary(cells => cells[1], cells => long.Parse(cells[2], CultureInfo.InvariantCulture)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Names_acts_roles_results_and_facts_are_those_of_the_code()
    {
        string[] names = [AuditNames.Log(1), AuditNames.Sealing, AuditNames.Verification, AuditNames.Signer, AuditNames.Witnessed, AuditNames.Cosigned, AuditNames.Reserve(0), AuditNames.Lock];
        Assert.Equal(names.Select(name => $"`{name}`"), Rows("| name | is |").Select(cells => cells[1]));
        Assert.Equal(AuditCatalog.All.Select(words => $"`{words.Code}`"), Rows("| code | is |").Select(cells => cells[1]));
        string[] codes = [.. Enum.GetValues<AuditRole>().Select(EntryJson.Code), .. Enum.GetValues<AuditResult>().Select(EntryJson.Code), .. Enum.GetValues<AuditFactKind>().Select(EntryJson.Code)];
        Assert.All(codes, code => Assert.Contains($"`{code}`", Document, StringComparison.Ordinal));
    }

    [Fact]
    public void An_entry_and_its_line_are_these_bytes_for_ever()
    {
        var entry = new AuditEntry(AuditAct.DataExport)
        {
            Who = AuditWho.Console,
            Login = "root",
            Role = AuditRole.Console,
            Stay = new StayId(0x2a),
            What = [AuditFact.Of(AuditFactKind.Kind, "csv"), AuditFact.Of(AuditFactKind.Signals, 3)],
            Why = "relevé\n\"2\"",
        };
        byte[] json = EntryJson.Encode(new EntryStamp(1, new UtcInstant(1_795_285_500_123_456_789), 250, 0, "bed-7"), entry);
        const string Expected =
            """{"n":1,"at":"2026-11-21T18:25:00.123456789Z","unc":250,"epoch":0,"who":"console","login":"root","role":"console","act":"data.export","result":"allowed","stay":"0000000000000000000000000000002a","what":{"kind":"csv","signals":3},"why":"relev\u00e9\u000a\u00222\u0022","box":"bed-7"}""";
        Assert.Equal(Expected, Encoding.ASCII.GetString(json));
        Assert.Equal(SHA256.HashData("bedside audit 1"u8), LogLine.Beginning);

        byte[] hash = LogLine.Hash(LogLine.Beginning, json);
        using SealingKey key = SealingKey.Parse(new string('7', 64))!;
        byte[] seal = new byte[LogLine.SealBytes];
        key.Seal(hash, seal);
        byte[] whole = HMACSHA256.HashData(Convert.FromHexString(new string('7', 64)), SHA256.HashData([.. LogLine.Beginning, .. json]));
        Assert.Equal($"{Expected}\t{Convert.ToHexStringLower(hash)}\t{Convert.ToHexStringLower(whole.AsSpan(0, 16))}\n", Encoding.ASCII.GetString(LogLine.Write(json, hash, seal)));
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(new string('7', 64)), "bedside audit next epoch"u8)), key.Next().Digits());
    }

    private static IEnumerable<string[]> Rows(string head) =>
        Document[Document.IndexOf(head, StringComparison.Ordinal)..].Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|', StringSplitOptions.TrimEntries));
}
