using System.Globalization;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;

namespace Bedside.Host.Services;

/// <summary>Writes into the record which boot of the box this is, and whether its clock is kept: when the program begins and whenever that changes.</summary>
internal sealed class ClockWatch(KernelClock clock, BedIntake intake, TimeProvider time)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private bool? _synchronised;

    /// <summary>Runs until <paramref name="cancel"/>.</summary>
    public void Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            Look();
            time.Rest(Every, cancel);
        }
    }

    /// <summary>Says what is new.</summary>
    public void Look()
    {
        ClockState state = clock.State;
        if (_synchronised == state.Synchronised)
        {
            return;
        }

        string kept = state.Synchronised
            ? string.Create(CultureInfo.InvariantCulture, $"The box's clock is kept, within {state.UncertaintyMicroseconds / 1000.0:0.#} ms.")
            : string.Create(CultureInfo.InvariantCulture, $"Nobody keeps the box's clock; it may be off by {state.UncertaintyMicroseconds / 1e6:0.#} s.");
        intake.Note(_synchronised is null ? "box-start" : "box-clock", _synchronised is null ? $"Boot {BootId()}. {kept}" : kept);
        _synchronised = state.Synchronised;
    }

    private static string BootId()
    {
        try
        {
            return File.ReadAllText(BootIdFile).Trim();
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
