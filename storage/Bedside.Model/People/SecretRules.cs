namespace Bedside.Model.People;

/// <summary>Why a password or a PIN is not taken.</summary>
public enum SecretFault
{
    None,
    TooShort,
    TooLong,

    /// <summary>Made of what everybody tries first, of words of this place, or of a row of keys.</summary>
    Common,

    /// <summary>A PIN is six digits, not all alike and not counted up or down.</summary>
    Pin,
}

/// <summary>
/// What a password must be (OWASP ASVS 5.0, 6.2): 15 to 128 characters of any kind, and not what is tried first. No signs are demanded, none forbidden, and it is never too old.
/// </summary>
public static class SecretRules
{
    public const int ShortestPassword = 15;
    public const int LongestPassword = 128;
    public const int PinDigits = 6;

    private const int FewestDifferent = 5;
    private const int ShortestWord = 4;

    /// <summary>A password that is made of so many different words of the list, or fewer, is tried soon.</summary>
    private const int FewWords = 2;

    private static readonly string[] Rows = ["abcdefghijklmnopqrstuvwxyz", "1234567890", "qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "qwertzuiopasdfghjklyxcvbnm"];

    private static readonly HashSet<string> Common = Read();

    public static SecretFault JudgePin(string pin) =>
        pin.Length == PinDigits && pin.All(char.IsAsciiDigit) && pin.Distinct().Skip(1).Any() && !IsRow(pin) ? SecretFault.None : SecretFault.Pin;

    /// <summary><paramref name="ofThisPlace"/> = words that a stranger would try here: the badge, the names, the bed, the box.</summary>
    public static SecretFault Judge(string password, IEnumerable<string> ofThisPlace)
    {
        if (password.Length < ShortestPassword)
        {
            return SecretFault.TooShort;
        }

        if (password.Length > LongestPassword)
        {
            return SecretFault.TooLong;
        }

        string plain = password.ToLowerInvariant();
        if (Common.Contains(plain) || plain.ToHashSet().Count < FewestDifferent || IsRow(plain))
        {
            return SecretFault.Common;
        }

        string letters = string.Concat(plain.Where(char.IsLetter));
        if (letters.Length == 0)
        {
            return SecretFault.None;
        }

        HashSet<string> here = [.. ofThisPlace.SelectMany(Words)];
        return IsRow(letters) || IsFewWords(letters, here) ? SecretFault.Common : SecretFault.None;
    }

    /// <summary>Whether the letters can be cut into at most <see cref="FewWords"/> different words, each as often as it likes.</summary>
    private static bool IsFewWords(string letters, HashSet<string> here)
    {
        bool IsWord(string word) => Common.Contains(word) || here.Contains(word);

        // From where, with which words, it is known that there is no way on.
        HashSet<(int At, string Used)> dead = [];
        return Cut(0, []);

        bool Cut(int at, string[] used)
        {
            if (at == letters.Length)
            {
                return true;
            }

            if (!dead.Add((at, string.Join(' ', used))))
            {
                return false;
            }

            if (Array.Exists(used, known => string.CompareOrdinal(letters, at, known, 0, known.Length) == 0 && Cut(at + known.Length, used)))
            {
                return true;
            }

            for (int end = letters.Length; used.Length < FewWords && end >= at + ShortestWord; end--)
            {
                string word = letters[at..end];
                if (IsWord(word) && Cut(end, [.. used, word]))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static IEnumerable<string> Words(string text) =>
        text.ToLowerInvariant().Split([' ', '-', '.', '_', '\''], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => string.Concat(word.Where(char.IsLetter)))
            .Where(word => word.Length >= ShortestWord - 1);

    /// <summary>Keys that lie side by side, forwards or backwards, perhaps again and again.</summary>
    private static bool IsRow(string text) => Rows.Any(row => Runs(text, row) || Runs(text, string.Concat(row.Reverse())));

    private static bool Runs(string text, string row)
    {
        string again = string.Concat(Enumerable.Repeat(row, (text.Length / row.Length) + 2));
        return again.Contains(text, StringComparison.Ordinal);
    }

    private static HashSet<string> Read()
    {
        using Stream list = typeof(SecretRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(list);
        return new HashSet<string>(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
    }
}
