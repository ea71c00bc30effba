using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Storage.Stays;

/// <summary>
/// Records of the book of stays as bytes. FORMAT.md, section 15.1.
/// <code>
/// record:  0  u8 type (1 event, 2 change, 3 key)    1  u8 0    2  u16 bytes that follow
/// event:   0  u8 kind · source · place · before · other place · 3 × 0       8  i64 number
///         16  6 × i64 arrived, happened, recorded, sent, admitted, discharged (−2^63 = none)
///         64  5 × u128 visit, person, other visit, other person, content   144  u64 mark of the place
///        152  3 texts: task, choice, by: u16 bytes, UTF-8
/// change:  0  u128 stay    16  i64 at · first event · last event    40  before, after: u8 1 (0 = none, and nothing follows), u128 visit, u128 person, i64 from, i64 to
/// key:     0  u128 key     16  u128 stay    32  i64 from
/// </code>
/// </summary>
internal static class StayCoding
{
    /// <summary>Of a text of an event, in UTF-8.</summary>
    public const int MostTextBytes = 4096;

    public const int EventBytes = 152;
    public const int KeyBytes = 40;

    private const int RecordHeadBytes = 4;
    private const byte EventType = 1;
    private const byte ChangeType = 2;
    private const byte KeyType = 3;

    public static byte[] Encode(StayEvent said)
    {
        var bytes = new Writing();
        bytes.Put([(byte)said.Kind, (byte)said.Source, (byte)said.Place, (byte)said.Before, (byte)said.OtherPlace, 0, 0, 0]);
        bytes.Put(said.Number);
        bytes.Put(said.Arrived.UnixNanoseconds);
        foreach (UtcInstant? time in (UtcInstant?[])[said.Happened, said.Recorded, said.Sent, said.Admitted, said.Discharged])
        {
            bytes.Put(time);
        }

        foreach (UInt128 token in (UInt128[])[said.Visit.Value, said.Person.Value, said.OtherVisit.Value, said.OtherPerson.Value, said.Content])
        {
            bytes.Put(token);
        }

        bytes.Put((long)said.PlaceMark);
        foreach (string text in (string[])[said.Task, said.Choice, said.By])
        {
            bytes.Put(text);
        }

        return bytes.Record(EventType);
    }

    public static byte[] Encode(StayChange change)
    {
        var bytes = new Writing();
        bytes.Put(change.Stay.Value);
        bytes.Put(change.At.UnixNanoseconds);
        bytes.Put(change.FirstEvent);
        bytes.Put(change.LastEvent);
        foreach (StayPiece? piece in (StayPiece?[])[change.Before, change.After])
        {
            bytes.Put([piece is null ? (byte)0 : (byte)1]);
            if (piece is not null)
            {
                bytes.Put(piece.Visit.Value);
                bytes.Put(piece.Person.Value);
                bytes.Put(piece.From.UnixNanoseconds);
                bytes.Put(piece.To);
            }
        }

        return bytes.Record(ChangeType);
    }

    public static byte[] Encode(StayKey key)
    {
        var bytes = new Writing();
        bytes.Put(key.Key.Value);
        bytes.Put(key.Stay.Value);
        bytes.Put(key.From.UnixNanoseconds);
        return bytes.Record(KeyType);
    }

    /// <summary>Adds what the bytes say. Throws <see cref="BlockFormatException"/> when they say nothing that this program knows.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, StayLogContent content)
    {
        while (bytes.Length > 0)
        {
            int length = bytes.Length < RecordHeadBytes ? int.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            if (length > bytes.Length - RecordHeadBytes)
            {
                throw new BlockFormatException("a record of a stay ends too early");
            }

            var record = new Reading(bytes.Slice(RecordHeadBytes, length));
            switch (bytes[0])
            {
                case EventType:
                    content.Events.Add(Event(ref record));
                    break;
                case ChangeType:
                    content.Changes.Add(Change(ref record));
                    break;
                case KeyType:
                    content.Keys.Add(Key(ref record));
                    break;
                default:
                    throw new BlockFormatException($"a record of a stay has the type {bytes[0]}, which this program does not know");
            }

            bytes = bytes[(RecordHeadBytes + length)..];
        }
    }

    private static StayEvent Event(ref Reading record)
    {
        ReadOnlySpan<byte> words = record.Bytes(sizeof(ulong));
        if (!Enum.IsDefined((StayEventKind)words[0]) || words[1] > (byte)StaySource.Person || words[2..5].ContainsAnyExceptInRange((byte)0, (byte)Place.Elsewhere))
        {
            throw new BlockFormatException($"an event of a stay has the kind {words[0]}, which this program does not know");
        }

        return new StayEvent
        {
            Kind = (StayEventKind)words[0],
            Source = (StaySource)words[1],
            Place = (Place)words[2],
            Before = (Place)words[3],
            OtherPlace = (Place)words[4],
            Number = record.Number(),
            Arrived = new UtcInstant(record.Number()),
            Happened = record.Time(),
            Recorded = record.Time(),
            Sent = record.Time(),
            Admitted = record.Time(),
            Discharged = record.Time(),
            Visit = new VisitToken(record.Token()),
            Person = new PersonToken(record.Token()),
            OtherVisit = new VisitToken(record.Token()),
            OtherPerson = new PersonToken(record.Token()),
            Content = record.Token(),
            PlaceMark = (ulong)record.Number(),
            Task = record.Text(),
            Choice = record.Text(),
            By = record.Text(),
        };
    }

    private static StayChange Change(ref Reading record)
    {
        var stay = new StayId(record.Token());
        var at = new UtcInstant(record.Number());
        long first = record.Number();
        long last = record.Number();
        return new StayChange(stay, Piece(ref record), Piece(ref record), first, last, at);
    }

    private static StayKey Key(ref Reading record)
    {
        var key = new StayId(record.Token());
        var stay = new StayId(record.Token());
        return new StayKey(key, new UtcInstant(record.Number()), stay);
    }

    private static StayPiece? Piece(ref Reading record) => record.Bytes(1)[0] == 0
        ? null
        : new StayPiece(new VisitToken(record.Token()), new PersonToken(record.Token()), new UtcInstant(record.Number()), record.Time());

    private sealed class Writing
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public void Put(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

        public void Put(long number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            Put(bytes);
        }

        public void Put(UtcInstant? time) => Put(time?.UnixNanoseconds ?? long.MinValue);

        public void Put(UInt128 token)
        {
            Span<byte> bytes = stackalloc byte[StayId.Bytes];
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, token);
            Put(bytes);
        }

        public void Put(string text)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            if (utf8.Length > MostTextBytes)
            {
                throw new ArgumentException($"a text of an event has at most {MostTextBytes} bytes, not {utf8.Length}");
            }

            Put([(byte)utf8.Length, (byte)(utf8.Length >> 8)]);
            Put(utf8);
        }

        public byte[] Record(byte type) => [type, 0, (byte)_bytes.WrittenCount, (byte)(_bytes.WrittenCount >> 8), .. _bytes.WrittenSpan];
    }

    private ref struct Reading(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _bytes = bytes;

        public ReadOnlySpan<byte> Bytes(int count)
        {
            if (count > _bytes.Length)
            {
                throw new BlockFormatException("a record of a stay ends too early");
            }

            ReadOnlySpan<byte> read = _bytes[..count];
            _bytes = _bytes[count..];
            return read;
        }

        public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

        public UInt128 Token() => BinaryPrimitives.ReadUInt128LittleEndian(Bytes(StayId.Bytes));

        public UtcInstant? Time() => Number() is var time && time == long.MinValue ? null : new UtcInstant(time);

        public string Text() => Encoding.UTF8.GetString(Bytes(BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)))));
    }
}
