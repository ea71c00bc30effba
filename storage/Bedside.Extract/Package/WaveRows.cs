using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>How rows follow those before them.</summary>
internal enum RowStep
{
    /// <summary>Evenly.</summary>
    GoesOn,

    /// <summary>Without a missing row, but a little off the grid: a clock was followed.</summary>
    Shift,

    /// <summary>Something is missing between, or time went back.</summary>
    Hole,
}

/// <summary>
/// Merges the lanes of a file into rows: samples that stand at one instant share a row, and where all lanes go on evenly whole runs are copied. Rows and frames of WFDB are made in the same
/// step, so that they cannot differ.
/// </summary>
internal sealed class WaveRows(WaveFile file, StayTime time, WaveBatch batch, WfdbFrames frames)
{
    /// <summary>A clock that is followed moves the grid when it is farther off; less is below what any clock of the box knows.</summary>
    private const long FollowedNanoseconds = 1_000;

    private readonly long _tolerance = WaveLane.ToleranceOf(file.Period);
    private UtcInstant _start;
    private long _next = -1;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    public void Write(IReadOnlyList<WaveCursor> cursors)
    {
        while (Earliest(cursors) is UtcInstant earliest)
        {
            RowStep step = MoveTo(earliest);
            UtcInstant row = TimeOf(_next);
            int count = Together(cursors, row);
            int place = batch.Begin(time.Of(_start), file.Period, _next, count);
            int frame = frames.Begin(row, count, step);
            foreach (WaveCursor cursor in cursors)
            {
                if (IsAt(cursor, row))
                {
                    cursor.Give(count, batch, place, frames, frame);
                }
            }

            _next += count;
            Rows += count;
            MakeRoom();
        }
    }

    private static UtcInstant? Earliest(IReadOnlyList<WaveCursor> cursors)
    {
        UtcInstant? earliest = null;
        foreach (WaveCursor cursor in cursors)
        {
            if (cursor.IsThere && (earliest is not UtcInstant known || cursor.Time < known))
            {
                earliest = cursor.Time;
            }
        }

        return earliest;
    }

    private UtcInstant TimeOf(long row) => _start.Add(file.Period.NanosecondsOf(row));

    private bool IsAt(WaveCursor cursor, UtcInstant row) => cursor.IsThere && Math.Abs(cursor.Time.Since(row)) <= _tolerance;

    /// <summary>Puts the next row at an instant: on the grid so far where that goes there, else on a new one.</summary>
    private RowStep MoveTo(UtcInstant instant)
    {
        if (_next >= 0)
        {
            long place = file.Period.SamplesIn(instant.Since(_start) + (file.Period.Nanoseconds / 2));
            if (place >= _next && Math.Abs(instant.Since(TimeOf(place))) <= FollowedNanoseconds)
            {
                bool goesOn = place == _next;
                _next = place;
                return goesOn ? RowStep.GoesOn : RowStep.Hole;
            }
        }

        long off = _next < 0 ? long.MaxValue : Math.Abs(instant.Since(TimeOf(_next)));
        (_start, _next) = (instant, 0);
        return off <= file.Period.Nanoseconds / 2 ? RowStep.Shift : RowStep.Hole;
    }

    /// <summary>How many rows the same lanes have from here on: to the end of a block, to where another lane comes in, or to the end of a batch.</summary>
    private int Together(IReadOnlyList<WaveCursor> cursors, UtcInstant row)
    {
        long count = Math.Min(batch.Room, frames.Room);
        foreach (WaveCursor cursor in cursors)
        {
            if (IsAt(cursor, row))
            {
                count = Math.Min(count, cursor.Left);
            }
            else if (cursor.IsThere)
            {
                long until = -file.Period.SamplesIn(_tolerance - cursor.Time.Since(row));
                count = Math.Min(count, Math.Max(1, until));
            }
        }

        return (int)count;
    }

    private void MakeRoom()
    {
        if (batch.Room == 0)
        {
            batch.Flush();
        }

        if (frames.Room == 0)
        {
            frames.Flush();
        }
    }
}
