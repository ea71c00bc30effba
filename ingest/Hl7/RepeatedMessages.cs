using System.Security.Cryptography;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>
/// Which messages were stored already: by sender and by what they say from MSH-7 on. Control ids are not unique, so they prove nothing alone. A message
/// without any time of its own is never a repeat: the same numbers may come twice.
/// </summary>
public sealed class RepeatedMessages
{
    /// <summary>One a second for a day; each takes about 80 bytes.</summary>
    public const int Most = 100_000;

    private const long WindowNs = 86_400_000_000_000;

    private readonly Dictionary<UInt128, MonotonicInstant> _known = [];
    private readonly Queue<(UInt128 Key, MonotonicInstant At)> _order = new();

    /// <summary>What a message is known by; null = it has no time.</summary>
    public static UInt128? KeyOf(Hl7Message message)
    {
        Hl7Value time = message.Header.Field(7);
        if (!time.HasValue && !message.First("OBR"u8).Field(7).HasValue)
        {
            return null;
        }

        // Sender and content are hashed apart, because they do not follow each other: the receiver is between.
        ReadOnlySpan<byte> all = message.Bytes.Span;
        return Hash(all[FieldsBefore(message, 3)..FieldsBefore(message, 5)]) ^ UInt128.RotateLeft(Hash(all[FieldsBefore(message, 7)..]), 1);
    }

    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(bytes, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    public bool Contains(UInt128 key, MonotonicInstant now)
    {
        Forget(now);
        return _known.ContainsKey(key);
    }

    /// <summary>It is on the disk.</summary>
    public void Add(UInt128 key, MonotonicInstant now)
    {
        if (_known.TryAdd(key, now))
        {
            _order.Enqueue((key, now));
        }
    }

    private void Forget(MonotonicInstant now)
    {
        while (_order.TryPeek(out (UInt128 Key, MonotonicInstant At) oldest) && (_order.Count > Most || now.Since(oldest.At) > WindowNs))
        {
            _ = _order.Dequeue();
            _ = _known.Remove(oldest.Key);
        }
    }

    /// <summary>Where a field of the header begins.</summary>
    private static int FieldsBefore(Hl7Message message, int field)
    {
        ReadOnlySpan<byte> all = message.Bytes.Span;
        int at = all.IndexOf("MSH"u8);
        for (int i = 1; i < field && at >= 0; i++)
        {
            int next = all[(at + 1)..].IndexOf(message.Delimiters.Field);
            at = next < 0 ? all.Length - 1 : at + 1 + next;
        }

        return Math.Max(0, at);
    }
}
