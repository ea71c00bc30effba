using System.Globalization;
using System.Text;

namespace Bedside.Simulators.Mindray;

/// <summary>Messages of Patient Data Share: HL7 2.3.1 with an almost empty header, framed by 0B and 1C 0D; MSH-10 is the class.</summary>
public sealed class PdsMessage
{
    private readonly List<byte> _bytes = [0x0B];

    public PdsMessage(string type, int number) => Segment($"MSH|^~\\&|||||||{type}|{number}|P|2.3.1|");

    public PdsMessage Segment(string text)
    {
        _bytes.AddRange(Encoding.UTF8.GetBytes(text));
        _bytes.Add(0x0D);
        return this;
    }

    /// <summary>A parameter; null = not available.</summary>
    public PdsMessage Parameter(int number, string name, int module, double? value, int decimals) =>
        Segment(string.Create(CultureInfo.InvariantCulture, $"OBX||NM|{number}^{name}|{module}|{Number(value, decimals)}||||||F"));

    /// <summary>How the parameter stands: 3 with a value, 2 without.</summary>
    public PdsMessage Status(int number, bool valid) => Segment($"OBX||CE|2037^|{number}|{(valid ? 3 : 2)}^");

    /// <summary>A value that was measured at a time; never measured has a time of zeros.</summary>
    public PdsMessage Aperiodic(int number, string name, int module, double? value, DateTime? at) =>
        Segment($"OBX||NM|{number}^{name}|{module}|{Number(value, 0)}||||||F||APERIODIC|{Time(at)}");

    /// <summary>An alarm that stands; kind 2 is of the patient, 3 and 4 of the monitor.</summary>
    public PdsMessage Alarm(int kind, int code, string text, DateTime? at) => Segment($"OBX||CE|{kind}|{(kind == 2 ? "1" : "")}|{code}^{text}||||||F|||{(at is null ? "" : Time(at))}|");

    public PdsMessage Wave(ReadOnlySpan<byte> encoded)
    {
        _bytes.AddRange("ZMW|"u8);
        _bytes.AddRange(encoded);
        _bytes.Add(0x0D);
        return this;
    }

    public byte[] ToBytes() => [.. _bytes, 0x1C, 0x0D];

    private static string Number(double? value, int decimals) => (value ?? -100).ToString($"F{decimals}", CultureInfo.InvariantCulture);

    private static string Time(DateTime? at) => at?.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) ?? "00000000000000";
}
