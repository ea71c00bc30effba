using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Bedside.Extract.Fhir;

namespace Bedside.Viewer.Fhir;

/// <summary>
/// Where a page ended: the time and the series of its last Observation, so that what comes later changes nothing. Blocks that are joined on the disk move samples of waves by up to a millisecond: pieces of waves near
/// the end of a page are known by the index of their first sample instead.
/// </summary>
/// <param name="Time">Start of the last Observation, nanoseconds.</param>
/// <param name="Series">Its series.</param>
/// <param name="Near">Pieces of waves of the page that begin within <see cref="Reach"/> of that.</param>
internal sealed record PagePosition(long Time, uint Series, IReadOnlyList<(uint Series, long Index)> Near)
{
    /// <summary>Nanoseconds by which the time of a sample may have changed, and some more.</summary>
    public const long Reach = 2_000_000;

    /// <summary>True for what earlier pages had.</summary>
    public bool Has(FhirItem item, bool descending)
    {
        int order = item.Start.CompareTo(Time) * (descending ? -1 : 1);
        if (item.SampleIndex is { } index)
        {
            return Math.Abs(item.Start - Time) <= Reach ? Near.Contains((item.Series.Number, index)) : order < 0;
        }

        return order < 0 || (order == 0 && item.Series.Number.CompareTo(Series) * (descending ? -1 : 1) <= 0);
    }

    /// <summary>After these Observations, the last of which ends the page; what pages before had near there stays known.</summary>
    public static PagePosition After(FhirItem last, IEnumerable<FhirItem> page, PagePosition? former)
    {
        IEnumerable<(uint, long)> before = former is not null && Math.Abs(last.Start - former.Time) <= 4 * Reach ? former.Near : [];
        IEnumerable<(uint, long)> here = page.Where(item => item.SampleIndex is not null && Math.Abs(item.Start - last.Start) <= 2 * Reach)
            .Select(item => (item.Series.Number, item.SampleIndex!.Value));
        return new PagePosition(last.Start, last.Series.Number, [.. before.Concat(here).Distinct()]);
    }
}

/// <summary>What the link to the next page carries: the search as it was applied, up to when it looks, and where to go on. For lists that are short, the id after which to go on.</summary>
/// <param name="Asked">Nanoseconds: nothing that began to be served later is in any page.</param>
internal sealed record PageCursor(string Type, string Search, long Asked, PagePosition? Position, string AfterId = "")
{
    /// <summary>How long a link is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Encrypted and authenticated (AES-256-GCM), so that it neither tells anything nor can be made by another.</summary>
    public string Seal(byte[] key)
    {
        using var plain = new MemoryStream();
        using (var writer = new BinaryWriter(plain, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Version);
            writer.Write(Asked);
            writer.Write(Type);
            writer.Write(Search);
            writer.Write(AfterId);
            writer.Write(Position is not null);
            if (Position is { } position)
            {
                writer.Write(position.Time);
                writer.Write(position.Series);
                writer.Write((ushort)position.Near.Count);
                foreach ((uint series, long index) in position.Near)
                {
                    writer.Write(series);
                    writer.Write(index);
                }
            }
        }

        ReadOnlySpan<byte> content = plain.GetBuffer().AsSpan(0, (int)plain.Length);
        byte[] token = new byte[NonceBytes + content.Length + TagBytes];
        RandomNumberGenerator.Fill(token.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(token.AsSpan(0, NonceBytes), content, token.AsSpan(NonceBytes, content.Length), token.AsSpan(NonceBytes + content.Length));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Null = not ours, damaged, or too old.</summary>
    public static PageCursor? Open(string text, byte[] key, long now)
    {
        byte[] token = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, token, out int length) || length < NonceBytes + TagBytes)
        {
            return null;
        }

        byte[] content = new byte[length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(token.AsSpan(0, NonceBytes), token.AsSpan(NonceBytes, content.Length), token.AsSpan(NonceBytes + content.Length, TagBytes), content);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        PageCursor? cursor = Parse(content);
        return cursor is not null && Int128.Abs((Int128)now - cursor.Asked) <= Lifetime.Nanoseconds() ? cursor : null;
    }

    /// <summary>Reads what this program wrote: it was authenticated.</summary>
    private static PageCursor? Parse(byte[] content)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        if (reader.ReadByte() != Version)
        {
            return null;
        }

        long asked = reader.ReadInt64();
        (string type, string search, string after) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
        PagePosition? position = null;
        if (reader.ReadBoolean())
        {
            (long time, uint series) = (reader.ReadInt64(), reader.ReadUInt32());
            var near = new (uint, long)[reader.ReadUInt16()];
            for (int i = 0; i < near.Length; i++)
            {
                near[i] = (reader.ReadUInt32(), reader.ReadInt64());
            }

            position = new PagePosition(time, series, near);
        }

        return new PageCursor(type, search, asked, position, after);
    }
}
