using Bedside.Audit;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Research;
using Bedside.Host.Trust;
using Bedside.Ingest.Intake;
using Bedside.Model.Audit;
using Bedside.Model.Research;
using Bedside.Model.Stays;
using Bedside.Storage.Keys;
using Bedside.Storage.Studies;
using Bedside.Viewer.Research;

namespace Bedside.Host.Services;

/// <summary>The studies of a box for its pages. A box without a key keeps none, and its pages say so.</summary>
internal static class ResearchServices
{
    public static IServiceCollection AddStudies(this IServiceCollection services, (DirectoryInfo Data, FileInfo? Key) place, BedOptions options)
    {
        using BoxKey? box = BoxKeyPlace.Read(place.Data, place.Key);
        if (box is null)
        {
            return services;
        }

        byte[] key = StudyBook.KeyOf(box);
        StudySettings settings = options.Research.ToSettings("--config", options.TimeZone);
        services.AddSingleton(provider => StudyBook.Open(place.Data.FullName, key, provider.GetRequiredService<IAuditTrail>(), provider.GetRequiredService<TimeProvider>(), settings));
        services.AddSingleton<IStudyDesk>(provider => provider.GetRequiredService<StudyBook>());
        services.AddSingleton(provider => new BoxStudies(place, options, provider.GetRequiredService<AuditTrail>(), provider.GetRequiredService<TimeProvider>(), (data, box) => UnitRefusals.Ask(data, box, provider.GetService<WishDesk>())));
        services.AddSingleton<IPackageShelf>(provider => new BoxShelf(provider.GetRequiredService<BoxStudies>(), () => Believes(provider)));
        services.AddSingleton<IResearchBuilds, BoxBuilds>().AddSingleton<IAvailability, BoxAvailability>();
        services.AddSingleton<IDownloadLinks>(DownloadLinkFile.Open(place.Data.FullName));
        return services.AddSingleton<IPublicLogFile>(new PublicLogOnDisk(place.Data.FullName));
    }

    /// <summary>A daemon keeps the clock, and it is where the stored data let expect it.</summary>
    private static bool Believes(IServiceProvider provider) => provider.GetRequiredService<KernelClock>().State.Synchronised && provider.GetService<IStayEraser>()?.IsClockTrusted != false;

    private sealed class PublicLogOnDisk(string data) : IPublicLogFile
    {
        private readonly string _path = Path.Combine(data, "public-log.jsonl");

        public Stream? Open() => File.Exists(_path) ? new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }
}
