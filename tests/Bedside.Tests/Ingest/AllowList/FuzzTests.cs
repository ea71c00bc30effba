using Bedside.Ingest;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Tests.Ingest.Detection;
using Bedside.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Ingest.AllowList;

/// <summary>
/// No byte leaves the box that the device's document does not have for a host that only reads: all drivers, at all line settings and transports, pinned and looked for,
/// listening and asking, while the device says what it should, half of it, or nothing that makes sense. <c>BEDSIDE_FUZZ_SEEDS=0-500</c> searches farther.
/// </summary>
public sealed class FuzzTests
{
    private const int Seeds = 2;
    private const double Seconds = 40;

    private static readonly Dictionary<string, byte[][]> Recorded = Directory.GetDirectories(Repository.PathOf("tests/captures")).ToDictionary(
        folder => Path.GetFileName(folder),
        folder => Directory.GetFiles(folder, "*.cap").Order(StringComparer.Ordinal).SelectMany(file => CaptureFile.Open(file).Chunks())
            .Where(chunk => chunk.Direction == ChunkDirection.FromDevice && !chunk.Bytes.IsEmpty).Select(chunk => chunk.Bytes.ToArray()).ToArray());

    private static readonly byte[][] Others = [.. Recorded.Values.Select(words => words.SelectMany(one => one).Take(20_000).ToArray())];

    public static TheoryData<string> Drivers => [.. DriverCatalog.All.Select(driver => driver.Name)];

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task NothingLeavesTheBoxThatTheDocumentsDoNotHave(string name)
    {
        IDriver driver = DriverCatalog.ByName(name)!;
        long words = 0;
        await CrashSeeds.ForEachAsync("BEDSIDE_FUZZ_SEEDS", Seeds, seed =>
        {
            foreach (Setting setting in SettingsOf(driver))
            {
                Interlocked.Add(ref words, Run(driver, setting, seed));
            }

            return Task.CompletedTask;
        });
        Assert.True(words > 0 || driver.Traits.Outgoing.Count == 0, "nothing was asked: the test proves nothing");
    }

    /// <summary>The lists and the documents agree: each listed message is documented, and with one byte changed no message passes the one and not the other.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public void EveryListedMessageIsDocumentedAndItsNeighboursAreNot(string name)
    {
        IDriver driver = DriverCatalog.ByName(name)!;
        if (DocumentedWords.Of(name) is not { } documented)
        {
            Assert.Equal("experimental", driver.Traits.Quality);
            return;
        }

        const int Changed = 40;
        var random = new Random(5);
        AllowedMessage[] exact = [.. driver.Traits.Outgoing.Where(message => message.Mask.IsEmpty)];
        Assert.All(exact, message => Assert.True(documented(message.Bytes.ToArray()), $"{message.Purpose}: {Convert.ToHexString(message.Bytes.Span)}"));
        foreach (AllowedMessage message in exact.Where((_, place) => place % ((exact.Length / Changed) + 1) == 0))
        {
            byte[] bytes = message.Bytes.ToArray();
            for (int at = 0; at < bytes.Length; at++)
            {
                byte[] changed = [.. bytes];
                changed[at] ^= (byte)(1 << random.Next(8));
                Assert.True(!IsListed(driver, changed) || documented(changed), $"{message.Purpose}: {Convert.ToHexString(changed)} is listed");
            }
        }
    }

    private static long Run(IDriver driver, Setting setting, int seed)
    {
        var random = new Random(HashCode.Combine(seed, 7));
        var time = new ManualTime();
        ILink device = setting.Simulated is { } simulated
            ? new DeviceOnLine(time, simulated.Kind, setting.Line!, counts: seed % 2 == 0, onForMs: 200, simulated.Options)
            : new RecordedDevice(time, Recorded[driver.Name], random);
        using var cancel = new CancellationTokenSource();
        var sink = new Watching(cancel);
        var refused = new List<string>();
        long words = 0;
        void Sent(byte[] message)
        {
            words++;
            IReadOnlyList<IDriver> speakers = sink.Driver is { } known ? [known] : setting.Pinned ? [driver] : DriverCatalog.All;
            bool may = !setting.ListenOnly && speakers.Any(speaker => IsDocumented(speaker, message));
            if (!may)
            {
                refused.Add($"{Convert.ToHexString(message)} was sent");
            }
        }

        var options = new PortOptions("fuzz", setting.Transport, () => new FuzzLine(device, random, Others, Sent))
        {
            Pinned = setting.Pinned ? driver : null,
            Line = setting.Pinned && seed % 2 == 0 ? setting.Line : null,
            ListenOnly = setting.ListenOnly,
            Tee = _ => End(time, cancel),
        };
        new Port(options, sink, time, NullLogger<Port>.Instance).Run(cancel.Token);
        Assert.True(refused.Count == 0 && sink.Failure.Length == 0, $"{driver.Name}, {setting}, seed {seed}: {sink.Failure} {string.Join('\n', refused)}");
        return words;
    }

    private static void End(ManualTime time, CancellationTokenSource cancel)
    {
        if (TimeSpan.FromTicks(time.GetTimestamp()).TotalSeconds > Seconds)
        {
            cancel.Cancel();
        }
    }

    private static bool IsDocumented(IDriver driver, byte[] message) =>
        DocumentedWords.Of(driver.Name) is { } documented ? documented(message) : driver.Traits.Quality == "experimental" && IsListed(driver, message);

    /// <summary>The list again, by the definition of it and not by the code that guards the link.</summary>
    private static bool IsListed(IDriver driver, byte[] message) => driver.Traits.Outgoing.Any(allowed =>
        allowed.Bytes.Length == message.Length
        && Enumerable.Range(0, message.Length).All(at =>
            allowed.Bytes.Span[at] == message[at] || (!allowed.Mask.IsEmpty && allowed.Mask.Span[at] != 0xFF && (allowed.Free.IsEmpty || allowed.Free.ToArray().Contains(message[at])))));

    private static IEnumerable<Setting> SettingsOf(IDriver driver)
    {
        foreach (bool listenOnly in new[] { false, true })
        {
            foreach (bool pinned in new[] { false, true })
            {
                foreach (LineSettings line in driver.Traits.Lines)
                {
                    yield return new Setting(Transport.Serial, line, listenOnly, pinned, Simulated: null);
                    foreach (EveryDevice device in EveryDevice.All.Where(device => device.Driver == driver.Name))
                    {
                        yield return new Setting(Transport.Serial, line, listenOnly, pinned, device);
                    }
                }

                if (driver.Traits.NetworkPort > 0)
                {
                    yield return new Setting(Transport.Udp, Line: null, listenOnly, pinned, Simulated: null);
                    yield return new Setting(Transport.Tcp, Line: null, listenOnly, pinned, Simulated: null);
                }
            }
        }
    }

    private sealed record Setting(Transport Transport, LineSettings? Line, bool ListenOnly, bool Pinned, EveryDevice? Simulated);

    /// <summary>Ends the port when it fails: nobody turns the clock while it waits.</summary>
    private sealed class Watching(CancellationTokenSource cancel) : IPortSink
    {
        public IDriver? Driver { get; private set; }

        public string Failure { get; private set; } = "";

        public void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at)
        {
            Driver = port.Driver;
            if (state == DeviceState.Unplugged)
            {
                Fail(reason);
            }
        }

        public void OnChunk(PortIdentity port, MonotonicInstant at, bool empty)
        {
        }

        public void OnEvent(PortIdentity port, MonotonicInstant arrivedAt, DeviceEvent said)
        {
            // A driver that tries what its list does not have is wrong, though the guard holds it back; a port that only listens refuses everything.
            if (said is DeviceEvent.Fault { Reason: var reason } && reason.Contains("not in the driver's list", StringComparison.Ordinal))
            {
                Fail(reason);
            }
        }

        private void Fail(string reason)
        {
            Failure = reason;
            cancel.Cancel();
        }
    }
}
