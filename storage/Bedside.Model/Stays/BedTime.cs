namespace Bedside.Model.Stays;

/// <summary>Who lies in the bed over [From, To), on the way to an interval. To = <see cref="BedTime.Open"/>: it goes on.</summary>
internal sealed record BedPiece(UtcInstant From, UtcInstant To, VisitToken Visit, PersonToken Person, StayCertainty Certainty, IReadOnlyList<long> Because);

/// <summary>A stretch of time as pieces that follow each other.</summary>
internal sealed class BedTime
{
    private readonly List<BedPiece> _pieces;

    public BedTime(IEnumerable<BedPiece> pieces) => _pieces = [.. pieces];

    /// <summary>It goes on.</summary>
    public static readonly UtcInstant Open = new(long.MaxValue);

    public IReadOnlyList<BedPiece> Pieces => _pieces;

    public static UtcInstant Later(UtcInstant left, UtcInstant right) => left > right ? left : right;

    public static UtcInstant Earlier(UtcInstant left, UtcInstant right) => left < right ? left : right;

    /// <summary>The instant, or <see cref="Open"/> where that is past the end of time.</summary>
    public static UtcInstant After(UtcInstant time, long nanoseconds) =>
        time.UnixNanoseconds > long.MaxValue - nanoseconds ? Open : time.Add(nanoseconds);

    /// <summary>Changes what lies in [from, to), cutting pieces at its edges; null takes it away.</summary>
    public void Paint(UtcInstant from, UtcInstant to, Func<BedPiece, BedPiece?> change)
    {
        if (from >= to)
        {
            return;
        }

        for (int i = 0; i < _pieces.Count; i++)
        {
            BedPiece piece = _pieces[i];
            if (piece.To <= from || piece.From >= to)
            {
                continue;
            }

            var parts = new List<BedPiece>();
            if (piece.From < from)
            {
                parts.Add(piece with { To = from });
            }

            if (change(piece with { From = Later(piece.From, from), To = Earlier(piece.To, to) }) is { } changed)
            {
                parts.Add(changed);
            }

            if (piece.To > to)
            {
                parts.Add(piece with { From = to });
            }

            _pieces.RemoveAt(i);
            _pieces.InsertRange(i, parts);
            i += parts.Count - 1;
        }
    }

    /// <summary>At least so uncertain, in [from, to), and because of these too.</summary>
    public void Doubt(UtcInstant from, UtcInstant to, StayCertainty certainty, params long[] because) =>
        Paint(from, to, piece => piece with { Certainty = Worse(piece.Certainty, certainty), Because = [.. piece.Because, .. because] });

    private static StayCertainty Worse(StayCertainty left, StayCertainty right) => left > right ? left : right;
}
