namespace Bedside.Model.Stays;

/// <summary>From pieces to what is told of them.</summary>
internal static class StayPieces
{
    /// <summary>Ascending; what has not begun is left out, what has not ended is open; neighbours of which the same is known become one.</summary>
    public static IReadOnlyList<StayInterval> Join(IEnumerable<BedPiece> pieces, UtcInstant now)
    {
        var joined = new List<BedPiece>();
        foreach (BedPiece piece in pieces.Where(piece => piece.From <= now && piece.From < piece.To).OrderBy(piece => piece.From))
        {
            if (joined.Count > 0 && joined[^1] is var last && last.To == piece.From && (last.Visit, last.Person, last.Certainty) == (piece.Visit, piece.Person, piece.Certainty))
            {
                joined[^1] = last with { To = piece.To, Because = [.. last.Because, .. piece.Because] };
            }
            else
            {
                joined.Add(piece);
            }
        }

        return [.. joined.Select(piece => new StayInterval(piece.Visit, piece.Person, piece.From, piece.To > now ? null : piece.To, piece.Certainty, [.. piece.Because.Where(number => number > 0).Distinct().Order()]))];
    }
}
