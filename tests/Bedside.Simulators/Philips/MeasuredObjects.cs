using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Philips;

/// <summary>What a numeric, a wave and an enumeration have in common. Text is the English label.</summary>
internal abstract record MeasuredObject(ushort Context, ushort Handle, uint Label, string Text, ushort Colour)
{
    /// <summary>The plug-in that measures it; pulled out, its objects are gone.</summary>
    public string Module { get; init; } = string.Empty;
}

/// <summary>One value of a numeric: what it is on the wire, where it comes from, and with how many decimals.</summary>
internal readonly record struct NumericPart(ushort PhysioId, PatientValue Source, int Decimals = 0);

internal sealed record NumericObject(ushort Context, ushort Handle, uint Label, string Text, ushort Colour, ushort Unit, params NumericPart[] Parts)
    : MeasuredObject(Context, Handle, Label, Text, Colour)
{
    public const ushort Continuous = 0x4228;
    public const ushort Episodic = 0x5228;

    public ushort Access { get; init; } = Continuous;

    /// <summary>Digits before and after the point, when the monitor says so.</summary>
    public (int Before, int After)? Resolution { get; init; }

    /// <summary>A measurement that is only made now and then carries its time.</summary>
    public bool Aperiodic => Access == Episodic;

    /// <summary>An object that is there but has never had a value.</summary>
    public bool NeverMeasured { get; init; }
}

/// <summary>Linear scale of a wave: two scaled numbers and what they mean; NaN when the wave has no unit.</summary>
internal readonly record struct WaveScale(FloatValue Lower, FloatValue Upper, ushort LowerScaled, ushort UpperScaled)
{
    public double ToScaled(double value) =>
        LowerScaled + ((value - Lower.Value) * (UpperScaled - LowerScaled) / (Upper.Value - Lower.Value));
}

/// <summary>The bar that a monitor draws beside a wave.</summary>
internal readonly record struct CalibrationBar(FloatValue Lower, FloatValue Upper, ushort LowerScaled, ushort UpperScaled);

/// <summary>A bit pattern with a meaning of its own.</summary>
internal readonly record struct FixedValue(ushort Id, ushort Value)
{
    public const ushort Invalid = 1;
    public const ushort Pacer = 2;
    public const ushort Defibrillation = 3;
    public const ushort Saturation = 4;
}

internal sealed record WaveObject(ushort Context, ushort Handle, uint Label, string Text, ushort Colour, ushort Unit, params ushort[] PhysioIds)
    : MeasuredObject(Context, Handle, Label, Text, Colour)
{
    public const int BlockTicks = 2048;
    public const ushort Smooth = 0x8000;
    public const ushort StaticScale = 0x2000;
    public const ushort ExtendedRange = 0x1000;

    public const ushort SaturationPattern = 0x8008;
    public const ushort DefibrillationPattern = 0x4001;
    public const ushort PacerPattern = 0x8004;

    /// <summary>16 is 500 samples a second, 128 is 62.5.</summary>
    public int TicksPerSample { get; init; } = 64;

    public int SignificantBits { get; init; } = 12;

    public ushort Flags { get; init; } = Smooth | StaticScale;

    public WaveScale Scale { get; init; }

    public (ushort Lower, ushort Upper)? Range { get; init; }

    public CalibrationBar? Calibration { get; init; }

    public IReadOnlyList<FixedValue> FixedValues { get; init; } = [];

    public ushort? Mode { get; init; }

    /// <summary>Samples in a block of 256 ms.</summary>
    public int BlockSamples => BlockTicks / TicksPerSample;

    public bool IsEcg => Label is (>= 0x00020100 and <= 0x000201FF);

    public bool IsCompound => PhysioIds.Length > 1;
}

/// <summary>An enumeration without a value, as monitors show rhythm and ectopic status while they have none.</summary>
internal sealed record EnumerationObject(ushort Context, ushort Handle, uint Label, string Text, ushort Colour)
    : MeasuredObject(Context, Handle, Label, Text, Colour);
