using Bedside.Host.Commands;
using Bedside.Host.Options;

namespace Bedside.Tests.Options;

/// <summary>What a site may choose that a power cut costs.</summary>
public sealed class DurabilityTests
{
    [Theory]
    [InlineData("{}", 1)]
    [InlineData("{\"durability\": \"1s\"}", 1)]
    [InlineData("{\"durability\": \"10s\"}", 10)]
    public void TheBoundIsReadFromTheConfiguration(string json, int seconds)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, json);
        Assert.Equal(TimeSpan.FromSeconds(seconds), Durability.Parse(BedOptions.Read(path).Durability));
        File.Delete(path);
    }

    [Theory]
    [InlineData("5s")]
    [InlineData("")]
    [InlineData("10")]
    public void AnythingElseIsRefusedWithWhatMayStandThere(string word)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, $$"""{"durability": "{{word}}"}""");
        CommandFailedException refused = Assert.Throws<CommandFailedException>(() => BedOptions.Read(path));
        Assert.Contains($"durability must be 1s or 10s, not {word}.", refused.Message, StringComparison.Ordinal);
        File.Delete(path);
    }
}
