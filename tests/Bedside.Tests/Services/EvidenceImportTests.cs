using Bedside.Host.Commands;
using Bedside.Host.Services;
using Bedside.Ingest;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Evidence;
using Bedside.Tests.Ingest;
using Bedside.Tests.Storage.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Services;

/// <summary>What a port heard once goes through the live intake, and again through the ring of evidence: the same must come out.</summary>
public sealed class EvidenceImportTests : IDisposable
{
    private const string PortName = "/dev/line";
    private const long CloseNanoseconds = 1_000_000;

    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    private readonly RecordedClock _time = new(new UtcInstant(1_795_285_500_000_000_000));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Captures() =>
        [.. Directory.EnumerateFiles(Repository.PathOf("tests/captures"), "*.cap", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task WhatIsDecodedAgainIsTheOriginalValueByValue(string capture)
    {
        string driver = Path.GetFileName(Path.GetDirectoryName(capture)) ?? string.Empty;
        await using Store store = OpenStore();
        await LiveAsync(store, capture, driver);
        string said = await EvidenceImport.DecodeAsync(store, new EvidenceRequest("line", From: null, To: null, string.Empty, "evidence"), CancellationToken.None);
        Assert.Contains($"{driver}~evidence", said, StringComparison.Ordinal);

        Signal[] originals = [.. store.Signals.Where(signal => signal.Device == driver && !signal.Metric.SignalId.StartsWith("bedside/", StringComparison.Ordinal))];
        Assert.NotEmpty(originals);
        long values = 0;
        foreach (Signal original in originals)
        {
            Signal again = store.Signals.Single(signal => signal.Device == $"{driver}~evidence" && IsSame(signal.Metric, original.Metric));
            values += AssertSame(Values(store, original), Values(store, again), original.Id);
        }

        Assert.True(values > 0);
        AnnotationBlock note = Assert.Single(store.ReadBed(Ever, Never).OfType<AnnotationBlock>(), mark => mark.Kind == "decoded-again");
        Assert.Contains(PortName, note.Text, StringComparison.Ordinal);
        Assert.Contains("SHA-256", note.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameRingGivesTheSameAgain()
    {
        await using (Store store = OpenStore())
        {
            await LiveAsync(store, "tests/captures/philips-intellivue/serial-session.cap", "philips-intellivue");
        }

        (Dictionary<string, (UtcInstant Time, string Value)[]> signals, string[] marks) = await DecodedAsync("one");
        (Dictionary<string, (UtcInstant Time, string Value)[]> again, string[] marksAgain) = await DecodedAsync("two");
        Assert.NotEmpty(marks);
        Assert.Equal(marks, marksAgain);
        Assert.Equal(signals.Keys.Order(StringComparer.Ordinal), again.Keys.Order(StringComparer.Ordinal));

        // Which of them share a block is a matter of when the writer took them.
        Assert.True(signals.Sum(pair => AssertSame(pair.Value, again[pair.Key], pair.Key)) > 0);

        async Task<(Dictionary<string, (UtcInstant Time, string Value)[]> Signals, string[] Marks)> DecodedAsync(string name)
        {
            string copy = _folder.PathOf(name);
            _ = Directory.CreateDirectory(copy);
            foreach (string file in Directory.EnumerateFiles(_folder.PathOf("data")))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            await using var store = Store.Open(copy, TestKeys.Options(5), TimeProvider.System);
            _ = await EvidenceImport.DecodeAsync(store, new EvidenceRequest(PortName, From: null, To: null, string.Empty, "evidence"), CancellationToken.None);
            Signal[] decoded = [.. store.Signals.Where(signal => signal.Device.EndsWith("~evidence", StringComparison.Ordinal))];
            return (decoded.ToDictionary(signal => signal.Id, signal => Values(store, signal)), [.. store.ReadBed(Ever, Never).Select(block => Convert.ToHexString(BlockCodec.Encode(block)))]);
        }
    }

    [Fact]
    public async Task AnIntervalIsDecodedFromTheBeginningOfItsConversation_AndOnlyTheIntervalIsKept()
    {
        await using Store store = OpenStore();
        await LiveAsync(store, "tests/captures/draeger-medibus/v500.cap", "draeger-medibus");
        UtcInstant[] times = [.. store.ReadEvidence(Ever, Never).Select(entry => entry.Utc).Order()];
        UtcInstant from = times[0].Add(times[^1].Since(times[0]) / 3);
        UtcInstant to = times[0].Add(times[^1].Since(times[0]) * 2 / 3);
        _ = await EvidenceImport.DecodeAsync(store, new EvidenceRequest(PortName, from, to, string.Empty, "part"), CancellationToken.None);

        int waves = 0;
        foreach (Signal original in store.Signals.Where(signal => signal is { Device: "draeger-medibus", Metric.Kind: SignalKind.Waveform }).ToArray())
        {
            Signal again = store.Signals.Single(signal => signal.Device == "draeger-medibus~part" && IsSame(signal.Metric, original.Metric));
            (UtcInstant Time, string Value)[] part = Values(store, again);
            Assert.All(part, value => Assert.InRange(value.Time.UnixNanoseconds, from.UnixNanoseconds, to.UnixNanoseconds - 1));
            (UtcInstant Time, string Value)[] all = [.. Values(store, original).Where(value => value.Time >= from.Add(CloseNanoseconds) && value.Time < to.Add(-CloseNanoseconds))];
            int at = Array.FindIndex(part, value => value.Time >= from.Add(CloseNanoseconds));
            Assert.True(all.Length == 0 || Enumerable.Range(-1, 3).Any(shift => at + shift >= 0 && all.Select(value => value.Value).SequenceEqual(part.Skip(at + shift).Take(all.Length).Select(value => value.Value))), original.Id);
            waves += all.Length;
        }

        Assert.True(waves > 100, $"only {waves} samples");
    }

    [Fact]
    public async Task WhatWasDecodedAgainBeforeIsNotKeptTwice_AndAPortThatIsNotThereIsNamed()
    {
        await using Store store = OpenStore();
        await LiveAsync(store, "tests/captures/nonin-df/format-7.cap", "nonin-df");
        var request = new EvidenceRequest(PortName, From: null, To: null, string.Empty, "evidence");
        _ = await EvidenceImport.DecodeAsync(store, request, CancellationToken.None);
        CommandFailedException twice = await Assert.ThrowsAsync<CommandFailedException>(() => EvidenceImport.DecodeAsync(store, request, CancellationToken.None));
        Assert.Contains("--as", twice.Message, StringComparison.Ordinal);
        CommandFailedException missing = await Assert.ThrowsAsync<CommandFailedException>(() => EvidenceImport.DecodeAsync(store, request with { Port = "ttyUSB9" }, CancellationToken.None));
        Assert.Contains(PortName, missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tests/captures/draeger-medibus/v500.cap")]
    [InlineData("tests/captures/philips-intellivue/serial-session.cap")]
    public async Task ByCommandWhatIsDecodedAgainTakesThePlaceOfTheOriginals_AndUndoneTheyAreBack(string capture)
    {
        string driver = Path.GetFileName(Path.GetDirectoryName(capture)) ?? string.Empty;
        string key = _folder.PathOf("key");
        await File.WriteAllBytesAsync(key, [.. Enumerable.Range(1, 32).Select(number => (byte)number)]);
        Dictionary<uint, (UtcInstant, string)[]> originals;
        await using (Store store = OpenStore())
        {
            await LiveAsync(store, capture, driver);
            originals = store.Signals.ToDictionary(signal => signal.Number.Value, signal => Values(store, signal));
            Assert.False(IsReplaced(store));
        }

        string[] place = ["--data", _folder.PathOf("data"), "--box-key", key];
        Assert.Equal(0, await InvokeAsync(["capture", "--evidence", "line", "--replace", .. place]));
        await using (Store store = OpenStore())
        {
            Assert.Equal(originals.Keys.Order(), store.Signals.Select(signal => signal.Number.Value).Order());
            Assert.True(store.Signals.Sum(signal => AssertSame(originals[signal.Number.Value], Values(store, signal), signal.Id)) > 0);
            Assert.True(IsReplaced(store));
            AnnotationBlock note = Assert.Single(store.ReadBed(Ever, Never).OfType<AnnotationBlock>(), mark => mark.Kind == "decoded-again");
            Assert.StartsWith("replaced: ", note.Text, StringComparison.Ordinal);
        }

        Assert.Equal(0, await InvokeAsync(["list", "--data", _folder.PathOf("data")]));
        Assert.Equal(0, await InvokeAsync(["undo", "1", .. place]));
        await using (Store store = OpenStore())
        {
            Assert.False(IsReplaced(store));
            Assert.All(store.Signals, signal => AssertSame(originals[signal.Number.Value], Values(store, signal), signal.Id));
            Assert.Single(store.ReadBed(Ever, Never).OfType<AnnotationBlock>(), mark => mark.Kind == "decoded-again" && mark.Text.StartsWith("undone: ", StringComparison.Ordinal));
        }

        Assert.Empty(Verification.Run(_folder.PathOf("data"), CancellationToken.None, TestKeys.Box).Damaged);

        static Task<int> InvokeAsync(string[] words) => ImportCommand.Create().Parse(words).InvokeAsync();

        static bool IsReplaced(Store store) => store.Signals.SelectMany(signal => store.Read(signal.Number, Ever, Never)).Any(block => block is SampleBlock or NumericBlock && block.ClockEpoch > int.MaxValue);
    }

    private static bool IsSame(Metric left, Metric right) => (left.SignalId, left.Channel, left.Unit) == (right.SignalId, right.Channel, right.Unit);

    private static long AssertSame((UtcInstant Time, string Value)[] original, (UtcInstant Time, string Value)[] again, string id)
    {
        Assert.True(original.Select(value => value.Value).SequenceEqual(again.Select(value => value.Value)), $"{id}: {original.Length} and {again.Length} values");
        for (int i = 0; i < original.Length; i++)
        {
            Assert.True(Math.Abs(original[i].Time.Since(again[i].Time)) <= CloseNanoseconds, $"{id}: value {i} is at {original[i].Time} and {again[i].Time}");
        }

        return original.Length;
    }

    private static (UtcInstant Time, string Value)[] Values(Store store, Signal signal) =>
    [
        .. store.Read(signal.Number, Ever, Never).SelectMany(block => block switch
        {
            SampleBlock samples => Enumerable.Range(0, samples.Samples.Length).Select(i => (samples.TimeOf(i), $"{samples.Samples.Span[i]} {samples.Scale}")),
            NumericBlock numeric => numeric.Readings.Select(reading => (reading.Time, $"{reading.Value} {reading.Validity}")),
            TextBlock text => [(text.Start, text.Text)],
            _ => [],
        }),
    ];

    private Store OpenStore() => Store.Open(
        Directory.CreateDirectory(_folder.PathOf("data")).FullName,
        TestKeys.Options() with { JournalBytes = 1 << 20, SegmentBytes = 1 << 20, QueueCapacity = 1 << 20, Evidence = new EvidenceOptions { BudgetBytes = 1 << 28 } },
        TimeProvider.System);

    /// <summary>The recording is what the device sends; the session asks for itself, as on a line. A SERVO answers only what it was asked, so that one is overheard.</summary>
    private async Task LiveAsync(Store store, string capture, string driver)
    {
        bool isOverheard = driver == "servo-cie";
        Recording recording = CaptureFile.Open(Repository.PathOf(capture));
        var memory = PortMemory.Open(_folder.PathOf("data"));
        var board = new PortBoard(memory, _time);
        var clock = new KernelClock(_time);
        var options = new PortOptions(PortName, recording.Transport ?? Transport.Serial, () => new PacedByItself(new CaptureLink(recording.Main, _time, new ReplayOptions(Paced: false, isOverheard)), _time))
        {
            Pinned = DriverCatalog.ByName(driver),
            Line = recording.Header.Line,
            ListenOnly = isOverheard,
            Evidence = new EvidenceTap(store.Evidence!, board, clock, _time),
        };
        new Port(options, new BedIntake(store, board, clock, _time), _time, NullLogger<Port>.Instance).Run(CancellationToken.None);
        _ = await store.SyncAsync(CancellationToken.None);
        store.Evidence!.Flush(sync: true);
    }

    /// <summary>The box's clock goes on with the recording.</summary>
    private sealed class PacedByItself(CaptureLink recording, RecordedClock clock) : ILink
    {
        public Chunk Read()
        {
            Chunk chunk = recording.Read();
            clock.Now = chunk.ArrivedAt;
            return chunk;
        }

        public void Send(ReadOnlySpan<byte> bytes) => recording.Send(bytes);

        public void Dispose() => recording.Dispose();
    }
}
