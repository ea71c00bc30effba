namespace Bedside.Model.Stays;

/// <summary>The time of a projection, and when the next thing happens by itself. Not for several threads.</summary>
internal sealed class StayClock(UtcInstant now)
{
    public UtcInstant Now => now;

    /// <summary>Null = nothing will.</summary>
    public UtcInstant? Next { get; private set; }

    /// <summary>What lasts longer than until then counts.</summary>
    public void Note(UtcInstant at)
    {
        if (at >= now && at != BedTime.Open && !(at >= Next))
        {
            Next = at;
        }
    }
}
