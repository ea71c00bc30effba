using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.ServoCie;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators.Servo;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Ingest.ServoCie;

/// <summary>What is said to the ventilator, and that nothing else can be.</summary>
public class SessionTests
{
    private static readonly string[] Versions = ["001", "002", "003", "004", "005"];
    private static readonly string[] Choices = ["SDADC", "SDADB", "SDADS", "SDADE"];

    [Fact]
    public void TheTalkGoesAsTheSheetRecommends()
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Wire.Driver.Name).Run(15);
        string[] words = [.. line.Ear.Sent.Select(Word)];
        Assert.Equal(["ESC", "", "HO", "RCTY1C", "RHVE09", "SPVE00525", "RSEN0A", "RTIM02", "RCCO1D", "RSTI1C", "SDADC1001131141195E", "SDADB", "SDADS", "SDADE", "RADC14"], words.Select(word => word.StartsWith("SDAD", StringComparison.Ordinal) && word[4] != 'C' ? word[..5] : word));
    }

    [Fact]
    public void TheSamplingTimeIsAskedForAndNeverSet() =>
        Assert.DoesNotContain(Wire.Driver.Traits.Outgoing, message => Encoding.ASCII.GetString(message.Bytes.Span).StartsWith("SSMP", StringComparison.Ordinal));

    [Fact]
    public void InStandbyTheVentilatorIsAskedEveryFiveSecondsUntilDataFlow()
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Wire.Driver.Name, "--fault", "standby@0+40").Run(60);
        string[] words = [.. line.Ear.Sent.Select(Word)];
        Assert.InRange(words.Count(word => word == "RADC14"), 6, 9);
        Assert.InRange(words.Count(word => word == "RADAB54"), 5, 8);
        Assert.Contains(line.Ear.Faults, fault => fault.Reason.EndsWith("error 17, the ventilator is in standby", StringComparison.Ordinal));
        Assert.NotEmpty(line.Ear.Curve("paw"));
    }

    [Fact]
    public void ALineThatIsDeadIsTriedAgainAndAgain()
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Wire.Driver.Name, "--fault", "silence@0+30").Run(45);
        Assert.InRange(line.Ear.Sent.TakeWhile(bytes => Word(bytes) != "HO").Count(), 15, 40);
        Assert.NotNull(line.Ear.Of<DeviceEvent.Identity>().LastOrDefault());
    }

    [Fact]
    public void ARestartedVentilatorIsConfiguredAnew()
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Wire.Driver.Name, "--fault", "reboot@20").Run(60);
        Assert.Equal(2, line.Ear.Sent.Count(bytes => Word(bytes).StartsWith("SDADC", StringComparison.Ordinal)));
        Assert.Equal([true, false, true], line.Ear.Of<DeviceEvent.Link>().Select(link => link.Receiving));
    }

    [Fact]
    public void NothingIsSentWhenListening()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Driver.Open(new SessionOptions(Transport.Serial, ListenOnly: true));
        for (int tick = 0; tick < 300; tick++)
        {
            session.OnChunk(new Chunk(new MonotonicInstant(tick * 100_000_000L), default), ear);
        }

        session.Stop(ear);
        Assert.Empty(ear.Sent);
    }

    [Fact]
    public void NoCommandButTheHarmlessOnesPassesWhateverItsArgument()
    {
        string[] harmless = ["RCTY", "RHVE", "RCCO", "RSEN", "RTIM", "RSTI", "RADC", "RADAB", "RADAS", "RADAE"];
        string[] others = ["SSMP", "STOU", "SPVE", "STTX", "RETX", "RADN", "SDADA", "SDADT", "RADAU", "CS", "CT", "DB", "DC", "UC", "RPAI", "XXXX", "SDADX"];
        var random = new Random(28);
        foreach (string command in others)
        {
            for (int digits = 0; digits <= 230; digits++)
            {
                string argument = string.Concat(Enumerable.Range(0, digits).Select(_ => (char)('0' + random.Next(10))));
                bool isVersion = command == "SPVE" && Versions.Contains(argument);
                Assert.Equal(isVersion, Passes(Wire.Checked(command + argument)));
                Assert.False(Passes([.. Encoding.ASCII.GetBytes(command + argument), 0x04]));
            }
        }

        Assert.All(harmless, command => Assert.True(Passes(Wire.Checked(command))));
        Assert.All(harmless, command => Assert.False(Passes(Wire.Checked(command + "001"))));
    }

    /// <summary>In a choice only digits can change: the command, the class of every channel and the end are fixed, and no other message fits in.</summary>
    [Fact]
    public void AChoiceCanHoldNothingButChannelsOfItsClass()
    {
        var random = new Random(29);
        foreach (AllowedMessage message in Wire.Driver.Traits.Outgoing)
        {
            for (int place = 0; place < message.Bytes.Length; place++)
            {
                byte[] changed = message.Bytes.ToArray();
                changed[place] = (byte)random.Next(256);
                bool digit = changed[place] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'F');
                bool free = !message.Mask.IsEmpty && message.Mask.Span[place] == 0;
                Assert.Equal(changed[place] == message.Bytes.Span[place] || (free && digit), message.Matches(changed));
            }

            Assert.True(message.Mask.IsEmpty || Choices.Contains(Encoding.ASCII.GetString(message.Bytes.Span)[..5]));
        }

        Assert.True(Passes(Outgoing.Choice('S', Enumerable.Range(300, 75))));
        Assert.False(Passes(Outgoing.Choice('S', Enumerable.Range(300, 76))));
        Assert.False(Passes(Outgoing.Choice('C', [100, 101, 102, 103, 104])));
        Assert.False(Passes(Outgoing.Choice('C', [200])));
    }

    [Fact]
    public void ProbesAreAllowedAndHarmless() =>
        Assert.Equal(["ESC", "HO", "RCTY1C"], Wire.Driver.Traits.Probes.Select(probe => Word(probe.ToArray())));

    private static bool Passes(byte[] message) => Wire.Driver.Traits.Outgoing.Any(allowed => allowed.Matches(message));

    private static string Word(byte[] bytes) => bytes is [0x1B] ? "ESC" : Encoding.ASCII.GetString(bytes).TrimEnd('\u0004');
}
