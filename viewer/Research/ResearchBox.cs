using Bedside.Model;
using Bedside.Model.Research;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Research;

/// <summary>What this box has of research; each part may be missing, and the pages say so.</summary>
/// <param name="studies">Null = this box keeps no studies.</param>
/// <param name="links">Null = no package can be fetched here.</param>
internal sealed class ResearchBox(
    TimeProvider time,
    IOptions<ViewerOptions> options,
    IStudyDesk? studies = null,
    IPackageShelf? shelf = null,
    IResearchBuilds? builds = null,
    IAvailability? availability = null,
    IDownloadLinks? links = null,
    IPublicLogFile? log = null)
{
    public IStudyDesk? Studies => studies;

    public IPackageShelf? Shelf => shelf;

    public IResearchBuilds? Builds => builds;

    public IAvailability? Availability => availability;

    public IDownloadLinks? Links => links;

    public IPublicLogFile? LogFile => log;

    public UtcInstant Now => time.Instant();

    public StudyMoment Moment => StudyMoment.Of(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(options.Value.Ward().TimeZone));

    /// <summary>As the rules see it; where a study is, is the desk's to say.</summary>
    public StudyCourse CourseOf(Study study) => StudyCourse.Of(study, Moment) with { State = studies!.StateOf(study) };

    public Study? Find(string id) => studies?.Studies.FirstOrDefault(study => study.Id == id);
}
