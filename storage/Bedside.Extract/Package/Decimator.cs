using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>
/// Takes every n-th sample of a wave after a low-pass (PACKAGE.md, section 6): four moving sums of n samples, one behind the other, as one symmetric window of 4n - 3 whole numbers whose sum is
/// n⁴. All arithmetic is on whole numbers, so that every machine gives the same; a sample keeps the time of the middle of its window, and the scale stays. A window that reaches over the
/// end of what was taken without a hole, or holds an unusable sample, gives none.
/// </summary>
internal sealed class Decimator
{
    /// <summary>Largest n: with it n⁴ × 2³¹ is within 64 bits.</summary>
    public const int MostFactor = 200;

    private const int Sums = 4;

    private readonly int _factor;
    private readonly int _reach;
    private readonly long[] _window;
    private readonly long _total;
    private readonly List<SampleBlock> _blocks = [];
    private readonly List<long> _firsts = [];
    private int[] _samples = [];
    private Validity[] _marks = [];
    private int _count;
    private long _begin;
    private long _centre;

    /// <summary>For one run without holes.</summary>
    /// <param name="factor">n, 2 to <see cref="MostFactor"/>.</param>
    /// <param name="first">First block of a run without holes; <see cref="Take"/> is called with it as well.</param>
    /// <param name="zero">Where the samples that are kept are counted from.</param>
    public Decimator(int factor, SampleBlock first, UtcInstant zero)
    {
        _factor = factor;
        _reach = Sums * (factor - 1) / 2;
        _window = Window(factor);
        _total = _window.Sum();
        long place = first.Period.SamplesIn(first.Start.Since(zero) + (first.Period.Nanoseconds / 2));
        _centre = ((-place % factor) + factor) % factor;
    }

    /// <summary>How many samples of this period become one, so that at least so many a second are left; 1 = as taken.</summary>
    public static int FactorFor(SamplePeriod period, double? hertz) =>
        hertz is > 0 and double asked ? (int)Math.Clamp(Math.Floor((period.Hertz / asked) + 1e-9), 1, MostFactor) : 1;

    /// <summary>The weights, symmetric; their sum is factor⁴.</summary>
    public static long[] Window(int factor)
    {
        long[] window = [1];
        for (int sum = 0; sum < Sums; sum++)
        {
            long[] wider = new long[window.Length + factor - 1];
            for (int i = 0; i < window.Length; i++)
            {
                for (int j = 0; j < factor; j++)
                {
                    wider[i + j] += window[i];
                }
            }

            window = wider;
        }

        return window;
    }

    /// <summary>The next block of the run; gives what is complete with it.</summary>
    public IEnumerable<SampleBlock> Take(SampleBlock block)
    {
        int length = block.Samples.Length;
        if (_count + length > _samples.Length)
        {
            Array.Resize(ref _samples, 2 * (_count + length));
            Array.Resize(ref _marks, _samples.Length);
        }

        block.Samples.Span.CopyTo(_samples.AsSpan(_count));
        foreach (ValidityRun run in block.Runs())
        {
            _marks.AsSpan(_count + run.Start, run.Length).Fill(run.Validity);
        }

        _blocks.Add(block);
        _firsts.Add(_begin + _count);
        _count += length;
        return Give(_begin + _count - _reach);
    }

    /// <summary>What is left when the run ends: its last windows reach beyond it.</summary>
    public IEnumerable<SampleBlock> End() => Give(_begin + _count);

    private List<SampleBlock> Give(long until)
    {
        var given = new List<SampleBlock>();
        for (int i = 0; i < _blocks.Count; i++)
        {
            SampleBlock block = _blocks[i];
            long end = Math.Min(until, _firsts[i] + block.Samples.Length);
            if (_centre < end)
            {
                given.Add(Of(block, _firsts[i], end));
            }
        }

        Forget();
        return given;
    }

    /// <summary>The samples whose middles lie in a block, up to a place of the run.</summary>
    private SampleBlock Of(SampleBlock block, long first, long end)
    {
        int count = (int)((end - _centre + _factor - 1) / _factor);
        int[] samples = new int[count];
        var runs = new List<ValidityRun>();
        UtcInstant start = block.TimeOf((int)(_centre - first));
        for (int i = 0; i < count; i++, _centre += _factor)
        {
            Validity marks = MarksAt(_centre);
            samples[i] = marks.IsUsable() ? Weighed(_centre) : 0;
            if (marks != Validity.Valid)
            {
                runs.Add(new ValidityRun(i, 1, marks));
            }
        }

        var period = new SamplePeriod(block.Period.Numerator * _factor, block.Period.Denominator);
        return block with { Start = start, Period = period, Samples = samples, Validity = [.. runs], FirstIndex = 0, DeviceNanoseconds = null };
    }

    /// <summary>Of all samples of the window together; not available where it is not whole.</summary>
    private Validity MarksAt(long centre)
    {
        if (centre - _reach < _begin || centre + _reach >= _begin + _count)
        {
            return Validity.NotAvailable;
        }

        Validity marks = Validity.Valid;
        foreach (Validity one in _marks.AsSpan((int)(centre - _reach - _begin), _window.Length))
        {
            marks |= one;
        }

        return marks.IsUsable() ? marks : Validity.NotAvailable;
    }

    private int Weighed(long centre)
    {
        ReadOnlySpan<int> samples = _samples.AsSpan((int)(centre - _reach - _begin), _window.Length);
        long sum = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            sum += _window[i] * samples[i];
        }

        return (int)((sum + (sum < 0 ? -_total / 2 : _total / 2)) / _total);
    }

    /// <summary>Lets go of what no window reaches any more. What is before the run's first sample is never there, so a window at the beginning stays incomplete.</summary>
    private void Forget()
    {
        int old = (int)Math.Clamp(_centre - _reach - _begin, 0, _count);
        _samples.AsSpan(old, _count - old).CopyTo(_samples);
        _marks.AsSpan(old, _count - old).CopyTo(_marks);
        _count -= old;
        _begin += old;
        while (_blocks.Count > 0 && _firsts[0] + _blocks[0].Samples.Length <= _centre)
        {
            _blocks.RemoveAt(0);
            _firsts.RemoveAt(0);
        }
    }
}
