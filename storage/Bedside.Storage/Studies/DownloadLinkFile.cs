using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model.Research;
using Bedside.Storage.Disk;
using Bedside.Storage.People;
using Bedside.Storage.Retention;

namespace Bedside.Storage.Studies;

/// <summary>
/// The links to packages, as hashes: <c>research-links</c> in the data folder, its owner's alone, JSON in two copies (<see cref="TwinFile"/>), written anew as a whole. While it is damaged nothing is
/// fetched by any link, and none is made.
/// </summary>
public sealed class DownloadLinkFile : IDownloadLinks
{
    public const string Name = "research-links";

    private readonly IDisk _disk;
    private readonly Lock _gate = new();
    private IReadOnlyList<DownloadLink>? _all;

    internal DownloadLinkFile(IDisk disk) => _disk = disk;

    public IReadOnlyList<DownloadLink> All
    {
        get
        {
            lock (_gate)
            {
                return _all ??= Read();
            }
        }
    }

    /// <summary>Reads nothing yet.</summary>
    public static DownloadLinkFile Open(string directory) => new(new PosixDisk(directory, isPrivate: true));

    public void Change(Func<IReadOnlyList<DownloadLink>, IReadOnlyList<DownloadLink>> change)
    {
        lock (_gate)
        {
            IReadOnlyList<DownloadLink> next = change(_all ??= Read());
            TwinFile.Write(_disk, Name, JsonSerializer.Serialize(next, DownloadLinkJson.Default.IReadOnlyListDownloadLink));
            _all = next;
        }
    }

    private IReadOnlyList<DownloadLink> Read()
    {
        (string? text, Damage? damage) = TwinFile.Read(_disk, Name);
        if (text is null)
        {
            return damage is null ? [] : throw new IOException("the file of the links to packages is damaged: remove research-links, and links are made anew");
        }

        try
        {
            return JsonSerializer.Deserialize(text, DownloadLinkJson.Default.IReadOnlyListDownloadLink) ?? [];
        }
        catch (JsonException wrong)
        {
            throw new IOException($"the file of the links to packages cannot be read: {wrong.Message}", wrong);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InstantNumberConverter)], RespectNullableAnnotations = true)]
[JsonSerializable(typeof(IReadOnlyList<DownloadLink>))]
internal sealed partial class DownloadLinkJson : JsonSerializerContext;
