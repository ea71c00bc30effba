using Bedside.Ingest;
using Bedside.Ingest.Links;

namespace Bedside.Host.Services;

/// <summary>
/// Opens every serial port of the box, also those whose adapter is plugged in later: nobody has to name or restart anything. A port that is
/// pulled keeps its thread, which waits for it.
/// </summary>
internal sealed partial class SerialWatch(ISerialPorts ports, PortBoard board, BedIntake intake, Action<PortOptions> open, TimeProvider time, ILogger<SerialWatch> log)
{
    private const int MostPorts = 32;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private string _refusal = string.Empty;

    /// <summary>Runs until <paramref name="cancel"/>.</summary>
    public void Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            Look();
            time.Rest(Every, cancel);
        }
    }

    /// <summary>Opens what is new.</summary>
    public void Look()
    {
        IReadOnlyList<SerialPortName> present = List();
        foreach (SerialPortName found in present)
        {
            if (_known.Count >= MostPorts || !_known.Add(found.Path))
            {
                continue;
            }

            if (board.Appeared(found, present) is { } from)
            {
                LogMoved(from, found.Path);
                intake.Note("adapter-moved", $"The adapter that was at {from} is at {found.Path} now.");
            }

            open(PortOptions.Serial(found.Path, ports) with { KnownGood = board.Memory.KnownGood(found.Path), UsbId = found.UsbId });
        }
    }

    /// <summary>An adapter that is pulled while it is looked at is no failure; of a talker that does not answer the box has a light.</summary>
    private IReadOnlyList<SerialPortName> List()
    {
        try
        {
            IReadOnlyList<SerialPortName> there = ports.List();
            _refusal = string.Empty;
            return there;
        }
        catch (LineException refused)
        {
            if (_refusal.Length == 0)
            {
                LogNotListed(refused.Message);
            }

            _refusal = refused.Message;
            return [];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No serial ports: {Reason}")]
    private partial void LogNotListed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The adapter of {From} is plugged in at {To} now")]
    private partial void LogMoved(string from, string to);
}
