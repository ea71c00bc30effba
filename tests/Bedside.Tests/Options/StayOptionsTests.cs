using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Model.Stays;

namespace Bedside.Tests.Options;

/// <summary>What a site may choose of when stays become doubtful.</summary>
public sealed class StayOptionsTests
{
    [Theory]
    [InlineData("{}", 12, 2, 10)]
    [InlineData("""{"stays": {"admissionsSilentHours": 24, "noSignalsHours": 1, "conflictMinutes": 2.5}}""", 24, 1, 2.5)]
    public void They_are_read_from_the_configuration(string json, int silent, int noSignals, double conflict)
    {
        StaySettings read = Read(json).Stays.ToSettings("it");
        Assert.Equal((TimeSpan.FromHours(silent), TimeSpan.FromHours(noSignals), TimeSpan.FromMinutes(conflict)), (read.StaleAfter, read.NoSignalsAfter, read.ConflictAfter));
    }

    [Theory]
    [InlineData("""{"admissionsSilentHours": 0}""", "admissionsSilentHours")]
    [InlineData("""{"noSignalsHours": 721}""", "noSignalsHours")]
    [InlineData("""{"conflictMinutes": 0}""", "conflictMinutes is a number of minutes from 0.05 to 1440")]
    [InlineData("""{"conflictMinutes": 1441}""", "conflictMinutes")]
    public void Anything_else_is_refused_by_its_name(string stays, string name) =>
        Assert.Contains(name, Assert.Throws<CommandFailedException>(() => Read($$"""{"stays": {{stays}}}""")).Message, StringComparison.Ordinal);

    private static BedOptions Read(string json)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            return BedOptions.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
