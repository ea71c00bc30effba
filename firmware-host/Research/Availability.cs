using Bedside.Identity.Studies;
using Bedside.Model.Research;

namespace Bedside.Host.Research;

/// <summary>One signal that can be asked for.</summary>
/// <param name="Stays">In how many stays, a <see cref="RoundedCount"/>.</param>
/// <param name="Percent">Of the hours of those stays, to the nearest 5; 0 where the stays are few.</param>
internal sealed record AvailableSignal(string Signal, string Stays, int Percent);

/// <summary>What can be asked for; counts are rounded, and nothing is told of few.</summary>
internal sealed record Availability(string Patients, string Stays, IReadOnlyList<AvailableSignal> Signals)
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

    private static Availability Of(StudyConsole console, IReadOnlyList<WardBox> boxes)
    {
        // Names for this answer alone: nobody can join it to another.
        using var key = StudyKey.New();
        using var subjects = new SubjectKey(console.Box);
        CohortStay[] stays = [.. boxes.SelectMany(box => box.Roll(new StudyNames(key), subjects, console.Settings.Ward).Subjects.Select(subject => new CohortStay(box, subject)))];
        IEnumerable<string> signals = boxes.SelectMany(box => box.Store.Signals).Select(signal => signal.Metric.SignalId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new Availability(
            RoundedCount.Of(stays.Select(stay => stay.Subject.Subject).Distinct().Count()),
            RoundedCount.Of(stays.Length),
            [.. signals.Where(signal => Model.Nomenclature.Shipped.ById(signal) is not null).Select(signal => Of(signal, stays))]);
    }

    private static AvailableSignal Of(string signal, CohortStay[] stays)
    {
        (double Hours, double Whole)[] with =
        [
            .. stays.Select(stay => (Hours: stay.Box.HoursOf(signal, stay.Subject.From, stay.Subject.To), Whole: stay.Subject.To.Since(stay.Subject.From) / HourNanoseconds)).Where(one => one.Hours > 0),
        ];
        bool isFew = with.Length < RoundedCount.Least;
        int percent = isFew ? 0 : (int)(Math.Round(100 * with.Sum(one => one.Hours) / with.Sum(one => one.Whole) / Step) * Step);
        return new AvailableSignal(signal, RoundedCount.Of(with.Length), percent);
    }
}
