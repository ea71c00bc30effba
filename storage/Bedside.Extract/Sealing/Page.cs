using System.Text;

namespace Bedside.Extract.Sealing;

/// <summary>Plain text for people, in lines that every screen and printer takes.</summary>
internal static class Page
{
    public const int Width = 100;

    /// <summary>All runs of blanks and breaks become one blank, so that a text of a form can make no line of its own.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Printable));

    /// <summary>In lines of at most <see cref="Width"/>, later ones behind as many blanks as <paramref name="indent"/> is long.</summary>
    public static string Wrap(string text, string indent = "")
    {
        var page = new StringBuilder(indent);
        int used = indent.Length;
        foreach (string word in OneLine(text).Split(' '))
        {
            if (used > indent.Length && used + 1 + word.Length > Width)
            {
                page.Append('\n').Append(' ', indent.Length);
                used = indent.Length;
            }
            else if (used > indent.Length)
            {
                page.Append(' ');
                used++;
            }

            page.Append(word);
            used += word.Length;
        }

        return page.ToString();
    }

    /// <summary>A list with a dash in front of each.</summary>
    public static string List(IEnumerable<string> points) => string.Join('\n', points.Select(point => Wrap(point, "- ")));

    private static string Printable(string word) => string.Concat(word.Where(letter => !char.IsControl(letter)));
}
