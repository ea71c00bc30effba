using System.Globalization;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring.Peers;

/// <summary>Whether a peer's answer is the one that our store gives to the same question.</summary>
internal static class PeerCheck
{
    /// <summary>Float64 sums in another order.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>Where they differ; null = nowhere. Peers hold raw values, so <paramref name="scale"/> is applied to them.</summary>
    public static string? Difference(IReadOnlyList<PeerPoint> theirs, IReadOnlyList<PeerPoint> ours, Scale? scale)
    {
        if (theirs.Count != ours.Count)
        {
            return $"{theirs.Count} points instead of {ours.Count}";
        }

        for (int i = 0; i < ours.Count; i++)
        {
            PeerPoint their = scale is { } one ? Scaled(theirs[i], one) : theirs[i];
            if (Math.Abs(their.Time.Since(ours[i].Time)) >= PeerQuestion.Millisecond || !Same(their.Min, ours[i].Min, ours[i]) || !Same(their.Max, ours[i].Max, ours[i]) || !Same(their.Mean, ours[i].Mean, ours[i]))
            {
                return string.Create(CultureInfo.InvariantCulture, $"point {i} is {their.Min} / {their.Max} / {their.Mean} at {their.Time} instead of {ours[i].Min} / {ours[i].Max} / {ours[i].Mean} at {ours[i].Time}");
            }
        }

        return null;
    }

    /// <summary>What our store answers, in physical values: as many equal columns as asked for, without those that are empty, or samples.</summary>
    public static List<PeerPoint> Ours(Store store, PeerQuestion question, UtcInstant from, UtcInstant to)
    {
        SignalNumber signal = question.Question.Signal.Number;
        return question.IsColumns
            ? [.. store.Envelope(signal, from, to, StoreQuestion.Points).Where(point => point.Count > 0).Select(point => new PeerPoint(point.Time, point.Min, point.Max, point.Mean))]
            : [.. store.Read(signal, from, to).OfType<SampleBlock>().SelectMany(Samples).Where(point => point.Time >= from && point.Time < to)];
    }

    private static IEnumerable<PeerPoint> Samples(SampleBlock block) => Enumerable.Range(0, block.Samples.Length).Select(i =>
    {
        int raw = block.Samples.Span[i];
        return PeerPoint.Of(block.Start.Add(block.Period.NanosecondsOf(block.FirstIndex + i) - block.Period.NanosecondsOf(block.FirstIndex)), block.Scale?.Physical(raw) ?? raw);
    });

    /// <summary>A negative gain makes the least the greatest.</summary>
    private static PeerPoint Scaled(PeerPoint point, Scale scale)
    {
        (double one, double other) = (scale.Gain * point.Min, scale.Gain * point.Max);
        return new PeerPoint(point.Time, Math.Min(one, other) + scale.Offset, Math.Max(one, other) + scale.Offset, (scale.Gain * point.Mean) + scale.Offset);
    }

    private static bool Same(double theirs, double ours, PeerPoint point) =>
        Math.Abs(theirs - ours) <= Tolerance * Math.Max(1, Math.Max(Math.Abs(point.Min), Math.Abs(point.Max)));
}
