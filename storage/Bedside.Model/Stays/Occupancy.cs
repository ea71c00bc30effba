namespace Bedside.Model.Stays;

/// <summary>What makes a boundary.</summary>
internal enum Boundary
{
    Admissions,

    /// <summary>A person said it: there is nothing uncertain about it.</summary>
    Person,

    /// <summary>Another visit took the bed.</summary>
    Implied,
}

/// <summary>One visit in this bed from one boundary to the next, being walked. Not for several threads.</summary>
internal sealed class Occupancy(VisitKey key, UtcInstant from, long openedBy, Boundary begins)
{
    public VisitKey Key { get; } = key;

    public UtcInstant From { get; } = from;

    public long OpenedBy { get; } = openedBy;

    public Boundary Begins { get; } = begins;

    public UtcInstant To { get; set; } = BedTime.Open;

    public long ClosedBy { get; set; }

    public Boundary Ends { get; set; }

    /// <summary>The last that said it lies here.</summary>
    public UtcInstant Evidence { get; set; } = from;

    public List<long> Because { get; } = [openedBy];

    /// <summary>Stretches of it that are not as sure as the rest.</summary>
    public List<(UtcInstant From, UtcInstant To, StayCertainty Certainty, long Because)> Doubts { get; } = [];

    /// <summary>A person at the bed said so: from when on, and at what time they said it.</summary>
    public List<(UtcInstant From, UtcInstant Said)> Confirmed { get; } = [];

    /// <summary>When it ends by itself: a person said that they are still here as long as signals come.</summary>
    public UtcInstant? Until { get; set; }

    /// <summary>An update that named another bed, and nothing has explained it yet.</summary>
    public Said? Doubted { get; set; }
}

/// <summary>A visit that took the bed of another that had not left.</summary>
internal sealed record Overlap(Occupancy Older, Occupancy Newer, UtcInstant At, UtcInstant Evidence)
{
    /// <summary>When the older was said to have left after all.</summary>
    public UtcInstant? Left { get; set; }

    /// <summary>The event that says that the older was elsewhere before it left: it had gone earlier, and nobody said when; 0 = none does.</summary>
    public long GoneBefore { get; set; }
}

/// <summary>What is known of one visit, in the order of time.</summary>
internal sealed class VisitState
{
    /// <summary>Where it was last.</summary>
    public Place Place { get; set; }

    public bool IsOver { get; set; }

    /// <summary>When that was; null = nothing was said of it.</summary>
    public UtcInstant? LastAt { get; set; }

    public UtcInstant FirstAt { get; set; }

    /// <summary>The newest statement that moved it: an older update moves it no more.</summary>
    public UtcInstant MovedStated { get; set; } = new(long.MinValue);
}
