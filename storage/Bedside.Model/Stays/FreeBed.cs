namespace Bedside.Model.Stays;

/// <summary>What devices say of the times for which nobody is admitted. Sheet, section 10.3. Not for several threads.</summary>
internal sealed class FreeBed(StayAliases aliases, StayQuestions questions, MonitorNames monitor, SignalTimes signals, StaySettings settings, StayClock clock)
{
    private readonly long _grace = StaySettings.Nanoseconds(settings.Grace);
    private readonly long _conflictAfter = StaySettings.Nanoseconds(settings.ConflictAfter);

    /// <summary>Pieces of [from, to), which nobody occupies.</summary>
    /// <param name="before">Who lay here until then.</param>
    /// <param name="isAsked">There are admissions: it is worth asking why they name nobody.</param>
    public IEnumerable<BedPiece> Paint(UtcInstant from, UtcInstant to, Occupancy? before, IReadOnlyList<(UtcInstant From, UtcInstant Said)> emptied, bool isAsked, Func<PersonToken, UtcInstant, VisitToken> visitOf)
    {
        foreach (SignalRun run in signals.IsKnown ? signals.Between(from, to) : [new SignalRun(from, to, 0, 0)])
        {
            UtcInstant begin = BedTime.Later(from, run.From);
            UtcInstant end = BedTime.Earlier(to, run.To);
            while (begin < end)
            {
                NamedPatient? named = monitor.At(begin);
                UtcInstant change = named?.To ?? monitor.NextAfter(begin);
                UtcInstant until = BedTime.Earlier(end, change);
                if ((named is not null || signals.IsKnown) && !IsEmptied(begin, run.From, named, emptied.Where(empty => before is null || before.To <= empty.From)))
                {
                    BedPiece piece = named is { } name
                        ? new BedPiece(begin, until, visitOf(name.Person, begin), name.Person, StayCertainty.Provisional, [name.Said.Number])
                        : new BedPiece(begin, until, default, default, StayCertainty.NoPatientYet, [run.Began]);
                    if (!isAsked || !IsEmpty(piece, before, run, named))
                    {
                        yield return piece;
                    }
                }

                begin = until;
            }
        }
    }

    /// <summary>A person said that nobody is here: it holds until signals begin anew, or a device names somebody, after they said it.</summary>
    private static bool IsEmptied(UtcInstant at, UtcInstant runFrom, NamedPatient? named, IEnumerable<(UtcInstant From, UtcInstant Said)> emptied)
    {
        foreach ((UtcInstant from, UtcInstant said) in emptied)
        {
            if (from <= at && runFrom <= said && (named is not { } name || name.Said.At <= said))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks, when it lasted long enough; true when a person answered that the bed was empty.</summary>
    private bool IsEmpty(BedPiece piece, Occupancy? before, SignalRun run, NamedPatient? named)
    {
        PersonToken last = before is null ? default : aliases.PersonOf(before.Key);
        bool isAfterDischarge = before is { Ends: Boundary.Admissions } && before.To == piece.From && run.From < piece.From && (!piece.Person.IsKnown || piece.Person == last);
        StayTaskKind kind = isAfterDischarge ? StayTaskKind.SignalsAfterDischarge : StayTaskKind.NobodyAdmitted;
        long number = isAfterDischarge ? before!.ClosedBy : NumberOf(piece, before, run, named);
        string key = StayQuestions.Key(kind, number);
        UtcInstant counts = BedTime.After(piece.From, isAfterDischarge ? _grace : _conflictAfter);
        clock.Note(counts);
        bool isLong = piece.To > counts && clock.Now > counts;
        if (isLong || questions.Answer(kind, key) is not null)
        {
            questions.Ask(kind, key, (piece.From, piece.To), isAfterDischarge ? default : piece.Person, isAfterDischarge ? last : default);
        }

        return !isAfterDischarge && questions.IsAnswered(kind, key, StayChoices.EmptyBed);
    }

    /// <summary>Of the event with which it began.</summary>
    private static long NumberOf(BedPiece piece, Occupancy? before, SignalRun run, NamedPatient? named) =>
        named is { } name && name.From == piece.From ? name.Said.Number
        : run.From == piece.From ? run.Began
        : before?.To == piece.From ? before.ClosedBy
        : named?.Said.Number ?? run.Began;
}
