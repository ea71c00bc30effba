using System.Text;

namespace Bedside.Ingest.Hl7;

/// <summary>What stands in a frame or a file: its messages, and what is wrong with the envelope around them.</summary>
/// <param name="Messages">Each from its MSH to the next, as they came.</param>
/// <param name="Faults">Of the envelope: counts that do not agree, segments outside of any message, too many messages.</param>
/// <param name="IsBatch">There was an envelope.</param>
public sealed record MessageSplit(IReadOnlyList<ReadOnlyMemory<byte>> Messages, IReadOnlyList<Hl7Fault> Faults, bool IsBatch)
{
    private const int MostFaults = 16;
    private const int NameBytes = 3;

    /// <summary>Splits at each segment that begins with MSH; takes off a byte order mark, UTF-16 and the envelopes FHS, BHS, BTS, FTS.</summary>
    public static MessageSplit Of(ReadOnlyMemory<byte> content, Hl7Limits limits)
    {
        content = WithoutMark(content);
        var walk = new Walk(content, limits);
        walk.Go();
        return new MessageSplit(walk.Messages, walk.Faults, walk.IsBatch);
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> content)
    {
        ReadOnlySpan<byte> start = content.Span;
        if (start is [0xEF, 0xBB, 0xBF, ..])
        {
            return content[3..];
        }

        return start switch
        {
            [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(start[2..])),
            [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(start[2..])),
            [(byte)'M' or (byte)'F' or (byte)'B', 0, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(start)),
            [0, (byte)'M' or (byte)'F' or (byte)'B', ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(start)),
            _ => content,
        };
    }

    private sealed class Walk(ReadOnlyMemory<byte> content, Hl7Limits limits)
    {
        private Delimiters _delimiters = Delimiters.Usual;
        private int _began = -1;
        private int _inBatch;
        private int _batches;
        private bool _tooMany;

        public List<ReadOnlyMemory<byte>> Messages { get; } = [];

        public List<Hl7Fault> Faults { get; } = [];

        public bool IsBatch { get; private set; }

        public void Go()
        {
            ReadOnlySpan<byte> all = content.Span;
            int start = 0;
            while (start < all.Length)
            {
                int length = all[start..].IndexOfAny((byte)'\r', (byte)'\n');
                int end = length < 0 ? all.Length : start + length;
                if (end > start)
                {
                    Take(all[start..end], start);
                }

                start = end + 1;
            }

            EndMessage(all.Length);
        }

        private void Take(ReadOnlySpan<byte> segment, int at)
        {
            bool framed = segment.Length == NameBytes || (segment.Length > NameBytes && !char.IsAsciiLetterOrDigit((char)segment[NameBytes]));
            ReadOnlySpan<byte> name = framed ? segment[..NameBytes] : default;
            if (name.SequenceEqual("MSH"u8))
            {
                EndMessage(at);
                _began = at;
                _inBatch++;
            }
            else if (name.SequenceEqual("FHS"u8) || name.SequenceEqual("BHS"u8))
            {
                EndMessage(at);
                IsBatch = true;
                _inBatch = name[0] == (byte)'B' ? 0 : _inBatch;
                _batches += name[0] == (byte)'B' ? 1 : 0;
                _delimiters = Delimiters.Read(segment) ?? _delimiters;
            }
            else if (name.SequenceEqual("BTS"u8) || name.SequenceEqual("FTS"u8))
            {
                EndMessage(at);
                IsBatch = true;
                Count(segment, name[0] == (byte)'B');
            }
            else if (_began < 0 && segment.ContainsAnyExcept([(byte)' ', (byte)0, Mllp.Start, Mllp.End]))
            {
                Add(new Hl7Fault(Hl7Fault.SegmentSequence, string.Empty, 0, 0, "there is a segment before the first MSH"));
                if (Messages.Count == 0 && !IsBatch)
                {
                    // No message at all: it is kept as one, so that it is answered with a rejection.
                    _began = at;
                }
            }
        }

        private void Count(ReadOnlySpan<byte> trailer, bool isBatch)
        {
            ReadOnlySpan<byte> rest = trailer.Length > NameBytes ? trailer[(NameBytes + 1)..] : default;
            int end = rest.IndexOf(_delimiters.Field);
            ReadOnlySpan<byte> field = (end < 0 ? rest : rest[..end]).Trim((byte)' ');
            bool stated = System.Buffers.Text.Utf8Parser.TryParse(field, out int told, out int used) && used == field.Length;
            int counted = isBatch ? _inBatch : _batches;
            if (stated && told != counted && counted > 0)
            {
                Add(new Hl7Fault(Hl7Fault.SegmentSequence, isBatch ? "BTS" : "FTS", 1, 1, isBatch ? $"the batch tells of {told} messages and has {counted}" : $"the file tells of {told} batches and has {counted}"));
            }
        }

        private void EndMessage(int at)
        {
            if (_began < 0)
            {
                return;
            }

            if (Messages.Count < limits.Messages)
            {
                Messages.Add(content[_began..at]);
            }
            else if (!_tooMany)
            {
                _tooMany = true;
                Add(new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, $"there are more than {limits.Messages} messages; the others were left out"));
            }

            _began = -1;
        }

        private void Add(Hl7Fault fault)
        {
            if (Faults.Count < MostFaults)
            {
                Faults.Add(fault);
            }
        }
    }
}
