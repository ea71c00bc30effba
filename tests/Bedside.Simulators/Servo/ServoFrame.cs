using System.Globalization;
using System.Text;

namespace Bedside.Simulators.Servo;

/// <summary>Answers and blocks on the line (sheet 3, 6): text with two digits of exclusive or and 04, blocks with 7F and one byte of it.</summary>
public static class ServoFrame
{
    public const byte EndOfTransmission = 0x04;
    public const byte Escape = 0x1B;
    public const byte Resume = 0x11;
    public const byte Pause = 0x13;
    public const byte EndFlag = 0x7F;
    public const byte Error = 0xE0;
    public const int Missing = 0x7EFF;

    public static byte Sum(IEnumerable<byte> bytes) => bytes.Aggregate((byte)0, (sum, one) => (byte)(sum ^ one));

    public static string Digits(string text) => Sum(Encoding.ASCII.GetBytes(text)).ToString("X2", CultureInfo.InvariantCulture);

    public static byte[] Plain(string text) => [.. Encoding.ASCII.GetBytes(text), EndOfTransmission];

    public static byte[] Checked(string text) => Plain(text + Digits(text));

    public static byte[] Block(char kind, IEnumerable<byte> body) => Close([(byte)kind, .. body]);

    public static byte[] Refusal(int error) => Close([Error, (byte)error]);

    /// <summary>Two bytes a value, MSB first.</summary>
    public static IEnumerable<byte> Words(IEnumerable<int> values) => values.SelectMany(value => (byte[])[(byte)(value >> 8), (byte)value]);

    private static byte[] Close(byte[] block)
    {
        byte[] ended = [.. block, EndFlag];
        return [.. ended, Sum(ended)];
    }
}

/// <summary>Codes the curves: absolute where a block begins or a step is large, otherwise differences of raw values.</summary>
public sealed class CurveCoder
{
    private const byte Absolute = 0x80;
    private const byte PhaseMark = 0x81;
    private const int MostStep = 126;

    private readonly List<byte> _pending = [];
    private int[] _before = [];
    private byte _sum;
    private byte _phase;

    /// <summary>A block is open.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The bytes of one sample of all curves; a block begins with it if none is open.</summary>
    public byte[] Sample(int[] raw, byte phase)
    {
        _pending.Clear();
        bool first = !IsOpen;
        if (first)
        {
            _sum = 0;
            IsOpen = true;
        }

        if (phase != _phase)
        {
            _phase = phase;
            _pending.AddRange([PhaseMark, phase]);
        }

        for (int i = 0; i < raw.Length; i++)
        {
            int step = first ? int.MaxValue : raw[i] - _before[i];
            _pending.AddRange(Math.Abs((long)step) <= MostStep ? [(byte)(sbyte)step] : [Absolute, (byte)(raw[i] >> 8), (byte)raw[i]]);
        }

        _before = [.. raw];
        _sum ^= ServoFrame.Sum(_pending);
        return [.. _pending];
    }

    /// <summary>The end of the open block; nothing where none is.</summary>
    public byte[] Close()
    {
        if (!IsOpen)
        {
            return [];
        }

        IsOpen = false;
        return [ServoFrame.EndFlag, (byte)(_sum ^ ServoFrame.EndFlag)];
    }

    /// <summary>A new stream: the phase is told again.</summary>
    public void Restart() => (IsOpen, _phase) = (false, 0);
}
