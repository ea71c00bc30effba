using Bedside.Identity.Studies;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Viewer.Research;

namespace Bedside.Host.Research;

/// <summary>One signal that can be asked for.</summary>
/// <param name="Stays">In how many stays, a <see cref="RoundedCount"/>.</param>
/// <param name="Percent">Of the hours of those stays, to the nearest 5; 0 where the stays are few.</param>
internal sealed record RoundedSignal(string Signal, string Stays, int Percent);

/// <summary>What can be asked for; counts are rounded, and nothing is told of few.</summary>
internal sealed record Availability(string Patients, string Stays, IReadOnlyList<RoundedSignal> Signals)
{
    private const int Step = 5;
    private const double HourNanoseconds = 3.6e12;

    public static async Task<Availability> ReadAsync(StudyConsole console, IReadOnlyList<DirectoryInfo> also)
    {
        List<WardBox> boxes = [];
        try
        {
            boxes.Add(WardBox.Open(console.Data, console.KeyFile, console.Stays, console.Clock));
            boxes.AddRange(also.Select(data => WardBox.Open(data, key: null, console.Stays, console.Clock)));
            return Of(console, boxes);
        }
        finally
        {
            foreach (WardBox box in boxes)
            {
                await box.DisposeAsync();
            }
        }
    }

    /// <summary>The same before it is rounded: for the box's own page, which rounds it.</summary>
    public static async Task<AvailableData> CountAsync(StudyConsole console)
    {
        await using var box = WardBox.Open(console.Data, console.KeyFile, console.Stays, console.Clock);
        return Count(console, [box]);
    }

    private static Availability Of(StudyConsole console, IReadOnlyList<WardBox> boxes)
    {
        AvailableData data = Count(console, boxes);
        return new Availability(RoundedCount.Of(data.Patients), RoundedCount.Of(data.Stays), [.. data.Signals.Select(Rounded)]);
    }

    private static RoundedSignal Rounded(AvailableSignal one) =>
        new(one.Signal, RoundedCount.Of(one.Stays), one.Stays < RoundedCount.Least ? 0 : (int)(Math.Round(100 * one.Complete / Step) * Step));

    private static AvailableData Count(StudyConsole console, IReadOnlyList<WardBox> boxes)
    {
        // Names for this answer alone: nobody can join it to another.
        using var key = StudyKey.New();
        using var subjects = new SubjectKey(console.Box);
        IReadOnlyList<CohortStay> stays = CohortReading.Roll(boxes, new StudyNames(key), subjects, console.Settings.Ward, console.Elsewhere());
        DateOnly[] days = [.. stays.Select(stay => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(stay.Subject.From.ToDateTime(), console.Settings.Ward).DateTime))];
        IEnumerable<IGrouping<string, (WardBox Box, Signal Signal)>> signals = boxes.SelectMany(box => box.Store.Signals.Select(signal => (Box: box, Signal: signal)))
            .Where(one => Nomenclature.Shipped.ById(one.Signal.Metric.SignalId) is not null)
            .GroupBy(one => one.Signal.Metric.SignalId, StringComparer.Ordinal)
            .OrderBy(one => one.Key, StringComparer.Ordinal);
        return new AvailableData(
            stays.Select(stay => stay.Subject.Subject).Distinct().Count(), stays.Count, days.Length == 0 ? null : days.Min(), days.Length == 0 ? null : days.Max(), [.. signals.Select(one => Count(one, stays))]);
    }

    private static AvailableSignal Count(IGrouping<string, (WardBox Box, Signal Signal)> signal, IReadOnlyList<CohortStay> stays)
    {
        (CohortStay Stay, double Hours, double Whole)[] with =
        [
            .. stays.Select(stay => (Stay: stay, Hours: stay.Box.HoursOf(signal.Key, stay.Subject.From, stay.Subject.To), Whole: stay.Subject.To.Since(stay.Subject.From) / HourNanoseconds)).Where(one => one.Hours > 0),
        ];
        double? hertz = signal.Select(one => one.Box.Store.Last(one.Signal.Number)).OfType<SampleBlock>().Max(block => (double?)block.Period.Hertz);
        return new AvailableSignal(
            signal.Key, with.Select(one => one.Stay.Subject.Subject).Distinct().Count(), with.Length, with.Length == 0 ? 0 : Math.Min(1, with.Sum(one => one.Hours) / with.Sum(one => one.Whole)), hertz);
    }
}
