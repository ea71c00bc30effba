using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Bedside.Simulators.GeDatex;

/// <summary>
/// A Datex-Ohmeda monitor on its S/5 Computer Interface: silent until it is asked, then it sends values, waves and alarms by itself
/// until it is told to stop. Bytes leave at the line's speed, eleven bits each.
/// </summary>
internal sealed class DriMonitor : IDevice
{
    private const long Second = 1_000_000_000;
    private const int LineCapacity = 6000;
    private const int FirstLevelWithAlarms = 10;
    private const int FirstLevelWithExtensions = 3;
    private const short ValuesRecord = 0;
    private const short WavesRecord = 1;
    private const short AlarmsRecord = 4;
    private const long ClockStep = 3600 * Second;

    private readonly Simulation _simulation;
    private readonly DriSettings _settings;
    private readonly DisplayedValues _values;
    private readonly WaveSender _waves;
    private readonly ValueSchedule _schedule = new();
    private readonly DriAlarms _alarms;
    private readonly DriFrame.Receiver _receiver = new();
    private readonly DriCable _cable;
    private PacedLine _line;
    private byte _number;
    private byte _marker;
    private long _records;
    private long _clockStep;
    private bool _off;

    public DriMonitor(Simulation simulation, DriSettings settings, IWaveSource source)
    {
        _simulation = simulation;
        _settings = settings;
        _values = new DisplayedValues(settings) { IsRecorded = source is RecordedWaves };
        _waves = new WaveSender(settings, source);
        _alarms = new DriAlarms(settings);
        _cable = new DriCable(simulation);
        _line = NewLine();
    }

    /// <summary>Records that the line was too slow for.</summary>
    public int LostRecords { get; private set; }

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        if (_off || Is(DriFaults.Silence) || Is(DriFaults.Deaf))
        {
            return;
        }

        long now = MonitorTime(_simulation.Clock.Now);
        foreach (byte[] record in _receiver.Take(bytes.ToArray()))
        {
            switch (DriRequest.Parse(record))
            {
                case DriRequest.Values request:
                    Say(string.Create(CultureInfo.InvariantCulture, $"values {request.Kind} every {request.Interval} s, classes {request.Classes:X2}"));
                    _schedule.Ask(request, now);
                    break;
                case DriRequest.Waves { Start: true } request:
                    Say($"waves {string.Join(' ', request.Ids)}");
                    _waves.Start(request.Ids, now);
                    break;
                case DriRequest.Waves:
                    Say("no waves");
                    _waves.Stop();
                    break;
                case DriRequest.Alarms request when _settings.Level >= FirstLevelWithAlarms:
                    Say(string.Create(CultureInfo.InvariantCulture, $"alarms {request.Command}"));
                    _alarms.Ask(request.Command);
                    break;
            }
        }
    }

    public long Advance()
    {
        long now = _simulation.Clock.Now;
        if (Is(DriFaults.Restart))
        {
            SwitchOff();
            return now + (Second / 10);
        }

        _off = false;
        StartFaults();
        long monitor = MonitorTime(now);
        DriMoment moment = MomentAt(now);
        while (_waves.Runs && _waves.Due <= monitor)
        {
            foreach (IReadOnlyList<(byte Type, byte[] Data)> record in _waves.Next(MomentAt(BoxTime(_waves.Begins))))
            {
                if (!Send(WavesRecord, record))
                {
                    _waves.Lost();
                }
            }
        }

        while (_schedule.Next(monitor, !Is(DriFaults.NoCase)) is (byte kind, uint classes))
        {
            Send(ValuesRecord, Values(kind, classes, moment));
        }

        if (_alarms.Due(moment) is { } status)
        {
            Send(AlarmsRecord, [(DriAlarms.StatusRecord, status)]);
        }

        long next = Math.Min(_line.Advance(), Math.Min(BoxTime(_waves.Due), BoxTime(_schedule.Due)));
        return Math.Max(now, Math.Min(next, now + (Second / 20)));
    }

    private void SwitchOff()
    {
        if (_off)
        {
            return;
        }

        Say("switched off");
        _off = true;
        _line = NewLine();
        _receiver.Reset();
        _waves.Stop();
        _schedule.Forget();
        _alarms.Forget();
        (_number, _marker) = (0, 0);
    }

    private void StartFaults()
    {
        if (Began(DriFaults.Handshake))
        {
            Say("waves stop: the client held the line");
            _waves.Stop();
        }

        _marker += (byte)(Began(DriFaults.Mark) ? 1 : 0);
        _clockStep += Began(DriFaults.ClockSet) ? ClockStep : 0;
    }

    /// <summary>One subrecord for each class asked for; bit 0 denies the basic one, extensions came with level 3.</summary>
    private List<(byte Type, byte[] Data)> Values(byte kind, uint classes, DriMoment moment)
    {
        if (kind == ValueSchedule.Times)
        {
            return [(ValueSchedule.Times, MeasurementTimes(moment))];
        }

        var subrecords = new List<(byte, byte[])>();
        for (int dataClass = 0; dataClass < 4; dataClass++)
        {
            bool asked = dataClass == 0 ? (classes & 1) == 0 : (classes & (1u << dataClass)) != 0 && _settings.Level >= FirstLevelWithExtensions;
            if (asked)
            {
                subrecords.Add((kind, _values.Write(dataClass, kind, Seconds(moment.Now), _marker, moment)));
            }
        }

        return subrecords;
    }

    /// <summary>The cuff's time by the monitor's wall clock; output and wedge pressure are not measured now and then here.</summary>
    private byte[] MeasurementTimes(DriMoment moment)
    {
        const int Size = 114;
        byte[] times = new byte[Size];
        long ago = moment.PatientTime - _simulation.Patient.LastCuffMeasurement(moment.PatientTime);
        BinaryPrimitives.WriteUInt32LittleEndian(times, _values.IsRecorded ? 0 : Seconds(moment.Now) - (uint)(ago / Second));
        return times;
    }

    /// <summary>False when the line had no room for it.</summary>
    private bool Send(short mainType, IReadOnlyList<(byte Type, byte[] Data)> subrecords)
    {
        if (subrecords.Count == 0)
        {
            return true;
        }

        byte[] record = DriRecord.Build(new RecordHead(_number++, (byte)_settings.Level, _settings.Plug, Seconds(_simulation.Clock.Now)), mainType, subrecords);
        _records++;
        bool third = _records % 3 == 0;
        byte[] frame = DriFrame.Encode(record, third && Is(DriFaults.BadChecksum) ? 1 : 0);
        if (third && Is(DriFaults.LostFlag))
        {
            frame = frame[..^1];
        }

        if (third && Is(DriFaults.Truncated))
        {
            frame = frame[..(frame.Length / 2)];
        }

        if (_records % 5 == 0 && Is(DriFaults.LostRecord))
        {
            return true;
        }

        bool sent = _line.Send(frame);
        LostRecords += sent ? 0 : 1;
        return sent;
    }

    private DriMoment MomentAt(long now) => new(_simulation, _settings, now, _simulation.Clock.PatientTime(now));

    /// <summary>Of the monitor's wall clock, which knows no zone.</summary>
    private uint Seconds(long now) =>
        (uint)(_simulation.Clock.StartedAt.Add(MonitorTime(now) + _settings.ClockOffset + _clockStep).UnixNanoseconds / Second);

    /// <summary>The monitor's quartz against the box's.</summary>
    private long MonitorTime(long now) => now + (long)(now * _settings.DriftPpm / 1e6);

    private long BoxTime(long monitor) => monitor == long.MaxValue ? monitor : (long)Math.Ceiling(monitor / (1 + (_settings.DriftPpm / 1e6)));

    /// <summary>A byte has eleven bits here, start, parity and stop included; the line counts ten.</summary>
    private PacedLine NewLine() => new(_cable, _simulation.Clock, _settings.Baud * 10 / 11, LineCapacity);

    private bool Is(string fault) => _simulation.Faults.Active(fault);

    private bool Began(string fault) => _simulation.Faults.Began(fault);

    private void Say(string text) => _simulation.Log.WriteLine($"S/5: {text}");
}
