namespace Bedside.Identity;

/// <summary>Names as monitors without accents write them. The program runs without the tables of ICU, so the Latin letters stand here.</summary>
internal static class Letters
{
    private static readonly Dictionary<char, string> Plain = Table(
    [
        ("ÀÁÂÃÅĀĂĄ", "A"), ("ÆÄ", "AE"), ("ÇĆĈĊČ", "C"), ("ÐĎĐ", "D"), ("ÈÉÊËĒĔĖĘĚ", "E"), ("ĜĞĠĢ", "G"), ("ĤĦ", "H"), ("ÌÍÎÏĨĪĬĮİ", "I"), ("Ĵ", "J"), ("Ķ", "K"), ("ĹĻĽĿŁ", "L"),
        ("ÑŃŅŇ", "N"), ("ÒÓÔÕŌŎŐ", "O"), ("ØÖŒ", "OE"), ("ŔŖŘ", "R"), ("ŚŜŞŠ", "S"), ("ẞ", "SS"), ("ŢŤŦ", "T"), ("ÙÚÛŨŪŬŮŰŲ", "U"), ("Ü", "UE"), ("Ŵ", "W"), ("ÝŶŸ", "Y"), ("ŹŻŽ", "Z"),
    ]);

    /// <summary>Capitals without accents; what is no letter and no digit is left out, because hyphens and apostrophes come and go.</summary>
    public static string Fold(string name) =>
        string.Concat(name.ToUpperInvariant().Select(letter => letter == 'ß' ? "SS" : Plain.TryGetValue(letter, out string? plain) ? plain : char.IsLetterOrDigit(letter) ? letter.ToString() : string.Empty));

    private static Dictionary<char, string> Table(IEnumerable<(string Letters, string Plain)> rows) =>
        rows.SelectMany(row => row.Letters.Select(letter => (letter, row.Plain))).ToDictionary(pair => pair.letter, pair => pair.Plain);
}
