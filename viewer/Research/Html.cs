using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Bedside.Viewer.Research;

/// <summary>
/// A page as it is written, from its first element to its last. Names of elements and attributes are the program's own words; every text and every value is encoded, so that nothing somebody typed can
/// become markup. An element that is not closed makes <see cref="ToString"/> throw.
/// </summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new("<!doctype html>\n");
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; the end of the <c>using</c> closes it. A null value leaves its attribute out.</summary>
    public Within In(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Begin(name, attributes);
        _open.Push(name);
        return new Within(this);
    }

    /// <summary>An element with a text in it.</summary>
    public void Tag(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Begin(name, attributes);
        _text.Append(Encoder.Encode(text)).Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element that has no end: <c>input</c>, <c>meta</c>.</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Begin(name, attributes);
        _text.Append('\n');
    }

    public void Text(string text) => _text.Append(Encoder.Encode(text));

    public override string ToString() => _open.Count == 0 ? _text.ToString() : throw new InvalidOperationException($"<{_open.Peek()}> is not closed");

    private void Begin(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach ((string attribute, string? value) in attributes)
        {
            if (value is not null)
            {
                _text.Append(' ').Append(attribute).Append("=\"").Append(Encoder.Encode(value)).Append('"');
            }
        }

        _text.Append('>');
    }

    private void End() => _text.Append("</").Append(_open.Pop()).Append(">\n");

    /// <summary>An open element.</summary>
    internal readonly struct Within(Html page) : IDisposable
    {
        public void Dispose() => page.End();
    }
}
