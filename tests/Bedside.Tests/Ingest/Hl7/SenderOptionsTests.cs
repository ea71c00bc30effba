using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Ingest.Hl7;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>What a configuration says of single senders.</summary>
public class SenderOptionsTests
{
    [Fact]
    public void TheConfigurationSaysWhatIsSpecialAboutASender()
    {
        Hl7Settings settings = Read("""{"hl7":{"messageMiB":16,"senders":{"gateway":{"codes":{"150017^MDC_PRESS_BLD_ART_SYS":"abp-sys"},"sentinels":{"*":[-100,-1000]},"units":{"150037":"kPa"},"zone":"Europe/Paris","x":"noValue","ack":"original"}}}}""").Hl7.Settings("UTC");
        SenderRules rules = settings.RulesOf("gateway");
        Assert.Equal(("abp-sys", -1_000.0, "kPa", "Europe/Paris", true, AnswerMode.Original), (rules.Codes["150017^MDC_PRESS_BLD_ART_SYS"], rules.Sentinels["*"][1], rules.Units["150037"], rules.Zone?.Id, rules.HonoursX, rules.Answers));
        Assert.Equal((16 << 20, SenderRules.None), (settings.Limits.MessageBytes, settings.RulesOf("another")));
    }

    [Theory]
    [InlineData("""{"hl7":{"senders":{"gateway":{"codes":{"1":"no-such-signal"}}}}}""", "no-such-signal")]
    [InlineData("""{"hl7":{"senders":{"GATEWAY":{}}}}""", "small letters")]
    [InlineData("""{"hl7":{"senders":{"gateway":{"zone":"Mars"}}}}""", "Mars")]
    [InlineData("""{"hl7":{"senders":{"gateway":{"x":"maybe"}}}}""", ".x is")]
    [InlineData("""{"hl7":{"messageMiB":17}}""", "messageMiB")]
    public void WhatCannotBeIsRefusedWithItsPlace(string json, string named) =>
        Assert.Contains(named, Assert.Throws<CommandFailedException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static BedOptions Read(string json)
    {
        using var folder = new TemporaryFolder();
        return BedOptions.Read(folder.Write("bed.json", json));
    }
}
