using Bedside.Model;
using Bedside.Model.Context;
using static Bedside.Extract.ExportColumn;

namespace Bedside.Extract;

/// <summary>Something that was so while data were taken: a mark of a person, or what a device noticed of itself.</summary>
/// <param name="Number">Its row in <c>context.csv</c>, from 1.</param>
/// <param name="Signal">What was marked; null = the bed or a whole device.</param>
/// <param name="Concerns">Signals of the request that it is about: those of the same sensor, of the whole device, or all.</param>
internal sealed record ContextItem(int Number, HeldMark Held, ContextKind Kind, Signal? Signal, IReadOnlyList<Signal> Concerns)
{
    public AnnotationBlock Mark => Held.Mark;

    /// <summary>True for what a person said of the whole bed.</summary>
    public bool IsOfBed => Signal is null && Mark.Source == ExportContext.Person;

    /// <summary>How its end is known: <c>instant</c> (it has none), <c>told</c>, <c>next</c> (another of its series began), <c>open</c> (it holds on, or nobody told).</summary>
    public string Ended => Held.HeldUntil is null ? "open"
        : Kind.Form == ContextForm.Event && Mark.Until is null ? "instant"
        : Mark.Attributes["ended"] == "unknown" ? "open"
        : Held.HeldUntil == Mark.Until ? "told" : "next";
}

/// <summary>The coded context of an export, the same for every format: newest versions, what is withdrawn left out, states from before the range that still hold among them.</summary>
internal static class ExportContext
{
    /// <summary>Source of what a person marks at the bed.</summary>
    public const string Person = "bed";

    /// <summary>What touches the range of a request and is about any of its signals, ascending.</summary>
    /// <param name="marks">All versions of all marks of the store, whenever.</param>
    public static IReadOnlyList<ContextItem> Of(IEnumerable<AnnotationBlock> marks, ExportRequest request, IReadOnlyDictionary<SignalNumber, Signal> known)
    {
        var items = new List<ContextItem>();
        ILookup<string, Signal> sensors = request.Signals.ToLookup(Measured.SensorOf);
        foreach (HeldMark held in ContextTimeline.Of(marks.Where(mark => ContextCatalog.Shipped.Find(mark.Kind) is not null), known).Where(one => one.Touches(request.From, request.To)))
        {
            Signal? signal = known.GetValueOrDefault(held.Mark.Signal);
            IReadOnlyList<Signal> concerns = signal is not null ? [.. sensors[Measured.SensorOf(signal)]]
                : held.Mark.Signal != SignalNumber.None ? []
                : held.Mark.Source == Person ? request.Signals
                : [.. request.Signals.Where(one => one.Device == held.Mark.Source)];
            if (concerns.Count > 0)
            {
                items.Add(new ContextItem(items.Count + 1, held, ContextCatalog.Shipped.Find(held.Mark.Kind)!, signal, concerns)); // only kinds of the catalogue are here
            }
        }

        return items;
    }

    public static void Write(TableMaker make, IReadOnlyList<ContextItem> items)
    {
        using IExportTable table = make("context", [
            Whole("context"), Instant("from_utc"), Instant("until_utc"), Text("ended"), Text("kind"), Text("kind_en"), Text("kind_fr"), Text("form"), Text("signal"), Text("concerns"), Text("attributes"),
            Text("attributes_en"), Text("attributes_fr"), Text("source"), Text("key"), Whole("version")]);
        foreach (ContextItem item in items)
        {
            AnnotationBlock mark = item.Mark;
            table.Row(
                item.Number, mark.Start, item.Held.HeldUntil, item.Ended, mark.Kind, item.Kind.English, item.Kind.French, Spelling.Of(item.Kind.Form),
                item.Signal?.Id ?? string.Empty, item.IsOfBed ? string.Empty : string.Join(' ', item.Concerns.Select(signal => signal.Id)), mark.Attributes.ToString(),
                Words(item, attribute => attribute.English, word => word.English), Words(item, attribute => attribute.French, word => word.French), mark.Source, mark.Key, mark.Version);
        }
    }

    private static string Words(ContextItem item, Func<ContextAttribute, string> name, Func<ContextWord, string> value) => string.Join("; ", item.Mark.Attributes.Values.Select(pair =>
        item.Kind.Attribute(pair.Key) is { } attribute
            ? $"{name(attribute)}: {attribute.Values.Where(one => one.Code == pair.Value).Select(value).FirstOrDefault(pair.Value)}"
            : $"{pair.Key}: {pair.Value}"));
}
