using System.Buffers.Binary;
using System.Text;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>One annotation of a WFDB record.</summary>
/// <param name="Sample">Its place in the record, from 0.</param>
/// <param name="Channel">Signal of the record, 0 to 255.</param>
/// <param name="Text">ASCII, at most 255 bytes.</param>
internal readonly record struct WfdbNote(long Sample, int Channel, string Text);

/// <summary>
/// Writes annotations as annot(5) describes its MIT format: pairs of bytes, low byte first, of which the upper six bits say what it is and the lower ten the samples since the
/// annotation before; SKIP for longer intervals, CHN for the signal, AUX for the text. Every annotation is a NOTE.
/// </summary>
internal static class WfdbAnnotationFile
{
    /// <summary>Bytes of text that programs of others are sure to keep.</summary>
    public const int LongestText = 255;

    private const int Note = 22;
    private const int Skip = 59;
    private const int Chn = 62;
    private const int Aux = 63;
    private const int MostInPair = 1023;

    /// <summary>Notes ascending by sample; of equal ones, by channel.</summary>
    public static byte[] Encode(IEnumerable<WfdbNote> notes)
    {
        using var file = new MemoryStream();
        long at = 0;
        int channel = 0;
        foreach (WfdbNote note in notes.OrderBy(note => note.Sample).ThenBy(note => note.Channel))
        {
            long interval = note.Sample - at;
            while (interval > MostInPair)
            {
                int step = (int)Math.Min(interval, int.MaxValue);
                WritePair(file, Skip, 0);
                WriteSwapped(file, step);
                interval -= step;
            }

            WritePair(file, Note, (int)interval);
            if (note.Channel != channel)
            {
                channel = note.Channel;
                WritePair(file, Chn, channel);
            }

            byte[] text = Encoding.ASCII.GetBytes(note.Text);
            WritePair(file, Aux, text.Length);
            file.Write(text);
            if (text.Length % 2 != 0)
            {
                file.WriteByte(0);
            }

            at = note.Sample;
        }

        WritePair(file, 0, 0);
        return file.ToArray();
    }

    private static void WritePair(MemoryStream file, int what, int value)
    {
        Span<byte> pair = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(pair, (ushort)((what << 10) | value));
        file.Write(pair);
    }

    /// <summary>32 bits as a PDP-11 has them: the upper half first, each half low byte first.</summary>
    private static void WriteSwapped(MemoryStream file, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(value >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)value);
        file.Write(bytes);
    }
}

/// <summary>The context of one record as its annotator <c>ctx</c>: where each begins, and where it ends.</summary>
internal static class WfdbContext
{
    public const string Annotator = "ctx";

    private const int MostChannels = 256;

    /// <summary><c>context=3;phase=begin;kind=probe-site;site=finger-left;signal=spo2;source=bed</c>: <c>context</c> is the row of <c>context.csv</c>, <c>phase</c> one of <c>at begin held end</c>.</summary>
    public static IReadOnlyList<WfdbNote> Of(IReadOnlyList<ContextItem> items, RecordPlan plan, UtcInstant origin, IReadOnlyList<Signal> lines, long frames)
    {
        var notes = new List<WfdbNote>();
        foreach (ContextItem item in items)
        {
            int channel = item.IsOfBed ? 0 : Enumerable.Range(0, lines.Count).FirstOrDefault(i => item.Concerns.Any(signal => signal.Number == lines[i].Number), -1);
            if (channel is < 0 or >= MostChannels || item.Mark.Start >= plan.End || item.Held.HeldUntil < plan.Start)
            {
                continue;
            }

            bool isInstant = item.Held.HeldUntil == item.Mark.Start;
            bool isHeld = item.Mark.Start < origin;
            notes.Add(new WfdbNote(isHeld ? 0 : SampleAt(item.Mark.Start), channel, TextOf(item, isInstant ? "at" : isHeld ? "held" : "begin")));
            if (!isInstant && item.Held.HeldUntil is { } until && until < plan.End)
            {
                notes.Add(new WfdbNote(SampleAt(until), channel, TextOf(item, "end")));
            }
        }

        return notes;

        long SampleAt(UtcInstant time) => Math.Clamp(plan.Period.SamplesIn(time.Since(origin)), 0, Math.Max(0, frames - 1));
    }

    private static string TextOf(ContextItem item, string phase)
    {
        var text = new StringBuilder($"context={item.Number};phase={phase};kind={item.Mark.Kind}");
        foreach (string part in item.Mark.Attributes.Values.Select(pair => $";{pair.Key}={pair.Value}")
            .Append(item.Signal is null ? string.Empty : $";signal={item.Signal.Id}")
            .Append($";source={item.Mark.Source}")
            .Select(part => string.Concat(part.Select(letter => char.IsAscii(letter) && !char.IsControl(letter) ? letter : '_'))))
        {
            // What has no room is in the table, whose row is named first.
            if (text.Length + part.Length <= WfdbAnnotationFile.LongestText)
            {
                text.Append(part);
            }
        }

        return text.ToString();
    }
}
