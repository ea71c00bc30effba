using System.Buffers.Binary;
using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>Samples of one wave in one result, as they came; <paramref name="Time"/> is of the first.</summary>
internal readonly record struct WaveBlock(uint Time, Validity Validity, ReadOnlyMemory<byte> Samples);

/// <summary>
/// One wave. Its blocks wait until period, unit and scale are known, and are then said with the right ones: nothing is
/// ever reported in a scale that it does not have. What waits too long is said to be missing.
/// </summary>
internal sealed class Wave(Observation observation, ushort physio, bool isCompound, SignalBook signals)
{
    /// <summary>16.4 s: a monitor with eleven waves gives the context of each within 12 s.</summary>
    private const int MostWaiting = 64;
    private const int DroppedAtOnce = 8;
    private const int RecentBlocks = 16;

    private const ushort FirstEcg = 0x0100;
    private const ushort LastEcg = 0x01FF;
    private readonly Queue<WaveBlock> _waiting = new();
    private readonly Queue<uint> _recent = new();
    private WaveContext? _context;
    private Metric? _metric;

    /// <summary>Label of the context that came beside samples of this wave; null = none did yet.</summary>
    public uint? Label { get; set; }

    public static bool IsEcg(ushort physio) => physio is >= FirstEcg and <= LastEcg;

    public void Describe(WaveContext context, ChannelBook channels, MonotonicInstant now, IDriverOutput output)
    {
        if (_context == context && _metric is not null)
        {
            // Keeps the channel for this object.
            channels.ChannelOf(MeaningOf(context), observation, now);
            return;
        }

        _context = context;
        Meaning meaning = MeaningOf(context);
        _metric = MetricOf(context, meaning, channels.ChannelOf(meaning, observation, now));
        if (!context.IsReady)
        {
            return;
        }

        while (_waiting.TryDequeue(out WaveBlock block))
        {
            Say(block, context, _metric, output);
        }
    }

    public void Take(WaveBlock block, IDriverOutput output)
    {
        // Two polls overlap for a while when one is renewed; a slice split over two results has each wave once.
        if (_recent.Contains(block.Time))
        {
            return;
        }

        _recent.Enqueue(block.Time);
        if (_recent.Count > RecentBlocks)
        {
            _recent.Dequeue();
        }

        if (_context is { IsReady: true } context && _metric is { } metric)
        {
            Say(block, context, metric, output);
            return;
        }

        _waiting.Enqueue(block);
        if (_waiting.Count > MostWaiting)
        {
            Drop(DroppedAtOnce, GapCause.Uncalibrated, output);
        }
    }

    public void DropAll(GapCause cause, IDriverOutput output) => Drop(_waiting.Count, cause, output);

    private void Drop(int blocks, GapCause cause, IDriverOutput output)
    {
        if (blocks == 0)
        {
            return;
        }

        uint first = _waiting.Peek().Time;
        int bytesPerSample = _context is { SampleBits: 8 } ? 1 : 2;
        long samples = 0;
        for (int i = 0; i < blocks; i++)
        {
            samples += _waiting.Dequeue().Samples.Length / bytesPerSample;
        }

        Metric metric = _metric ?? MetricOf(new WaveContext(), MeaningOf(new WaveContext()), string.Empty);
        output.Report(new DeviceEvent.Missing(metric, cause, samples) { At = new DeviceTicks(first) });
    }

    private Meaning MeaningOf(WaveContext context)
    {
        Meaning meaning = Meanings.Of(physio, isCompound ? null : context.Metric.Label, category: 0, SignalKind.Waveform);
        return isCompound ? meaning with { Channel = Meanings.ChannelOfCompound } : meaning;
    }

    private Metric MetricOf(WaveContext context, Meaning meaning, string channel)
    {
        // ECG leads follow their baseline with the range they draw: that is no axis.
        bool drawn = context.Range.Lower != context.Range.Upper && !IsEcg(physio);
        Scale? axis = drawn ? context.Scale : null;
        return new Metric
        {
            SignalId = meaning.SignalId,
            Kind = SignalKind.Waveform,
            Code = meaning.Code,
            CodeName = meaning.CodeName,
            Unit = UnitOf(context),
            Channel = channel,
            Label = isCompound ? meaning.OnScreen : context.Metric.LabelString,
            DeviceCode = $"philips:0x{physio:X4}",
            DisplayMin = axis?.Physical(context.Range.Lower),
            DisplayMax = axis?.Physical(context.Range.Upper),
        };
    }

    private static string UnitOf(WaveContext context)
    {
        if (!context.ScaleKnown)
        {
            return string.Empty;
        }

        return context is { Scale: not null, Unit: { } unit } ? Units.Ucum(unit) : Units.Dimensionless;
    }

    private void Say(WaveBlock block, WaveContext context, Metric metric, IDriverOutput output)
    {
        var period = new SamplePeriod(context.PeriodTicks, RelativeTime.TicksPerSecond);
        signals.Announce(new DeviceEvent.Descriptor(metric) { Period = period, Scale = context.Scale }, output);
        (int[] raw, ImmutableArray<ValidityRun> runs) = Decode(block.Samples.Span, context);
        output.Report(new DeviceEvent.Samples(metric, period, raw)
        {
            Scale = context.Scale,
            At = new DeviceTicks(block.Time),
            Validity = block.Validity,
            Runs = runs,
        });
    }

    /// <summary>
    /// Unsigned samples, cut to their significant bits. Where a pattern has bits above those, it is a mask that marks a
    /// sample; where it has none, only the very value is meant.
    /// </summary>
    private static (int[] Raw, ImmutableArray<ValidityRun> Runs) Decode(ReadOnlySpan<byte> samples, WaveContext context)
    {
        int size = context.SampleBits / 8;
        int significant = context.SignificantBits > 0 ? (1 << context.SignificantBits) - 1 : 0xFFFF;
        int[] raw = new int[samples.Length / size];
        ImmutableArray<ValidityRun>.Builder? runs = null;
        for (int i = 0; i < raw.Length; i++)
        {
            int sample = size == 1 ? samples[i] : BinaryPrimitives.ReadUInt16BigEndian(samples[(i * 2)..]);
            raw[i] = sample & significant;
            Validity marked = MarkOf(sample, significant, context.Marks);
            if (marked != Validity.Valid)
            {
                runs ??= ImmutableArray.CreateBuilder<ValidityRun>();
                Mark(runs, i, marked);
            }
        }

        return (raw, runs?.ToImmutable() ?? []);
    }

    private static Validity MarkOf(int sample, int significant, ImmutableArray<SampleMark> marks)
    {
        Validity marked = Validity.Valid;
        foreach (SampleMark mark in marks)
        {
            bool hit = (mark.Pattern & ~significant) != 0 ? (sample & mark.Pattern) == mark.Pattern : sample == mark.Pattern;
            marked |= hit ? mark.Meaning : Validity.Valid;
        }

        return marked;
    }

    private static void Mark(ImmutableArray<ValidityRun>.Builder runs, int index, Validity marked)
    {
        if (runs.Count > 0 && runs[^1] is var last && last.Start + last.Length == index && last.Validity == marked)
        {
            runs[^1] = last with { Length = last.Length + 1 };
        }
        else
        {
            runs.Add(new ValidityRun(index, 1, marked));
        }
    }
}
