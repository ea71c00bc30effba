using System.Globalization;
using System.Text.Json;

namespace Bedside.EndToEnd.Staleness;

/// <summary>When one thing on one screen turned late and lost after a cut, in seconds after the capture of the last sample that it shows; null = never.</summary>
internal sealed record Sighting(Cut Cut, string Screen, string Thing, double? Late, double? Lost, bool IsReplaced)
{
    public const double LateAtMost = 2.5;
    public const double LostAtMost = 10.5;

    public bool IsInTime => Late <= LateAtMost && Lost <= LostAtMost && IsReplaced;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Cut.Kind} {Cut.Of} on {Screen}: {Thing} late {Late:F2} s, lost {Lost:F2} s{(IsReplaced ? string.Empty : ", not replaced")}");
}

/// <summary>What a page noted (watch.js), and what of it a cut should have touched.</summary>
internal sealed class Noted(string screen, JsonElement page)
{
    /// <summary>Seconds: a value that comes this often is late and lost by its own age.</summary>
    private const double Quick = 1.25;

    private sealed record Signal(string Id, string Device, bool IsQuick, double? Last);

    private readonly Dictionary<string, Signal> _signals = page.GetProperty("signals").EnumerateObject()
        .Select(one => Read(one, page.GetProperty("times")))
        .GroupBy(one => one.Id, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    /// <summary>The screen, and when after it was armed its page's thread was held up, for how long and by what: what stood in the way of a cut that came late.</summary>
    public string HeldUp => $"{screen}, its page held up at {string.Join("; ", page.GetProperty("heldUp").EnumerateArray().Select(one => string.Create(CultureInfo.InvariantCulture, $"{one[0].GetDouble():F2} s for {one[1].GetDouble():F0} ms ({one[2].GetString()})")))}";

    /// <summary>Everything that was live on the screen before, and belongs to what was cut.</summary>
    public IEnumerable<Sighting> Of(Cut cut, CutBed bed)
    {
        double lastFrame = page.GetProperty("lastFrame").GetDouble();
        double whole = cut.Level == CutLevel.Link ? lastFrame : _signals.Values.Where(one => one.Device == cut.Of).Max(one => one.Last) ?? lastFrame;
        foreach (JsonProperty one in page.GetProperty("turned").EnumerateObject())
        {
            string[] key = one.Name.Split(' ', 2);
            Signal? signal = key[0] is "signal" or "lane" ? _signals.GetValueOrDefault(key[1]) : null;
            if (!Touches(cut, key, signal, bed))
            {
                continue;
            }

            // A quick value has an age of its own; a slow one goes with its device or the link.
            double from = signal is { IsQuick: true, Last: double last } ? last : whole;
            yield return new Sighting(
                cut, screen, one.Name, After(one.Value.GetProperty(key[0] == "banner" ? "lost" : "late"), from, key[0] == "banner" ? Sighting.LateAtMost - Sighting.LostAtMost : 0),
                After(one.Value.GetProperty("lost"), from, 0), one.Value.GetProperty("text").GetString() == "---");
        }
    }

    private static bool Touches(Cut cut, string[] key, Signal? signal, CutBed bed) => cut.Level switch
    {
        CutLevel.Link => key[0] != "bed",
        CutLevel.Device => key[0] is "bed" or "banner" || signal?.Device == cut.Of || (key[0] == "device" && key[1] == cut.Of) || (key[0] == "port" && key[1] == bed.PortOf(cut.Of)),
        _ => signal?.Id == cut.Of,
    };

    private static double? After(JsonElement at, double from, double more) => at.ValueKind == JsonValueKind.Number ? ((at.GetDouble() - from) / 1000) + more : null;

    private static Signal Read(JsonProperty signal, JsonElement times) => new(
        signal.Value.GetProperty("id").GetString()!,
        signal.Value.GetProperty("device").GetString()!,
        signal.Value.GetProperty("kind").GetString() == "waveform" || (signal.Value.GetProperty("expectedS") is { ValueKind: JsonValueKind.Number } due && due.GetDouble() <= Quick),
        times.TryGetProperty(signal.Name, out JsonElement last) ? last.GetDouble() : null);
}
