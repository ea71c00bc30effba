using System.Buffers.Binary;
using System.Security.Cryptography;
using Bedside.Host.Commands;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Storage.Evidence;

namespace Bedside.Host.Decoding;

/// <summary>
/// Decodes what went over one port again, as the port and its intake would have done: the same entries give the same blocks.
/// Ticks of silence come back every 100 ms, as in a capture; nothing is sent.
/// </summary>
internal sealed class EvidenceDecoder(string device, Func<string, IDriver?> driverOf, IBlockSink sink, uint lastEpoch) : IDisposable
{
    private const long TickNanoseconds = 100_000_000;
    private const int MostTicksInARow = 6_000;
    private const int MostHeard = 10_000;

    /// <summary>Two runs of the program, or of the machine, have monotonic clocks that have nothing to do with each other.</summary>
    private const long SameRunNanoseconds = 1_000_000_000;

    private readonly EvidenceClock _clock = new();
    private readonly EpochSink _sink = new(sink, lastEpoch);
    private readonly List<EvidenceEntry> _heard = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private DeviceIntake? _intake;
    private IDriverSession? _session;
    private string _driver = string.Empty;
    private EvidencePort? _port;
    private EvidenceEntry? _last;

    public long Chunks { get; private set; }

    public long Bytes { get; private set; }

    public long Holes { get; private set; }

    public void Dispose() => _hash.Dispose();

    /// <summary>SHA-256 of what was read so far: times, directions and bytes.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Takes the next entry of the port, or a hole of all. Throws <see cref="CommandFailedException"/> for a driver that this build does not have.</summary>
    public void Take(EvidenceEntry entry)
    {
        Account(entry);
        if (_last is { } last && !GoesOn(last, entry))
        {
            EndRun();
        }
        else if (_last is not null)
        {
            Tick(entry);
        }

        _last = entry;
        _clock.Set(entry.At, entry.Utc, entry.UncertaintyMicroseconds);
        switch (entry.Kind)
        {
            case EvidenceKind.Opened:
                (_session, _port) = (null, null);
                _heard.Clear();
                _intake?.OnPort(DeviceState.Unplugged, "The line was opened anew.", entry.At);
                break;
            case EvidenceKind.Hole:
                Holes++;
                if (_session is not null)
                {
                    Output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Storage, entry.LostChunks));
                }

                break;
            case EvidenceKind.FromDevice or EvidenceKind.ToDevice:
                Enter(entry);
                Give(entry);
                break;
        }
    }

    /// <summary>Of a session, which has an intake.</summary>
    private IntakeOutput Output => new(_intake!, _clock);

    private static bool GoesOn(EvidenceEntry last, EvidenceEntry next)
    {
        long passed = next.At.Since(last.At);
        return passed > -SameRunNanoseconds && next.Loss != EvidenceLoss.Restart
            && Math.Abs(next.Utc.Since(last.Utc) - passed) < Math.Max(SameRunNanoseconds, passed / 2);
    }

    /// <summary>The box's program ended, and with it what it knew.</summary>
    private void EndRun()
    {
        (_session, _intake, _port, _driver) = (null, null, null, string.Empty);
        _heard.Clear();
    }

    /// <summary>A driver begins anew when it was recognised anew.</summary>
    private void Enter(EvidenceEntry entry)
    {
        if (_port is { } before && before.Line != entry.Port.Line)
        {
            _heard.Clear();
        }

        bool isSame = _session is not null && _port?.Driver == entry.Port.Driver;
        _port = entry.Port;
        if (isSame)
        {
            return;
        }

        _session = null;
        if (driverOf(entry.Port.Driver) is not { } driver)
        {
            if (entry.Port.Driver.Length > 0)
            {
                throw new CommandFailedException($"there is no driver {entry.Port.Driver} in this program; name another with --driver.");
            }

            return;
        }

        Transport transport = Enum.TryParse(entry.Port.Transport, ignoreCase: true, out Transport known) ? known : Transport.Serial;
        _session = driver.Open(new Ingest.Drivers.SessionOptions(transport, ListenOnly: true, LineSettings.Parse(entry.Port.Line)));
        if (_intake is null || _driver != driver.Name)
        {
            _driver = driver.Name;
            _intake = new DeviceIntake(device, driver.Traits, _sink, new BoxClock(_clock, () => _clock.UncertaintyMicroseconds));
            _intake.BeginAfter(_sink.LastEpoch);
        }

        _intake.OnPort(DeviceState.Connecting, string.Empty, entry.At);
        if (_heard.TrueForAll(one => one.Kind == EvidenceKind.FromDevice))
        {
            // The device spoke unasked: that was given to its session, too.
            _heard.ForEach(Give);
        }

        _heard.Clear();
    }

    private void Give(EvidenceEntry entry)
    {
        if (_session is null)
        {
            if (_heard.Count < MostHeard)
            {
                _heard.Add(entry);
            }

            return;
        }

        bool isFromDevice = entry.Kind == EvidenceKind.FromDevice;
        if (isFromDevice)
        {
            _intake!.OnChunk(entry.At, empty: false);
        }

        _session.OnChunk(new Chunk(entry.At, entry.Bytes, isFromDevice ? ChunkDirection.FromDevice : ChunkDirection.ToDevice), Output);
    }

    /// <summary>Silence as the link gave it, up to this entry.</summary>
    private void Tick(EvidenceEntry next)
    {
        if (_session is null || _last is not { } last)
        {
            return;
        }

        MonotonicInstant tick = last.At.Add(TickNanoseconds);
        for (int i = 0; i < MostTicksInARow && tick.Nanoseconds < next.At.Nanoseconds; i++)
        {
            _clock.Advance(tick);
            _intake!.OnChunk(tick, empty: true);
            _session.OnChunk(new Chunk(tick, default), Output);
            tick = tick.Add(TickNanoseconds);
        }
    }

    private void Account(EvidenceEntry entry)
    {
        Span<byte> head = stackalloc byte[sizeof(byte) + (2 * sizeof(long)) + sizeof(int)];
        head[0] = (byte)entry.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], entry.At.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(head[(1 + sizeof(long))..], entry.Utc.UnixNanoseconds);
        BinaryPrimitives.WriteInt32LittleEndian(head[(1 + (2 * sizeof(long)))..], entry.Bytes.Length);
        _hash.AppendData(head);
        _hash.AppendData(entry.Bytes.Span);
        Chunks += entry.Bytes.IsEmpty ? 0 : 1;
        Bytes += entry.Bytes.Length;
    }

    private sealed class IntakeOutput(DeviceIntake intake, EvidenceClock clock) : IDriverOutput
    {
        public void Send(ReadOnlySpan<byte> bytes)
        {
            // Nothing can be sent into the past.
        }

        public void Report(DeviceEvent said) => intake.OnEvent(said, clock.Now);
    }

    /// <summary>Each run of the program goes on with the numbers of epochs where the one before ended.</summary>
    private sealed class EpochSink(IBlockSink inner, uint lastEpoch) : IBlockSink
    {
        public uint LastEpoch { get; private set; } = lastEpoch;

        public Signal Register(string device, Metric metric) => inner.Register(device, metric);

        public Block? Last(SignalNumber signal) => inner.Last(signal);

        public bool TryAppend(Block block)
        {
            LastEpoch = Math.Max(LastEpoch, block.ClockEpoch);
            return inner.TryAppend(block);
        }
    }
}
