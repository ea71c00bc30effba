using System.Text.Json.Serialization;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Retention;
using Bedside.Viewer.Screens;

namespace Bedside.Viewer;

/// <summary>Which box this is, in which run, and what time it has.</summary>
/// <param name="Epoch">Another number in every run of the program.</param>
/// <param name="UncertaintyUs">Half-width of the interval that holds the true time, microseconds; null = unknown.</param>
/// <param name="TimeZone">IANA zone of the ward.</param>
internal sealed record SessionAnswer(
    string Box,
    uint Epoch,
    string Build,
    UtcInstant ServerTime,
    uint? UncertaintyUs,
    string TimeZone,
    string Bed,
    string Language,
    string DayStart,
    WardUnits Units,
    bool Demo);

/// <summary>Whether the box is well, in words for people and figures for machines.</summary>
/// <param name="Outbound">What leaves the box; null = nothing does.</param>
internal sealed record HealthAnswer(
    HealthState State,
    Sentence Sentence,
    StoreAnswer Store,
    ProcessAnswer Process,
    CompletenessMeter Completeness,
    IReadOnlyList<DeviceAnswer> Devices,
    OutboundAnswer? Outbound)
{
    /// <summary>The watched screen at the bed, as it was heard last; null = none ever was.</summary>
    public ScreenAnswer? Screen { get; init; }

    /// <summary>Each part of the box, in words.</summary>
    public IReadOnlyList<HealthLight> Lights { get; init; } = [];

    /// <summary>Null = nothing is measured.</summary>
    public MachineReport? Machine { get; init; }

    /// <summary>The journal of access; null = this box keeps none.</summary>
    public AuditState? Journal { get; init; }
}

internal enum HealthState
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("attention")]
    Attention,

    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>The store in figures.</summary>
/// <param name="DurableUpTo">What was stored by then survives a power cut; null = nothing yet.</param>
/// <param name="Bounds">What a power cut and a kill of the program cost at most.</param>
/// <param name="Retention">How much room there is, and for how long.</param>
internal sealed record StoreAnswer(long Bytes, long FreeBytes, UtcInstant? DurableUpTo, int Segments, long JournalBytes, BoundsAnswer Bounds, RetentionAnswer Retention);

/// <summary>How much room there is, and for how long.</summary>
/// <param name="BudgetBytes">What the store may take; 0 = not known yet.</param>
/// <param name="UsedBytes">What it takes.</param>
/// <param name="ReserveBytes">Kept aside for capture on a full disk.</param>
/// <param name="DaysLeft">Until the oldest data have to go, at the rate of the last day; null = not known yet.</param>
/// <param name="OldestWaveform">First instant of the oldest waveform.</param>
/// <param name="Oldest">First instant of the oldest data.</param>
internal sealed record RetentionAnswer(
    long BudgetBytes,
    long UsedBytes,
    long ReserveBytes,
    DiskLevel Level,
    RetentionPause Pause,
    double? BytesPerDay,
    double? DaysLeft,
    UtcInstant? OldestWaveform,
    UtcInstant? Oldest,
    int Holds)
{
    public static RetentionAnswer Of(RetentionHealth health) => new(
        health.BudgetBytes,
        health.UsedBytes,
        health.ReserveBytes,
        health.Level,
        health.Pause,
        health.BytesPerDay,
        health.DaysLeft,
        health.OldestWaveform,
        health.Oldest,
        health.Holds);
}

/// <summary>What may be lost at most, in seconds of data, and the same in words.</summary>
internal sealed record BoundsAnswer(double PowerCutSeconds, double KillSeconds, Sentence Sentence);

/// <summary>The program in figures.</summary>
internal sealed record ProcessAnswer(long RssBytes, double CpuSeconds, UtcInstant StartedAt);

/// <summary>A device and what it is doing.</summary>
/// <param name="LastData">Capture time of its newest value; null = none yet.</param>
/// <param name="Reason">One plain sentence where it is not receiving.</param>
internal sealed record DeviceAnswer(
    string Device,
    string Manufacturer,
    string Model,
    string SerialNumber,
    string Firmware,
    string Protocol,
    bool Demo,
    bool Experimental,
    DeviceState State,
    UtcInstant? Since,
    UtcInstant? LastData,
    string Reason,
    ClockAnswer? Clock)
{
    /// <summary>Where it is plugged in and what was found there; null = not now, or not told here.</summary>
    public PortAnswer? Port { get; init; }

    /// <summary>Codes that it sends and that are no signal until the site says which; empty = none.</summary>
    public string CodeConflicts { get; init; } = string.Empty;
}

/// <summary>How the device's clock stands to the box's.</summary>
/// <param name="OffsetMs">Device minus box; null = the device tells no wall time.</param>
internal sealed record ClockAnswer(double? OffsetMs, double DriftPpm, uint? UncertaintyUs, uint Epoch);

/// <summary>Names of a signal for people.</summary>
internal sealed record NameAnswer(string Fr, string En);

/// <summary>Exact time between two samples, in seconds.</summary>
internal sealed record PeriodAnswer(uint Numerator, uint Denominator);

/// <summary>The newest value.</summary>
/// <param name="Value">In the unit of the signal; null = there was none, or it has no scale yet.</param>
internal sealed record LastAnswer(UtcInstant Time, double? Value, string? Text, IReadOnlyList<string> Validity);

/// <summary>A signal: what it is, how to draw it, and how fresh it is.</summary>
internal sealed record SignalAnswer
{
    public required uint Number { get; init; }

    public required string Id { get; init; }

    public required SignalKind Kind { get; init; }

    public required NameAnswer Name { get; init; }

    /// <summary>At most 8 characters, not unique.</summary>
    public required string Short { get; init; }

    /// <summary>UCUM; 1 = dimensionless, empty = the device did not say.</summary>
    public required string Unit { get; init; }

    /// <summary>IEEE 11073-10101; 0 = none.</summary>
    public required uint Code { get; init; }

    public required string CodeName { get; init; }

    public required string Device { get; init; }

    public required string Channel { get; init; }

    /// <summary>The device's own label.</summary>
    public required string Label { get; init; }

    /// <summary>Microseconds between samples, rounded; null for what is not sampled.</summary>
    [JsonPropertyName("period_us")]
    public required double? PeriodUs { get; init; }

    public required PeriodAnswer? Period { get; init; }

    public required string Colour { get; init; }

    /// <summary>Colour convention group.</summary>
    public required string Group { get; init; }

    [JsonPropertyName("display_min")]
    public required double? DisplayMin { get; init; }

    [JsonPropertyName("display_max")]
    public required double? DisplayMax { get; init; }

    /// <summary>A value is due this often; null = it comes when it comes.</summary>
    [JsonPropertyName("expected_s")]
    public required double? ExpectedS { get; init; }

    public required LastAnswer? Last { get; init; }

    public required Freshness State { get; init; }
}

/// <summary>The last value of everything.</summary>
internal sealed record NumericsAnswer(UtcInstant ServerTime, IReadOnlyList<NumericAnswer> Numerics);

internal sealed record NumericAnswer(
    uint Number,
    string Id,
    string Short,
    string Unit,
    UtcInstant? Time,
    [property: JsonPropertyName("age_s")] double? AgeS,
    double? Value,
    string? Text,
    IReadOnlyList<string> Validity,
    Freshness State);

/// <summary>One column of an envelope: exact extremes and mean of the samples from <paramref name="T"/> to before <paramref name="Until"/>, the first and the last of them.</summary>
internal sealed record ColumnAnswer(UtcInstant T, UtcInstant Until, double Min, double Max, double Mean, double First, double Last, long Count);

/// <summary>One alert of a device, from its start to its end.</summary>
/// <param name="Until">Null = still on.</param>
/// <param name="Ended"><c>end</c> (the device said so), <c>restart</c> (it began anew), <c>lost</c> (the device fell silent); null = still on.</param>
internal sealed record AlertAnswer(
    string Key,
    string Device,
    UtcInstant Since,
    UtcInstant? Until,
    string? Ended,
    AlertPriority Priority,
    bool Technical,
    string Text,
    uint Code,
    string CodeName,
    string Source,
    bool Silenced,
    bool Latched,
    bool Inhibited);

/// <summary>A time from which nothing is stored, and why.</summary>
/// <param name="Signal">Null = the whole device.</param>
/// <param name="Missing">Samples or readings that were due; 0 = not countable.</param>
internal sealed record GapAnswer(string? Signal, uint Number, string Device, UtcInstant From, UtcInstant Until, GapCause Cause, long Missing);

/// <summary>Something a device reported of itself, or the box of it.</summary>
internal sealed record EventAnswer(UtcInstant Time, UtcInstant? Until, string Kind, string Source, string? Signal, string Text, string? Key);

/// <summary>Exact samples of a wave: physical = raw × gain + offset.</summary>
internal sealed record SamplesAnswer(
    string Id,
    string Unit,
    [property: JsonPropertyName("period_us")] double? PeriodUs,
    double? Gain,
    double? Offset,
    IReadOnlyList<SegmentAnswer> Segments);

/// <summary>Contiguous samples. What differs from the top of the answer stands here again.</summary>
internal sealed record SegmentAnswer(
    UtcInstant Start,
    uint? UncertaintyUs,
    uint Epoch,
    [property: JsonPropertyName("period_us")] double? PeriodUs,
    double? Gain,
    double? Offset,
    IReadOnlyList<int> Raw,
    IReadOnlyList<RunAnswer> Validity);

/// <summary>Samples that are not plainly valid.</summary>
internal sealed record RunAnswer(int Start, int Length, IReadOnlyList<string> Flags);

/// <summary>Exact readings of a numeric, setting or text.</summary>
internal sealed record ReadingsAnswer(string Id, string Unit, IReadOnlyList<ReadingAnswer> Readings);

/// <summary>One reading. Device time is what the device said, in seconds of its own counter.</summary>
internal sealed record ReadingAnswer(UtcInstant Time, double? Value, string? Text, IReadOnlyList<string> Validity, UtcInstant? DeviceTime);

/// <summary>Body of a STATUS frame.</summary>
internal sealed record StatusAnswer(
    IReadOnlyList<DeviceAnswer> Devices,
    IReadOnlyDictionary<string, Freshness> Signals,
    string Dictionary,
    string Build,
    UtcInstant? StoredUpTo);

/// <summary>Body of a SNAPSHOT frame.</summary>
internal sealed record SnapshotAnswer(IReadOnlyList<SignalAnswer> Signals, IReadOnlyList<DeviceAnswer> Devices, SessionAnswer Session);

/// <summary>Body of a GAP frame.</summary>
internal sealed record GapNotice(UtcInstant From, UtcInstant To, int Frames);

/// <summary>A text frame from a client.</summary>
internal sealed record ClientMessage(string? Type, uint? Epoch, uint? Seq, bool? Waves, bool? On, double? T);

/// <summary>Answer to a ping.</summary>
internal sealed record Pong(string Type, double T, UtcInstant ServerTime);
