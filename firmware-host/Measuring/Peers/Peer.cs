using Bedside.Model;

namespace Bedside.Host.Measuring.Peers;

/// <summary>A sample (all three the same) or a column of an answer, raw as it was stored.</summary>
internal readonly record struct PeerPoint(UtcInstant Time, double Min, double Max, double Mean)
{
    public static PeerPoint Of(UtcInstant time, double value) => new(time, value, value, value);
}

/// <summary>A question of the bench as a peer is asked it.</summary>
internal sealed record PeerQuestion(StoreQuestion Question, string Measurement, SamplePeriod Period)
{
    public const long Millisecond = 1_000_000;

    public string Field => Question.Signal.Id;

    public bool IsColumns => Question.Asked != Asked.Samples;

    /// <summary>Those that a peer can answer: samples, and as many equal columns as there are in at most a day.</summary>
    public static IReadOnlyList<PeerQuestion> Of(StoreBenchBed bed, PeerLines lines) =>
    [
        .. StoreQuestion.Of(bed)
            .Where(question => question.Asked is Asked.Samples or Asked.Columns && question.Length <= StoreQuestion.Day)
            .Select(question => new PeerQuestion(question, lines.MeasurementOf(question.Signal), bed.KindOf(question.Signal).Period)),
    ];

    /// <summary>As our store is asked, but at whole milliseconds: VictoriaMetrics has no finer times.</summary>
    public (UtcInstant From, UtcInstant To) Place(Random random, long stored)
    {
        (UtcInstant from, UtcInstant to) = Question.Place(random, stored);
        long length = to.Since(from);
        UtcInstant whole = new(to.UnixNanoseconds / Millisecond * Millisecond);
        return (whole.Add(-length), whole);
    }

    /// <summary>How wide a column is; a length that does not give whole milliseconds cannot be asked.</summary>
    public static long ColumnOf(UtcInstant from, UtcInstant to) =>
        to.Since(from) % (StoreQuestion.Points * Millisecond) == 0
            ? to.Since(from) / StoreQuestion.Points
            : throw new InvalidDataException($"{StoreQuestion.Points} columns of whole milliseconds do not fit into {to.Since(from)} ns.");

    /// <summary>How many samples, or columns with samples, an answer must have.</summary>
    public int Expected(UtcInstant from, UtcInstant to)
    {
        long first = FirstAt(from);
        long end = FirstAt(to);
        if (!IsColumns)
        {
            return (int)(end - first);
        }

        long column = ColumnOf(from, to);
        if (column > Period.Nanoseconds)
        {
            return StoreQuestion.Points;
        }

        int columns = 0;
        long last = -1;
        for (long index = first; index < end; index++)
        {
            long here = StoreBenchBed.Start.Add(Period.NanosecondsOf(index)).Since(from) / column;
            columns += here == last ? 0 : 1;
            last = here;
        }

        return columns;
    }

    /// <summary>The index of the first sample that is not before a time.</summary>
    private long FirstAt(UtcInstant time)
    {
        long since = time.Since(StoreBenchBed.Start);
        long index = Math.Max(0, Period.SamplesIn(since) - 1);
        while (Period.NanosecondsOf(index) < since)
        {
            index++;
        }

        return index;
    }
}

/// <summary>A server that somebody might take instead of our store.</summary>
internal interface IPeer
{
    string Name { get; }

    /// <summary>As it is called in the folders of programs.</summary>
    string Program { get; }

    /// <summary>The Debian package that brings it.</summary>
    string Package { get; }

    /// <summary>What asks the program for its version; its first word with a digit and a point is it.</summary>
    string VersionArgument { get; }

    /// <summary>Answers as soon as the server does.</summary>
    string Health { get; }

    string Write { get; }

    /// <summary>Makes what was written visible and writes it out; null where that happens by itself.</summary>
    string? Flush { get; }

    /// <summary>Why a server of this version cannot hold samples until <paramref name="last"/>; null = it can.</summary>
    string? Refusal(string version, UtcInstant last, DateTimeOffset now);

    /// <summary>What it is started with, on a free port of loopback and in a folder of its own; writes its configuration there.</summary>
    IReadOnlyList<string> Arguments(string folder);

    Task PrepareAsync(PeerServer server, CancellationToken cancel);

    string Path(PeerQuestion question, UtcInstant from, UtcInstant to);

    /// <summary>The points of an answer, ascending.</summary>
    List<PeerPoint> Read(PeerQuestion question, ReadOnlyMemory<byte> answer, UtcInstant from, UtcInstant to);
}
