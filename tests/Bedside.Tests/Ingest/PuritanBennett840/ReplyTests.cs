using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PuritanBennett840;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PuritanBennett840;

/// <summary>Which bytes are a reply, and what a damaged one may not do. Nothing in DCI has a checksum.</summary>
public class ReplyTests
{
    public static readonly TheoryData<char> Letters = ['A', 'F'];

    [Fact]
    public void TheCommandsAreThoseOfTheSheet()
    {
        Assert.Equal(Convert.FromHexString("534E44410D"), Outgoing.AskBasic);
        Assert.Equal(Convert.FromHexString("534E44460D"), Outgoing.AskExtended);
        Assert.Equal(Convert.FromHexString("525345540D"), Outgoing.Reset);
    }

    [Fact]
    public void TheTablesHaveTheCountsOfTheRecordings()
    {
        Assert.Equal((97, 706), (FieldTable.Basic.Rows.Count, FieldTable.Basic.Bytes));
        Assert.Equal((169, 1225), (FieldTable.Extended.Rows.Count, FieldTable.Extended.Bytes));
        Assert.Equal(722, Wire.Reply('A').Length);
        Assert.Equal(1244, Wire.Reply('F').Length);
        FieldTable[] tables = [FieldTable.Basic, FieldTable.Extended];
        Assert.All(tables, table => Assert.Equal(Enumerable.Range(5, table.Rows.Count), table.Rows.Select(row => row.Number)));
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public void AReplyIsReadFieldByField(char letter)
    {
        byte[] reply = Wire.Typical(letter);
        Assert.Equal(Encoding.ASCII.GetBytes(letter == 'A' ? "MISCA,706,97,\u000214:47 ,840 3510053249    ," : "MISCF,1225,169 ,\u000214:51 ,840 3510053249    ,"), reply[..(letter == 'A' ? 40 : 43)]);
        Ear ear = Wire.Heard(reply);
        Assert.Empty(ear.Faults);
        Assert.Equal(letter == 'A' ? "0.38" : "0.378", ear.Number("vt-exp"));
        Assert.Equal(letter == 'A' ? "CMV" : "A/C", ear.Text("set-vent-mode"));
        Assert.Equal("14.0", ear.Number("set-rate"));
        Assert.Equal("5.0", ear.Number("set-peep"));
        Assert.Equal("24.0", ear.Number("ppeak"));
        DeviceIdentity device = Assert.Single(ear.Of<DeviceEvent.Identity>()).Device;
        Assert.Equal(("Puritan Bennett", "840", "3510053249"), (device.Manufacturer, device.Model, device.SerialNumber));
        Assert.Equal(new DateTime(2011, 11, 22, 14, letter == 'A' ? 47 : 51, 0), Assert.Single(ear.Of<DeviceEvent.WallClock>()).Wall);
    }

    /// <summary>The beginning of a reply of a PB980 as the sheet quotes it; its identity begins with the model.</summary>
    [Fact]
    public void A980IsReadAlike()
    {
        byte[] reply = Wire.Typical('F', (5, "10:40"), (6, "980 35B1500404"), (7, "APR 24 2023"), (9, "SIMV"), (11, "PS"), (13, "15.0"), (14, "0.245"), (71, "0.252"), (72, "3.780"), (160, "NORMAL"), (163, "0.400"), (172, "BREATH"));
        Ear ear = Wire.Heard(reply);
        Assert.Empty(ear.Faults);
        Assert.Equal("980", Assert.Single(ear.Of<DeviceEvent.Identity>()).Device.Model);
        Assert.Equal(("0.245", "0.252", "3.780"), (ear.Number("set-vt"), ear.Number("vt-exp"), ear.Number("mv-exp")));
        Assert.Equal("BREATH", ear.Text("raw/puritan-bennett/172F/not-used"));
        Assert.DoesNotContain(ear.Of<DeviceEvent.Numeric>(), said => said.Metric.DeviceCode == "puritan-bennett:163F");
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public void EveryTruncationIsRefusedAndTheNextReplyIsTaken(char letter)
    {
        byte[] reply = Wire.Typical(letter);
        string[] whole = Values(Wire.Heard(reply));
        for (int length = 1; length < reply.Length - 1; length++)
        {
            Ear ear = Wire.Heard(reply[..length], reply);
            Assert.Equal(whole, Values(ear));
            Assert.True(length < 4 || ear.Of<DeviceEvent.Missing>().Any());
        }
    }

    /// <summary>A lost or doubled byte shows in the count of bytes or in the widths; values are told as they were, or not at all.</summary>
    [Theory]
    [MemberData(nameof(Letters))]
    public void ALostOrDoubledByteNeverChangesAValue(char letter)
    {
        byte[] reply = Wire.Typical(letter);
        string[] whole = Values(Wire.Heard(reply));
        for (int at = 0; at < reply.Length - 1; at++)
        {
            foreach (byte[] damaged in new[] { [.. reply[..at], .. reply[(at + 1)..]], (byte[])[.. reply[..at], reply[at], .. reply[at..]] })
            {
                Assert.Empty(Values(Wire.Heard(damaged)).Except(whole));
                Assert.Equal(whole, Values(Wire.Heard(damaged, reply)).TakeLast(whole.Length));
            }
        }
    }

    /// <summary>One turned byte can look right inside a field. It can never move another field.</summary>
    [Theory]
    [MemberData(nameof(Letters))]
    public void AWrongByteSpoilsOneFieldAtMost(char letter)
    {
        byte[] reply = Wire.Typical(letter);
        string[] whole = Values(Wire.Heard(reply));
        var random = new Random(840);
        for (int at = 0; at < reply.Length; at++)
        {
            byte[] damaged = [.. reply];
            damaged[at] ^= (byte)(1 << random.Next(8));
            Ear ear = Wire.Heard(damaged);
            if (ear.Of<DeviceEvent.Numeric>().Any())
            {
                Assert.InRange(whole.Except(Values(ear)).Count(), 0, 1);
            }

            // What a wrong byte leaves open is closed by the next reply at the latest.
            Assert.Equal(whole, Values(Wire.Heard(damaged, reply, reply)).TakeLast(whole.Length));
        }
    }

    [Fact]
    public void OtherWidthsAreTakenWhenTheCountAgreesOrWhenTheyComeTwice()
    {
        byte[] wider = Wire.Shaped('F', 173, extraWidth: 4, (71, "0.400"));
        Assert.Equal("0.400", Wire.Heard(wider).Number("vt-exp"));
        byte[] lying = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(wider).Replace("1229", "1225", StringComparison.Ordinal));
        Assert.Null(Wire.Heard(lying).Number("vt-exp"));
        Ear twice = Wire.Heard(lying, lying);
        Assert.Equal("0.400", twice.Number("vt-exp"));
        Assert.Contains(twice.Faults, fault => fault.Reason == "the replies state 1225 bytes and have 1229; their fields are whole, and are taken");
    }

    /// <summary>1229 is reported for a ventilator set to Philips: whichever of the two counts it is, the fields are taken.</summary>
    [Fact]
    public void ACountThatIsWrongBesideUsualWidthsIsToldAndForgiven()
    {
        byte[] reply = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Wire.Typical('F')).Replace("1225", "1229", StringComparison.Ordinal));
        Ear ear = Wire.Heard(reply, reply);
        Assert.Equal("0.378", ear.Number("vt-exp"));
        Assert.Single(ear.Faults);
    }

    [Fact]
    public void OtherCountsOfFieldsAreReadUpToWhatIsKnown()
    {
        Ear fewer = Wire.Heard(Wire.Shaped('F', 171, 0, (71, "0.378")));
        Assert.Equal("0.378", fewer.Number("vt-exp"));
        Ear more = Wire.Heard(Wire.Shaped('F', 175, 0, (71, "0.378"), (174, "12.5")));
        Assert.Equal("0.378", more.Number("vt-exp"));
        Assert.Equal("12.5", more.Text("raw/puritan-bennett/174F/not-in-the-tables"));
        Assert.Empty(more.Faults);
    }

    [Fact]
    public void AWrongCountOfFieldsIsRefused()
    {
        byte[] reply = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Wire.Typical('A')).Replace(",97,", ",98,", StringComparison.Ordinal));
        Ear ear = Wire.Heard(reply);
        Assert.Empty(ear.Of<DeviceEvent.Numeric>());
        Assert.Equal("a reply states 98 fields and has 97", Assert.Single(ear.Faults).Reason);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("  ")]
    [InlineData("\0")]
    public void BlanksAndLineEndsBetweenRepliesAreNoTrouble(string between)
    {
        byte[] some = Encoding.ASCII.GetBytes(between);
        Ear ear = Wire.Heard(some, Wire.Typical('F'), some, Wire.Typical('F'), some);
        Assert.Empty(ear.Faults);
        Assert.Equal(2, ear.Of<DeviceEvent.Numeric>().Count(said => said.Metric.SignalId == "ppeak"));
    }

    [Fact]
    public void TheWaveformPortIsSaidToBeWhatItIsOnce()
    {
        Ear ear = Wire.Heard("3.14, 11.41\nBE\nBS, S:65426,\n3.14, 11.41\n-3.14, 11.41\n"u8.ToArray());
        Assert.Equal("this is the ventilator's waveform port; DCI is on serial port 1, or set this port to DCI", Assert.Single(ear.Faults).Reason);
    }

    [Fact]
    public void AReplyThatStopsIsGivenUpAndTheNextOneIsTaken()
    {
        byte[] reply = Wire.Typical('F');
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session(listenOnly: true);
        session.OnChunk(Wire.From(0, reply[..600]), ear);
        session.OnChunk(Wire.From(1), ear);
        Assert.Empty(ear.Said);
        session.OnChunk(Wire.From(1.6), ear);
        Assert.Equal("a reply broke off after 600 bytes", Assert.Single(ear.Faults).Reason);
        session.OnChunk(Wire.From(2, reply), ear);
        Assert.Equal("0.378", ear.Number("vt-exp"));
    }

    [Fact]
    public void ARecordingThatEndsBeforeTheCarriageReturnHasItsLastReply_AndHalfAReplyIsSaid()
    {
        byte[] reply = Wire.Typical('F');
        var whole = Ear.Heard(Wire.Driver, reply.AsMemory(0, reply.Length - 1));
        Assert.Empty(whole.Faults);
        Assert.Equal("0.378", whole.Number("vt-exp"));
        var half = Ear.Heard(Wire.Driver, reply.AsMemory(0, 600));
        Assert.Equal("a reply broke off after 600 bytes", Assert.Single(half.Faults).Reason);
        Assert.Equal(GapCause.LostMessage, Assert.Single(half.Of<DeviceEvent.Missing>()).Cause);
    }

    [Fact]
    public void WhatTheOtherHostSaysOnATappedLineIsNotTakenForAnAnswer()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session(listenOnly: true);
        session.OnChunk(new Chunk(default, Outgoing.AskExtended, ChunkDirection.ToDevice), ear);
        session.OnChunk(Wire.From(1, Wire.Typical('F')), ear);
        Assert.Empty(ear.Faults);
        Assert.Empty(ear.Sent);
        Assert.Equal("0.378", ear.Number("vt-exp"));
    }

    private static string[] Values(Ear ear) =>
        [.. ear.Of<DeviceEvent.Numeric>().Select(said => $"{said.Metric.SignalId}/{said.Metric.Channel} [{said.Metric.Unit}] {said.Value}")];
}
