namespace Bedside.Extract.Fhir;

/// <summary>At which level of the tree a Device stands.</summary>
public enum DeviceLevel
{
    Mds,
    Vmd,
    Channel,
}

/// <summary>A Device: the whole apparatus, or the synthetic VMD or channel of one signal family of it. <see cref="Parent"/> is empty for the whole.</summary>
public sealed record FhirDevice(string Id, DeviceLevel Level, uint Code, string Text, string Parent, string Device);

/// <summary>Devices and DeviceMetrics of a store's series, under keyed hashes. Nothing of a device's identity is in it.</summary>
public sealed class DeviceTree
{
    private readonly Dictionary<string, FhirSeries> _metrics;
    private readonly Dictionary<uint, string> _metricIds;
    private readonly Dictionary<(string Device, string Family), string> _channels;
    private readonly Dictionary<string, string> _wholes;

    internal DeviceTree(SeriesBook book, FhirSecret secret)
    {
        var devices = new List<FhirDevice>();
        _channels = [];
        _wholes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (IGrouping<string, FhirSeries> device in book.All.GroupBy(series => series.Device).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            string whole = $"mds-{secret.Name("mds", device.Key)}";
            DeviceFamily[] families = [.. device.Select(series => series.Family).DistinctBy(family => family.Name).OrderBy(family => family.Name, StringComparer.Ordinal)];
            (uint code, string text) = DeviceFamily.TypeOf([.. families.Select(family => family.Name)]);
            devices.Add(new FhirDevice(whole, DeviceLevel.Mds, code, text, string.Empty, device.Key));
            _wholes.Add(device.Key, whole);
            foreach (DeviceFamily family in families)
            {
                string vmd = $"vmd-{secret.Name("vmd", $"{device.Key}\n{family.Name}")}";
                string channel = $"chan-{secret.Name("channel", $"{device.Key}\n{family.Name}")}";
                devices.Add(new FhirDevice(vmd, DeviceLevel.Vmd, family.Vmd, family.Text, whole, device.Key));
                devices.Add(new FhirDevice(channel, DeviceLevel.Channel, family.Channel, $"{family.Text}, channel", vmd, device.Key));
                _channels.Add((device.Key, family.Name), channel);
            }
        }

        Devices = devices;
        _metricIds = book.All.ToDictionary(series => series.Number, series => $"m-{secret.Name("metric", $"{series.Kind} {series.Number}")}");
        _metrics = book.All.ToDictionary(series => _metricIds[series.Number], StringComparer.Ordinal);
    }

    public IReadOnlyList<FhirDevice> Devices { get; }

    /// <summary>DeviceMetrics by id.</summary>
    public IReadOnlyDictionary<string, FhirSeries> Metrics => _metrics;

    public string MetricOf(FhirSeries series) => _metricIds[series.Number];

    public string ChannelOf(FhirSeries series) => _channels[(series.Device, series.Family.Name)];

    public string WholeOf(FhirSeries series) => _wholes[series.Device];
}
