using Bedside.Host.Commands;
using Bedside.Model.Research;

namespace Bedside.Host.Options;

/// <summary>What a site says of studies (<c>research</c> of the configuration).</summary>
internal sealed class ResearchOptions
{
    /// <summary>Days between the second agreement and the build in which patients can say no.</summary>
    public int OppositionDays { get; set; } = StudySettings.LeastOppositionDays;

    /// <summary>Checks; the sentence of the failure names the field and begins with <paramref name="source"/>.</summary>
    public StudySettings ToSettings(string source, string timeZone) => OppositionDays is >= StudySettings.LeastOppositionDays and <= StudySettings.MostOppositionDays
        ? new StudySettings(OppositionDays, TimeZoneInfo.FindSystemTimeZoneById(timeZone))
        : throw new CommandFailedException($"{source}: research.oppositionDays is {StudySettings.LeastOppositionDays} to {StudySettings.MostOppositionDays} days.");
}
