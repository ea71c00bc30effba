using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Viewer;

/// <summary>The marks of people, and what devices noticed of themselves, as one list with what held when.</summary>
internal sealed class MarkReader(BedView view, AnnotationBook book)
{
    /// <summary>How far before a range the beginning of a device's notice is looked for.</summary>
    private static readonly long NoticeReach = TimeSpan.FromDays(1).Nanoseconds();

    /// <summary>What says something of the range, ascending.</summary>
    public IEnumerable<AnnotationAnswer> In(TimeRange range, bool withWithdrawn)
    {
        IReadOnlyList<AnnotationBlock> marks = book.All();
        var signals = view.Store.Signals.ToDictionary(signal => signal.Number);
        ILookup<string, uint> sensors = signals.Values.ToLookup(Measured.SensorOf, signal => signal.Number.Value);
        IEnumerable<AnnotationBlock> notices = view.Store.ReadBed(range.From.Add(-NoticeReach), range.To)
            .OfType<AnnotationBlock>()
            .Where(one => one.Source != AnnotationBook.Person && ContextCatalog.Shipped.Find(one.Kind) is not null);
        IEnumerable<HeldMark> held = ContextTimeline.Of(marks.Concat(notices), signals).Where(one => one.Touches(range.From, range.To));
        if (withWithdrawn)
        {
            held = held.Concat(marks.Where(mark => mark.Withdrawn && mark.Start < range.To && mark.End >= range.From).Select(mark => new HeldMark(mark, mark.Until ?? mark.Start)))
                .OrderBy(one => one.Mark.Start).ThenBy(one => one.Mark.Key, StringComparer.Ordinal);
        }

        return held.Select(one => Answer(one, signals, sensors));
    }

    /// <summary>One mark, as it holds beside the others.</summary>
    public AnnotationAnswer Answer(AnnotationBlock mark)
    {
        var signals = view.Store.Signals.ToDictionary(signal => signal.Number);
        HeldMark held = ContextTimeline.Of(book.All(), signals).FirstOrDefault(one => one.Mark.Key == mark.Key) is { } one ? one with { Mark = mark } : new HeldMark(mark, mark.Until ?? mark.Start);
        return Answer(held, signals, signals.Values.ToLookup(Measured.SensorOf, signal => signal.Number.Value));
    }

    private static AnnotationAnswer Answer(HeldMark held, Dictionary<SignalNumber, Signal> signals, ILookup<string, uint> sensors)
    {
        AnnotationBlock mark = held.Mark;
        Signal? signal = signals.GetValueOrDefault(mark.Signal);
        return new AnnotationAnswer(
            mark.Key,
            mark.Version,
            mark.Kind,
            mark.Text,
            mark.Attributes.Values,
            mark.Source,
            signal?.Id,
            mark.Signal.Value,
            ConcernsOf(mark, signal, signals, sensors),
            mark.Start,
            mark.Until,
            held.HeldUntil,
            mark.Withdrawn);
    }

    private static uint[] ConcernsOf(AnnotationBlock mark, Signal? signal, Dictionary<SignalNumber, Signal> signals, ILookup<string, uint> sensors) => signal is not null
        ? [.. sensors[Measured.SensorOf(signal)]]
        : mark.Source == AnnotationBook.Person ? []
        : [.. signals.Values.Where(one => one.Device == mark.Source).Select(one => one.Number.Value)];
}
