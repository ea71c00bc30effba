namespace Bedside.Simulators.Physiology;

/// <summary>
/// One heartbeat. <paramref name="Time"/> is its R peak, seconds since the epoch; <paramref name="Interval"/> the RR
/// interval that it ends, s; <paramref name="Stroke"/> its stroke volume where 1 is the usual one.
/// </summary>
internal readonly record struct Beat(long Index, double Time, double Interval, bool Premature, double Stroke);

/// <summary>
/// The beat train: the beat's number is a smooth function of time (slow drift, a 0.1 Hz rhythm, the breath), each beat
/// then wavers by some milliseconds, and now and then one comes early out of the ventricle, with the full pause after it.
/// </summary>
internal sealed class Heart
{
    private const int Kept = 1024;

    private readonly Noise _noise;
    private readonly Ventilation _ventilation;
    private readonly Beat?[] _beats = new Beat?[Kept];
    private readonly double _frequency;
    private long _last;

    public Heart(Noise noise, Ventilation ventilation)
    {
        _noise = noise;
        _ventilation = ventilation;
        _frequency = (70 + (18 * noise.Unit(200, 0))) / 60;
    }

    /// <summary>The last beat whose R peak is not after <paramref name="seconds"/>.</summary>
    public Beat At(double seconds)
    {
        if (Beat(_last).Time > seconds || Beat(_last + 1).Time <= seconds)
        {
            _last = (long)Math.Floor(Phase(seconds)) + 2;
            while (Time(_last) > seconds)
            {
                _last--;
            }
        }

        return Beat(_last);
    }

    public Beat Beat(long index)
    {
        ref Beat? slot = ref _beats[index & (Kept - 1)];
        if (slot is not { } beat || beat.Index != index)
        {
            beat = Make(index);
            slot = beat;
        }

        return beat;
    }

    private Beat Make(long index)
    {
        double time = Time(index);
        double interval = time - Time(index - 1);
        bool premature = Premature(index);
        double breath = 2 * Math.PI * _ventilation.Phase(time);

        // A positive-pressure breath first squeezes the lungs' veins into the left heart, then starves it two beats later.
        double filling = Math.Pow(interval * _frequency, 0.45);
        double stroke = filling * (1 + (0.055 * Math.Sin(breath + 0.6))) * (1 + (0.03 * _noise.Drift(210, time)));
        return new Beat(index, time, interval, premature, premature ? stroke * 0.62 : stroke);
    }

    private bool Premature(long index) =>
        _noise.Unit(201, index) < 0.012 * (1 + _noise.Drift(202, index)) && _noise.Unit(201, index - 1) >= 0.03;

    private double Time(long index)
    {
        double seconds = index / _frequency;
        for (int round = 0; round < 14; round++)
        {
            seconds -= (Phase(seconds) - index) / _frequency;
        }

        seconds += 0.004 * _noise.Normal(205, index);
        return Premature(index) ? seconds - ((0.28 + (0.06 * _noise.Unit(206, index))) / _frequency) : seconds;
    }

    /// <summary>Beats since the epoch. Each term's size is the rate's relative swing, over its angular frequency.</summary>
    private double Phase(double seconds)
    {
        double breath = 2 * Math.PI * _ventilation.Phase(seconds);
        double swing = Term(0.03, 1181, seconds, 0) + Term(0.025, 307, seconds, 1) + Term(0.012, 41, seconds, 2) + Term(0.018, 10.3, seconds, 3);
        return _frequency * (seconds + swing + (0.022 / (2 * Math.PI * _ventilation.Settings.Rate / 60) * Math.Sin(breath - 0.5)));
    }

    private double Term(double relative, double period, double seconds, int number) =>
        relative * period / (2 * Math.PI) * Math.Sin((2 * Math.PI * seconds / period) + (2 * Math.PI * _noise.Unit(207, number)));
}
