using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>Small parts that several pages have.</summary>
internal static class Parts
{
    public static void Fact(Html page, string name, string value)
    {
        using (page.In("div"))
        {
            page.Tag("dt", name);
            page.Tag("dd", value.Length == 0 ? "–" : value);
        }
    }

    /// <summary>What went wrong, or what was done, above everything else of the page; read aloud at once.</summary>
    public static void Notice(Html page, string heading, string says, bool isFault)
    {
        using (page.In("div", ("class", isFault ? "notice notice-fault" : "notice"), ("role", isFault ? "alert" : "status")))
        {
            page.Tag("strong", heading);
            page.Tag("p", says);
        }
    }

    /// <summary>A hidden field.</summary>
    public static void Carry(Html page, string name, string value) => page.Void("input", ("type", "hidden"), ("name", name), ("value", value));

    /// <summary>A field of one line with its label, what is wrong beside it, and a hint.</summary>
    /// <param name="type">Of the element: <c>text</c>, <c>date</c>, <c>password</c>.</param>
    public static void Field(Html page, Tongue tongue, FieldWords words, string value, IReadOnlyList<RequestFault> faults, string type = "text", string? list = null, string? complete = "off")
    {
        string id = words.Id;
        using (page.In("div", ("class", "form-field")))
        {
            page.Tag("label", tongue.Of(words.Label), ("for", id));
            string? described = Described(page, tongue, words, faults, id);
            page.Void(
                "input", ("class", "field"), ("type", type), ("id", id), ("name", words.Name), ("value", type == "password" ? string.Empty : value), ("list", list), ("autocomplete", complete),
                ("aria-describedby", described), ("aria-invalid", faults.Count > 0 ? "true" : null), ("maxlength", words.Longest > 0 ? $"{words.Longest}" : null));
        }
    }

    /// <summary>The same of several lines.</summary>
    public static void Area(Html page, Tongue tongue, FieldWords words, string value, IReadOnlyList<RequestFault> faults, int rows = 3)
    {
        string id = words.Id;
        using (page.In("div", ("class", "form-field")))
        {
            page.Tag("label", tongue.Of(words.Label), ("for", id));
            string? described = Described(page, tongue, words, faults, id);

            // The first line of a text would be lost without the one that a browser leaves out.
            page.Tag(
                "textarea", $"\n{value}", ("class", "field"), ("id", id), ("name", words.Name), ("rows", $"{rows}"), ("aria-describedby", described), ("aria-invalid", faults.Count > 0 ? "true" : null),
                ("maxlength", words.Longest > 0 ? $"{words.Longest}" : null));
        }
    }

    /// <summary>The id of a field: letters and hyphens of its name.</summary>
    public static string IdOf(string name) => $"f-{string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')).Trim('-')}";

    public static void Faults(Html page, Tongue tongue, IReadOnlyList<RequestFault> faults, string? id)
    {
        if (faults.Count > 0)
        {
            page.Tag("p", string.Join(' ', faults.Select(fault => tongue.Of(fault.Sentence))), ("class", "fault"), ("id", id));
        }
    }

    private static string? Described(Html page, Tongue tongue, FieldWords words, IReadOnlyList<RequestFault> faults, string id)
    {
        string hint = tongue.Of(words.Hint);
        if (hint.Length > 0)
        {
            page.Tag("p", hint, ("class", "hint"), ("id", $"{id}-hint"));
        }

        Faults(page, tongue, faults, $"{id}-fault");
        string described = string.Join(' ', new[] { hint.Length > 0 ? $"{id}-hint" : null, faults.Count > 0 ? $"{id}-fault" : null }.OfType<string>());
        return described.Length > 0 ? described : null;
    }
}

/// <summary>A field of a form: its name, as the rules call it, and its words.</summary>
/// <param name="Longest">Letters, at most; 0 = the rules say.</param>
/// <param name="Form">Tells fields of the same name in several forms of a page apart; empty = there is one.</param>
internal sealed record FieldWords(string Name, TwoTongues Label, TwoTongues Hint, int Longest = 0, string Form = "")
{
    public string Id => Parts.IdOf(Form.Length == 0 ? Name : $"{Name}-{Form}");

    public static FieldWords Of(string name, string french, string english, string frenchHint = "", string englishHint = "", int longest = 0) =>
        new(name, new TwoTongues(french, english), new TwoTongues(frenchHint, englishHint), longest);
}
