using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Microsoft.Extensions.Logging;

namespace Bedside.Ingest;

/// <summary>
/// One port of the box, from its first byte on: open it, find out what it carries, decode that, and begin again when the cable is
/// pulled. All of it happens on one thread.
/// </summary>
public sealed partial class Port(PortOptions options, IPortSink sink, TimeProvider time, ILogger<Port> log)
{
    private const int FirstBackOffMs = 100;
    private const int LongestBackOffMs = 800;
    private const int BackOffInUseMs = 3_000;

    private Candidate? _known = options.Pinned is { } pinned && options.Line is { } line ? new Candidate(pinned, line) : options.KnownGood;
    private (DeviceState State, string Reason, PortIdentity Port)? _entered;
    private int _failures;
    private Func<bool> _isHeldUp = static () => false;

    /// <summary>The port and what is on it now.</summary>
    public PortIdentity Identity { get; private set; } = new(options.Name);

    /// <summary>Gives the port its thread, which ends soon after <paramref name="cancel"/>.</summary>
    public Thread Start(CancellationToken cancel)
    {
        var thread = new Thread(() => Run(cancel)) { IsBackground = true, Name = $"port {options.Name}" };
        thread.Start();
        return thread;
    }

    /// <summary>Runs on the calling thread until <paramref name="cancel"/> or until a recording is over; 100 ms bound how soon that is noticed.</summary>
    public void Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using ILink link = OpenLine(cancel);
                while (true)
                {
                    HuntResult found = Recognise(link, cancel);
                    Decode(link, found, cancel);
                    Identity = new PortIdentity(options.Name);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (EndOfStreamException over)
            {
                Lose(LineException.Of(over));
                return;
            }
            catch (IOException lost)
            {
                Lose(LineException.Of(lost));
                if (Identity.Finding?.Kind == FindingKind.InUse)
                {
                    // Whose it is takes a look at every process: not several times a second.
                    time.Rest(TimeSpan.FromMilliseconds(BackOffInUseMs), cancel);
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // A driver or a sink broke its promise. The port must not die of it: it begins again, and says so.
                LogFailed(options.Name, failure);
                Lose(new Finding(
                    FindingKind.Lost,
                    $"The program failed on this port ({failure.GetType().Name}); it begins again.",
                    $"Le programme a échoué sur ce port ({failure.GetType().Name}) ; il recommence."));
            }

            time.Rest(TimeSpan.FromMilliseconds(Math.Min(LongestBackOffMs, FirstBackOffMs << Math.Min(_failures, 8))), cancel);
            _failures++;
        }
    }

    private ILink OpenLine(CancellationToken cancel)
    {
        var rationed = new RationedLink(options.Open(), options.MostBytesPerSecond, time, cancel);
        _isHeldUp = () => rationed.IsHeldUp;
        ILink link = rationed;
        Identity = new PortIdentity(options.Name);
        Enter(DeviceState.Searching, "");
        if (options.Tee is { } tee)
        {
            link = new TeedLink(link, (chunk, _) => tee(chunk), time, reason => LogTeeLost(options.Name, reason));
        }

        if (options.Evidence is { } evidence)
        {
            evidence.OnOpened(Identity, options.Transport, time.MonotonicNow());
            link = new TeedLink(link, (chunk, line) => evidence.OnChunk(Identity, options.Transport, line, chunk), time, reason => LogTeeLost(options.Name, reason));
        }

        return link;
    }

    private HuntResult Recognise(ILink link, CancellationToken cancel)
    {
        if (options.Pinned is { } pinned && (options.Line is not null || options.Transport != Transport.Serial))
        {
            if (options.Line is { } line)
            {
                (link as ISerialLine)?.Tune(line);
            }

            return Recognised(new HuntResult(new Candidate(pinned, options.Line), [], [], Pinned(pinned)));
        }

        var hunt = new Hunt(
            new HuntOptions(options.Transport)
            {
                Drivers = options.Pinned is { } only ? [only] : options.Drivers,
                KnownGood = _known,
                ListenOnly = options.ListenOnly,
                UsbId = options.UsbId,
                Trying = options.Meter is { } meter ? meter.Try : null,
            },
            time);
        while (true)
        {
            HuntResult result = hunt.Run(link, cancel);
            _failures = 0;
            if (result.Found is not null)
            {
                return Recognised(result);
            }

            Identity = new PortIdentity(options.Name, Finding: result.Finding);
            Enter(DeviceState.Searching, result.Finding.English);
        }
    }

    private static Finding Pinned(IDriver driver)
    {
        var said = new Finding(
            FindingKind.Recognised,
            $"The site says that this port carries {driver.Name}.",
            $"Le site indique que ce port porte {driver.Name}.");
        return driver.Traits.IsExperimental ? said.Experimental() : said;
    }

    private HuntResult Recognised(HuntResult result)
    {
        if (result.Found is { } found)
        {
            _known = found;
            options.Meter?.Try(attempt: null);
            Identity = new PortIdentity(options.Name, found.Driver, found.Line, result.Finding);
            LogRecognised(options.Name, found.Driver.Name, found.Line?.ToString() ?? "");
            Enter(DeviceState.Connecting, options.Pinned == found.Driver && result.Trials.Count == 0 ? "" : result.Finding.English);
        }

        return result;
    }

    /// <summary>Decodes until the line is lost; returns when it is time to look again for what is there.</summary>
    private void Decode(ILink link, HuntResult found, CancellationToken cancel)
    {
        IDriver driver = Identity.Driver ?? throw new InvalidOperationException("Nothing is recognised.");
        IDriverSession session = driver.Open(new SessionOptions(options.Transport, options.ListenOnly, Identity.Line));
        var doubt = new Doubt(driver.Traits, time.MonotonicNow());
        var output = new PortOutput(this, link, driver, doubt);
        foreach (Chunk chunk in found.Heard)
        {
            output.Take(session, chunk);
        }

        while (options.Pinned is not null || !doubt.IsLost)
        {
            cancel.ThrowIfCancellationRequested();
            Chunk chunk = output.Read();
            _failures = 0;
            output.Take(session, chunk);
        }

        LogDoubted(options.Name, driver.Name);
        Identity = new PortIdentity(options.Name);
        Enter(DeviceState.Searching, "The device is no longer heard; the box looks for what is there.");
    }

    private void Lose(Finding why)
    {
        options.Meter?.Try(attempt: null);
        Identity = new PortIdentity(options.Name, Finding: why);
        Enter(DeviceState.Unplugged, why.English);
    }

    /// <summary>Says a change once, however often it is tried again.</summary>
    private void Enter(DeviceState state, string reason)
    {
        // A port that opens and is lost again, over and over, is one trouble and not a hundred.
        bool flapping = _failures > 1 && state == DeviceState.Searching && reason.Length == 0;
        if (flapping || _entered == (state, reason, Identity))
        {
            return;
        }

        _entered = (state, reason, Identity);
        if (state == DeviceState.Unplugged)
        {
            LogLost(options.Name, reason);
        }

        sink.OnPort(Identity, state, reason, time.MonotonicNow());
    }

    private bool ListensOnly => options.ListenOnly;

    private void Tell(Chunk chunk) => sink.OnChunk(Identity, chunk.ArrivedAt, chunk.Bytes.IsEmpty);

    private void Tell(DeviceEvent said, MonotonicInstant arrivedAt)
    {
        options.Meter?.Hear(said);
        sink.OnEvent(Identity, arrivedAt, said);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Port} carries {Driver} {Line}")]
    private partial void LogRecognised(string port, string driver, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Port} is lost: {Reason}")]
    private partial void LogLost(string port, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Port} no longer carries {Driver}; looking again")]
    private partial void LogDoubted(string port, string driver);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The recording of {Port} stopped: {Reason}")]
    private partial void LogTeeLost(string port, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Port} failed")]
    private partial void LogFailed(string port, Exception failure);

    /// <summary>The driver's way out: to the device through the guard, to the sink with the arrival of the chunk in hand.</summary>
    private sealed class PortOutput : IDriverOutput
    {
        private readonly Port _port;
        private readonly GuardedLink _link;
        private readonly Doubt _doubt;
        private MonotonicInstant _arrivedAt;

        public PortOutput(Port port, ILink link, IDriver driver, Doubt doubt) =>
            (_port, _doubt, _link) = (port, doubt, new GuardedLink(link, driver.Traits.Outgoing, port.ListensOnly, Report));

        public Chunk Read() => _link.Read();

        public void Take(IDriverSession session, Chunk chunk)
        {
            _arrivedAt = chunk.ArrivedAt;
            _doubt.Hear(chunk);
            _port.Tell(chunk);
            session.OnChunk(chunk, this);
            if (_port._isHeldUp())
            {
                Report(new DeviceEvent.Missing(Metric: null, GapCause.Overload, Count: 0));
            }
        }

        public void Send(ReadOnlySpan<byte> bytes) => _link.Send(bytes);

        public void Report(DeviceEvent said)
        {
            _doubt.Hear(said, _arrivedAt);
            _port.Tell(said, _arrivedAt);
        }
    }
}
