using System.Globalization;
using System.Text;
using Bedside.Host.Measuring.Peers;
using Bedside.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Bedside.Tests.Measuring;

/// <summary>What is written as a line reads back as what it was, by a reader of our own; and what cannot be said is refused.</summary>
public sealed class LineProtocolTests
{
    private const string Letters = "abcXYZ059 ,=-_./éµ↑#";

    private static Gen<string> Name => Gen.Choose(0, Letters.Length - 1).Select(place => Letters[place]).NonEmptyListOf().Select(letters => string.Concat(letters));

    private static Gen<long> Mantissa => Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(small => (long)small),
        from high in Gen.Choose(-1_000_000, 1_000_000) from low in Gen.Choose(0, 999_999_999) select (high * 1_000_000_000L) + low);

    private static Gen<Fixed> Value => from mantissa in Mantissa from exponent in Gen.Choose(-20, 3) select new Fixed(mantissa, (sbyte)exponent);

    private static Gen<(string Name, Fixed Value)> Field => from name in Name from value in Value select (name, value);

    private static Gen<long> Time => from seconds in Gen.Choose(0, int.MaxValue) from rest in Gen.Choose(0, 999_999_999) select (seconds * 1_000_000_000L) + rest;

    [Fact]
    public void What_is_written_reads_back()
    {
        Gen<(string Measurement, (string Name, Fixed Value)[] Fields, long Time)> lines =
            from measurement in Name
            from fields in Field.NonEmptyListOf()
            from time in Time
            where measurement[0] != '#' && fields.TrueForAll(field => field.Name != "time")
            select (Measurement: measurement, Fields: fields.DistinctBy(field => field.Name, StringComparer.Ordinal).ToArray(), Time: time);
        Prop.ForAll(lines.ListOf().ToArbitrary(), many =>
        {
            var writer = new LineProtocol();
            foreach ((string measurement, (string Name, Fixed Value)[] fields, long time) in many)
            {
                LineKind kind = LineKind.Of(measurement, [.. fields.Select(field => field.Name)], out _)!;
                if (!writer.TryAdd(kind, [.. fields.Select(field => field.Value)], new UtcInstant(time), out _))
                {
                    Assert.Contains(fields, field => IsLong(field.Value)); // refused, and nothing of it stays behind
                }
            }

            var said = many.Where(line => !Array.Exists(line.Fields, field => IsLong(field.Value))).ToList();
            string text = Encoding.UTF8.GetString(writer.Written.Span);
            Assert.Equal(said.Count, writer.Lines);
            Assert.Equal(said.Select(line => Line(line.Measurement, line.Fields.Select(field => (field.Name, Plain(field.Value))), line.Time)), Read(text));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lines_are_those_of_the_protocol()
    {
        var writer = new LineProtocol();
        LineKind kind = LineKind.Of("wave, slow", ["a b", "c,d=e", "f"], out _)!;
        Assert.True(writer.TryAdd(kind, [new Fixed(-5, 0), new Fixed(-367, -1), new Fixed(7, -3)], new UtcInstant(1_790_812_800_000_000_001), out _));
        Assert.Equal("wave\\,\\ slow a\\ b=-5i,c\\,d\\=e=-36.7,f=0.007 1790812800000000001\n", Encoding.UTF8.GetString(writer.Written.Span));
        writer.Clear();
        Assert.Equal(0, writer.Lines);
        Assert.True(writer.Written.IsEmpty);
    }

    [Theory]
    [InlineData("", "f", "empty name")]
    [InlineData("m", "", "empty name")]
    [InlineData("#m", "f", "comment")]
    [InlineData("m", "a\nb", "control character")]
    [InlineData("m", "a\"b", "quote")]
    [InlineData("m\\", "b", "backslash")]
    [InlineData("m", "time", "the time itself")]
    [InlineData("m", "f|f", "twice")]
    public void Names_that_no_line_can_say_are_refused(string measurement, string fields, string why)
    {
        Assert.Null(LineKind.Of(measurement, fields.Split('|'), out string refusal));
        Assert.Contains(why, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_fields_or_with_a_name_without_end_is_refused()
    {
        Assert.Null(LineKind.Of("m", [], out string refusal));
        Assert.Contains("without a field", refusal, StringComparison.Ordinal);
        Assert.Null(LineKind.Of("m", [new string('é', 501)], out refusal));
        Assert.Contains("too long", refusal, StringComparison.Ordinal);
        Assert.NotNull(LineKind.Of("m", [new string('é', 500)], out _));
    }

    [Theory]
    [InlineData(1, 18, 0, null)]
    [InlineData(1, 19, 0, "exactly")]
    [InlineData(0, 127, 0, null)]
    [InlineData(long.MinValue, 0, 0, null)]
    [InlineData(long.MinValue, 1, 0, "exactly")]
    [InlineData(999_999_999_999_999, -1, 0, null)]
    [InlineData(1_000_000_000_000_000, -1, 0, "exactly")]
    [InlineData(long.MinValue, -1, 0, "exactly")]
    [InlineData(1, 0, -1, "time")]
    [InlineData(1, 0, long.MaxValue, "time")]
    public void Values_and_times_that_would_not_come_back_are_refused_and_leave_nothing(long mantissa, sbyte exponent, long time, string? why)
    {
        var writer = new LineProtocol();
        LineKind kind = LineKind.Of("m", ["f"], out _)!;
        Assert.Equal(why is null, writer.TryAdd(kind, [new Fixed(mantissa, exponent)], new UtcInstant(time), out string refusal));
        Assert.Contains(why ?? string.Empty, refusal, StringComparison.Ordinal);
        Assert.Equal(why is null, !writer.Written.IsEmpty);
        Assert.Equal(why is null ? 1 : 0, writer.Lines);
    }

    [Fact]
    public void As_many_values_as_fields_make_a_line()
    {
        var writer = new LineProtocol();
        Assert.False(writer.TryAdd(LineKind.Of("m", ["a", "b"], out _)!, [new Fixed(1, 0)], default, out string refusal));
        Assert.Contains("as many values", refusal, StringComparison.Ordinal);
        Assert.True(writer.Written.IsEmpty);
    }

    /// <summary>More than a line can say: a decimal of more digits than a float64 has, or a whole number of more than 63 bits.</summary>
    private static bool IsLong(Fixed value) =>
        value.Exponent < 0
            ? Math.Abs((decimal)value.Mantissa) >= 1_000_000_000_000_000m
            : Math.Abs(value.Mantissa * (decimal)Math.Pow(10, value.Exponent)) > long.MaxValue;

    private static string Plain(Fixed value) =>
        value.Exponent < 0
            ? (value.Mantissa / Math.Pow(10, -value.Exponent)).ToString("G15", CultureInfo.InvariantCulture)
            : ((long)(value.Mantissa * (decimal)Math.Pow(10, value.Exponent))).ToString(CultureInfo.InvariantCulture) + "i";

    private static string Line(string measurement, IEnumerable<(string Name, string Value)> fields, long time) =>
        $"{measurement}|{string.Join('|', fields.Select(field => $"{field.Name}|{field.Value}"))}|{time}";

    /// <summary>A reader by the document: backslashes escape commas, blanks and equals signs.</summary>
    private static IEnumerable<string> Read(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            string measurement = Until(text, ref at, ' ');
            var fields = new List<(string Name, string Value)>();
            do
            {
                string name = Until(text, ref at, '=');
                int end = text.IndexOfAny([',', ' '], at);
                fields.Add((name, Number(text[at..end])));
                at = end + 1;
            }
            while (text[at - 1] == ',');

            int line = text.IndexOf('\n', at);
            yield return Line(measurement, fields, long.Parse(text.AsSpan(at, line - at), NumberStyles.None, CultureInfo.InvariantCulture));
            at = line + 1;
        }
    }

    private static string Number(string text) => text.EndsWith('i')
        ? long.Parse(text[..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) + "i"
        : double.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture).ToString("G15", CultureInfo.InvariantCulture);

    /// <summary>Up to the sign and past it, with what is escaped unescaped.</summary>
    private static string Until(string text, ref int at, char sign)
    {
        var read = new StringBuilder();
        while (text[at] != sign)
        {
            at += text[at] == '\\' ? 1 : 0;
            Assert.NotEqual('\n', text[at]);
            _ = read.Append(text[at++]);
        }

        at++;
        return read.ToString();
    }
}
