using Bedside.Host.Commands;
using Bedside.Model.Audit;
using Bedside.Model.Research;
using Bedside.Storage.Keys;
using Bedside.Storage.Studies;
using Bedside.Viewer.Research;

namespace Bedside.Host.Services;

/// <summary>The studies of a box for its pages. A box without a key keeps none, and its pages say so.</summary>
internal static class ResearchServices
{
    public static IServiceCollection AddStudies(this IServiceCollection services, (DirectoryInfo Data, FileInfo? Key) place, string timeZone)
    {
        using BoxKey? box = BoxKeyPlace.Read(place.Data, place.Key);
        if (box is null)
        {
            return services;
        }

        byte[] key = StudyBook.KeyOf(box);
        StudySettings settings = StudySettings.Default with { Ward = TimeZoneInfo.FindSystemTimeZoneById(timeZone) };
        services.AddSingleton(provider => StudyBook.Open(place.Data.FullName, key, provider.GetRequiredService<IAuditTrail>(), provider.GetRequiredService<TimeProvider>(), settings));
        services.AddSingleton<IStudyDesk>(provider => provider.GetRequiredService<StudyBook>());
        services.AddSingleton<IDownloadLinks>(DownloadLinkFile.Open(place.Data.FullName));
        return services.AddSingleton<IPublicLogFile>(new PublicLogOnDisk(place.Data.FullName));
    }

    private sealed class PublicLogOnDisk(string data) : IPublicLogFile
    {
        private readonly string _path = Path.Combine(data, "public-log.jsonl");

        public Stream? Open() => File.Exists(_path) ? new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }
}
