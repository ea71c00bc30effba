using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>What our captures hold that those of other drivers do not: each word that was said to the monitor, in order.</summary>
public sealed class CaptureTests
{
    private static readonly string[] Captures = ["s5-theatre", "carescape"];

    public static TheoryData<string> Names => [.. Captures];

    /// <summary>Replayed with its silences, the session says to the monitor what it said when it was recorded.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_conversation_of_a_capture_is_had_again(string name)
    {
        Recording recording = Golden.Open(Wire.Driver.Name, name);
        Assert.Empty(recording.Faults);
        Assert.NotNull(recording.Header.Line);
        (List<string> recorded, List<string> said) = Golden.Again(Wire.Driver, name, recording.Header.Line, ticks: false);
        Assert.Equal(recorded, said);
    }

    /// <summary>Also where one begins to listen in the middle.</summary>
    [Fact]
    public void Most_windows_of_its_captures_are_recognised() =>
        Assert.True(Captures.SelectMany(name => Golden.FromDevice(Wire.Driver.Name, name).Chunk(Golden.WindowBytes)).Count(window => Wire.Driver.Sniff(window, Transport.Serial) == Verdict.Yes) > 5);
}
