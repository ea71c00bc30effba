using System.Text.Json;
using Bedside.Model;

namespace Bedside.Viewer.Ward;

/// <summary>A signal of another box, as far as a tile needs it.</summary>
/// <param name="Last">Its newest value when it was described; null = none yet.</param>
internal sealed record PeerSignal(
    uint Number, string Id, string Kind, string French, string English, string Short, string Unit, string Device, string Colour, string Group, double? DisplayMin, double? DisplayMax, double? ExpectedSeconds, PeerReading? Last)
{
    /// <summary>Without the device that a second claim is told apart by.</summary>
    public string BaseId => Id.Split('@')[0];
}

/// <summary>A value of another box, in its own time.</summary>
internal readonly record struct PeerReading(UtcInstant Time, double? Value, int? Decimals, string? Text, Validity Validity);

/// <summary>A device of another box, in its own time.</summary>
internal sealed record PeerDevice(string Name, string Manufacturer, string Model, string State, bool IsExperimental, UtcInstant? LastData);

/// <summary>An alert that is on.</summary>
internal sealed record PeerAlert(string Key, string Device, string Priority, bool IsTechnical, string Text, UtcInstant Since);

/// <summary>Who another box says it is.</summary>
internal sealed record PeerSession(string Bed, bool IsDemo);

/// <summary>Everything that begins a conversation.</summary>
internal sealed record PeerSnapshot(PeerSession Session, IReadOnlyList<PeerSignal> Signals, IReadOnlyList<PeerDevice> Devices);

/// <summary>
/// Reads the JSON of another box, field by field and bounded: it may be of another build, or no box at all. What is missing takes the neutral value; what is no JSON throws <see cref="PeerFaultException"/>.
/// </summary>
internal static class PeerWords
{
    private const int MostSignals = 4_096;
    private const int MostDevices = 64;
    private const int MostAlerts = 256;
    private const int LongestText = 160;
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 16 };

    private static readonly Dictionary<string, Validity> Marks = Enum.GetValues<Validity>().Where(one => one != Validity.Valid).ToDictionary(one => one.Names()[0], StringComparer.Ordinal);

    public static PeerSnapshot Snapshot(ReadOnlyMemory<byte> body)
    {
        using JsonDocument json = Parse(body);
        return new PeerSnapshot(SessionOf(Member(json.RootElement, "session")), [.. List(json.RootElement, "signals", MostSignals, Signal)], DevicesOf(json.RootElement));
    }

    public static PeerSession Session(ReadOnlyMemory<byte> body)
    {
        using JsonDocument json = Parse(body);
        return SessionOf(json.RootElement);
    }

    /// <summary>Of a STATUS: the devices, the name of the list of signals, and how many these are.</summary>
    public static (IReadOnlyList<PeerDevice> Devices, string Dictionary, int Signals) Status(ReadOnlyMemory<byte> body)
    {
        using JsonDocument json = Parse(body);
        JsonElement states = Member(json.RootElement, "signals");
        return (DevicesOf(json.RootElement), Text(json.RootElement, "dictionary"), states.ValueKind == JsonValueKind.Object ? states.EnumerateObject().Count() : 0);
    }

    /// <summary>The list of <c>/signals</c>.</summary>
    public static IReadOnlyList<PeerSignal> Signals(ReadOnlyMemory<byte> body)
    {
        using JsonDocument json = Parse(body);
        return [.. Items(json.RootElement, MostSignals, Signal)];
    }

    /// <summary>Alerts that are still on, of the list of <c>/alerts</c>.</summary>
    public static IReadOnlyList<PeerAlert> Alerts(ReadOnlyMemory<byte> body)
    {
        using JsonDocument json = Parse(body);
        return [.. Items(json.RootElement, MostAlerts, Alert)];
    }

    /// <summary>When a pong says it was sent, and the ping that it answers; null = it is none.</summary>
    public static (double Asked, UtcInstant Time)? Pong(ReadOnlyMemory<byte> body)
    {
        using JsonDocument json = Parse(body);
        return Text(json.RootElement, "type") == "pong" && Number(json.RootElement, "t") is { } asked && Time(json.RootElement, "serverTime") is { } time ? (asked, time) : null;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Bounded);
        }
        catch (JsonException wrong)
        {
            throw new PeerFaultException("what should be JSON is none", wrong);
        }
    }

    private static PeerSession SessionOf(JsonElement session) => new(Text(session, "bed"), Flag(session, "demo"));

    private static List<PeerDevice> DevicesOf(JsonElement root) => [.. List(root, "devices", MostDevices, Device)];

    private static PeerSignal? Signal(JsonElement one)
    {
        string id = Text(one, "id");
        if (id.Length == 0 || Number(one, "number") is not (> 0 and <= uint.MaxValue and var number))
        {
            return null;
        }

        JsonElement name = Member(one, "name");
        return new PeerSignal(
            (uint)number, id, Text(one, "kind"), Text(name, "fr"), Text(name, "en"), Text(one, "short"), Text(one, "unit"), Text(one, "device"), Text(one, "colour"), Text(one, "group"),
            Number(one, "display_min"), Number(one, "display_max"), Number(one, "expected_s"), Reading(Member(one, "last")));
    }

    private static PeerReading? Reading(JsonElement last) =>
        Time(last, "time") is not { } time ? null : new PeerReading(time, Number(last, "value"), Decimals: null, Text(last, "text") is { Length: > 0 } text ? text : null, ValidityOf(last));

    private static Validity ValidityOf(JsonElement last)
    {
        Validity marks = Validity.Valid;
        if (Member(last, "validity") is { ValueKind: JsonValueKind.Array } names)
        {
            foreach (JsonElement name in names.EnumerateArray())
            {
                marks |= name.ValueKind == JsonValueKind.String && Marks.TryGetValue(name.GetString()!, out Validity mark) ? mark : Validity.Valid;
            }
        }

        return marks;
    }

    private static PeerDevice? Device(JsonElement one) => Text(one, "device") is not { Length: > 0 } name
        ? null
        : new PeerDevice(name, Text(one, "manufacturer"), Text(one, "model"), Text(one, "state"), Flag(one, "experimental"), Time(one, "lastData"));

    private static PeerAlert? Alert(JsonElement one) => Time(one, "since") is not { } since || Time(one, "until") is not null
        ? null
        : new PeerAlert(Text(one, "key"), Text(one, "device"), Text(one, "priority"), Flag(one, "technical"), Text(one, "text"), since);

    private static IEnumerable<T> List<T>(JsonElement root, string name, int most, Func<JsonElement, T?> read)
        where T : class => Items(Member(root, name), most, read);

    private static IEnumerable<T> Items<T>(JsonElement list, int most, Func<JsonElement, T?> read)
        where T : class => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(read).OfType<T>().Take(most) : [];

    private static JsonElement Member(JsonElement one, string name) => one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out JsonElement member) ? member : default;

    private static string Text(JsonElement one, string name) =>
        Member(one, name) is { ValueKind: JsonValueKind.String } text ? Cut(text.GetString()!) : string.Empty;

    private static string Cut(string text) => string.Concat((text.Length <= LongestText ? text : text[..LongestText]).Where(letter => !char.IsControl(letter)));

    private static double? Number(JsonElement one, string name) =>
        Member(one, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double value) && double.IsFinite(value) ? value : null;

    private static bool Flag(JsonElement one, string name) => Member(one, name).ValueKind == JsonValueKind.True;

    private static UtcInstant? Time(JsonElement one, string name) =>
        Member(one, name) is { ValueKind: JsonValueKind.String } text && InstantText.TryRead(text.GetString(), out UtcInstant instant) ? instant : null;
}
