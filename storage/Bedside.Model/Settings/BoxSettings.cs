using System.Collections.Immutable;

namespace Bedside.Model.Settings;

/// <summary>What can be set at a box: how its ward reads, and what its ports carry.</summary>
public sealed record BoxSettings
{
    public WardSettings Ward { get; init; } = new();

    /// <summary>Ports of which something is said; all others are recognised.</summary>
    public ImmutableArray<PortPin> Ports { get; init; } = [];

    /// <summary>The pin of a port; null = nothing is said of it.</summary>
    public PortPin? PinOf(string place) => Ports.FirstOrDefault(pin => pin.Place == place);

    /// <summary>Whether both say the same of every port, in whatever order.</summary>
    public bool SamePorts(BoxSettings other) => Ports.Length == other.Ports.Length && Ports.All(pin => other.PinOf(pin.Place) == pin);

    /// <summary>Names of what differs: <c>bed</c>, <c>units.temperature</c>, <c>colours.ecg</c>, <c>ports./dev/ttyS0</c>.</summary>
    public IReadOnlyList<string> Differences(BoxSettings other)
    {
        IReadOnlyDictionary<string, string> mine = Fields();
        IReadOnlyDictionary<string, string> theirs = other.Fields();
        return [.. mine.Keys.Union(theirs.Keys).Where(field => mine.GetValueOrDefault(field) != theirs.GetValueOrDefault(field)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Each thing that is set, as text under its name.</summary>
    private SortedDictionary<string, string> Fields()
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["bed"] = Ward.Bed,
            ["timeZone"] = Ward.TimeZone,
            ["language"] = Ward.Language,
            ["dayStart"] = SettingsForm.TimeText(Ward.DayStart),
            ["units.bodyPressure"] = Ward.Units.BodyPressure,
            ["units.airwayPressure"] = Ward.Units.AirwayPressure,
            ["units.gasPressure"] = Ward.Units.GasPressure,
            ["units.temperature"] = Ward.Units.Temperature,
        };
        foreach ((string group, string colour) in Ward.Colours)
        {
            fields[$"colours.{group}"] = colour;
        }

        foreach (PortPin pin in Ports)
        {
            fields[$"ports.{pin.Place}"] = pin.ToString();
        }

        return fields;
    }
}
