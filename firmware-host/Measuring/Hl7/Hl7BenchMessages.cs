using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Host.Measuring.Hl7;

/// <summary>
/// PCD-01 messages of one gateway, made in place: 40 values of the nomenclature under their reference identifiers, and the three rows of the device that carries them. Each has a time, a control
/// id and values of its own, so that none is a repeat.
/// </summary>
internal sealed class Hl7BenchMessages
{
    /// <summary>Rows with a value; three more introduce device, VMD and channel.</summary>
    public const int Values = 40;

    private const int ControlDigits = 9;
    private const int ValueDigits = 4;
    private const int LeastValue = 1_000;
    private const int ValuesRange = 9_000;
    private const string TimePattern = "yyyyMMddHHmmss.ffffff";
    private const string Blank = "00000000000000.000000";

    private readonly byte[] _frame;
    private readonly List<int> _times = [];
    private readonly List<int> _values = [];
    private readonly int _control;
    private long _count;
    private DateTimeOffset _newest;

    /// <summary>The messages of a gateway of this name.</summary>
    public Hl7BenchMessages(string gateway)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"MSH|^~\\&|{gateway}^0102030405060708^EUI-64|BENCH|||");
        Mark(text, _times, Blank);
        text.Append("+0000||ORU^R01^ORU_R01|");
        _control = text.Length + 1;
        text.Append('0', ControlDigits).Append("|P|2.6|||AL|NE||UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO\r")
            .Append("PID|||BENCH^^^BENCH^MR||BENCH^BED\rPV1||I|BENCH^^1^BENCH\rOBR|1|1^BENCH|1^BENCH|182777000^monitoring of patient^SCT|||");
        Mark(text, _times, Blank);
        text.Append("+0000\r")
            .Append("OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||0102030405060708^^0102030405060708^EUI-64\r")
            .Append("OBX|2||69798^MDC_DEV_ECG_VMD^MDC|1.1.0.0|||||||X\rOBX|3||69799^MDC_DEV_ECG_CHAN^MDC|1.1.1.0|||||||X\r");
        int row = 3;
        foreach (NomenclatureEntry entry in Nomenclature.Shipped.Entries.Where(entry => entry.Kind == "numeric" && entry.Code != 0 && entry.CodeName.Length > 0).Take(Values))
        {
            text.Append(CultureInfo.InvariantCulture, $"OBX|{++row}|NM|{entry.Code}^{entry.CodeName}^MDC|1.1.1.{entry.Code}|");
            Mark(text, _values, new string('0', ValueDigits + 1));
            text.Append(CultureInfo.InvariantCulture, $"|{entry.Unit}^{entry.Unit}^UCUM|50-120||||R\r");
        }

        _frame = Mllp.Frame(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Bytes of each frame.</summary>
    public int FrameBytes => _frame.Length;

    /// <summary>Writes the next message, sent <paramref name="now"/>, as a frame; times of one gateway only go up.</summary>
    public void Write(DateTimeOffset now, Span<byte> frame)
    {
        _newest = now > _newest ? now : _newest.AddMicroseconds(1);
        foreach (int at in _times)
        {
            _ = _newest.UtcDateTime.TryFormat(_frame.AsSpan(at), out _, TimePattern, CultureInfo.InvariantCulture);
        }

        _count++;
        _ = Utf8Formatter.TryFormat(_count, _frame.AsSpan(_control), out _, new System.Buffers.StandardFormat('D', ControlDigits));
        for (int i = 0; i < _values.Count; i++)
        {
            // 100.0 to 999.9, another in each message: what a monitor shows changes.
            long value = LeastValue + (((_count * 7) + (i * 131)) % ValuesRange);
            Span<byte> digits = _frame.AsSpan(_values[i], ValueDigits + 1);
            _ = Utf8Formatter.TryFormat(value, digits, out _);
            digits[^1] = digits[^2];
            digits[^2] = (byte)'.';
        }

        _frame.CopyTo(frame);
    }

    /// <summary>Notes where a part begins in the frame, whose first byte is not of the message. All of it is ASCII.</summary>
    private static void Mark(StringBuilder text, List<int> places, string part)
    {
        places.Add(text.Length + 1);
        text.Append(part);
    }
}
