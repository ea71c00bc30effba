namespace Bedside.Model.Stays;

/// <summary>An update that named another bed than the visit was in.</summary>
internal sealed record PossibleMove(Said Said, VisitKey Key, string Question, UtcInstant From)
{
    /// <summary>Into this bed; else out of it.</summary>
    public bool IsIn { get; init; }

    public UtcInstant To { get; set; } = BedTime.Open;
}

/// <summary>A visit was here, and nobody had said that it came.</summary>
/// <param name="Meanwhile">Who was in the bed as far as was known.</param>
internal sealed record UnknownComing(Step Step, UtcInstant From, Occupancy? Meanwhile);

/// <summary>What a walk leaves open. Not for several threads.</summary>
internal sealed class WalkQuestions(StayAliases aliases, StayQuestions questions, long grace)
{
    public List<Overlap> Overlaps { get; } = [];

    public List<PossibleMove> Moves { get; } = [];

    public List<UnknownComing> Unknown { get; } = [];

    public bool IsAskedIn(VisitKey key) => Moves.Exists(move => move.Key == key && move.IsIn && move.To == BedTime.Open);

    public void Withdraw(Said said) => Moves.RemoveAll(move => move.Said == said);

    public void End(Said said, UtcInstant at)
    {
        foreach (PossibleMove move in Moves.Where(move => move.Said == said))
        {
            move.To = at;
        }
    }

    /// <summary>The older of two visits left after all.</summary>
    public void NoteLeft(Step step)
    {
        foreach (Overlap overlap in Overlaps.Where(overlap => overlap.Older.Key == step.Key && overlap.Left is null))
        {
            overlap.Left = step.At;
            overlap.GoneBefore = step.Before == Place.Elsewhere ? step.Number : 0;
        }
    }

    public void EndMovesIn(Step step)
    {
        foreach (PossibleMove move in Moves.Where(move => move.Key == step.Key && move.IsIn && move.To == BedTime.Open))
        {
            move.To = step.At;
        }
    }

    /// <summary>An update that was a little early is explained by the move itself.</summary>
    public void ExplainMoveIn(Step step)
    {
        _ = Moves.RemoveAll(move => move.Key == step.Key && move.IsIn && move.To == BedTime.Open && step.At.Since(move.Said.At) <= grace && step.Before != Place.Here);
        EndMovesIn(step);
    }

    public void Ask()
    {
        foreach (Overlap overlap in Overlaps)
        {
            if (overlap.Left is not { } left || left.Since(overlap.At) > grace)
            {
                Ask(overlap);
            }
            else if (overlap.GoneBefore != 0)
            {
                overlap.Older.Doubts.Add((overlap.Evidence, overlap.At, StayCertainty.Provisional, overlap.GoneBefore));
            }
        }

        foreach (PossibleMove move in Moves)
        {
            questions.Ask(StayTaskKind.PossibleMove, move.Question, (move.From, move.To), aliases.PersonOf(move.Key), default);
        }

        foreach (UnknownComing unknown in Unknown)
        {
            string key = StayQuestions.Key(StayTaskKind.NotUnderstood, unknown.Step.Number);
            UtcInstant to = unknown.Meanwhile is { } other ? BedTime.Later(other.To, unknown.Step.At) : unknown.Step.At;
            questions.Ask(StayTaskKind.NotUnderstood, key, (unknown.From, to), aliases.PersonOf(unknown.Step.Key), default);
        }
    }

    /// <summary>Which of the two lay here is open from the last sign of the older until both are gone.</summary>
    private void Ask(Overlap overlap)
    {
        string key = StayQuestions.Key(StayTaskKind.TwoVisits, overlap.Newer.OpenedBy, overlap.Older.OpenedBy);
        if (questions.Answer(StayTaskKind.TwoVisits, key) is { } settled)
        {
            overlap.Older.Because.Add(settled.Number);
        }
        else
        {
            overlap.Older.Doubts.Add((overlap.Evidence, overlap.At, StayCertainty.Provisional, overlap.Newer.OpenedBy));
        }

        UtcInstant until = BedTime.Later(overlap.Newer.To, overlap.Left ?? BedTime.Open);
        questions.Ask(StayTaskKind.TwoVisits, key, (overlap.Evidence, until), aliases.PersonOf(overlap.Newer.Key), aliases.PersonOf(overlap.Older.Key));
    }
}
