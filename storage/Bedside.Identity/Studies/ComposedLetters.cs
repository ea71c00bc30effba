namespace Bedside.Identity.Studies;

/// <summary>
/// Unicode's form C (UAX 15) of capital Latin letters with one mark. The program runs without the tables of ICU, where the class library leaves a text as it is, so the pairs stand here; what is
/// no such pair stays.
/// </summary>
internal static class ComposedLetters
{
    private static readonly Dictionary<(char Letter, char Mark), char> Pairs = Table(
    [
        ('\u0300', "AÀEÈIÌNǸOÒUÙWẀYỲ"), ('\u0301', "AÁCĆEÉGǴIÍKḰLĹMḾNŃOÓPṔRŔSŚUÚWẂYÝZŹ"), ('\u0302', "AÂCĈEÊGĜHĤIÎJĴOÔSŜUÛWŴYŶZẐ"), ('\u0303', "AÃEẼIĨNÑOÕUŨVṼYỸ"),
        ('\u0304', "AĀEĒGḠIĪOŌUŪYȲ"), ('\u0306', "AĂEĔGĞIĬOŎUŬ"), ('\u0307', "AȦBḂCĊDḊEĖFḞGĠHḢIİMṀNṄOȮPṖRṘSṠTṪWẆXẊYẎZŻ"), ('\u0308', "AÄEËHḦIÏOÖUÜWẄXẌYŸ"),
        ('\u030A', "AÅUŮ"), ('\u030B', "OŐUŰ"), ('\u030C', "AǍCČDĎEĚGǦHȞIǏKǨLĽNŇOǑRŘSŠTŤUǓZŽ"), ('\u0327', "CÇDḐEȨGĢHḨKĶLĻNŅRŖSŞTŢ"), ('\u0328', "AĄEĘIĮOǪUŲ"),
    ]);

    public static string Of(string capitals)
    {
        var composed = new List<char>(capitals.Length);
        foreach (char letter in capitals)
        {
            if (composed.Count > 0 && Pairs.TryGetValue((composed[^1], letter), out char one))
            {
                composed[^1] = one;
            }
            else
            {
                composed.Add(letter);
            }
        }

        return string.Concat(composed);
    }

    private static Dictionary<(char Letter, char Mark), char> Table(IEnumerable<(char Mark, string Letters)> rows) =>
        rows.SelectMany(row => row.Letters.Chunk(2).Select(pair => (Key: (pair[0], row.Mark), Composed: pair[1]))).ToDictionary(pair => pair.Key, pair => pair.Composed);
}
