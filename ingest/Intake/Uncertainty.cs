using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>How far a time may be from the truth, in microseconds as blocks have it.</summary>
internal static class Uncertainty
{
    public static uint Of(TimeSpan within) => (uint)Math.Min(within.Ticks / TimeSpan.TicksPerMicrosecond, uint.MaxValue - 1);

    /// <summary>What is unknown stays unknown.</summary>
    public static uint Sum(uint device, uint box) => device == uint.MaxValue || box == uint.MaxValue ? uint.MaxValue : (uint)Math.Min((ulong)device + box, uint.MaxValue - 1);
}

/// <summary>Whether a value can be, by the nomenclature.</summary>
internal static class Plausibility
{
    /// <summary><see cref="Validity.Implausible"/> outside of the range that the nomenclature has for this signal in this unit.</summary>
    public static Validity Of(Signal signal, Fixed? value)
    {
        NomenclatureEntry? entry = Nomenclature.Shipped.Of(signal);
        if (value is null || entry is null || entry.Unit != signal.Metric.Unit)
        {
            return Validity.Valid;
        }

        double number = value.Value.ToDouble();
        return number < entry.PlausibleMin || number > entry.PlausibleMax ? Validity.Implausible : Validity.Valid;
    }
}
