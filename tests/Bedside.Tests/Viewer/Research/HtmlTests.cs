using System.Net;
using Bedside.Viewer.Research;
using FsCheck;
using FsCheck.Fluent;

namespace Bedside.Tests.Viewer.Research;

/// <summary>The writer of pages: what was typed is text, and a page is whole.</summary>
public sealed class HtmlTests
{
    [Fact]
    public void Whatever_is_written_as_text_or_value_comes_back_as_it_was_and_opens_nothing() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll<string?>(ComesBack));

    private static bool ComesBack(string? said)
    {
        // What XML and HTML know no letter for cannot come from a form.
        string text = string.Concat((said ?? string.Empty).EnumerateRunes().Where(rune => rune.Value >= ' ' && rune.Value is not (0xFFFD or >= 0x7F and < 0xA0) && (rune.Value & 0xFFFE) != 0xFFFE)) + "<script>\"'&";
        var html = new Html();
        html.Tag("p", text, ("title", text));
        string page = html.ToString();

        int begin = page.IndexOf('>', page.IndexOf("<p", StringComparison.Ordinal)) + 1;
        string inner = page[begin..page.LastIndexOf("</p>", StringComparison.Ordinal)];
        int quote = page.IndexOf("title=\"", StringComparison.Ordinal) + "title=\"".Length;
        string value = page[quote..page.IndexOf('"', quote)];
        return !inner.Contains('<', StringComparison.Ordinal) && !value.Contains('<', StringComparison.Ordinal) && WebUtility.HtmlDecode(inner) == text && WebUtility.HtmlDecode(value) == text;
    }

    [Fact]
    public void A_page_with_an_element_that_was_not_closed_is_none()
    {
        var page = new Html();
        _ = page.In("main");
        Assert.Throws<InvalidOperationException>(page.ToString);
    }

    [Fact]
    public void An_attribute_without_a_value_is_left_out_and_letters_of_French_stay_as_they_are()
    {
        var page = new Html();
        page.Tag("a", "l’été à Nîmes", ("class", null), ("href", "/é"));
        Assert.Contains("<a href=\"/é\">l’été à Nîmes</a>", page.ToString());
    }

    [Fact]
    public void Ranges_are_read_as_RFC_9110_says() => Prop.ForAll(
        (from length in Gen.Choose(1, 1000) from a in Gen.Choose(0, 1200) from b in Gen.Choose(0, 1200) select (length, a, b)).ToArbitrary(),
        one =>
        {
            (int length, int a, int b) = one;
            Assert.Equal(a < length, ByteRange.TryRead($"bytes={a}-", length, out ByteRange? open));
            Assert.Equal(a < length ? new ByteRange(a, length - 1) : null, open);
            Assert.Equal(b > 0, ByteRange.TryRead($"bytes=-{b}", length, out ByteRange? tail));
            Assert.Equal(b > 0 ? new ByteRange(Math.Max(0, length - b), length - 1) : null, tail);
            bool isRange = a <= b;
            Assert.Equal(!isRange || a < length, ByteRange.TryRead($"bytes={a}-{b}", length, out ByteRange? part));
            Assert.Equal(isRange && a < length ? new ByteRange(a, Math.Min(b, length - 1)) : null, part);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("lines=1-2")]
    [InlineData("nonsense")]
    public void What_is_no_single_range_of_bytes_is_answered_with_the_whole(string header)
    {
        Assert.True(ByteRange.TryRead(header, 10, out ByteRange? range));
        Assert.Null(range);
    }
}
