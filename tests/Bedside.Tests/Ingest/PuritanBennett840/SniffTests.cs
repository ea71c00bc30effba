using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Ingest.PuritanBennett840;

/// <summary>It recognises its own and nobody else's, and can send nothing that changes a setting.</summary>
public class SniffTests
{
    private static readonly IReadOnlyList<AllowedMessage> Allowed = Wire.Driver.Traits.Outgoing;

    [Theory]
    [InlineData('A', 103)]
    [InlineData('F', 110)]
    public void TheFirstTenFieldsOfAUsualReplyAreEnough(char letter, int bytes)
    {
        byte[] reply = Wire.Typical(letter);
        Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff(reply.AsSpan(0, 60), Transport.Serial));
        Assert.Equal(Verdict.Yes, Wire.Driver.Sniff(reply.AsSpan(0, bytes), Transport.Serial));
        Assert.Equal(Verdict.No, Wire.Driver.Sniff(reply, Transport.Udp));
    }

    [Fact]
    public void OfAnUnusualOneTwoWholeRepliesAre()
    {
        byte[] reply = Wire.Shaped('A', 90, extraWidth: 0);
        Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff(reply, Transport.Serial));
        Assert.Equal(Verdict.Yes, Wire.Driver.Sniff([.. reply, .. reply], Transport.Serial));
    }

    [Fact]
    public void ADamagedBeginningDoesNotCount()
    {
        byte[] reply = Wire.Typical('F')[..200];
        for (int at = 0; at < 60; at++)
        {
            byte[] damaged = [.. reply];
            damaged[at] = (byte)'\u0007';
            Assert.NotEqual(Verdict.Yes, Wire.Driver.Sniff(damaged, Transport.Serial));
        }
    }

    [Fact]
    public void GarbageBeforeItDoesNotHideIt()
    {
        byte[] garbage = new byte[900];
        new Random(3).NextBytes(garbage);
        Assert.Equal(Verdict.Yes, Wire.Driver.Sniff([.. garbage, .. Wire.Typical('A')], Transport.Serial));
    }

    [Fact]
    public void WhatItsWaveformPortSaysIsNotIt() =>
        Assert.Equal(Verdict.No, Wire.Driver.Sniff(Golden.FromDevice("puritan-bennett-waveform", "breaths").AsSpan(0, 4096), Transport.Serial));

    [Fact]
    public void NothingIsTooShort()
    {
        Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff([], Transport.Serial));
        byte[] reply = Wire.Typical('F');
        for (int length = 0; length < 60; length++)
        {
            Assert.Equal(Verdict.NeedMore, Wire.Driver.Sniff(reply.AsSpan(0, length), Transport.Serial));
        }
    }

    [Fact]
    public void ExactlyFourMessagesMayLeaveTheBox()
    {
        Assert.Equal(["RSET\r", "SNDA\r", "SNDF\r", "\rSNDA\r"], Allowed.Select(message => System.Text.Encoding.ASCII.GetString(message.Bytes.Span)));
        Assert.All(Allowed, message => Assert.True(message.Mask.IsEmpty));
        Assert.All(Wire.Driver.Traits.Probes, probe => Assert.Contains(Allowed, message => message.Matches(probe.Span)));
    }

    [Fact]
    public void NoOtherMessagePassesHoweverLikeItIs()
    {
        var random = new Random(31);
        foreach (AllowedMessage message in Allowed)
        {
            for (int i = 0; i < 20_000; i++)
            {
                byte[] changed = message.Bytes.ToArray();
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
                bool same = Allowed.Any(one => one.Bytes.Span.SequenceEqual(changed));
                Assert.Equal(same, Allowed.Any(one => one.Matches(changed)));
            }

            Assert.DoesNotContain(Allowed, one => one.Matches([.. message.Bytes.Span, (byte)'\r']));
        }
    }
}
