using System.Text;
using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>
/// Messages made to hurt: nothing throws, and what reading one costs is bounded by its bytes. Memory is counted, not time: a reader that allocates in proportion to its input has looked at it
/// a bounded number of times. BEDSIDE_FUZZ_SEEDS (<c>0-500</c>) searches farther.
/// </summary>
public class BombTests
{
    /// <summary>Of memory for each byte of a message, and for a message of none.</summary>
    private const long BytesForEach = 96;
    private const long BytesForNone = 200_000;
    private const int Mebibyte = 1 << 20;

    public static TheoryData<string> Bombs => [.. Made.Keys];

    private static Dictionary<string, Func<int, string>> Made { get; } = new(StringComparer.Ordinal)
    {
        ["one long segment"] = length => Rows("NTE|1||" + new string('x', length)),
        ["repetitions"] = length => Rows("OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.1|" + new string('~', length) + "|||" + new string('~', length)),
        ["an array of nothing"] = length => Rows("OBX|1|NA|131330^MDC_ECG_ELEC_POTL_II^MDC|1.1.1.1|" + new string('^', length) + "\rOBX|2|NM|68320^MDC_ATTR_SAMPLE_RATE^MDC|1.1.1.1.1|125"),
        ["channels without end"] = length => Rows("OBX|1|MA|131330^MDC_ECG_ELEC_POTL_II^MDC|1.1.1.1|" + string.Concat(Enumerable.Repeat("1^2^3~", length / 6)) + "\rOBX|2|NM|68320^MDC_ATTR_SAMPLE_RATE^MDC|1.1.1.1.1|125"),
        ["nested escapes"] = length => Rows("OBX|1|ST|184327^MDC_ECG_STAT_RHY^MDC|1.1.1.1|" + string.Concat(Enumerable.Repeat("\\T\\E\\X4", length / 7))),
        ["half escapes"] = length => Rows("OBX|1|ST|184327^MDC_ECG_STAT_RHY^MDC|1.1.1.1|" + new string('\\', length)),
        ["a hexadecimal escape"] = length => Rows("OBX|1|ST|184327^MDC_ECG_STAT_RHY^MDC|1.1.1.1|\\X" + new string('4', length) + "\\"),
        ["components"] = length => Rows("OBX|1|NM|" + new string('^', length) + "|" + new string('.', 100) + "|1"),
        ["an entity in XML"] = length => Rows("OBX|1|ED|1^X^MDC|1.1.1.1|^text^xml^A^<!DOCTYPE a [<!ENTITY b \"" + new string('b', length) + "\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>"),
        ["XML instead"] = length => "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">]>" + string.Concat(Enumerable.Repeat("<lolz>&lol;</lolz>", length / 18)),
        ["returns alone"] = length => new string('\r', length),
        ["a wrong character set"] = length => "MSH|^~\\&|G||||20260302101500||ORU^R01|1|P|2.6||||||UNICODE UTF-16\r" + Said.Request + "OBX|1|ST|184327^MDC_ECG_STAT_RHY^MDC|1.1.1.1|" + new string('\u00FF', length / 2) + "\r",
        ["too many segments"] = length => Said.Header + string.Concat(Enumerable.Repeat("Z\r", length / 2)),
        ["encoded samples"] = length => Rows("OBX|1|ED|131330^MDC_ECG_ELEC_POTL_II^MDC|1.1.1.1|^^^Base64^" + new string('A', length) + "\rOBX|2|NM|68320^MDC_ATTR_SAMPLE_RATE^MDC|1.1.1.1.1|125"),
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void NoBombCostsMoreThanItsBytes(string name)
    {
        // What is made once, for all messages, is not this one's.
        Read(Encoding.Latin1.GetBytes(Made[name](1_000)));
        byte[] bytes = Encoding.Latin1.GetBytes(Made[name](Mebibyte - 2_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(bytes);
        long used = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(used < BytesForNone + (BytesForEach * bytes.Length), $"{used} bytes of memory for {bytes.Length}");
    }

    [Fact]
    public async Task AMessageWithoutEndIsForgottenAsItComesAndAnsweredOnceWhereItEnds()
    {
        Hl7Limits limits = Hl7Limits.Default;
        var conversation = new MllpConversation(new Nobody(), new Acknowledgement(TimeProvider.System), new MllpOptions { Limits = limits });
        byte[] piece = new byte[Mebibyte];
        piece.AsSpan().Fill((byte)'x');
        Assert.Empty((await conversation.TakeAsync(Encoding.ASCII.GetBytes("\v" + Said.Header), default, CancellationToken.None))!);
        for (int i = 0; i < 1_024; i++)
        {
            Assert.Empty((await conversation.TakeAsync(piece, default, CancellationToken.None))!);
            Assert.InRange(conversation.Held, 0, limits.MessageBytes);
        }

        byte[] answer = Assert.Single((await conversation.TakeAsync("\x1C\r"u8.ToArray(), default, CancellationToken.None))!);
        Assert.Contains("MSA|CR|77", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
        Assert.Contains("207", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    [Fact]
    public Task SpoiledMessagesNeverThrowAndCostNoMoreThanTheirBytes()
    {
        string[] whole = [.. Made.Values.Select(make => make(200)), Said.Header + Said.Place + Said.Request + Said.HeartRate];
        return Storage.CrashSeeds.ForEachAsync("BEDSIDE_FUZZ_SEEDS", 300, seed =>
        {
            var random = new Random(seed);
            var bytes = new List<byte>(Encoding.Latin1.GetBytes(whole[random.Next(whole.Length)]));
            for (int change = random.Next(1, 30); change > 0; change--)
            {
                int at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.Insert(at, "|^~\\&\r\n\v\x1C"u8[random.Next(9)]);
                        break;
                    case 2 when bytes.Count > 10:
                        bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at - 1));
                        break;
                    default:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(300), bytes.Count - at)));
                        break;
                }
            }

            byte[] spoiled = [.. bytes];
            long before = GC.GetAllocatedBytesForCurrentThread();
            Read(spoiled);
            long used = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(used < BytesForNone + (10 * BytesForEach * spoiled.Length), $"{used} bytes of memory for {spoiled.Length}");
            return Task.CompletedTask;
        });
    }

    private static string Rows(string row) => Said.Header + Said.Request + row + "\r";

    private static void Read(byte[] bytes)
    {
        var said = new Said();
        var reader = new SenderReader(new Hl7Settings());
        foreach (ReadOnlyMemory<byte> one in MessageSplit.Of(bytes, Hl7Limits.Default).Messages)
        {
            var message = Hl7Message.Read(one);
            _ = message.Rejection is null ? reader.Take(message, new UtcInstant(0), said) : Use.NotUsed;
            _ = RepeatedMessages.KeyOf(message);
            Assert.NotNull(new Acknowledgement(TimeProvider.System).Of(message, message.Rejection is null ? Outcome.Accepted : Outcome.Rejected, message.Rejection));
        }
    }

    private sealed class Nobody : IHl7Receiver
    {
        public Task<IReadOnlyList<Receipt>> ReceiveAsync(IReadOnlyList<Hl7Message> messages, MonotonicInstant arrivedAt, CancellationToken cancel) =>
            throw new InvalidOperationException("nothing whole came");
    }
}
