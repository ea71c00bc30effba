using System.Security.Cryptography;
using System.Text.Json;
using Bedside.Storage.Keys;

namespace Bedside.Host.Trust;

/// <summary>
/// On the unit head: who refuses research at which bed. Each box says the whole of what its patients say; what it said last stays on the disk (file <c>unit-wishes</c>, sealed under the box key) also when the box
/// is off, and when it was taken out of the unit: a no ends where it was said and nowhere else. Any thread may call.
/// </summary>
/// <param name="key">The box key; null = it cannot be had now.</param>
internal sealed class WishDesk(UnitFiles files, Func<BoxKey?> key, TimeProvider time)
{
    /// <summary>Whoever was not heard for longer is silent; boxes say it every 10 s, and a no holds everywhere within 60 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);
    private WishBook? _book;

    /// <summary>What is said is on the disk when it returns. Throws <see cref="UnitFaultException"/>, and the disk's errors.</summary>
    /// <param name="box">Name of the box that says it, as its certificate has it.</param>
    public WishAnswer Answer(string box, WishQuestion asked)
    {
        lock (_gate)
        {
            AuthorityBook authority = files.ReadAuthority() ?? throw new UnitFaultException("this box is not the unit head.");
            WishBook book = Book();
            bool isKnown = Take(ref book, box, asked);
            if (isKnown)
            {
                _heard[box] = time.GetTimestamp();
            }

            return asked.Asks
                ? new WishAnswer(book.Key, !isKnown, [.. book.Boxes.SelectMany(one => one.Refused).Distinct(StringComparer.Ordinal)], Silent(authority))
                : new WishAnswer(book.Key, !isKnown, Refused: null, Silent: null);
        }
    }

    /// <summary>Whether the head has now what the box says.</summary>
    private bool Take(ref WishBook book, string box, WishQuestion asked)
    {
        if (asked.Key != WishMarks.NameOf(Convert.FromBase64String(book.Key)))
        {
            return false;
        }

        BoxWishes? former = book.Boxes.FirstOrDefault(one => one.Box == box);
        if (asked.Refused is null)
        {
            return former is not null && WishMarks.Digest(former.Refused) == asked.Digest;
        }

        IReadOnlyList<string> said = WishMarks.Write(WishMarks.Read(asked.Refused, WishMarks.Most) ?? throw new UnitFaultException("these are no marks of patients, or too many."));
        if (former?.Refused.SequenceEqual(said, StringComparer.Ordinal) != true)
        {
            WishBook next = book with { Boxes = [.. book.Boxes.Where(one => one.Box != box), new BoxWishes(box, said)] };
            Write(next);
            book = next;
        }

        return WishMarks.Digest(said) == asked.Digest;
    }

    private string[] Silent(AuthorityBook authority) =>
        [.. authority.Issued.Where(one => !_heard.TryGetValue(one.Box, out long heard) || time.GetElapsedTime(heard) > Patience).Select(one => one.Host).Order(StringComparer.Ordinal)];

    private WishBook Book()
    {
        if (_book is not null)
        {
            return _book;
        }

        using BoxKey box = Key();
        if (files.ReadWishes() is not { } text)
        {
            Write(new WishBook(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Identity.Studies.StudyKey.Bytes)), []));
            return _book!;
        }

        byte[] secret = box.Derive(Purpose);
        try
        {
            byte[] plain = SealedText.Open(secret, text, About)
                ?? throw new UnitFaultException("the file unit-wishes cannot be opened with this box key, so nobody knows who refused research: bring the box key back; or delete the file, and every box says it anew.");
            return _book = JsonSerializer.Deserialize(plain, WishJson.Default.WishBook) ?? throw new UnitFaultException("the file unit-wishes has nothing in it: delete it, and every box says it anew.");
        }
        catch (JsonException)
        {
            throw new UnitFaultException("the file unit-wishes cannot be read: delete it, and every box says it anew.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private void Write(WishBook next)
    {
        using BoxKey box = Key();
        byte[] secret = box.Derive(Purpose);
        try
        {
            files.WriteWishes(SealedText.Seal(secret, JsonSerializer.SerializeToUtf8Bytes(next, WishJson.Default.WishBook), About));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        _book = next;
    }

    private static ReadOnlySpan<byte> Purpose => "bedside unit wishes"u8;

    private static ReadOnlySpan<byte> About => "unit-wishes 1"u8;

    private BoxKey Key() => key() ?? throw new UnitFaultException("the head has no box key now: bring it back.");
}
