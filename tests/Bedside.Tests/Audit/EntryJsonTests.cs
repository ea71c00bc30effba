using System.Text;
using Bedside.Audit;
using Bedside.Model;
using Bedside.Model.Audit;

namespace Bedside.Tests.Audit;

/// <summary>Entries as they are written.</summary>
public sealed class EntryJsonTests
{
    private static readonly string[] Nasty =
    [
        "\r\n{\"n\":2}", "\u001b[2J\u001b[31m", "\ud800", "x\udc00y", "\u2028\u202e", "\t\0\u007f\u0085", "\"\\\"", "é ü 漢 😀", new('a', 500), string.Concat(Enumerable.Repeat("😀", 150)), "\ud83d",
    ];

    [Fact]
    public void Whatever_anybody_says_an_entry_is_one_line_of_printable_letters_and_comes_back_as_it_was_said()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var entry = new AuditEntry(AuditCatalog.All[random.Next(AuditCatalog.All.Count)].Act)
            {
                Who = Text(random),
                Login = Text(random),
                Role = (AuditRole)random.Next(11),
                Result = (AuditResult)random.Next(4),
                Bed = Text(random),
                Stay = random.Next(2) == 0 ? StayId.None : new StayId((UInt128)random.NextInt64(1, long.MaxValue)),
                What = [AuditFact.Of(AuditFactKind.Count, random.NextInt64()), AuditFact.Of(AuditFactKind.Kind, Text(random)), AuditFact.Of(AuditFactKind.From, new UtcInstant(random.NextInt64()))],
                Why = Text(random),
            };
            var stamp = new EntryStamp(random.NextInt64(1, long.MaxValue), new UtcInstant(random.NextInt64()), random.Next(-1, 100), random.Next(), Text(random));

            byte[] json = EntryJson.Encode(stamp, entry);

            Assert.All(json, letter => Assert.InRange(letter, (byte)' ', (byte)'~'));
            Assert.InRange(json.Length, 1, LogLine.MostBytes - 200);
            KeptEntry kept = EntryJson.Decode(json)!;
            Assert.Equal(json, EntryJson.Encode(kept));
            Assert.Equal((stamp.Number, stamp.At, stamp.UncertaintyMicroseconds, stamp.Epoch), (kept.Number, kept.At, kept.UncertaintyMicroseconds, kept.Epoch));
            Assert.StartsWith(kept.Why, Mended(entry.Why), StringComparison.Ordinal);
            Assert.True(kept.Why.Length >= Math.Min(entry.Why.Length, AuditEntry.LongestWhy) && kept.Why.Length <= AuditEntry.LongestWhy);
            Assert.Equal(AuditCatalog.Of(entry.Act).Code, kept.Act);
            Assert.All(EntryJson.Printable(kept.Why), letter => Assert.False(char.IsControl(letter) || char.IsSurrogate(letter)));
        }
    }

    [Fact]
    public void A_text_of_a_message_cannot_pass_for_a_fact() =>
        Assert.All(["DUPONT Marie", "a\nb", "", new string('x', 65), "é", "hr=80 "], text => Assert.Equal("other", AuditFact.Of(AuditFactKind.Kind, text).Text));

    [Fact]
    public void What_is_no_entry_is_none_and_never_an_error()
    {
        byte[] good = EntryJson.Encode(new EntryStamp(1, default, 0, 0, "b"), new AuditEntry(AuditAct.BoxStart));
        for (int seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            byte[] bad = [.. good];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            _ = EntryJson.Decode(bad.AsSpan(0, random.Next(bad.Length + 1)));
        }

        Assert.Null(EntryJson.Decode("{}"u8));
        Assert.Null(EntryJson.Decode("[1]"u8));
        Assert.Null(EntryJson.Decode("{\"n\":1,\"act\":\"x\",\"else\":1}"u8));
    }

    [Fact]
    public void Every_act_has_a_code_of_its_own_and_words_in_both_languages()
    {
        Assert.Equal(Enum.GetValues<AuditAct>(), AuditCatalog.All.Select(words => words.Act));
        Assert.Equal(AuditCatalog.All.Count, AuditCatalog.All.Select(words => words.Code).Distinct().Count());
        Assert.All(AuditCatalog.All, words => Assert.Matches("^[a-z]+\\.[a-z-]+$", words.Code));
        Assert.All(AuditCatalog.All, words => Assert.True(words.French.Length > 3 && words.English.Length > 3));
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(4); i > 0; i--)
        {
            _ = random.Next(2) == 0 ? text.Append(Nasty[random.Next(Nasty.Length)]) : text.Append((char)random.Next(0x10000));
        }

        return text.ToString();
    }

    private static string Mended(string text)
    {
        var mended = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            bool isCut = isPair && i + 1 == AuditEntry.LongestWhy;
            _ = isPair && !isCut ? mended.Append(text[i]).Append(text[++i]) : mended.Append(char.IsSurrogate(text[i]) ? '\uFFFD' : text[i]);
        }

        return mended.ToString();
    }
}
