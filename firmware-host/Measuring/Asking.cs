using Bedside.Model;

namespace Bedside.Host.Measuring;

/// <summary>Who answers a question, and where it is asked. <paramref name="Ask"/> gives how many samples, columns or bytes came.</summary>
internal sealed record Answering(StoreQuestion Question, Func<Random, (UtcInstant From, UtcInstant To)> Place, Func<UtcInstant, UtcInstant, Task<long>> Ask, Func<double> CpuMilliseconds)
{
    /// <summary>Looks at the answer that just came, outside of its time; throws when it is wrong.</summary>
    public Action<UtcInstant, UtcInstant>? Check { get; init; }
}

/// <summary>Asks questions over and over and tells how long they took: our store and its peers alike.</summary>
internal sealed class Asking(TimeProvider time)
{
    private const int Runs = 200;
    private const int LeastRuns = 11;

    /// <summary>A box runs for months: its code is compiled and its files are in memory. What the first answer takes is a figure of its own.</summary>
    private const int WarmUps = 30;

    /// <summary>No kind of question takes longer than this altogether, unless it could not be asked <see cref="LeastRuns"/> times.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Until what was allocated while starting is given back.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>Every question is warm before any counts.</summary>
    public async Task<IReadOnlyList<QueryFigures>> AskAllAsync(IReadOnlyList<Answering> questions, CancellationToken cancel)
    {
        var first = new List<double>();
        foreach (Answering question in questions)
        {
            first.Add(await WarmUpAsync(question, cancel));
        }

        await SettleAsync(cancel);
        var figures = new List<QueryFigures>();
        foreach (Answering question in questions)
        {
            figures.Add(await MeasureAsync(question, cancel) with { FirstMilliseconds = first[figures.Count] });
        }

        return figures;
    }

    /// <summary>How long the first answer took, milliseconds.</summary>
    public async Task<double> WarmUpAsync(Answering question, CancellationToken cancel) => (await AskAsync(question, WarmUps, cancel))[0];

    /// <summary>What was called often is compiled better meanwhile.</summary>
    public Task SettleAsync(CancellationToken cancel) => Task.Delay(Settling, time, cancel);

    public async Task<QueryFigures> MeasureAsync(Answering question, CancellationToken cancel)
    {
        double before = question.CpuMilliseconds();
        List<double> taken = await AskAsync(question, Runs, cancel);
        return question.Question.Figures(taken) with { CpuMilliseconds = (question.CpuMilliseconds() - before) / taken.Count };
    }

    /// <summary>How long each answer took, milliseconds, in the order of asking.</summary>
    private async Task<List<double>> AskAsync(Answering question, int runs, CancellationToken cancel)
    {
        var random = new Random(1);
        var taken = new List<double>();
        long begun = time.GetTimestamp();
        while (taken.Count < runs && (taken.Count < LeastRuns || time.GetElapsedTime(begun) < Patience))
        {
            cancel.ThrowIfCancellationRequested();
            (UtcInstant from, UtcInstant to) = question.Place(random);
            long start = time.GetTimestamp();
            if (await question.Ask(from, to) == 0)
            {
                throw new InvalidDataException($"{question.Question.Name}: no answer at {from} to {to}");
            }

            taken.Add(time.GetElapsedTime(start).TotalMilliseconds);
            question.Check?.Invoke(from, to);
        }

        return taken;
    }
}
