using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>What was said to the devices of our captures, which also ask and command the box themselves.</summary>
public class ConversationTests
{
    public static readonly TheoryData<string> Names = ["evita-4", "v500"];

    /// <summary>Replayed with its silences, the session says to the device what it said when it was recorded.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TheConversationOfACaptureIsHadAgain(string name)
    {
        (List<string> recorded, List<string> said) = Golden.Again(Wire.Driver, name, new LineSettings(19200, Parity: LineParity.Even), ticks: false);
        Assert.Empty(Golden.Open(Wire.Driver.Name, name).Faults);
        Assert.InRange(Math.Min(recorded.Count, said.Count), recorded.Count * 9 / 10, recorded.Count);
        Assert.Equal(recorded.Distinct().Order(), said.Distinct().Order());
    }
}
