using System.Text;
using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>The reader of messages: delimiters, escapes, character sets, limits, and bytes that are no message.</summary>
public class ReaderTests
{
    private const int Rounds = 400;

    [Fact]
    public void FieldsRepetitionsComponentsAndSubComponentsAreFoundByTheDelimitersOfTheMessage()
    {
        Hl7Message message = Said.Read("MSH$*%!@$A$B$$$20260101$$ORU*R01$1$P$2.5\rPID$$$1*x@y%2*z\r");
        Assert.Null(message.Rejection);
        Assert.Equal("$", message.Header.Field(1).Text);
        Assert.Equal("*%!@", Encoding.ASCII.GetString(message.Header.Field(2).Bytes));
        Hl7Value field = message.First("PID"u8).Field(3);
        Assert.Equal((2, "y", "z", ""), (field.Repetitions, field.Component(2).Sub(2).Text, field.Repetition(1).Component(2).Text, field.Component(9).Text));
        Assert.Equal("", message.First("PID"u8).Field(99).Text);
    }

    [Theory]
    [InlineData(@"\F\\S\\T\\R\\E\", @"|^&~\")]
    [InlineData(@"a\.br\b\.sp 2\c", "a\nb\nc")]
    [InlineData(@"\X41C3A9\", "Aé")]
    [InlineData(@"\X0D0A\x", "\nx")]
    [InlineData(@"\H\b\N\", "b")]
    [InlineData(@"C:\dir\file", @"C:\dir\file")]
    [InlineData(@"50 \mu", @"50 \mu")]
    [InlineData(@"\X4\", @"\X4\")]
    [InlineData(@"\Zab\", @"\Zab\")]
    [InlineData(@"\", @"\")]
    [InlineData(@"C:\dir\F\x", @"C:\dir|x")]
    [InlineData("\"\"", "")]
    public void EscapesAreResolvedAndStrangeOnesStayAsTheyCame(string sent, string text) =>
        Assert.Equal(text, Said.Read($"{Said.Header}NTE|1||{sent}\r").First("NTE"u8).Field(3).Text);

    [Theory]
    [InlineData("", new byte[] { 0xE9 }, "é")]
    [InlineData("", new byte[] { 0xC3, 0xA9 }, "é")]
    [InlineData("UNICODE UTF-8", new byte[] { 0xE9 }, "é")]
    [InlineData("8859/1", new byte[] { 0xE9, 0x80 }, "é€")]
    [InlineData("8859/15", new byte[] { 0xA4 }, "€")]
    [InlineData("8859/2", new byte[] { 0xB1 }, "ą")]
    [InlineData("ISO IR 999", new byte[] { 0xC3, 0xA9 }, "é")]
    public void CharacterSetsAreWhatIsDeclaredWhereThatIsTrue(string declared, byte[] bytes, string text)
    {
        byte[] message = [.. Encoding.ASCII.GetBytes($"MSH|^~\\&|||||||ORU^R01|1|P|2.5||||||{declared}\rNTE|1||"), .. bytes, 0x0D];
        Assert.Equal(text, Hl7Message.Read(message).First("NTE"u8).Field(3).Text);
    }

    [Theory]
    [InlineData("MSH|^~^&|||||||ORU^R01|1|P|2.5\r", "MSH", 2)]
    [InlineData("MSH|aBcD|||||||ORU^R01|1|P|2.5\r", "MSH", 2)]
    [InlineData("MSH|^~\\&|||||||\r", "MSH", 9)]
    [InlineData("PID|1\r", "MSH", 0)]
    [InlineData("", "MSH", 0)]
    [InlineData("MSH", "MSH", 2)]
    public void AHeaderThatCannotBeUsedIsRejectedWithItsField(string text, string segment, int field)
    {
        Hl7Fault? why = Said.Read(text).Rejection;
        Assert.Equal((segment, field), (why?.Segment, why?.Field));
        Assert.NotEmpty(why!.Reason);
    }

    [Theory]
    [InlineData("\r", Terminators.CarriageReturn)]
    [InlineData("\n", Terminators.LineFeed)]
    [InlineData("\r\n", Terminators.Both)]
    public void SegmentsEndWithAnyLineEnd(string end, Terminators seen)
    {
        Hl7Message message = Said.Read((Said.Header + Said.Place).Replace("\r", end, StringComparison.Ordinal));
        Assert.Equal((3, seen, true), (message.Count, message.Terminators, message.EndsWhole));
    }

    [Fact]
    public void ASegmentThatLostItsBeginningIsLeftOutAndSaid()
    {
        Hl7Message message = Said.Read(Said.Header + "BX|1|NM\r" + Said.HeartRate);
        Assert.Equal(2, message.Count);
        Assert.Contains("no name", Assert.Single(message.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManySegmentsAndTooManyBytesAreRejected()
    {
        Assert.Contains("2048 segments", Said.Read(Said.Header + string.Concat(Enumerable.Repeat("NTE|1\r", 2_048))).Rejection?.Reason, StringComparison.Ordinal);
        Assert.Null(Said.Read(Said.Header + string.Concat(Enumerable.Repeat("NTE|1\r", 2_047))).Rejection);
        Assert.Contains("1048576 bytes", Said.Read(Said.Header + new string('x', 1 << 20)).Rejection?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchesAreSplitAndTheirCountsCompared()
    {
        const string text = "FHS|^~\\&\rBHS|^~\\&\r" + Said.Header + Said.Header + "BTS|3\rFTS|1\r";
        var split = MessageSplit.Of(Encoding.ASCII.GetBytes(text), Hl7Limits.Default);
        Assert.Equal((2, true), (split.Messages.Count, split.IsBatch));
        Assert.Equal("BTS", Assert.Single(split.Faults).Segment);
        Assert.Equal(Said.Header, Encoding.ASCII.GetString(split.Messages[0].Span));
    }

    [Fact]
    public void MarksOfByteOrderAndSixteenBitTextAreTakenOff()
    {
        foreach (byte[] text in (byte[][])[[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Said.Header)], [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Said.Header)], Encoding.BigEndianUnicode.GetBytes(Said.Header)])
        {
            ReadOnlyMemory<byte> only = Assert.Single(MessageSplit.Of(text, Hl7Limits.Default).Messages);
            Assert.Equal("77", Hl7Message.Read(only).Header.Field(10).Text);
        }
    }

    [Fact]
    public void WhatIsWrittenIsReadAsTheSame()
    {
        var random = new Random(71);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = Mutated(random);
            var message = Hl7Message.Read(bytes);
            var again = Hl7Message.Read(message.Write());
            Assert.Equal(message.Count, again.Count);
            for (int i = 0; i < message.Count; i++)
            {
                Assert.True(message[i].Bytes.SequenceEqual(again[i].Bytes));
            }
        }
    }

    [Fact]
    public void NoBytesAndNoCutThrow()
    {
        var random = new Random(72);
        byte[] whole = Encoding.UTF8.GetBytes(Said.Header + Said.Place + Said.Request + Said.HeartRate);
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            ReadAll(whole[..cut]);
            ReadAll(whole[cut..]);
        }

        for (int round = 0; round < Rounds; round++)
        {
            ReadAll(Mutated(random));
            byte[] noise = new byte[random.Next(2_000)];
            random.NextBytes(noise);
            ReadAll(noise);
            ReadAll([.. "MSH|^~\\&|"u8, .. noise]);
        }
    }

    private static void ReadAll(byte[] bytes)
    {
        var said = new Said();
        var reader = new SenderReader(new Hl7Settings());
        foreach (ReadOnlyMemory<byte> one in MessageSplit.Of(bytes, Hl7Limits.Default).Messages)
        {
            var message = Hl7Message.Read(one);
            reader.Take(message, new UtcInstant(0), said);
            Assert.NotNull(new Acknowledgement(TimeProvider.System).Of(message, message.Rejection is null ? Outcome.Accepted : Outcome.Rejected, message.Rejection));
            for (int i = 0; i < message.Count; i++)
            {
                Assert.NotNull(message[i].Field(5).Component(2).Text);
            }
        }
    }

    private static byte[] Mutated(Random random)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Said.Header + Said.Place + Said.Request + Said.HeartRate);
        for (int i = random.Next(6); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? "|^~\\&\r\n"u8[random.Next(7)] : (byte)random.Next(256);
        }

        return bytes;
    }
}
