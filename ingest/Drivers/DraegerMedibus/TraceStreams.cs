using System.Runtime.InteropServices;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// The realtime streams of one conversation: from what the device offers (53H) and what was chosen (54H) to samples on a
/// timeline. The device tells no time, so samples are counted: all streams of a record share one instant, nanoseconds
/// since the streams began, and every stream has its own grid on it. A stream that misses its turn while another has
/// one leaves a hole in its grid; a damaged record ends the timeline, for how many samples it cost nobody knows.
/// </summary>
internal sealed class TraceStreams
{
    /// <summary>Samples are told in runs of about this length.</summary>
    private const long RunNanoseconds = 200_000_000;

    /// <summary>A record that has not ended after this long has ended; what was held back is then told.</summary>
    private const long StallNanoseconds = 250_000_000;

    private readonly RecordReader _reader = new();
    private readonly ArrivalWatch _arrivals = new();
    private IReadOnlyList<TraceOffer> _offers = [];
    private IReadOnlyList<TraceChoice> _chosen = [];
    private TraceStream?[] _streams = [];
    private long? _time;
    private long _runStart;
    private long _shortestPeriod;
    private MonotonicInstant _lastRecordAt;
    private bool _breathDescribed;
    private bool _strayTold;

    public IReadOnlyList<TraceOffer> Offers => _offers;

    /// <summary>Streams that were chosen and confirmed, whether bytes flow or not.</summary>
    public int Count => _streams.Length;

    /// <summary>Damaged records since the last whole one.</summary>
    public int DamagedInARow { get; private set; }

    /// <summary>How often the device said that it could not read our sync commands.</summary>
    public int Complaints => _reader.Complaints;

    /// <summary>Whole records with samples since the streams began.</summary>
    public long Records { get; private set; }

    /// <summary>Marks of all samples: the device says that it plays, or that it is being tested.</summary>
    public Validity Validity { get; set; }

    public void Offer(IReadOnlyList<TraceOffer> offers) => _offers = offers;

    /// <summary>Someone sent 54H; it holds from the device's echo on.</summary>
    public void Choose(IReadOnlyList<TraceChoice> choices) => _chosen = choices;

    /// <summary>The device confirmed the choice: describes the streams and waits for their records.</summary>
    public void Begin(IDriverOutput output, long offset)
    {
        End(output, "the traces were configured anew");
        _streams = [.. _chosen.Select(StreamOf)];
        TraceStream[] known = [.. _streams.OfType<TraceStream>()];
        _shortestPeriod = known.Length == 0 ? 0 : known.Min(stream => stream.PeriodNanoseconds);
        foreach (TraceStream stream in known)
        {
            output.Report(stream.Descriptor);
        }

        if (known.Length < _streams.Length)
        {
            output.Report(new DeviceEvent.Fault("realtime traces are in use whose configuration was not heard", offset));
        }
    }

    /// <summary>The streams are over: what is held is told, and what follows is on a new timeline.</summary>
    public void End(IDriverOutput output, string reason)
    {
        Restart(output, reason);
        _streams = [];
        _reader.Reset();
        Records = 0;
        DamagedInARow = 0;
        _strayTold = false;
    }

    /// <summary>Takes a byte from 80H on; <paramref name="offset"/> is where it stands.</summary>
    public void Take(byte value, MonotonicInstant at, long offset, IDriverOutput output)
    {
        if (_streams.Length > 0)
        {
            Handle(_reader.Take(value, at), offset, output);
        }
        else if (!_strayTold)
        {
            _strayTold = true;
            output.Report(new DeviceEvent.Fault("realtime bytes came before their configuration", offset));
        }
    }

    /// <summary>Time passed.</summary>
    public void Elapse(MonotonicInstant now, long offset, IDriverOutput output)
    {
        if (_reader.IsOpen && now.Since(_reader.OpenedAt) >= StallNanoseconds)
        {
            Handle(_reader.Finish(), offset, output);
        }

        if (_time is not null && now.Since(_lastRecordAt) >= StallNanoseconds)
        {
            Flush(output);
        }
    }

    private void Handle(RecordEnd end, long offset, IDriverOutput output)
    {
        switch (end)
        {
            case RecordEnd.Whole when _reader.Present >> _streams.Length == 0:
                DamagedInARow = 0;
                Place(output);
                break;
            case RecordEnd.Whole:
            case RecordEnd.Damaged:
                DamagedInARow++;
                output.Report(new DeviceEvent.Fault("a realtime record was damaged", offset));
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1));
                Restart(output, "a realtime record was damaged");
                break;
        }
    }

    private void Place(IDriverOutput output)
    {
        _lastRecordAt = _reader.ArrivedAt;
        if (_reader.Present != 0)
        {
            Records++;
            long time = NextTime();
            long missing = _shortestPeriod == 0 ? 0 : _arrivals.Missing(_reader.ArrivedAt, time, _shortestPeriod);
            if (missing > 0)
            {
                TellMissing(missing, output);
                Restart(output, "samples went missing");
                _arrivals.Missing(_reader.ArrivedAt, 0, _shortestPeriod);
                time = 0;
            }

            if (_time is null || time - _runStart >= RunNanoseconds)
            {
                Flush(output);
                _runStart = time;
            }

            Append(time, output);
            _time = time;
        }

        if (_reader.Inspiration is bool inspiration)
        {
            TellBreath(inspiration, output);
        }
    }

    /// <summary>The instant of the record just read: the latest on which one of its streams is next due.</summary>
    private long NextTime()
    {
        long time = long.MinValue;
        for (int i = 0; i < _streams.Length; i++)
        {
            if ((_reader.Present >> i & 1) != 0 && _streams[i]?.NextAfter(_time) is long due)
            {
                time = Math.Max(time, due);
            }
        }

        return time == long.MinValue ? (_time is long last ? last + _shortestPeriod : 0) : time;
    }

    private void Append(long time, IDriverOutput output)
    {
        ReadOnlySpan<int> values = _reader.Values;
        int next = 0;
        for (int i = 0; i < _streams.Length; i++)
        {
            if ((_reader.Present >> i & 1) == 0)
            {
                continue;
            }

            int value = values[next++];
            if (_streams[i] is TraceStream stream)
            {
                stream.SkipTo(time, Validity, output);
                stream.Add(value, time);
            }
        }
    }

    private void Flush(IDriverOutput output)
    {
        foreach (TraceStream? stream in _streams)
        {
            stream?.Flush(Validity, output);
            if (_time is long time)
            {
                stream?.SkipPast(time, Validity, output);
            }
        }
    }

    private void Restart(IDriverOutput output, string reason)
    {
        if (_time is null)
        {
            return;
        }

        Flush(output);
        output.Report(new DeviceEvent.ClockRestarted(reason));
        _time = null;
        _arrivals.Reset();
        foreach (TraceStream? stream in _streams)
        {
            stream?.Forget();
        }
    }

    private void TellMissing(long nanoseconds, IDriverOutput output)
    {
        Flush(output);
        foreach (TraceStream? stream in _streams)
        {
            if (stream?.IsOnGrid == true)
            {
                long count = Math.Max(1, stream.Period.SamplesIn(nanoseconds));
                output.Report(new DeviceEvent.Missing(stream.Metric, GapCause.LostMessage, count));
            }
        }
    }

    private void TellBreath(bool inspiration, IDriverOutput output)
    {
        const byte BreathCommand = 0xC6;
        Metric metric = MedibusNomenclature.Named(MedibusNomenclature.RawId("RT", BreathCommand, "breath phase"), SignalKind.Text, "breath phase") with
        {
            DeviceCode = MedibusNomenclature.DeviceCode("RT", BreathCommand),
        };
        if (!_breathDescribed)
        {
            _breathDescribed = true;
            output.Report(new DeviceEvent.Descriptor(metric));
        }

        output.Report(new DeviceEvent.Text(metric, inspiration ? "inspiration" : "expiration")
        {
            At = _time is long time ? new DeviceTicks((ulong)time) : null,
            Code = inspiration ? 0u : 1u,
            Validity = Validity,
        });
    }

    private TraceStream? StreamOf(TraceChoice choice)
    {
        TraceOffer? offer = _offers.FirstOrDefault(offer => offer.Code == choice.Code);
        return offer is null ? null : new TraceStream(offer, choice.Multiplier);
    }
}

/// <summary>One stream: its metric, its scale, and the samples not told yet.</summary>
internal sealed class TraceStream
{
    private readonly List<int> _run = [];
    private readonly Scale _scale;
    private long _runStart;
    private long? _due;

    public TraceStream(TraceOffer offer, byte multiplier)
    {
        TraceRow row = MedibusNomenclature.Trace(offer.Code);
        string id = row.Id.Length > 0 ? row.Id : MedibusNomenclature.RawId("RT", offer.Code, row.Name);
        Metric = MedibusNomenclature.Named(id, SignalKind.Waveform, row.Name) with
        {
            Unit = row.Unit,
            Channel = row.Channel,
            DeviceCode = MedibusNomenclature.DeviceCode("RT", offer.Code),
            DisplayMin = offer.Min.ToDouble(),
            DisplayMax = offer.Max.ToDouble(),
        };
        _scale = offer.Scale;
        Period = new SamplePeriod((long)offer.IntervalMicroseconds * multiplier, 1_000_000);
        PeriodNanoseconds = (long)offer.IntervalMicroseconds * multiplier * 1000;
    }

    public Metric Metric { get; }

    /// <summary>The interval the device told, times the multiplier: exact, for it is told in whole microseconds.</summary>
    public SamplePeriod Period { get; }

    public long PeriodNanoseconds { get; }

    public DeviceEvent.Descriptor Descriptor => new(Metric) { Period = Period, Scale = _scale };

    /// <summary>True once a sample of it has come since the timeline began.</summary>
    public bool IsOnGrid => _due is not null;

    /// <summary>The first instant of its grid after <paramref name="last"/>; null while it has no grid.</summary>
    public long? NextAfter(long? last)
    {
        if (_due is not long due || last is not long passed || due > passed)
        {
            return _due;
        }

        return due + ((((passed - due) / PeriodNanoseconds) + 1) * PeriodNanoseconds);
    }

    public void Add(int value, long time)
    {
        if (_run.Count == 0)
        {
            _runStart = time;
        }

        _run.Add(value);
        _due = time + PeriodNanoseconds;
    }

    /// <summary>Tells what is missing before a sample at <paramref name="time"/>.</summary>
    public void SkipTo(long time, Validity validity, IDriverOutput output)
    {
        if (_due is long due && due < time)
        {
            TellMissing(Math.Max(1, (time - due) / PeriodNanoseconds), validity, output);
        }
    }

    /// <summary>Tells the samples that were due up to <paramref name="time"/> and did not come.</summary>
    public void SkipPast(long time, Validity validity, IDriverOutput output)
    {
        if (_due is long due && due <= time)
        {
            TellMissing(((time - due) / PeriodNanoseconds) + 1, validity, output);
        }
    }

    public void Flush(Validity validity, IDriverOutput output)
    {
        if (_run.Count == 0)
        {
            return;
        }

        output.Report(new DeviceEvent.Samples(Metric, Period, CollectionsMarshal.AsSpan(_run).ToArray())
        {
            Scale = _scale,
            At = new DeviceTicks((ulong)_runStart),
            Validity = validity,
        });
        _run.Clear();
    }

    public void Forget()
    {
        _run.Clear();
        _due = null;
    }

    /// <summary>The device had no value when it was the stream's turn: it shortens the record, and says no more (sheet 7.4).</summary>
    private void TellMissing(long count, Validity validity, IDriverOutput output)
    {
        // Callers come here only with a due sample.
        long due = _due.GetValueOrDefault();
        Flush(validity, output);
        output.Report(new DeviceEvent.Missing(Metric, GapCause.SignalOff, count) { At = new DeviceTicks((ulong)due) });
        _due = due + (count * PeriodNanoseconds);
    }
}
