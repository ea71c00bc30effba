using System.Globalization;

namespace Bedside.Model.Research;

/// <summary>How many patients, as it is told to anybody: few are not counted out, and nobody is found by the difference of two counts (<c>trust.md</c>, section 4.3).</summary>
public static class RoundedCount
{
    /// <summary>A count under this one is not told.</summary>
    public const int Least = 11;

    private const int Step = 5;
    private const string Few = "<11";

    /// <summary><c>&lt;11</c>, else the nearest multiple of 5.</summary>
    public static string Of(int patients) => patients < Least ? Few : (((patients + 2) / Step) * Step).ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a text is one that <see cref="Of"/> gives.</summary>
    public static bool Is(string text) =>
        text == Few || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= Least - 1 && count % Step == 0 && text == count.ToString(CultureInfo.InvariantCulture));
}
