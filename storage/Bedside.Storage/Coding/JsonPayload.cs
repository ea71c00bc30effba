using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Storage.Coding;

/// <summary>Payloads of the kinds 3 to 9, which are JSON to the end of the block (FORMAT.md, section 4).</summary>
internal static class JsonPayload
{
    /// <summary>Writes é as é: these bytes are never put into a page without escaping there.</summary>
    private static readonly JsonWords Words =
        new(new JsonSerializerOptions(JsonWords.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static byte[] Encode(Block block)
    {
        try
        {
            return block switch
            {
                AlertBlock alert => JsonSerializer.SerializeToUtf8Bytes(AlertWords.Of(alert), Words.AlertWords),
                SignalBlock signal => JsonSerializer.SerializeToUtf8Bytes(SignalWords.Of(signal), Words.SignalWords),
                DeviceBlock device => JsonSerializer.SerializeToUtf8Bytes(DeviceWords.Of(device), Words.DeviceWords),
                ClockBlock clock => JsonSerializer.SerializeToUtf8Bytes(ClockWords.Of(clock), Words.ClockWords),
                GapBlock gap => JsonSerializer.SerializeToUtf8Bytes(GapWords.Of(gap), Words.GapWords),
                AnnotationBlock mark => JsonSerializer.SerializeToUtf8Bytes(AnnotationWords.Of(mark), Words.AnnotationWords),
                TextBlock text => JsonSerializer.SerializeToUtf8Bytes(TextWords.Of(text), Words.TextWords),
                _ => throw new ArgumentException($"{block.GetType().Name} is not kept as JSON"),
            };
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"the block has a value without a name: {error.Message}", error);
        }
    }

    public static Block Decode(BlockHeader header, ReadOnlySpan<byte> json)
    {
        Block block = header.Kind switch
        {
            BlockKind.Alert => Read(json, Words.AlertWords).ToBlock(header),
            BlockKind.Signal => Read(json, Words.SignalWords).ToBlock(header),
            BlockKind.Device => Read(json, Words.DeviceWords).ToBlock(header),
            BlockKind.Clock => Read(json, Words.ClockWords).ToBlock(header),
            BlockKind.Gap => Read(json, Words.GapWords).ToBlock(header),
            BlockKind.Annotation => Read(json, Words.AnnotationWords).ToBlock(header),
            BlockKind.Text => Read(json, Words.TextWords).ToBlock(header),
            _ => throw new BlockFormatException($"kind {(byte)header.Kind} is not JSON"),
        };
        return block with
        {
            Start = header.Start,
            Signal = header.Signal,
            UncertaintyMicroseconds = header.UncertaintyMicroseconds,
            ClockEpoch = header.ClockEpoch,
        };
    }

    private static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new BlockFormatException("the payload is null");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException or ArgumentException or OverflowException)
        {
            // The serializer throws each of these for one kind of bad text or another; lone surrogates, for one, are InvalidOperation.
            throw new BlockFormatException($"the payload is not the JSON of this kind: {error.Message}", error);
        }
    }
}

/// <summary>Kind 3.</summary>
internal sealed record AlertWords(string? Device, AlertPart? Alert)
{
    public static AlertWords Of(AlertBlock block) => new(Text.OrNull(block.Device), AlertPart.Of(block.Alert));

    public AlertBlock ToBlock(BlockHeader header) => new()
    {
        Signal = header.Signal,
        Start = header.Start,
        Device = Text.Or(Device),
        Alert = Text.Need(Alert, "alert").ToAlert(),
    };
}

internal sealed record AlertPart(
    string? Key,
    AlertPhase Phase,
    AlertPriority Priority,
    bool Technical,
    string? Text,
    uint Code,
    string? CodeName,
    string? Source,
    bool Silenced,
    bool Latched,
    bool Inhibited)
{
    public static AlertPart Of(Alert alert) => new(
        Coding.Text.OrNull(alert.Key),
        alert.Phase,
        alert.Priority,
        alert.Technical,
        Coding.Text.OrNull(alert.Text),
        alert.Code,
        Coding.Text.OrNull(alert.CodeName),
        Coding.Text.OrNull(alert.Source),
        alert.Silenced,
        alert.Latched,
        alert.Inhibited);

    public Alert ToAlert() => new()
    {
        Key = Coding.Text.Or(Key),
        Phase = Coding.Text.Named(Phase),
        Priority = Priority,
        Technical = Technical,
        Text = Coding.Text.Or(Text),
        Code = Code,
        CodeName = Coding.Text.Or(CodeName),
        Source = Coding.Text.Or(Source),
        Silenced = Silenced,
        Latched = Latched,
        Inhibited = Inhibited,
    };
}

/// <summary>Kind 4.</summary>
internal sealed record SignalWords(SignalPart? Description)
{
    public static SignalWords Of(SignalBlock block) => new(SignalPart.Of(block.Description));

    public SignalBlock ToBlock(BlockHeader header) => new()
    {
        Signal = header.Signal,
        Start = header.Start,
        Description = Text.Need(Description, "description").ToSignal(),
    };
}

internal sealed record SignalPart(uint Number, string? Id, string? Device, MetricPart? Metric)
{
    public static SignalPart Of(Signal signal) =>
        new(signal.Number.Value, Text.OrNull(signal.Id), Text.OrNull(signal.Device), MetricPart.Of(signal.Metric));

    public Signal ToSignal() =>
        new(new SignalNumber(Number), Text.Or(Id), Text.Or(Device), Text.Need(Metric, "metric").ToMetric());
}

internal sealed record MetricPart(
    string? SignalId,
    SignalKind Kind,
    uint Code,
    string? CodeName,
    string? Unit,
    string? Channel,
    string? Label,
    string? DeviceCode,
    TimeSpan? ExpectedEvery,
    double? DisplayMin,
    double? DisplayMax)
{
    public static MetricPart Of(Metric metric) => new(
        Text.OrNull(metric.SignalId),
        metric.Kind,
        metric.Code,
        Text.OrNull(metric.CodeName),
        Text.OrNull(metric.Unit),
        Text.OrNull(metric.Channel),
        Text.OrNull(metric.Label),
        Text.OrNull(metric.DeviceCode),
        metric.ExpectedEvery,
        metric.DisplayMin,
        metric.DisplayMax);

    public Metric ToMetric() => new()
    {
        SignalId = Text.Or(SignalId),
        Kind = Text.Named(Kind),
        Code = Code,
        CodeName = Text.Or(CodeName),
        Unit = Text.Or(Unit),
        Channel = Text.Or(Channel),
        Label = Text.Or(Label),
        DeviceCode = Text.Or(DeviceCode),
        ExpectedEvery = ExpectedEvery,
        DisplayMin = DisplayMin,
        DisplayMax = DisplayMax,
    };
}

/// <summary>Kind 5.</summary>
internal sealed record DeviceWords(string? Device, IdentityPart? Identity, DeviceState State, string? Reason)
{
    public static DeviceWords Of(DeviceBlock block) => new(
        Text.OrNull(block.Device),
        block.Identity is null ? null : IdentityPart.Of(block.Identity),
        block.State,
        Text.OrNull(block.Reason));

    public DeviceBlock ToBlock(BlockHeader header) => new()
    {
        Signal = header.Signal,
        Start = header.Start,
        Device = Text.Or(Device),
        Identity = Identity?.ToIdentity(),
        State = Text.Named(State),
        Reason = Text.Or(Reason),
    };
}

internal sealed record IdentityPart(
    string? Manufacturer,
    string? Model,
    string? SerialNumber,
    string? Firmware,
    string? Protocol,
    bool Demo,
    SortedDictionary<string, string?>? Properties)
{
    public static IdentityPart Of(DeviceIdentity identity) => new(
        Text.OrNull(identity.Manufacturer),
        Text.OrNull(identity.Model),
        Text.OrNull(identity.SerialNumber),
        Text.OrNull(identity.Firmware),
        Text.OrNull(identity.Protocol),
        identity.Demo,
        identity.Properties.IsEmpty ? null : Sorted(identity.Properties));

    public DeviceIdentity ToIdentity() => new()
    {
        Manufacturer = Text.Or(Manufacturer),
        Model = Text.Or(Model),
        SerialNumber = Text.Or(SerialNumber),
        Firmware = Text.Or(Firmware),
        Protocol = Text.Or(Protocol),
        Demo = Demo,
        Properties = Properties is null
            ? ImmutableSortedDictionary<string, string>.Empty
            : Properties.ToImmutableSortedDictionary(pair => pair.Key, pair => Text.Or(pair.Value), StringComparer.Ordinal),
    };

    private static SortedDictionary<string, string?> Sorted(ImmutableSortedDictionary<string, string> properties)
    {
        var sorted = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string name, string value) in properties)
        {
            sorted[name] = value;
        }

        return sorted;
    }
}

/// <summary>Kind 6. The anchor is an instant and stands as one; the offset is 64 bits wide and stands as a decimal string.</summary>
internal sealed record ClockWords(string? Device, string? WallOffsetNanoseconds, string? AnchorNanoseconds, double DriftPpm, string? Reason)
{
    public static ClockWords Of(ClockBlock block) => new(
        Text.OrNull(block.Device),
        Text.OfWide(block.WallOffsetNanoseconds),
        Text.OfInstant(new UtcInstant(block.AnchorNanoseconds)),
        block.DriftPpm,
        Text.OrNull(block.Reason));

    public ClockBlock ToBlock(BlockHeader header) => new()
    {
        Signal = header.Signal,
        Start = header.Start,
        Device = Text.Or(Device),
        WallOffsetNanoseconds = WallOffsetNanoseconds is null ? null : Text.ToWide(WallOffsetNanoseconds),
        AnchorNanoseconds = Text.ToInstant(Text.Need(AnchorNanoseconds, "anchor")).UnixNanoseconds,
        DriftPpm = DriftPpm,
        Reason = Text.Or(Reason),
    };
}

/// <summary>Kind 7. Its <c>Until</c> is the end in the header.</summary>
internal sealed record GapWords(GapCause Cause, long Missing, string? Device)
{
    public static GapWords Of(GapBlock block) => new(block.Cause, block.Missing, Text.OrNull(block.Device));

    public GapBlock ToBlock(BlockHeader header) => new()
    {
        Signal = header.Signal,
        Start = header.Start,
        Until = header.End,
        Cause = Cause,
        Missing = Missing,
        Device = Text.Or(Device),
    };
}

/// <summary>
/// Kind 8. <c>until</c> stands here because the header's end does not tell an open mark from one of no length. <c>attributes</c> came later, at the end: a mark without has the bytes
/// it always had.
/// </summary>
internal sealed record AnnotationWords(
    string? Key, string? Kind, string? Text, string? Source, string? Until, int Version, bool Withdrawn, SortedDictionary<string, string?>? Attributes)
{
    public static AnnotationWords Of(AnnotationBlock block) => new(
        Coding.Text.OrNull(block.Key),
        Coding.Text.OrNull(block.Kind),
        Coding.Text.OrNull(block.Text),
        Coding.Text.OrNull(block.Source),
        block.Until is { } until ? Coding.Text.OfInstant(until) : null,
        block.Version,
        block.Withdrawn,
        block.Attributes.IsEmpty ? null : Sorted(block.Attributes));

    public AnnotationBlock ToBlock(BlockHeader header) => new()
    {
        Signal = header.Signal,
        Start = header.Start,
        Key = Coding.Text.Or(Key),
        Kind = Coding.Text.Or(Kind),
        Text = Coding.Text.Or(Text),
        Attributes = Attributes is null ? CodedAttributes.None
            : CodedAttributes.TryCreate(Attributes, out CodedAttributes? coded, out string? fault) ? coded
            : throw new BlockFormatException($"of a mark, {fault}"),
        Source = Coding.Text.Or(Source),
        Until = Until is null ? null : Coding.Text.ToInstant(Until),
        Version = Version,
        Withdrawn = Withdrawn,
    };

    private static SortedDictionary<string, string?> Sorted(CodedAttributes attributes)
    {
        var sorted = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string code, string value) in attributes.Values)
        {
            sorted[code] = value;
        }

        return sorted;
    }
}

/// <summary>Kind 9.</summary>
internal sealed record TextWords(string? Text, uint Code, Validity? Validity)
{
    public static TextWords Of(TextBlock block) =>
        new(Coding.Text.OrNull(block.Text), block.Code, block.Validity == Model.Validity.Valid ? null : block.Validity);

    public TextBlock ToBlock(BlockHeader header) => new()
    {
        Signal = header.Signal,
        Start = header.Start,
        Text = Coding.Text.Or(Text),
        Code = Code,
        Validity = Validity ?? Model.Validity.Valid,
    };
}
