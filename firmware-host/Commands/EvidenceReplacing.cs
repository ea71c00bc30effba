using System.Globalization;
using Bedside.Host.Decoding;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Evidence;
using Bedside.Storage.Replacing;

namespace Bedside.Host.Commands;

/// <summary>Decodes an interval of the ring again, and puts it in the place of what the store has of it.</summary>
internal static class EvidenceReplacing
{
    /// <summary>
    /// Runs of the device's clock in replacement n are counted from here + n × 65 536 on: the box counts its own from 1, and no two
    /// runs have one number.
    /// </summary>
    private const uint FirstEpoch = 0x8000_0000;

    private const int EpochBits = 16;
    private const int MostReplacements = 1 << 14;

    /// <summary>The box is stopped meanwhile.</summary>
    public static async Task RunAsync(DirectoryInfo data, FileInfo? key, EvidenceRequest request, CancellationToken cancel)
    {
        ReplaceOrder order;
        string said;
        await using (Store store = EvidenceImport.Open(data, key))
        {
            (order, said) = await DecodeAsync(store, request, ReplaceCommands.Try(() => StoreReplacement.NextId(data.FullName)), cancel);
        }

        _ = await ReplaceCommands.TryAsync(() => StoreReplacement.RunAsync(data.FullName, StoreArguments.Options(data, key), TimeProvider.System, order, cancel));
        Console.WriteLine(said);
    }

    /// <summary>What is to be replaced by what, and what is to be said of it. Of the store only its list of signals changes.</summary>
    public static async Task<(ReplaceOrder Order, string Said)> DecodeAsync(Store store, EvidenceRequest request, int id, CancellationToken cancel)
    {
        var plan = EvidencePlan.Make(store, request.Port, request.From, request.To);
        if (plan.Device.Length == 0)
        {
            throw new CommandFailedException($"nothing was recognised on {plan.Port} then, so there is nothing to replace; --beside keeps what is decoded.");
        }

        if (id > MostReplacements)
        {
            throw new CommandFailedException($"this store had {MostReplacements} replacements, which is the most; --beside keeps what is decoded.");
        }

        var blocks = new ReplacingBlocks();
        var sink = new IntervalSink(store, plan.From, plan.To, block => Keep(blocks, block));
        using var decoder = new EvidenceDecoder(plan.Device, EvidenceImport.DriverOf(request, plan), sink, FirstEpoch + ((uint)id << EpochBits));
        var heard = new HeardSpans(plan);
        foreach (EvidenceEntry entry in store.ReadEvidence(plan.Begin, plan.To.Add(EvidenceImport.LateNanoseconds)))
        {
            cancel.ThrowIfCancellationRequested();
            if (entry.Port.Name == plan.Port || entry.Port == EvidencePort.Every)
            {
                heard.See(entry);
                decoder.Take(entry);
            }
        }

        await store.SyncAsync(cancel);
        List<(UtcInstant From, UtcInstant To)> spans = heard.Spans();
        var order = new ReplaceOrder(id, plan.Device, plan.Port, spans, blocks, string.Empty);
        string kept = KeptSignals(store, order);
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"replaced: {plan.Device} was decoded again from the raw bytes of {plan.Port} by bedside {EvidenceImport.Version} and took the place of the originals, replacement {id}: {decoder.Chunks} chunks, {decoder.Bytes} bytes, {decoder.Holes} holes, read from {plan.Begin} on, SHA-256 {decoder.Digest()}.{kept}");
        string said = string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Port}: {sink.Samples} samples and {sink.Readings} readings from {spans[0].From} to {spans[^1].To} took the place of the originals of {plan.Device}; {decoder.Chunks} chunks were read from {plan.Begin} on, with {decoder.Holes} holes.{kept} bedside import undo {id} brings the originals back.");
        return (order with { Text = text }, said);
    }

    private static void Keep(ReplacingBlocks blocks, Block block)
    {
        if (!blocks.TryAdd(block))
        {
            throw new CommandFailedException($"that is more than {ReplacingBlocks.MostBytes >> 20} MiB at once; give a shorter interval with --from and --to, and replace one after the other.");
        }
    }

    /// <summary>Signals that only the originals have: they stay.</summary>
    private static string KeptSignals(Store store, ReplaceOrder order)
    {
        string[] kept =
        [
            .. store.Signals
                .Where(signal => signal.Device == order.Device && !order.Replaces(signal.Number) && order.Spans.Any(span => store.Read(signal.Number, span.From, span.To).Any(block => block is SampleBlock or NumericBlock or TextBlock)))
                .Select(signal => signal.Id)
                .Order(StringComparer.Ordinal),
        ];
        return kept.Length == 0 ? string.Empty : $" Kept as they were, because this build does not decode them from these bytes: {string.Join(", ", kept)}.";
    }

    /// <summary>Of when a port was heard: from the first entry of an interval to the last, without what holes took.</summary>
    private sealed class HeardSpans(EvidencePlan plan)
    {
        private readonly List<(UtcInstant From, UtcInstant To)> _holes = [];
        private UtcInstant _last = plan.From;

        public void See(EvidenceEntry entry)
        {
            if (entry.Kind == EvidenceKind.Hole)
            {
                _holes.Add((entry.From, entry.Utc));
                return;
            }

            if (entry.Utc >= plan.From && entry.Utc < plan.To)
            {
                _last = entry.Utc > _last ? entry.Utc : _last;
                if (entry.Port.Device.Length > 0 && entry.Port.Device != plan.Device)
                {
                    throw new CommandFailedException($"{plan.Port} was {entry.Port.Device} and {plan.Device} in that interval; give --from and --to of one of them.");
                }
            }
        }

        public List<(UtcInstant From, UtcInstant To)> Spans()
        {
            var spans = new List<(UtcInstant From, UtcInstant To)>();
            UtcInstant begin = plan.From;
            UtcInstant end = _last.Add(1);
            foreach ((UtcInstant from, UtcInstant to) in _holes.Order())
            {
                if (from > begin && begin < end)
                {
                    spans.Add((begin, from < end ? from : end));
                }

                begin = to > begin ? to : begin;
            }

            if (begin < end)
            {
                spans.Add((begin, end));
            }

            return spans.Count > 0 ? spans : throw new CommandFailedException($"of {plan.Port} there is nothing but holes in that interval.");
        }
    }
}
