using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Detection;

/// <summary>What is on a port, in words and as JSON.</summary>
public sealed record DetectionReport
{
    public required string Port { get; init; }

    /// <summary><c>recognised</c>, <c>silent</c>, <c>unknown</c> (something is heard), <c>unavailable</c> (the port cannot be opened or was lost).</summary>
    public required string State { get; init; }

    /// <summary>What the box hears and what to do.</summary>
    public required Finding Finding { get; init; }

    /// <summary>Kebab-case; empty unless recognised, as are the next ones.</summary>
    public string Driver { get; init; } = "";

    public string Quality { get; init; } = "";

    /// <summary>What reads the device was never tried on a real one: the driver, or the driver with this model.</summary>
    public bool IsExperimental { get; init; }

    /// <summary>Settings of a serial line: <c>19200 8E1</c>.</summary>
    public string Line { get; init; } = "";

    /// <summary>What the device says of itself; null = it did not within fifteen seconds.</summary>
    public DeviceIdentity? Identity { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public long TookMs { get; init; }

    public IReadOnlyList<Trial> Trials { get; init; } = [];
}

/// <summary>Looks once at one port: <c>bedside detect</c>.</summary>
public sealed class Detector(PortOptions options, TimeProvider time)
{
    private const long IntroductionNs = 15_000_000_000;
    private const long LongestFirstRoundNs = 30_000_000_000;

    /// <summary>As long as a hunt and an introduction take. Throws <see cref="OperationCanceledException"/> and nothing else: what fails is in the report.</summary>
    public DetectionReport Run(CancellationToken cancel)
    {
        MonotonicInstant begun = time.MonotonicNow();
        DetectionReport report;
        try
        {
            using ILink link = options.Open();
            report = Look(link, cancel);
        }
        catch (IOException lost)
        {
            report = new DetectionReport { Port = options.Name, State = "unavailable", Finding = LineException.Of(lost) };
        }

        return report with { TookMs = time.MonotonicNow().Since(begun) / 1_000_000 };
    }

    private DetectionReport Look(ILink link, CancellationToken cancel)
    {
        var hunt = new Hunt(
            new HuntOptions(options.Transport)
            {
                Drivers = options.Pinned is { } pinned ? [pinned] : options.Drivers,
                KnownGood = options.Pinned is { } known && options.Line is { } line ? new Candidate(known, line) : options.KnownGood,
                ListenOnly = options.ListenOnly,
                UsbId = options.UsbId,
            },
            time);
        MonotonicInstant begun = time.MonotonicNow();
        HuntResult result = hunt.Run(link, cancel);
        if (result.Found is null && StateOf(result) == "unknown" && time.MonotonicNow().Since(begun) < LongestFirstRoundNs)
        {
            result = hunt.Run(link, cancel); // the second round is more patient
        }

        var report = new DetectionReport { Port = options.Name, State = StateOf(result), Finding = result.Finding, Trials = result.Trials };
        if (result.Found is not { } found)
        {
            return report;
        }

        DeviceIdentity? identity = Introduce(link, found.Driver, found.Line, result.Heard, cancel);
        bool experimental = found.Driver.Traits.IsExperimental || identity is { IsExperimental: true };
        return report with
        {
            Driver = found.Driver.Name,
            Quality = found.Driver.Traits.Quality,
            IsExperimental = experimental,
            Line = found.Line?.ToString() ?? "",
            Identity = identity,
            Finding = identity is null ? result.Finding : Finding.Recognised($"{identity.Manufacturer} {identity.Model}", found.Line?.ToString() ?? "", experimental),
        };
    }

    private static string StateOf(HuntResult result) => result switch
    {
        { Found: not null } => "recognised",
        _ when result.Trials.Any(trial => trial.Bytes > 0 || trial.FramingErrors > 0) => "unknown",
        _ => "silent",
    };

    /// <summary>Lets the driver talk to the device until that says who it is.</summary>
    private DeviceIdentity? Introduce(ILink link, IDriver driver, LineSettings? line, IReadOnlyList<Chunk> heard, CancellationToken cancel)
    {
        IDriverSession session = driver.Open(new SessionOptions(options.Transport, options.ListenOnly, line));
        var output = new Introduction();
        using var guarded = new GuardedLink(link, driver.Traits.Outgoing, options.ListenOnly, output.Report);
        output.Line = guarded;
        foreach (Chunk chunk in heard)
        {
            session.OnChunk(chunk, output);
        }

        MonotonicInstant begun = time.MonotonicNow();
        while (output.Device is null && time.MonotonicNow().Since(begun) < IntroductionNs)
        {
            cancel.ThrowIfCancellationRequested();
            session.OnChunk(guarded.Read(), output);
        }

        session.Stop(output);
        return output.Device;
    }

    private sealed class Introduction : IDriverOutput
    {
        public GuardedLink? Line { get; set; }

        public DeviceIdentity? Device { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes) => Line?.Send(bytes);

        public void Report(DeviceEvent said)
        {
            if (said is DeviceEvent.Identity identity)
            {
                Device = identity.Device;
            }
        }
    }
}
