using System.Collections.Immutable;
using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Captures;

/// <summary>Where the bytes of a capture come from, which decides who may have it.</summary>
public enum CaptureOrigin
{
    Unstated,

    /// <summary>Made by a program.</summary>
    Synthetic,

    /// <summary>A real device, with anything personal taken out.</summary>
    DeIdentified,

    /// <summary>As it came off the wire; never leaves the unit.</summary>
    Real,
}

/// <summary>What a capture says of itself: FORMAT.md, "Header". Texts that are not stated are empty.</summary>
public sealed record CaptureHeader
{
    public string Device { get; init; } = "";

    public string Firmware { get; init; } = "";

    /// <summary>When it was recorded, as written; <see cref="Start"/> where it has a zone.</summary>
    public string Recorded { get; init; } = "";

    public CaptureOrigin Origin { get; init; }

    public Transport? Transport { get; init; }

    public LineSettings? Line { get; init; }

    /// <summary>Lines separated by LF.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Keys that this version does not know, in their order.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Others { get; init; } = [];

    /// <summary>The box's time at 0 ns of the capture; null when it is not stated with a time and a zone.</summary>
    public UtcInstant? Start =>
        Recorded.Contains('T', StringComparison.Ordinal) && HasZone(Recorded) && UtcInstant.TryParse(Recorded, out UtcInstant at) ? at : null;

    /// <summary>The header with one more line read into it. A value that means nothing is kept among <see cref="Others"/>.</summary>
    internal CaptureHeader With(string key, string value) => key.ToUpperInvariant() switch
    {
        "DEVICE" => this with { Device = value },
        "FIRMWARE" => this with { Firmware = value },
        "RECORDED" => this with { Recorded = value },
        "ORIGIN" when OriginOf(value) is { } origin => this with { Origin = origin },
        "TRANSPORT" when TransportOf(value) is { } transport => this with { Transport = transport },
        "LINE" when LineSettings.Parse(value) is { } line => this with { Line = line },
        "NOTES" => this with { Notes = Notes.Length == 0 ? value : $"{Notes}\n{value}" },
        _ => this with { Others = Others.Add(new KeyValuePair<string, string>(key, value)) },
    };

    /// <summary>The lines of the header without their <c># </c>, in the order in which they are written.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Lines()
    {
        IEnumerable<KeyValuePair<string, string>> known =
        [
            new("Device", Device),
            new("Firmware", Firmware),
            new("Recorded", Recorded),
            new("Origin", WordOf(Origin)),
            new("Transport", Transport?.ToString().ToLowerInvariant() ?? ""),
            new("Line", Line?.ToString() ?? ""),
            .. Notes.Split('\n').Select(note => new KeyValuePair<string, string>("Notes", note)),
            .. Others,
        ];
        return known.Where(line => line.Value.Length > 0);
    }

    private static CaptureOrigin? OriginOf(string word) => word.ToUpperInvariant() switch
    {
        "SYNTHETIC" => CaptureOrigin.Synthetic,
        "DE-IDENTIFIED" => CaptureOrigin.DeIdentified,
        "REAL" => CaptureOrigin.Real,
        _ => null,
    };

    private static string WordOf(CaptureOrigin origin) => origin switch
    {
        CaptureOrigin.Synthetic => "synthetic",
        CaptureOrigin.DeIdentified => "de-identified",
        CaptureOrigin.Real => "real",
        _ => "",
    };

    private static Transport? TransportOf(string word) => word.ToUpperInvariant() switch
    {
        "SERIAL" => Drivers.Transport.Serial,
        "UDP" => Drivers.Transport.Udp,
        "TCP" => Drivers.Transport.Tcp,
        _ => null,
    };

    private static bool HasZone(string time) =>
        time.EndsWith('Z') || time.LastIndexOfAny(['+', '-']) > time.IndexOf('T', StringComparison.Ordinal);
}
