using System.Globalization;
using System.Net;
using System.Text;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.PuritanBennett;

/// <summary>
/// A Puritan Bennett ventilator's waveform port (sheet 6): 50 lines of flow and pressure a second, between a line that begins a breath and one that
/// ends it. It hears nothing.
/// </summary>
public sealed class WaveformDevice : IDevice
{
    private const long Second = 1_000_000_000;
    private const long SampleTime = Second / 50;
    private const long PauseTime = 3 * Second / 2;
    private const long Hold = 14 * Second;
    private const int LineCapacity = 4096;
    private const double CmH2O = 1.01972;
    private const double OpenCircuitFlow = 28;
    private const double OpenCircuitPressure = 0.4;

    private readonly Simulation _simulation;
    private readonly WaveformSettings _settings;
    private readonly NoisyCable _cable;
    private readonly PacedLine _line;
    private readonly Random _random;
    private long _sample;
    private long _breath;
    private long _breathStart = long.MinValue;
    private long _pausedUntil;
    private long _heldUntil;
    private bool _pauseAsked;
    private bool _open;

    public WaveformDevice(Simulation simulation, WaveformSettings settings)
    {
        _simulation = simulation;
        _settings = settings;
        int seed = unchecked((int)simulation.Patient.Seed);
        _random = new Random(seed);
        _cable = new NoisyCable(simulation.Port, simulation.Faults, simulation.Clock, seed + 1);
        _line = new PacedLine(_cable, simulation.Clock, settings.Baud, LineCapacity);
        _breath = settings.FirstBreath - 1;
    }

    /// <summary>Samples due so far, sent or not.</summary>
    public long Samples => _sample;

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        // One-way: what the box says goes nowhere.
    }

    public long Advance()
    {
        long now = _simulation.Clock.Now;
        _pauseAsked |= _simulation.Faults.Began(WaveformFaults.Pause);
        if (_simulation.Faults.Began(WaveformFaults.LongBreath))
        {
            _heldUntil = now + Hold;
        }

        while (BoxTime(_sample) <= now)
        {
            Send(BoxTime(_sample));
            _sample++;
        }

        _cable.Advance();
        return Math.Min(_line.Advance(), BoxTime(_sample));
    }

    private long BoxTime(long sample) => (long)Math.Ceiling(sample * SampleTime / (1 + (_settings.DriftPpm / 1e6)));

    private void Send(long at)
    {
        if (_simulation.Faults.Active(WaveformFaults.Standby) || at < _pausedUntil)
        {
            Close();
            return;
        }

        long patient = _simulation.Clock.PatientTime(at);
        long start = _simulation.Patient.BreathAt(patient).Start;
        bool held = at < _heldUntil;
        if ((start != _breathStart && !held) || !_open)
        {
            Close();
            _breathStart = start;
            if (_pauseAsked)
            {
                _pauseAsked = false;
                _pausedUntil = at + PauseTime;
                return;
            }

            _breath = _breath >= _settings.LastBreath ? 0 : _breath + 1;
            Write(string.Create(CultureInfo.InvariantCulture, $"BS, S:{_breath},"));
            _open = true;
        }

        WriteSample(patient, held);
    }

    private void WriteSample(long patient, bool held)
    {
        bool apart = _simulation.Faults.Active(WaveformFaults.Disconnect);
        double flow = apart ? OpenCircuitFlow : held ? 0 : _simulation.Patient.Wave(PatientWave.AirwayFlow, patient);
        double pressure = apart ? OpenCircuitPressure : held ? _simulation.Patient.Ventilator.Peep : _simulation.Patient.Wave(PatientWave.AirwayPressure, patient);
        string line = $"{Text(flow)}, {Text(pressure * CmH2O)}";
        bool cut = _simulation.Faults.Active(WaveformFaults.Truncated) && _random.Next(50) == 0;
        Write(cut ? line[..2] : line);
    }

    private void Close()
    {
        if (_open && !_simulation.Faults.Active(WaveformFaults.MissingEnd))
        {
            Write("BE");
        }

        _open = false;
    }

    /// <summary>Two decimals; nothing is written as minus zero.</summary>
    private static string Text(double value)
    {
        string text = value.ToString("F2", CultureInfo.InvariantCulture);
        return text == "-0.00" ? "0.00" : text;
    }

    private void Write(string line) => _line.Send(Encoding.ASCII.GetBytes(line + _settings.LineEnd));
}
