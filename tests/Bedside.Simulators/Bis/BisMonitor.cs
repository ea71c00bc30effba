using System.Net;
using Bedside.Simulators.Streaming;

namespace Bedside.Simulators.Bis;

/// <summary>
/// A BIS monitor with its binary output: silent until it is asked for processed values or for the raw EEG, then it sends them until it is told to stop. How many
/// samples a real one puts into a message, and how often it sends values, is not known: here sixteen, and once a second.
/// </summary>
public sealed class BisMonitor : StreamingDevice
{
    public const string SensorOff = "sensor-off";
    public const string Suppression = "suppression";
    public const string StartInData = "start-in-data";
    public const string Refuses = "refuses";
    public const string LostFrames = "lost-frames";

    private const int Baud = 57_600;
    private const long Second = 1_000_000_000;
    private const int PerSecond = 8;
    private const int Samples = 16;
    private const int Middle = -3234;
    private const double CountsPerMicrovolt = 20;
    private const int Invalid = -3277;
    private const int AskRaw = 0x6F;
    private const int StopRaw = 0x70;
    private const int AskProcessed = 0x73;
    private const int StopProcessed = 0x74;

    private readonly BisEar _ear = new();
    private int _number;
    private bool _raw;
    private bool _processed;
    private bool _spectra;

    private BisMonitor(Simulation simulation)
        : base(simulation)
    {
    }

    public static DeviceKind Kind { get; } = new("bis", "BIS A-2000 or VISTA monitor, binary output (experimental driver)", Baud, Transport.Pty | Transport.Tcp, simulation => new BisMonitor(simulation))
    {
        Options =
        [
            .. Options,
            new("bursts", Argument: null, "the longer blocks of trends, with bursts"),
            new("divisors", Argument: null, "the converter states gain and offset; unless given its divisors are zero"),
        ],
        Faults =
        [
            .. StreamingFaults.All,
            new(SensorOff, 60, 20, "the sensor is off: no values"),
            new(Suppression, 60, 20, "a burst-suppressed EEG"),
            new(StartInData, 30, 5, "samples that look like the start of a frame"),
            new(Refuses, 0, 30, "requests are refused"),
            new(LostFrames, 30, 5, "one message in five is not sent"),
        ],
    };

    public override void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        if (Active(StreamingFaults.Silence) || Active(StreamingFaults.Reboot))
        {
            return;
        }

        foreach (byte one in bytes)
        {
            if (_ear.Hear(one) is { } request)
            {
                Obey(request.Code, request.First);
            }
        }
    }

    protected override void SwitchedOn() => (_raw, _processed, _number) = (false, false, 0);

    protected override long TimeOf(long index) => (index + 1) * Second / PerSecond;

    protected override byte[] Message(long index, long at)
    {
        byte[] raw = _raw && !(Active(LostFrames) && Random.Next(5) == 0) ? Frame(0x32, Raw(index)) : [];
        byte[] values = _processed && index % PerSecond == 0 ? Frame(_spectra ? 0x35 : 0x34, Values(at)) : [];
        return [.. raw, .. values];
    }

    private void Obey(int code, int first)
    {
        bool known = code is AskRaw or StopRaw or AskProcessed or StopProcessed && !Active(Refuses);
        Send(BisFrame.Of(_number++, known ? BisFrame.Acknowledged : BisFrame.Refused));
        if (known)
        {
            _raw = code switch { AskRaw => true, StopRaw => false, _ => _raw };
            _processed = code switch { AskProcessed => true, StopProcessed => false, _ => _processed };
            _spectra = code == AskProcessed ? first == 1 : _spectra;
        }
    }

    private byte[] Frame(int code, byte[] data) => BisFrame.Of(_number, BisFrame.Data, BisFrame.Message(code, _number++, data));

    /// <summary>Two channels, 128 samples a second.</summary>
    private byte[] Raw(long index)
    {
        var data = new List<byte>([.. BisFrame.Word(2), .. BisFrame.Word(128)]);
        for (int i = 0; i < Samples; i++)
        {
            double time = ((index * Samples) + i) / 128.0;
            for (int channel = 0; channel < 2; channel++)
            {
                int count = Middle + (int)Math.Round(CountsPerMicrovolt * Microvolts(time, channel));
                data.AddRange(Active(StartInData) && i == 3 ? [0xBA, 0xAB] : BisFrame.Word(count));
            }
        }

        return [.. data];
    }

    /// <summary>Slow waves and an alpha rhythm, µV; flat for most of the time while it is suppressed.</summary>
    private double Microvolts(double seconds, int channel)
    {
        bool flat = Active(SensorOff) || (Active(Suppression) && seconds % 4 > 1);
        double phase = channel + (Simulation.Patient.Seed * 0.37);
        return flat ? 0 : (25 * Math.Sin((2 * Math.PI * 1.3 * seconds) + phase)) + (12 * Math.Sin((2 * Math.PI * 9.7 * seconds) + (2 * phase)));
    }

    private byte[] Values(long at)
    {
        bool stated = Simulation.Arguments.Has("divisors");
        byte[] converter =
        [
            0x21, 0x01, 0x11, 0x01, .. BisFrame.Word(2), .. BisFrame.Word(0),
            .. BisFrame.Long(stated ? 1 : 0), .. BisFrame.Long(stated ? 20 : 0), .. BisFrame.Long(stated ? Middle : 0), .. BisFrame.Long(stated ? 1 : 0),
        ];
        byte[] impedances = [.. BisFrame.Word(28), .. BisFrame.Word(1), .. BisFrame.Word(31), .. BisFrame.Word(1)];
        byte[] setup = [.. BisFrame.Long(1), .. BisFrame.Long(15), .. BisFrame.Long(3), .. BisFrame.Long(3)];
        byte[] spectra = _spectra ? [.. BisFrame.Word(2), .. BisFrame.Word(60), .. Enumerable.Range(0, 120).SelectMany(i => BisFrame.Word(-100 * (i % 60)))] : [];
        return [.. converter, .. impedances, .. setup, .. Trends(at, 0), .. Trends(at, 1), .. Trends(at, 2), .. spectra];
    }

    private byte[] Trends(long at, int block)
    {
        double slow = Math.Sin(at / 1e9 / 60);
        bool flat = Active(Suppression);
        int Told(double value) => Active(SensorOff) ? Invalid : (int)Math.Round(value);
        byte[] trends =
        [
            .. BisFrame.Word(Told(flat ? 640 : 0)), .. BisFrame.Word(Told(1_520 + (200 * slow) + block)), .. BisFrame.Word(Active(SensorOff) ? 0x11 : 0x00),
            .. BisFrame.Word(Told((flat ? 210 : 452) + (40 * slow) + block)), .. BisFrame.Word(Told(440)), .. BisFrame.Word(Told(430)),
            .. BisFrame.Word(Told(6_210 + (100 * slow))), .. BisFrame.Word(Told(2_850)), .. BisFrame.Long(Told(955)), .. BisFrame.Long(Active(SensorOff) ? 0x40 : 0),
        ];
        return Simulation.Arguments.Has("bursts") ? [.. trends, .. BisFrame.Word(Told(flat ? 6 : 0)), .. new byte[10]] : trends;
    }
}
