using System.Buffers;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>The three lists beside a record: where exact times stand, what is missing, and what is not plainly valid.</summary>
internal sealed class WfdbSidecars : IDisposable
{
    public WfdbSidecars(ExportFolder folder, string record)
    {
        Times = new CsvTable(folder.Create($"{record}_times.csv"), [], "signal", "sample", "time_utc", "uncertainty_us", "clock_epoch");
        Gaps = new CsvTable(folder.Create($"{record}_gaps.csv"), [], "signal", "first_sample", "samples", "cause");
        Validity = new CsvTable(folder.Create($"{record}_validity.csv"), [], "signal", "first_sample", "samples", "validity");
    }

    public CsvTable Times { get; }

    public CsvTable Gaps { get; }

    public CsvTable Validity { get; }

    public void Dispose()
    {
        Times.Dispose();
        Gaps.Dispose();
        Validity.Dispose();
    }
}

/// <summary>
/// Writes the samples of one track into its signal file. Samples that follow each other stay neighbours even where the
/// device's clock drifts against the even grid of WFDB; after a hole, and only there, the place is found anew from the
/// time. The exact time is listed whenever it is more than half a period from the grid.
/// </summary>
internal sealed class WfdbTrackWriter : IDisposable
{
    private const int SamplesAtOnce = 8192;
    private const string NotRecorded = "not-recorded";

    private readonly string _name;
    private readonly UtcInstant _origin;
    private readonly FileStream _stream;
    private readonly WfdbSidecars _sidecars;
    private SampleBlock? _last;
    private string _cause = NotRecorded;
    private (UtcInstant Time, long Sample) _anchor;
    private (long Start, long Length, Validity Validity) _run;

    public WfdbTrackWriter(Stretch stretch, string name, UtcInstant origin, FileStream stream, WfdbSidecars sidecars)
    {
        Stretch = stretch;
        _name = name;
        _origin = origin;
        _stream = stream;
        _sidecars = sidecars;
    }

    public Stretch Stretch { get; }

    /// <summary>Samples written, missing ones counted.</summary>
    public long Position { get; private set; }

    /// <summary>Samples of the device, without the fill.</summary>
    public long Samples { get; private set; }

    /// <summary>Samples that the device itself called unusable; they are written as missing.</summary>
    public long Unusable { get; private set; }

    /// <summary>Usable samples that happen to equal the code for a missing one; only format 32 can have them.</summary>
    public long LikeMissing { get; private set; }

    public short Checksum { get; private set; }

    public int InitialValue { get; private set; }

    /// <summary>Nanoseconds by which the true time was farthest from the even grid.</summary>
    public long LargestDeviation { get; private set; }

    /// <summary>Half-width of the interval that holds the true time; uint.MaxValue = unknown for some.</summary>
    public uint LargestUncertainty { get; private set; }

    public Validity Marks { get; private set; }

    public void Take(GapBlock gap) => _cause = Spelling.Of(gap.Cause);

    public void Take(SampleBlock block)
    {
        SamplePeriod period = Stretch.Track.Period;
        bool continues = _last is not null && Coverage.Continues(_last, block);
        if (!continues)
        {
            long place = period.SamplesIn(block.Start.Since(_origin) + (period.Nanoseconds / 2));
            if (place > Position)
            {
                FillTo(place, _last is null ? NotRecorded : _cause);
            }
        }

        _last = block;
        _cause = Spelling.Of(GapCause.Unexplained);
        NoteTime(block, continues);
        WriteSamples(block);
    }

    /// <summary>Closes the signal with missing samples up to the record's length.</summary>
    public void FinishAt(long samples)
    {
        if (samples > Position)
        {
            FillTo(samples, NotRecorded);
        }

        CloseRun();
        _stream.Flush(flushToDisk: true);
    }

    public void Dispose() => _stream.Dispose();

    private void NoteTime(SampleBlock block, bool continues)
    {
        SamplePeriod period = Stretch.Track.Period;
        LargestDeviation = Math.Max(LargestDeviation, Math.Abs(block.Start.Since(_origin.Add(period.NanosecondsOf(Position)))));
        LargestUncertainty = Math.Max(LargestUncertainty, block.UncertaintyMicroseconds);
        long drift = block.Start.Since(_anchor.Time.Add(period.NanosecondsOf(Position - _anchor.Sample)));
        if (!continues || Math.Abs(drift) > period.Nanoseconds / 2)
        {
            _anchor = (block.Start, Position);
            _sidecars.Times.Row(_name, Position, block.Start, ExportCell.Uncertainty(block.UncertaintyMicroseconds), block.ClockEpoch);
        }
    }

    private void WriteSamples(SampleBlock block)
    {
        int missing = Stretch.Format.Missing;
        Samples += block.Samples.Length;
        foreach (ValidityRun run in block.Runs())
        {
            ReadOnlySpan<int> samples = block.Samples.Span.Slice(run.Start, run.Length);
            NoteValidity(run.Validity, run.Length);
            if (!run.Validity.IsUsable())
            {
                Unusable += run.Length;
                WriteMissing(run.Length);
                continue;
            }

            LikeMissing += samples.Count(missing);
            for (int at = 0; at < samples.Length; at += SamplesAtOnce)
            {
                Write(samples.Slice(at, Math.Min(SamplesAtOnce, samples.Length - at)));
            }
        }
    }

    private void FillTo(long place, string cause)
    {
        _sidecars.Gaps.Row(_name, Position, place - Position, cause);
        CloseRun();
        WriteMissing(place - Position);
    }

    private void WriteMissing(long count)
    {
        int[] missing = new int[(int)Math.Min(count, SamplesAtOnce)];
        Array.Fill(missing, Stretch.Format.Missing);
        while (count > 0)
        {
            int now = (int)Math.Min(count, missing.Length);
            Write(missing.AsSpan(0, now));
            count -= now;
        }
    }

    private void Write(ReadOnlySpan<int> samples)
    {
        if (Position == 0 && samples.Length > 0)
        {
            InitialValue = samples[0];
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)Stretch.Format.BytesFor(samples.Length));
        int length = Stretch.Format.Encode(samples, bytes);
        _stream.Write(bytes, 0, length);
        ArrayPool<byte>.Shared.Return(bytes);
        Checksum = WfdbChecksum.Add(Checksum, samples);
        Position += samples.Length;
    }

    private void NoteValidity(Validity validity, int length)
    {
        Marks |= validity;
        if (validity == _run.Validity && _run.Start + _run.Length == Position)
        {
            _run.Length += length;
            return;
        }

        CloseRun();
        _run = (Position, length, validity);
    }

    private void CloseRun()
    {
        if (_run.Length > 0 && _run.Validity != Validity.Valid)
        {
            _sidecars.Validity.Row(_name, _run.Start, _run.Length, Spelling.Of(_run.Validity));
        }

        _run = default;
    }
}
