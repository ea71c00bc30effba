using System.Text.Json.Serialization;
using Bedside.Model;

namespace Bedside.Viewer.Ward;

/// <summary>How this box stands to another bed's box.</summary>
internal enum PeerLinkState
{
    [JsonStringEnumMemberName("connecting")]
    Connecting,

    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>It does not answer, or fell silent.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable,

    /// <summary>It gives nothing: nobody approved it there.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>It says that it stands at another bed, so nothing of it is shown.</summary>
    [JsonStringEnumMemberName("other-bed")]
    OtherBed,
}

/// <summary>The beds of the ward. All times are of this box's clock, moved by what the others' clocks were measured to differ.</summary>
/// <param name="IsWhole">False for a change: beds that are left out are as they were.</param>
/// <param name="Given">To whom this box's own bed is given; null = to nobody.</param>
internal sealed record WardAnswer(UtcInstant ServerTime, bool IsWhole, bool IsHub, WardGivenAnswer? Given, IReadOnlyList<WardBedAnswer> Beds);

/// <summary>Who approved that this bed is given to other boxes of the ward.</summary>
/// <param name="Since">When that was on the disk; null = not yet, and nothing was given.</param>
internal sealed record WardGivenAnswer(string ApprovedBy, UtcInstant? Since);

/// <summary>One bed.</summary>
/// <param name="Place">Its place on the page, from 1; also the signal number of its wave.</param>
/// <param name="Said">What the box said instead of its bed, or why nothing of it is known; empty = all is well.</param>
/// <param name="Heard">Newest word of the box; null = never.</param>
/// <param name="Since">Since when it stands so.</param>
/// <param name="ClockOffsetMs">Its clock minus this one's; null = not measured.</param>
/// <param name="State">The best of what the tile shows: lost = there is nothing fresh of this bed.</param>
/// <param name="Alert">The worst alert that its devices report; null = none, or not known.</param>
/// <param name="Alerts">How many they report.</param>
internal sealed record WardBedAnswer(
    int Place,
    string Bed,
    bool Own,
    PeerLinkState Link,
    string Said,
    UtcInstant? Heard,
    UtcInstant Since,
    uint Epoch,
    double? ClockOffsetMs,
    bool Demo,
    Freshness State,
    IReadOnlyList<WardDeviceAnswer> Devices,
    IReadOnlyList<WardSlotAnswer> Slots,
    WardSignalAnswer? Wave,
    WardAlertAnswer? Alert,
    int Alerts);

internal sealed record WardDeviceAnswer(string Device, string Manufacturer, string Model, bool Experimental, string State, UtcInstant? LastData);

/// <summary>One row: one value, or systolic, diastolic and mean.</summary>
internal sealed record WardSlotAnswer(string Key, IReadOnlyList<WardSignalAnswer> Parts);

/// <summary>A signal and its newest value; a lost one has none.</summary>
internal sealed record WardSignalAnswer(
    uint Number,
    string Id,
    string Kind,
    NameAnswer Name,
    string Short,
    string Unit,
    string Device,
    string Colour,
    string Group,
    [property: JsonPropertyName("display_min")] double? DisplayMin,
    [property: JsonPropertyName("display_max")] double? DisplayMax,
    [property: JsonPropertyName("expected_s")] double? ExpectedS,
    int? Decimals,
    LastAnswer? Last,
    Freshness State);

internal sealed record WardAlertAnswer(string Priority, bool Technical, string Text, UtcInstant Since);
