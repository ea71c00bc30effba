using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Servo;

/// <summary>
/// What flows after RADC (sheet 6): settings, alarms and curves first; then the curves, interrupted for the values of a breath when the next one begins, for
/// settings and alarms when they change, and for trends each minute.
/// </summary>
public sealed class ServoStream(ServoCommands commands, Patient patient)
{
    private const long Millisecond = 1_000_000;
    private const long AlarmScan = 500 * Millisecond;
    private const long TrendEvery = 60_000 * Millisecond;
    private const byte Inspiration = 0x10;
    private const byte Expiration = 0x30;

    private readonly CurveCoder _coder = new();
    private string _settings = string.Empty;
    private string _alarms = string.Empty;
    private long _breathStart;
    private long _nextScan;
    private long _nextTrend;

    public bool Runs { get; private set; }

    /// <summary>When the next sample is taken, device time in ns.</summary>
    public long NextSample { get; private set; }

    public long Period => commands.SampleMilliseconds * Millisecond;

    /// <summary>Begins; the error instead where there is nothing to send.</summary>
    public byte[] Begin(long now, long patientTime, ServoMoment moment)
    {
        if (commands.Curves.Count == 0)
        {
            return ServoFrame.Refusal(16);
        }

        if (moment.Readings.Condition.Standby)
        {
            return ServoFrame.Refusal(17);
        }

        Runs = true;
        _coder.Restart();
        _settings = _alarms = string.Empty;
        _breathStart = patient.BreathAt(patientTime).Start;
        NextSample = now;
        _nextScan = now + AlarmScan;
        _nextTrend = now + TrendEvery;
        return [.. SettingsBlock(moment), .. AlarmBlock(moment)];
    }

    /// <summary>The bytes that one sample's time brings.</summary>
    public byte[] Sample(long patientTime, ServoMoment moment)
    {
        var bytes = new List<byte>();
        if (NextSample >= _nextScan)
        {
            _nextScan += AlarmScan;
            Interrupt(bytes, [.. SettingsBlock(moment), .. AlarmBlock(moment)]);
        }

        (long start, long expiration, _) = patient.BreathAt(patientTime);
        if (start != _breathStart)
        {
            _breathStart = start;
            if (commands.Breath.Count > 0)
            {
                Interrupt(bytes, ServoFrame.Block('B', ServoFrame.Words(commands.Breath.Select(channel => commands.RawNumber(channel, moment, ServoFrame.Missing)))));
            }
        }

        if (NextSample >= _nextTrend)
        {
            _nextTrend += TrendEvery;
            if (commands.Trend.Count > 0)
            {
                Interrupt(bytes, ServoFrame.Block('T', ServoFrame.Words(commands.Trend.Select(channel => commands.RawNumber(channel, moment, ServoFrame.Missing)))));
            }
        }

        int[] raw = [.. commands.Curves.Select(channel => commands.RawNumber(channel, moment, ServoFrame.Missing))];
        bytes.AddRange(_coder.Sample(raw, patientTime < expiration ? Inspiration : Expiration));
        NextSample += Period;
        return [.. bytes];
    }

    /// <summary>The stream ends by itself: the open block is closed, and a second end flag follows.</summary>
    public byte[] End()
    {
        byte[] closed = _coder.Close();
        Runs = false;
        return closed.Length > 0 ? [.. closed, ServoFrame.EndFlag] : [];
    }

    /// <summary>ESC, or the power went.</summary>
    public void Stop() => Runs = false;

    private void Interrupt(List<byte> bytes, byte[] blocks)
    {
        if (blocks.Length > 0)
        {
            bytes.AddRange(_coder.Close());
            bytes.AddRange(blocks);
        }
    }

    private byte[] SettingsBlock(ServoMoment moment)
    {
        int[] raw = [.. commands.Settings.Select(channel => commands.RawSetting(channel, moment, ServoFrame.Missing))];
        string now = string.Join(',', raw);
        if (raw.Length == 0 || now == _settings)
        {
            return [];
        }

        _settings = now;
        return ServoFrame.Block('S', ServoFrame.Words(raw));
    }

    private byte[] AlarmBlock(ServoMoment moment)
    {
        int[] states = [.. commands.Alarms.Select(alarm => commands.StateOf(alarm, moment))];
        string now = string.Join(',', states);
        if (states.Length == 0 || now == _alarms)
        {
            return [];
        }

        _alarms = now;
        return commands.Extends
            ? ServoFrame.Block('E', states.Select(state => (byte)state))
            : ServoFrame.Block('A', states.Select(state => (byte)(state == 0 ? 0 : 0xFF)));
    }
}
