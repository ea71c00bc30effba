using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bedside.Host.Options;
using Bedside.Model;
using Bedside.Model.Settings;

namespace Bedside.Host.Settings;

/// <summary>
/// What the configuration and the command line say of settings. It always holds, whatever was set at the screen; when it says nothing any more, what it said last is what was set.
/// </summary>
/// <param name="Ward">With defaults where it says nothing.</param>
/// <param name="Fields">Names of what it says: <c>bed</c>, <c>units.temperature</c>, <c>colours.ecg</c>.</param>
/// <param name="Ports">Ports whose driver, line or listening it says, by place. Those that it only names can be pinned at the screen.</param>
internal sealed record PinnedSettings(WardSettings Ward, ImmutableHashSet<string> Fields, ImmutableHashSet<string> Ports)
{
    private static readonly FrozenSet<string> Whole = FrozenSet.Create(StringComparer.Ordinal, "bed", "timeZone", "language", "dayStart");
    private static readonly FrozenSet<string> InParts = FrozenSet.Create(StringComparer.Ordinal, "units", "colours");

    public static PinnedSettings Nothing { get; } = new(new WardSettings(), [], []);

    /// <summary>Experimental drivers that are turned on.</summary>
    public ImmutableHashSet<string> Experimental { get; init; } = [];

    /// <summary>As <see cref="BoxSettings.Differences"/> names them.</summary>
    public IReadOnlyList<string> Names => [.. Fields.Concat(Ports.Select(place => $"ports.{place}")).Order(StringComparer.Ordinal)];

    /// <summary>What a configuration says by itself, and so cannot be set at the screen.</summary>
    /// <param name="options">Checked.</param>
    /// <param name="configuration">Text of the configuration; null = there is none.</param>
    public static PinnedSettings Of(BedOptions options, string? configuration)
    {
        ImmutableHashSet<string>.Builder fields = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        if (configuration is not null)
        {
            using var document = JsonDocument.Parse(configuration, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (JsonProperty said in document.RootElement.EnumerateObject())
            {
                if (Whole.Contains(said.Name))
                {
                    fields.Add(said.Name);
                }
                else if (InParts.Contains(said.Name) && said.Value.ValueKind == JsonValueKind.Object)
                {
                    fields.UnionWith(said.Value.EnumerateObject().Select(inner => $"{said.Name}.{inner.Name}"));
                }
            }
        }

        IEnumerable<string> ports = options.Ports.Where(port => port.Driver.Length > 0 || port.Line.Length > 0 || port.ListenOnly).Select(port => port.Place);
        return new PinnedSettings(options.Ward(), fields.ToImmutable(), [.. ports]) { Experimental = [.. options.Experimental] };
    }

    /// <summary>What is in effect when this was set.</summary>
    public BoxSettings Over(BoxSettings set)
    {
        WardSettings ward = set.Ward;
        foreach (string group in ColourGroups())
        {
            ward = ward with { Colours = ward.Colours.SetItem(group, Ward.Colours[group]) };
        }

        return new BoxSettings
        {
            Ward = ward with
            {
                Bed = Fields.Contains("bed") ? Ward.Bed : ward.Bed,
                TimeZone = Fields.Contains("timeZone") ? Ward.TimeZone : ward.TimeZone,
                Language = Fields.Contains("language") ? Ward.Language : ward.Language,
                DayStart = Fields.Contains("dayStart") ? Ward.DayStart : ward.DayStart,
                Units = new WardUnits
                {
                    BodyPressure = Fields.Contains("units.bodyPressure") ? Ward.Units.BodyPressure : ward.Units.BodyPressure,
                    AirwayPressure = Fields.Contains("units.airwayPressure") ? Ward.Units.AirwayPressure : ward.Units.AirwayPressure,
                    GasPressure = Fields.Contains("units.gasPressure") ? Ward.Units.GasPressure : ward.Units.GasPressure,
                    Temperature = Fields.Contains("units.temperature") ? Ward.Units.Temperature : ward.Units.Temperature,
                },
            },
            Ports = [.. set.Ports.Where(pin => !Ports.Contains(pin.Place))],
        };
    }

    /// <summary>Names of what these settings say otherwise.</summary>
    public IReadOnlyList<string> Broken(BoxSettings settings) => Over(settings).Differences(settings);

    /// <summary>The same, as the command line and the configuration have it.</summary>
    public static PortSettings ToPort(PortPin pin) =>
        new() { Serial = pin.Serial, Udp = pin.Udp, Tcp = pin.Tcp, Driver = pin.Driver, Line = pin.Line, ListenOnly = pin.ListenOnly };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Names.Count} pinned settings");

    private IEnumerable<string> ColourGroups() => Ward.Colours.Keys.Where(group => Fields.Contains($"colours.{group}"));
}
