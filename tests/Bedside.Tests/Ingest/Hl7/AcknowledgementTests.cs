using System.Text;
using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>Answers: every pair of MSH-15 and MSH-16, every outcome, and what stands in them (sheet 3).</summary>
public class AcknowledgementTests
{
    private static readonly string[] Conditions = ["", "AL", "NE", "ER", "SU"];

    [Fact]
    public void EveryPairOfConditionsIsAnsweredAsItAsks()
    {
        foreach (string accept in Conditions)
        {
            foreach (string application in Conditions)
            {
                foreach (Outcome outcome in Enum.GetValues<Outcome>())
                {
                    char letter = "AER"[(int)outcome];
                    string[] expected = accept.Length + application.Length == 0
                        ? [$"A{letter}"]
                        : [.. new[] { (accept, 'C'), (application, 'A') }.Where(one => IsDue(one.Item1, outcome)).Select(one => $"{one.Item2}{letter}")];
                    Assert.Equal(expected, Codes(Of($"MSH|^~\\&|A|B|C|D|20260101||ORU^R01|9|P|2.6|||{accept}|{application}\r", outcome)));
                }
            }
        }
    }

    [Fact]
    public void TheAnswerNamesTheMessageExactlyAndTurnsSenderAndReceiver()
    {
        Hl7Message answer = Read(Assert.Single(Of("MSH|^~\\&|APP^1^EUI-64|FAC|ME|HERE|20260101||ORU^R01^ORU_R01|a\\T\\b 7|D|2.6^x||||||UNICODE UTF-8\r", Outcome.Accepted)));
        Assert.Equal(["ME", "HERE", "APP^1^EUI-64", "FAC", "ACK^R01^ACK", "D", "2.6^x", "UNICODE UTF-8"], new[] { 3, 4, 5, 6, 9, 11, 12, 18 }.Select(field => Encoding.ASCII.GetString(answer.Header.Field(field).Bytes)));
        Assert.Equal("a\\T\\b 7", Encoding.ASCII.GetString(answer.First("MSA"u8).Field(2).Bytes));
        Assert.Equal(("", ""), (answer.Header.Field(15).Text, answer.Header.Field(16).Text));
        Assert.NotNull(Hl7Time.Read(answer.Header.Field(7))?.Offset);
    }

    [Fact]
    public void AnErrorNamesSegmentAndFieldAsTheVersionHasIt()
    {
        var fault = new Hl7Fault(103, "OBX", 3, 5, "a | in it");
        Hl7Message young = Read(Assert.Single(Of("MSH|^~\\&|||||||ORU^R01|9|P|2.5\r", Outcome.Error, fault)));
        Assert.Equal(("OBX", "3", "5", "103", "E", "a | in it"), (young.First("ERR"u8).Field(2).Component(1).Text, young.First("ERR"u8).Field(2).Component(2).Text, young.First("ERR"u8).Field(2).Component(3).Text, young.First("ERR"u8).Field(3).Component(1).Text, young.First("ERR"u8).Field(4).Text, young.First("ERR"u8).Field(8).Text));
        Hl7Message old = Read(Assert.Single(Of("MSH|^~\\&|||||||ORU^R01|9|P|2.3\r", Outcome.Error, fault)));
        Assert.Equal(("ACK", "OBX[3]-5: a | in it", 2), (Encoding.ASCII.GetString(old.Header.Field(9).Bytes), old.First("MSA"u8).Field(3).Text, old.Count));
    }

    [Fact]
    public void AnAnswerIsNeverAnsweredAndSitesMayChoose()
    {
        Assert.Empty(Of("MSH|^~\\&|||||||ACK^R01|9|P|2.5\rMSA|AA|1\r", Outcome.Accepted));
        Hl7Message asked = Said.Read("MSH|^~\\&|||||||ORU^R01|9|P|2.5|||AL|NE\r");
        Assert.Equal(["AA"], Codes(new Acknowledgement(TimeProvider.System, alwaysApplication: true).Of(asked, Outcome.Accepted)));
        Assert.Equal(["AA"], Codes(new Acknowledgement(TimeProvider.System, AnswerMode.Original).Of(asked, Outcome.Accepted)));
        Assert.Empty(new Acknowledgement(TimeProvider.System, AnswerMode.None).Of(asked, Outcome.Accepted));
    }

    [Fact]
    public void WhatHasNoHeaderIsRejectedAllTheSame()
    {
        Assert.Equal(["AR"], Codes(Of("PID|1\r", Outcome.Rejected)));
        Assert.Equal(["AR"], Codes(Of("MSH|^^^^|||||||ORU^R01|9|P|2.5\r", Outcome.Rejected)));
    }

    [Fact]
    public void RepeatsAreKnownByWhatTheySayAndNotByTheirNumber()
    {
        var repeats = new RepeatedMessages();
        var now = new MonotonicInstant(0);
        static UInt128? Key(string text) => RepeatedMessages.KeyOf(Said.Read(text));
        UInt128? first = Key(Said.Header + Said.HeartRate);
        Assert.NotNull(first);
        repeats.Add(first.Value, now);
        Assert.True(repeats.Contains(first.Value, now.Add(86_399_000_000_000)));
        Assert.False(repeats.Contains(first.Value, now.Add(86_401_000_000_000)));
        Assert.NotEqual(first, Key(Said.Header + Said.HeartRate.Replace("|80|", "|81|", StringComparison.Ordinal)));
        Assert.NotEqual(first, Key(Said.Header.Replace("GATEWAY", "OTHER", StringComparison.Ordinal) + Said.HeartRate));
        Assert.Null(Key("MSH|^~\\&|||||||ORU^R01|204|P|2.3.1\r" + Said.HeartRate));
    }

    private static bool IsDue(string condition, Outcome outcome) =>
        condition == "AL" || (condition == "ER" && outcome != Outcome.Accepted) || (condition == "SU" && outcome == Outcome.Accepted);

    private static IReadOnlyList<byte[]> Of(string message, Outcome outcome, Hl7Fault? fault = null)
    {
        Hl7Message read = Said.Read(message);
        return new Acknowledgement(TimeProvider.System).Of(read, outcome, fault ?? read.Rejection);
    }

    private static string[] Codes(IEnumerable<byte[]> answers) => [.. answers.Select(answer => Read(answer).First("MSA"u8).Field(1).Text)];

    private static Hl7Message Read(byte[] answer)
    {
        var message = Hl7Message.Read(answer);
        Assert.Null(message.Rejection);
        return message;
    }
}
