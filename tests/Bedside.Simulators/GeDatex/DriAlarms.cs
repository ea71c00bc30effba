using System.Buffers.Binary;
using System.Text;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.GeDatex;

/// <summary>
/// The alarm area of a CARESCAPE monitor: five lines at most, the gravest first, in the monitor's language. A client gets it once, or
/// once and then on every change, no sooner than two seconds after the last.
/// </summary>
internal sealed class DriAlarms(DriSettings settings)
{
    public const byte StatusRecord = 1;
    private const long Spacing = 2_000_000_000;
    private const int Size = 510;
    private const int FirstLine = 10;
    private const int LineSize = 98;
    private const int TextSize = 80;
    private const int MostLines = 5;

    private bool _differential;
    private bool _asked;
    private byte[] _sent = [];
    private long _sentAt = long.MinValue / 2;
    private List<(string Text, short Colour)> _shown = [];

    public void Forget() => (_differential, _asked, _sent) = (false, false, []);

    public void Ask(short command)
    {
        const short Once = 0;
        const short Enter = 2;
        const short Exit = 3;
        _differential = command == Enter || (command != Exit && _differential);
        _asked |= command is Once or Enter;
    }

    /// <summary>The status that is due now; null = none.</summary>
    public byte[]? Due(DriMoment moment)
    {
        if (!_asked && !_differential)
        {
            return null;
        }

        List<(string Text, short Colour)> lines = Lines(moment);
        byte[] content = Write(lines, changed: [], moment);
        bool changed = _differential && moment.Now - _sentAt >= Spacing && !content.AsSpan().SequenceEqual(_sent);
        if (!_asked && !changed)
        {
            return null;
        }

        byte[] status = Write(lines, _shown, moment);
        (_asked, _sent, _sentAt, _shown) = (false, content, moment.Now, lines);
        return status;
    }

    private List<(string Text, short Colour)> Lines(DriMoment moment)
    {
        const short White = 1;
        const short Yellow = 2;
        const short Red = 3;
        var lines = new List<(string, short)>();
        void Add(bool active, string english, string french, short colour)
        {
            if (active && lines.Count < MostLines)
            {
                lines.Add((settings.French ? french : english, colour));
            }
        }

        Add(moment.Is(DriFaults.Asystole), "ASYSTOLE", "ASYSTOLIE", Red);
        Add(moment.Is(DriFaults.Apnoea), "APNEA CO2", "APNÉE CO2", Red);
        Add(moment.Is(DriFaults.LeadOff), "LEADS OFF", "ÉLECTRODES DÉBRANCHÉES", Yellow);
        Add(moment.Is(DriFaults.Disconnect), "PATIENT DISCONNECTION?", "DÉBRANCHEMENT PATIENT ?", Yellow);
        Add(moment.Value(PatientValue.Spo2) < 92, "SpO2 LOW", "SpO2 BAS", Yellow);
        Add(moment.Is(DriFaults.ProbeOff), "NO SpO2 MODULE", "PAS DE MODULE SpO2", White);
        return lines;
    }

    private static byte[] Write(List<(string Text, short Colour)> lines, List<(string Text, short Colour)> changed, DriMoment moment)
    {
        const short TwoMinutes = 5;
        byte[] status = new byte[Size];
        Span<byte> span = status;
        bool silenced = moment.Is(DriFaults.Silenced);
        BinaryPrimitives.WriteInt16LittleEndian(span[2..], (short)(silenced ? 0 : 1));
        BinaryPrimitives.WriteInt16LittleEndian(span[8..], silenced ? TwoMinutes : (short)0);
        for (int i = 0; i < lines.Count; i++)
        {
            Span<byte> line = span.Slice(FirstLine + (i * LineSize), LineSize);
            byte[] text = Encoding.Latin1.GetBytes(lines[i].Text);
            text.AsSpan(0, Math.Min(text.Length, TextSize - 1)).CopyTo(line);
            (string shownText, short shownColour) = i < changed.Count ? changed[i] : (string.Empty, (short)0);
            BinaryPrimitives.WriteInt16LittleEndian(line[TextSize..], (short)(shownText == lines[i].Text ? 0 : 1));
            BinaryPrimitives.WriteInt16LittleEndian(line[(TextSize + 2)..], lines[i].Colour);
            BinaryPrimitives.WriteInt16LittleEndian(line[(TextSize + 4)..], (short)(shownColour == lines[i].Colour ? 0 : 1));
        }

        return status;
    }
}
