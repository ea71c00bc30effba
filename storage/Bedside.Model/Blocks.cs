using System.Collections.Immutable;
using Bedside.Model.Context;

namespace Bedside.Model;

/// <summary>Number of a signal in one store; never used again for another. 0 = concerns the whole bed or a device.</summary>
public readonly record struct SignalNumber(uint Value)
{
    public static readonly SignalNumber None = new(0);
}

/// <summary>A metric of one device through time, as the store knows it.</summary>
/// <param name="Number">Its number in the blocks.</param>
/// <param name="Id">
/// Its name in the API, on the command line and in extracts; unique in the store and never changed. It is
/// <see cref="Metric.SignalId"/> for the first that claims it, <c>id@device</c> (then <c>id@device/channel</c>,
/// <c>…#unit</c>) for later ones.
/// </param>
/// <param name="Device">Which device: driver name and port, stable over restarts (<c>philips-intellivue</c>).</param>
/// <param name="Metric">What it measures.</param>
public sealed record Signal(SignalNumber Number, string Id, string Device, Metric Metric);

/// <summary>
/// What the store keeps, the WebSocket carries and the screen decodes: one encoding for all three (FORMAT.md). Times are
/// of the box, in UTC; <see cref="UncertaintyMicroseconds"/> bounds how far they may be from the truth.
/// </summary>
public abstract record Block
{
    private protected Block()
    {
    }

    public required SignalNumber Signal { get; init; }

    public required UtcInstant Start { get; init; }

    /// <summary>Half-width of the interval that holds the true time; uint.MaxValue = unknown.</summary>
    public uint UncertaintyMicroseconds { get; init; }

    /// <summary>Which run of the device's clock: a new number after each re-anchoring, jump or restart, per device.</summary>
    public uint ClockEpoch { get; init; }

    /// <summary>When the last thing in it ends (exclusive for samples).</summary>
    public abstract UtcInstant End { get; }
}

/// <summary>Equally spaced samples of one waveform.</summary>
public sealed record SampleBlock : Block
{
    /// <summary>Exact time between samples.</summary>
    public required SamplePeriod Period { get; init; }

    /// <summary>Raw counts as the device sent them.</summary>
    public required ReadOnlyMemory<int> Samples { get; init; }

    /// <summary>Null only while the device has not told it.</summary>
    public required Scale? Scale { get; init; }

    /// <summary>
    /// Index of the first sample since the clock epoch began. Two blocks of a signal are contiguous when epoch agrees and
    /// the index of the second is index + count of the first, whatever the times say.
    /// </summary>
    public long FirstIndex { get; init; }

    /// <summary>The device's own unwrapped time of the first sample in nanoseconds; null = it has none.</summary>
    public long? DeviceNanoseconds { get; init; }

    /// <summary>Runs that are not plainly valid, ascending, not overlapping; everything else is valid.</summary>
    public ImmutableArray<ValidityRun> Validity { get; init; } = [];

    public override UtcInstant End => Start.Add(Period.NanosecondsOf(Samples.Length));

    /// <summary>Time of the sample <paramref name="index"/> of this block.</summary>
    public UtcInstant TimeOf(int index) => Start.Add(Period.NanosecondsOf(index));
}

/// <summary>One value of a numeric or a setting; <see cref="Value"/> is null where the device had none.</summary>
public readonly record struct NumericReading(UtcInstant Time, Fixed? Value, Validity Validity, long? DeviceNanoseconds);

/// <summary>Readings of one numeric or setting, ascending in time. <see cref="Block.Start"/> is the first one's time.</summary>
public sealed record NumericBlock : Block
{
    public required ImmutableArray<NumericReading> Readings { get; init; }

    public override UtcInstant End => Readings[^1].Time;
}

/// <summary>A state or text of a device that holds from <see cref="Block.Start"/> on.</summary>
public sealed record TextBlock : Block
{
    public required string Text { get; init; }

    /// <summary>The code behind the text, 0 = none.</summary>
    public uint Code { get; init; }

    public Validity Validity { get; init; }

    public override UtcInstant End => Start;
}

/// <summary>An alert of a device began, changed or ended at <see cref="Block.Start"/>.</summary>
public sealed record AlertBlock : Block
{
    public required string Device { get; init; }

    public required Alert Alert { get; init; }

    public override UtcInstant End => Start;
}

/// <summary>A signal became known, or its description changed.</summary>
public sealed record SignalBlock : Block
{
    public required Signal Description { get; init; }

    public override UtcInstant End => Start;
}

/// <summary>A device became known, changed its identity or its state.</summary>
public sealed record DeviceBlock : Block
{
    public required string Device { get; init; }

    public required DeviceIdentity? Identity { get; init; }

    public required DeviceState State { get; init; }

    /// <summary>One plain sentence for staff where the state is not <see cref="DeviceState.Receiving"/>.</summary>
    public string Reason { get; init; } = string.Empty;

    public override UtcInstant End => Start;
}

/// <summary>What a device is doing, as far as the box can tell.</summary>
public enum DeviceState
{
    /// <summary>The port is open; nothing is recognised yet.</summary>
    Searching = 1,

    /// <summary>Recognised; the conversation is being set up.</summary>
    Connecting = 2,
    Receiving = 3,

    /// <summary>Recognised once, silent now.</summary>
    Silent = 4,

    /// <summary>The port itself is gone.</summary>
    Unplugged = 5,

    /// <summary>Not a device of its own any more: what was a nameless port is known by the name of its device.</summary>
    Superseded = 6,
}

/// <summary>How a device's clock was mapped to the box's from <see cref="Block.Start"/> on.</summary>
public sealed record ClockBlock : Block
{
    public required string Device { get; init; }

    /// <summary>Device clock minus box clock where the device tells a wall time; null = it does not.</summary>
    public long? WallOffsetNanoseconds { get; init; }

    /// <summary>UTC nanoseconds at device time 0 of this epoch.</summary>
    public required long AnchorNanoseconds { get; init; }

    /// <summary>How much faster the device's clock runs than the box's, in parts per million.</summary>
    public required double DriftPpm { get; init; }

    /// <summary>Why it was recorded: <c>first</c>, <c>drift</c>, <c>jump</c>, <c>restart</c>, <c>wrap</c>, <c>wall-clock</c>, <c>box-clock</c>.</summary>
    public required string Reason { get; init; }

    public override UtcInstant End => Start;
}

/// <summary>Why data that were due are not there.</summary>
public enum GapCause
{
    /// <summary>Not known: a defect of the box when it stays so.</summary>
    Unexplained = 0,
    Unplugged = 1,
    DeviceSilent = 2,

    /// <summary>The device withdrew the signal (module pulled, measurement off).</summary>
    SignalOff = 3,
    Checksum = 4,
    LostMessage = 5,

    /// <summary>The box could not keep up.</summary>
    Overload = 6,

    /// <summary>The box's program was not running.</summary>
    Restart = 7,

    /// <summary>A clock was set or restarted: time ran on, samples did not.</summary>
    Clock = 8,

    /// <summary>Samples waited for their scale longer than the bound allows.</summary>
    Uncalibrated = 9,

    /// <summary>The disk did not take them, or lost them.</summary>
    Storage = 10,

    /// <summary>They were stored, and went for their age or because the disk's budget was spent.</summary>
    Retention = 11,
}

/// <summary>Nothing is stored of this signal (or, with signal 0, of this device) between start and end, and why.</summary>
public sealed record GapBlock : Block
{
    public required UtcInstant Until { get; init; }

    public required GapCause Cause { get; init; }

    /// <summary>Samples or readings that were due; 0 = not countable.</summary>
    public long Missing { get; init; }

    /// <summary>Whose gap it is when <see cref="Block.Signal"/> is 0; empty = the whole box.</summary>
    public string Device { get; init; } = string.Empty;

    public override UtcInstant End => Until;
}

/// <summary>Something a person marked, or a device reported of itself, at a time or over a range.</summary>
public sealed record AnnotationBlock : Block
{
    /// <summary>Equal for all versions of one mark; later versions replace earlier ones, none is erased.</summary>
    public required string Key { get; init; }

    /// <summary>Coded kind: of <see cref="ContextCatalog"/> (<c>suction</c>, <c>leads-off</c>), or a report of the box (<c>device-fault</c>, <c>device-restart</c>).</summary>
    public required string Kind { get; init; }

    public string Text { get; init; } = string.Empty;

    /// <summary>What it says beside its kind, in codes of <see cref="ContextCatalog"/>.</summary>
    public CodedAttributes Attributes { get; init; } = CodedAttributes.None;

    /// <summary>Device name, or <c>bed</c> for a person at the bed.</summary>
    public required string Source { get; init; }

    public UtcInstant? Until { get; init; }

    public int Version { get; init; } = 1;

    public bool Withdrawn { get; init; }

    public override UtcInstant End => Until ?? Start;
}
