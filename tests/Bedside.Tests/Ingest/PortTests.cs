using System.Collections.Concurrent;
using Bedside.Ingest;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Tests.Ingest.Links;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Ingest;

public sealed class PortTests : IDisposable
{
    private readonly EchoDriver _driver = new("echo", 0xA5);
    private readonly ManualTime _time = new();
    private readonly RecordingSink _sink = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _cancel.Dispose();
        _sink.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void APortRecognisesDecodesAndSaysWhatItDoes()
    {
        int reads = 0;
        var device = new ScriptedLine(_time, new LineSettings(19200)) { Chatter = () => _driver.Frame((byte)(++reads > 40 ? Stop() : reads)) };
        Run(Options(() => device));

        Assert.Equal([DeviceState.Searching, DeviceState.Connecting], _sink.States.Select(entry => entry.State));
        PortIdentity port = _sink.States.Last().Port;
        Assert.Equal(("bench", "echo", new LineSettings(19200)), (port.Name, port.Driver?.Name, port.Line));
        Assert.Equal(DeviceClock.SampleCounting, port.Driver?.Traits.Clock);
        string[] frames = [.. _sink.Events.Select(entry => entry.Said).OfType<DeviceEvent.Link>().Select(link => link.Reason)];
        Assert.Equal(Enumerable.Range(reads + 1 - frames.Length, frames.Length - 1).Select(x => $"frame {x}"), frames.SkipLast(1));
        Assert.True(device.Disposed);
    }

    [Fact]
    public void EventsCarryTheArrivalOfTheirChunkAndChunksComeBeforeThem()
    {
        int reads = 0;
        var device = new ScriptedLine(_time, new LineSettings(115200)) { Chatter = () => ++reads % 3 == 0 ? null : _driver.Frame((byte)(reads > 30 ? Stop() : 2)) };
        Run(Options(() => device) with { Pinned = _driver, Line = new LineSettings(115200) });

        Assert.All(_sink.Events, entry => Assert.Contains((entry.At, false), _sink.Chunks));
        Assert.Contains(_sink.Chunks, chunk => chunk.Empty);
        Assert.Equal(_sink.Chunks.Count(chunk => !chunk.Empty), _sink.Events.Count);
    }

    [Fact]
    public async Task ALostLineIsOpenedAgainWithinASecondHoweverOftenItFails()
    {
        var attempts = new ConcurrentQueue<long>();
        PortOptions options = Options(() =>
        {
            attempts.Enqueue(_time.MonotonicNow().Nanoseconds);
            if (attempts.Count == 9)
            {
                _cancel.Cancel();
            }

            throw new IOException("There is no serial port here.");
        });

        var running = Task.Run(() => Run(options));
        await _time.AdvanceUntil(running, TimeSpan.FromMilliseconds(50));
        await running;

        long[] waits = [.. attempts.Zip(attempts.Skip(1), (before, after) => (after - before) / 1_000_000)];
        Assert.Equal([100, 200, 400, 800, 800, 800, 800, 800], waits);
        Assert.Equal((DeviceState.Unplugged, "There is no serial port here."), _sink.States.Select(entry => (entry.State, entry.Reason)).Single());
    }

    [Fact]
    public async Task AfterAPulledCableTheSamePortBeginsAgain()
    {
        int opened = 0;
        int reads = 0;
        ScriptedLine Open()
        {
            opened++;
            reads = 0;
            return new ScriptedLine(_time, new LineSettings(115200))
            {
                Chatter = () => _driver.Frame(5),
                Fate = () => ++reads < 20 ? null : opened < 3 ? "pulled" : End(),
            };
        }

        var running = Task.Run(() => Run(Options(Open)));
        await _time.AdvanceUntil(running, TimeSpan.FromMilliseconds(50));
        await running;

        Assert.Equal(
            [DeviceState.Searching, DeviceState.Connecting, DeviceState.Unplugged, DeviceState.Searching, DeviceState.Connecting, DeviceState.Unplugged, DeviceState.Searching, DeviceState.Connecting],
            _sink.States.Select(entry => entry.State).Take(8));
        Assert.Equal(3, opened);
    }

    [Fact]
    public void WhatTheDriverDidNotDeclareIsRefusedAndReported()
    {
        var rude = new EchoDriver("rude", 0xA5) { Opening = [0xDE, 0xAD] };
        int reads = 0;
        var device = new ScriptedLine(_time, new LineSettings(115200)) { Chatter = () => rude.Frame((byte)(++reads > 10 ? Stop() : 2)) };
        Run(Options(() => device) with { Pinned = rude, Line = new LineSettings(115200) });

        Assert.Empty(device.Sent);
        Assert.Contains(_sink.Events, entry => entry.Said is DeviceEvent.Fault { Reason: var reason } && reason.Contains("DEAD", StringComparison.Ordinal));
    }

    [Fact]
    public void ADeviceThatWasExchangedIsLookedForAgain()
    {
        var other = new EchoDriver("other", 0xC3);
        int reads = 0;
        var device = new ScriptedLine(_time, new LineSettings(115200)) { Chatter = () => ++reads < 20 ? _driver.Frame(2) : other.Frame((byte)(reads > 600 ? Stop() : 2)) };
        Run(Options(() => device) with { Drivers = [_driver, other] });

        Assert.Equal(["echo", "other"], _sink.States.Where(entry => entry.State == DeviceState.Connecting).Select(entry => entry.Port.Driver?.Name));
    }

    [Fact]
    public async Task ADriverThatFailsDoesNotEndThePort()
    {
        int opened = 0;
        PortOptions options = Options(() => ++opened < 3 ? throw new InvalidCastException("a bug") : throw new EndOfStreamException("The recording is over."));
        var running = Task.Run(() => Run(options));
        await _time.AdvanceUntil(running, TimeSpan.FromMilliseconds(50));
        await running;

        Assert.Equal(["The program failed on this port (InvalidCastException); it begins again.", "The recording is over."], _sink.States.Select(entry => entry.Reason));
    }

    [Fact]
    public void ThePortRecordsBothWaysAndTheRecordingReplaysToTheSameEvents()
    {
        var polite = new EchoDriver("echo", 0xA5) { Opening = _driver.Question };
        string path = _folder.PathOf("tee.cap");
        int reads = 0;
        using (var writer = CaptureWriter.Create(path, new CaptureHeader { Origin = CaptureOrigin.Synthetic }))
        {
            var device = new ScriptedLine(_time, new LineSettings(115200)) { Chatter = () => ++reads % 2 == 0 ? null : polite.Frame((byte)(reads > 20 ? Stop() : reads)) };
            Run(Options(() => device) with { Pinned = polite, Line = new LineSettings(115200), Tee = writer.Write });
        }

        Recording recording = CaptureFile.Open(path);
        Assert.Equal(4, recording.Main.BytesToDevice);
        using var replayed = new RecordingSink();
        PortOptions replay = new("replay", Transport.Serial, () => new CaptureLink(recording.Main, _time, new ReplayOptions(Paced: false))) { Pinned = polite, Line = new LineSettings(115200) };
        new Port(replay, replayed, _time, NullLogger<Port>.Instance).Run(CancellationToken.None);

        Assert.Equal(_sink.Events.Select(entry => entry.Said), replayed.Events.Select(entry => entry.Said));
        Assert.Equal("The recording is over.", replayed.States.Last().Reason);
    }

    [Fact]
    public void ARecorderThatFailsDoesNotEndTheReading()
    {
        int reads = 0;
        var device = new ScriptedLine(_time, new LineSettings(115200)) { Chatter = () => _driver.Frame((byte)(++reads > 20 ? Stop() : 2)) };
        Run(Options(() => device) with { Pinned = _driver, Line = new LineSettings(115200), Tee = _ => throw new IOException("disk full") });

        Assert.True(_sink.Events.Count >= 20);
        Assert.DoesNotContain(_sink.States, entry => entry.State == DeviceState.Unplugged);
    }

    [Fact]
    public async Task OnARealTerminalAPulledCableIsNoticedAndAReplacedOneReadWithinASecond()
    {
        using var first = new PtyPair();
        using var second = new PtyPair();
        string path = first.Path;
        PortOptions options = new("pty", Transport.Serial, () => SerialLink.Open(Volatile.Read(ref path), new LineSettings(9600), TimeProvider.System)) { Pinned = _driver, Line = new LineSettings(115200) };
        Thread thread = new Port(options, _sink, TimeProvider.System, NullLogger<Port>.Instance).Start(_cancel.Token);
        await _sink.Until(() => _sink.States.Any(entry => entry.State == DeviceState.Connecting));
        first.Write(_driver.Frame(3));
        await _sink.Until(() => _sink.Events.Count == 1);

        first.Dispose();
        await _sink.Until(() => _sink.States.Last().State == DeviceState.Unplugged);
        long replugged = TimeProvider.System.MonotonicNow().Nanoseconds;
        Volatile.Write(ref path, second.Path);
        await _sink.Until(() => _sink.States.Last().State == DeviceState.Connecting);
        Assert.InRange(_sink.States.Last().At.Nanoseconds - replugged, 0, 1_000_000_000);
        second.Write(_driver.Frame(4));
        await _sink.Until(() => _sink.Events.Count == 2);

        await _cancel.CancelAsync();
        Assert.True(thread.Join(TimeSpan.FromSeconds(10)));
    }

    private PortOptions Options(Func<ILink> open) => new("bench", Transport.Serial, open) { Drivers = [_driver] };

    private void Run(PortOptions options) => new Port(options, _sink, _time, NullLogger<Port>.Instance).Run(_cancel.Token);

    private int Stop()
    {
        _cancel.Cancel();
        return 99;
    }

    private string? End()
    {
        _cancel.Cancel();
        return null;
    }

    /// <summary>Keeps everything a port says, and lets a test wait for it.</summary>
    private sealed class RecordingSink : IPortSink, IDisposable
    {
        private readonly SemaphoreSlim _changed = new(0);

        public ConcurrentQueue<(PortIdentity Port, DeviceState State, string Reason, MonotonicInstant At)> States { get; } = new();

        public ConcurrentQueue<(MonotonicInstant At, bool Empty)> Chunks { get; } = new();

        public ConcurrentQueue<(MonotonicInstant At, DeviceEvent Said)> Events { get; } = new();

        public void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at)
        {
            States.Enqueue((port, state, reason, at));
            _changed.Release();
        }

        public void OnChunk(PortIdentity port, MonotonicInstant at, bool empty) => Chunks.Enqueue((at, empty));

        public void OnEvent(PortIdentity port, MonotonicInstant arrivedAt, DeviceEvent said)
        {
            Events.Enqueue((arrivedAt, said));
            _changed.Release();
        }

        public void Dispose() => _changed.Dispose();

        public async Task Until(Func<bool> reached)
        {
            while (!reached())
            {
                Assert.True(await _changed.WaitAsync(TimeSpan.FromSeconds(20)), "nothing was said for 20 s");
            }
        }
    }
}
