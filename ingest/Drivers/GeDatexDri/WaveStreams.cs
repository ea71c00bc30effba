using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>
/// Waves on one timeline. The monitor tells no time but seconds of its wall clock, so samples are counted: nanoseconds since
/// the waves began. Subrecords of a record cover the same span; waves of different rates only meet at its ends (sheet 7.2), and a
/// monitor with more than eight waves sends several records for one span. Lost records move the timeline on by whole
/// packets, as many as the arrival says; a gap that the monitor marks itself ends the timeline, for its length nobody knows.
/// </summary>
internal sealed class WaveStreams
{
    /// <summary>A pause after which counting on would be guessing.</summary>
    private const long LongestPause = 5_000_000_000;
    private const long SlowestPeriod = 40_000_000;
    private const long Second = 1_000_000_000;

    private readonly Dictionary<byte, WaveStream> _streams = [];
    private readonly HashSet<byte> _saidUnknown = [];
    private bool _runs;
    private long _start;
    private long _end;
    private MonotonicInstant _arrivedAt;

    /// <summary>Waves that came since <see cref="Expect"/>.</summary>
    public HashSet<byte> Seen { get; } = [];

    /// <summary>Arrival of the last packet.</summary>
    public MonotonicInstant? LastAt { get; private set; }

    /// <summary>Label of the ECG group and of the pressure groups, where displayed values told them.</summary>
    public ushort? Leads { get; set; }

    public Dictionary<string, ushort> Sites { get; } = [];

    /// <summary>New waves were asked for.</summary>
    public void Expect() => Seen.Clear();

    public void End(IDriverOutput output, string reason)
    {
        if (_runs)
        {
            output.Report(new DeviceEvent.ClockRestarted(reason));
        }

        _runs = false;
        foreach (WaveStream stream in _streams.Values)
        {
            stream.Forget();
        }
    }

    /// <summary>Takes a record of waves; <paramref name="lost"/> records of any kind are known to be missing before it.</summary>
    public void Take(DriRecord record, int lost, MonotonicInstant at, long offset, IDriverOutput output)
    {
        List<WavePacket> packets = Read(record, offset, output);
        if (packets.Count == 0)
        {
            return;
        }

        LastAt = at;
        if (_runs && packets.Exists(packet => packet.AfterGap && _streams.TryGetValue(packet.Id, out WaveStream? known) && known.IsPlaced))
        {
            End(output, "the monitor lost samples");
        }
        else if (_runs && at.Since(_arrivedAt) > LongestPause)
        {
            End(output, "no waves came for a while");
        }

        WavePacket[] known = [.. packets.Where(packet => WaveTable.Of(packet.Id) is not null)];
        long span = SpanOf(known);
        long start = StartOf(known, span, at);
        start += Skipped(known, start, span, lost, at, output);
        foreach (WavePacket packet in packets)
        {
            Seen.Add(packet.Id);
            Tell(packet, start, span, output);
        }

        (_runs, _start, _end, _arrivedAt) = (true, start, start + span, at);
    }

    private static List<WavePacket> Read(DriRecord record, long offset, IDriverOutput output)
    {
        var packets = new List<WavePacket>();
        foreach (Subrecord subrecord in record.Subrecords)
        {
            var packet = WavePacket.Read(subrecord);
            if (packet is null || (packet.Announced != packet.Samples.Length && packet.Id != WaveTable.TwelveLeads))
            {
                output.Report(new DeviceEvent.Fault($"a wave {subrecord.Type} of {subrecord.Bytes.Length} bytes says that it has {packet?.Announced ?? 0} samples", offset));
            }

            if (packet is { Samples.Length: > 0 })
            {
                packets.Add(packet);
            }
        }

        return packets;
    }

    /// <summary>How long a record lasts: its fastest wave tells it best, for a slow one has a sample more or less than fits.</summary>
    private static long SpanOf(WavePacket[] packets)
    {
        long span = 0;
        int fastest = 0;
        foreach (WavePacket packet in packets)
        {
            if (WaveTable.Of(packet.Id) is WaveRow row && row.Rate > fastest)
            {
                fastest = row.Rate;
                span = row.Period.NanosecondsOf(packet.Samples.Length);
            }
        }

        return span;
    }

    /// <summary>
    /// Where the record begins: the fastest of its waves that were in the record before goes on where it ended. Slower ones may be a sample
    /// ahead or behind, for their packets hold whole samples.
    /// </summary>
    private long StartOf(WavePacket[] packets, long span, MonotonicInstant at)
    {
        if (!_runs)
        {
            return 0;
        }

        WaveStream[] placed = [.. packets.Select(packet => _streams.GetValueOrDefault(packet.Id)).OfType<WaveStream>().Where(stream => stream.IsPlaced)];
        if (placed.Length > 0)
        {
            long latest = placed.Max(stream => stream.Due);
            return placed.Where(stream => stream.Due >= latest - (2 * SlowestPeriod)).MinBy(stream => stream.Period.Nanoseconds)?.Due ?? latest;
        }

        // Waves that were not there before: another part of the same span, or the next one.
        return at.Since(_arrivedAt) < span / 2 ? _start : _end;
    }

    /// <summary>Nanoseconds of whole packets that were lost before the record, and says them.</summary>
    private long Skipped(WavePacket[] packets, long start, long span, int lost, MonotonicInstant at, IDriverOutput output)
    {
        if (!_runs || lost == 0 || span == 0)
        {
            return 0;
        }

        long behind = at.Since(_arrivedAt) - (start + span - _end);
        long missing = Math.Clamp((behind + (span / 2)) / span, 0, lost);
        foreach (WavePacket packet in missing > 0 ? packets : [])
        {
            if (_streams.TryGetValue(packet.Id, out WaveStream? stream) && stream.IsPlaced)
            {
                output.Report(new DeviceEvent.Missing(stream.Metric, GapCause.LostMessage, stream.Behind(start + (missing * span))) { At = new DeviceTicks((ulong)stream.Due) });
            }
        }

        return missing * span;
    }

    private void Tell(WavePacket packet, long start, long span, IDriverOutput output)
    {
        if (packet.Id == WaveTable.TwelveLeads)
        {
            TellUnreadable(packet, "ECG12", packet.Announced, output);
            return;
        }

        if ((WaveTable.Of(packet.Id) ?? Unknown(packet, span)) is not WaveRow row)
        {
            TellUnreadable(packet, "unknown", packet.Samples.Length, output);
            return;
        }

        if (!_streams.TryGetValue(packet.Id, out WaveStream? stream))
        {
            stream = _streams[packet.Id] = new WaveStream(row);
        }

        stream.Place(packet, start, MetricOf(row, packet), output);
    }

    /// <summary>A wave that is in no table: its rate follows from the span of the others, its scale is not known and it has none here.</summary>
    private static WaveRow? Unknown(WavePacket packet, long span)
    {
        long rate = span == 0 ? 0 : ((packet.Samples.Length * Second) + (span / 2)) / span;
        return rate is > 0 and <= 2000 ? new WaveRow(packet.Id, "unknown", (int)rate, Gain: null, string.Empty, string.Empty, string.Empty) : null;
    }

    /// <summary>Samples without a known scale or rate are not told, but that they were there is.</summary>
    private void TellUnreadable(WavePacket packet, string name, int count, IDriverOutput output)
    {
        Metric metric = DatexNomenclature.Metric(string.Empty, SignalKind.Waveform, $"wave.{packet.Id}", name);
        if (_saidUnknown.Add(packet.Id))
        {
            output.Report(new DeviceEvent.Descriptor(metric));
        }

        output.Report(new DeviceEvent.Missing(metric, GapCause.Uncalibrated, Math.Max(0, count)));
    }

    private Metric MetricOf(WaveRow row, WavePacket packet)
    {
        string code = $"wave.{row.Number}";
        switch (row.Id)
        {
            case "@ecg":
                int channel = row.Number;
                int lead = Leads is ushort leads ? Labels.LeadOf(leads, channel) : packet.Label & 0xF;
                string name = Labels.Lead(lead);
                return DatexNomenclature.Metric(
                    name.Length > 0 ? $"ecg-{name}" : "ecg-unspecified", SignalKind.Waveform, code, name.Length > 0 ? Labels.LeadName(lead) : row.Name, row.Unit, row.Source);
            case "@pressure":
                ushort site = Sites.TryGetValue(row.Source, out ushort told) ? told : packet.Label;
                string prefix = Labels.PressurePrefix(site);
                string id = Nomenclature.Shipped.ById(prefix)?.Kind == "waveform" ? prefix : "ibp-generic";
                return DatexNomenclature.Metric(id, SignalKind.Waveform, code, Labels.PressureName(site) is { Length: > 0 } label ? label : row.Name, row.Unit, row.Source);
            default:
                string[] parts = row.Id.Split('/');
                return DatexNomenclature.Metric(parts[0], SignalKind.Waveform, code, row.Name, row.Unit, parts.Length > 1 ? parts[1] : string.Empty);
        }
    }
}

/// <summary>One wave: where its next sample belongs, and what it is called now.</summary>
internal sealed class WaveStream(WaveRow row)
{
    /// <summary>From here down samples are control codes (sheet 7.2).</summary>
    private const int LastControl = -32000;
    private const short Unused = -32766;
    private const short BelowRange = -32764;
    private const short AboveRange = -32763;

    private long _origin;
    private long _count;
    private Metric? _described;

    public bool IsPlaced { get; private set; }

    /// <summary>Nanoseconds of the timeline at which the next sample belongs.</summary>
    public long Due => _origin + row.Period.NanosecondsOf(_count);

    public SamplePeriod Period => row.Period;

    public Metric Metric => _described ?? DatexNomenclature.Metric(row.Id, SignalKind.Waveform, $"wave.{row.Number}", row.Name, row.Unit);

    public void Forget() => IsPlaced = false;

    /// <summary>Samples of its grid between the last one and a record that begins at <paramref name="start"/>.</summary>
    public long Behind(long start) => Period.SamplesIn(start - Due + (Period.Nanoseconds / 2));

    /// <summary>Tells the samples of a record that begins at <paramref name="start"/>.</summary>
    public void Place(WavePacket packet, long start, Metric metric, IDriverOutput output)
    {
        if (!IsPlaced)
        {
            (_origin, _count, IsPlaced) = (start, 0, true);
        }
        else if (start - Due > 2 * Period.Nanoseconds)
        {
            // It was left out for a while, or lost with the others: it goes on on its own grid.
            _count += Behind(start);
        }

        long at = Due;
        _count += packet.Samples.Length;
        if (Array.TrueForAll(packet.Samples, sample => sample == Unused))
        {
            // A channel that nothing is plugged into is sent all the same.
            return;
        }

        if (metric != _described)
        {
            _described = metric;
            output.Report(new DeviceEvent.Descriptor(metric) { Period = row.Period, Scale = row.Scale });
        }

        Validity whole = (packet.LeadOff ? Validity.Invalid : Validity.Valid) | (packet.PacerDetected ? Validity.PacerMark : Validity.Valid);
        output.Report(new DeviceEvent.Samples(metric, row.Period, Array.ConvertAll(packet.Samples, sample => (int)sample))
        {
            Scale = row.Scale,
            At = new DeviceTicks((ulong)at),
            Validity = whole,
            Runs = RunsOf(packet.Samples),
        });
    }

    private static ImmutableArray<ValidityRun> RunsOf(short[] samples)
    {
        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        for (int start = 0, end; start < samples.Length; start = end)
        {
            Validity validity = ValidityOf(samples[start]);
            for (end = start + 1; end < samples.Length && ValidityOf(samples[end]) == validity; end++)
            {
            }

            if (validity != Validity.Valid)
            {
                runs.Add(new ValidityRun(start, end - start, validity));
            }
        }

        return runs.DrainToImmutable();
    }

    private static Validity ValidityOf(short sample) => sample switch
    {
        > LastControl => Validity.Valid,
        LastControl => Validity.Invalid,
        BelowRange or AboveRange => Validity.Invalid | Validity.Saturated,
        _ => ClassDecoder.ValidityOf(sample),
    };
}
