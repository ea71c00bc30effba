using Bedside.Model;
using Bedside.Model.Context;
using Bedside.Storage;

namespace Bedside.Tests.Model.Context;

/// <summary>What a mark says in codes: as text, as bytes, and never more than its bounds.</summary>
public class CodedAttributesTests
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789-";

    [Fact]
    public void Whatever_is_coded_is_read_again_from_text_and_from_bytes()
    {
        var random = new Random(20261122);
        for (int i = 0; i < 2_000; i++)
        {
            CodedAttributes attributes = Any(random);
            Assert.True(CodedAttributes.TryParse(attributes.ToString(), out CodedAttributes? read));
            Assert.Equal(attributes, read);
            Assert.Equal(attributes.GetHashCode(), read.GetHashCode());

            var mark = new AnnotationBlock { Signal = new SignalNumber((uint)random.Next(9)), Start = new UtcInstant(random.NextInt64(1, long.MaxValue / 2)), Key = "key-00000001", Kind = "probe-site", Source = "bed", Attributes = attributes };
            Assert.Equal(mark, BlockCodec.Decode(BlockCodec.Encode(mark)));
        }
    }

    [Fact]
    public void A_mark_without_attributes_has_the_bytes_it_always_had()
    {
        var mark = new AnnotationBlock { Signal = SignalNumber.None, Start = new UtcInstant(1), Key = "k", Kind = "note", Source = "bed" };
        Assert.DoesNotContain("attributes", System.Text.Encoding.UTF8.GetString(BlockCodec.Encode(mark)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("site=finger-left;site=ear")]
    [InlineData("site")]
    [InlineData("site=")]
    [InlineData("=ear")]
    [InlineData("site=Ear")]
    [InlineData("site=ear;")]
    [InlineData("site=ear\n")]
    [InlineData("a=1;b=1;c=1;d=1;e=1;f=1;g=1;h=1;i=1")]
    public void What_is_no_code_is_refused(string text) => Assert.False(CodedAttributes.TryParse(text, out _));

    [Fact]
    public void Random_text_is_read_or_refused_and_never_more()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => "ab1-=;=;=; é\n"[random.Next(13)]));
            if (CodedAttributes.TryParse(text, out CodedAttributes? read))
            {
                Assert.True(read.Values.Count <= CodedAttributes.Most);
                Assert.True(CodedAttributes.TryParse(read.ToString(), out CodedAttributes? again));
                Assert.Equal(read, again);
            }
        }
    }

    [Theory]
    [InlineData("""{"site":"é"}""")]
    [InlineData("""{"site":null}""")]
    [InlineData("""{"a":"1","b":"1","c":"1","d":"1","e":"1","f":"1","g":"1","h":"1","i":"1"}""")]
    public void A_stored_mark_that_says_anything_else_is_damage(string attributes)
    {
        byte[] good = BlockCodec.Encode(new AnnotationBlock { Signal = SignalNumber.None, Start = new UtcInstant(1), Key = "k", Kind = "note", Source = "bed", Attributes = CodedAttributes.None.With("site", "ear") });
        string text = System.Text.Encoding.Latin1.GetString(good).Replace("""{"site":"ear"}""", System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(attributes)), StringComparison.Ordinal);
        Assert.Throws<BlockFormatException>(() => BlockCodec.Decode(System.Text.Encoding.Latin1.GetBytes(text)));
    }

    private static CodedAttributes Any(Random random)
    {
        CodedAttributes attributes = CodedAttributes.None;
        for (int n = random.Next(CodedAttributes.Most + 1); n > 0; n--)
        {
            attributes = attributes.With(Code(random), Code(random));
        }

        return attributes;
    }

    private static string Code(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 41)).Select(_ => Letters[random.Next(Letters.Length)]));
}
