using Bedside.Extract.Fhir;
using Bedside.Viewer.Fhir;

namespace Bedside.Tests.Viewer.Fhir;

/// <summary>The truth table of tokens and dates (FHIR sheet, section 6.1).</summary>
public class SearchWordTests
{
    private const long Second = 1_000_000_000;
    private const long Hour = 3600;
    private const long Day = 24 * Hour;

    /// <summary>2026-01-15T08:00:00+01:00.</summary>
    private const long Eight = 1_768_460_400 * Second;

    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
    private static readonly FhirCoding[] HeartRate = [FhirCoding.OfLoinc("8867-4"), FhirCoding.OfMdc(147842, "MDC_ECG_HEART_RATE")];

    [Theory]
    [InlineData("http://loinc.org|8867-4", true)]
    [InlineData("urn:iso:std:iso:11073:10101|147842", true)]
    [InlineData("8867-4", true)]
    [InlineData("147842", true)]
    [InlineData("http://loinc.org|", true)]
    [InlineData("urn:iso:std:iso:11073:10101|", true)]
    [InlineData("|8867-4", false)]
    [InlineData("http://loinc.org|147842", false)]
    [InlineData("urn:iso:std:iso:11073:10101|8867-4", false)]
    [InlineData("9279-1,8867-4", true)]
    [InlineData("9279-1,http://loinc.org|8310-5", false)]
    [InlineData("http://snomed.info/sct|", false)]
    [InlineData("8867-4\\,9279-1", false)]
    [InlineData("http://loinc.org\\|8867-4", false)]
    public void A_token_fits_any_coding_of_its_system_and_code(string value, bool fits) =>
        Assert.Equal(fits, SearchToken.Read(value)!.Any(token => HeartRate.Any(token.Fits)));

    [Theory]
    [InlineData("")]
    [InlineData("|")]
    [InlineData("a|b|c")]
    [InlineData("8867-4,")]
    public void What_is_no_token_is_refused(string value) => Assert.Null(SearchToken.Read(value));

    [Fact]
    public void Escapes_are_taken_off_after_the_values_are_told_apart()
    {
        Assert.Equal([new SearchToken(System: null, "a,b"), new SearchToken("s|1", "c$\\")], SearchToken.Read("a\\,b,s\\|1|c\\$\\\\"));
    }

    [Theory]
    [InlineData("2026", -((14 * Day) + (8 * Hour)), (351 * Day) - (8 * Hour))]
    [InlineData("2026-01", -((14 * Day) + (8 * Hour)), (17 * Day) - (8 * Hour))]
    [InlineData("2026-01-15", -8 * Hour, 16 * Hour)]
    [InlineData("2026-01-15T08:00", 0, 60)]
    [InlineData("2026-01-15T08:00:00", 0, 1)]
    [InlineData("2026-01-15T07:00:00Z", 0, 1)]
    [InlineData("2026-01-15T08:00:00+01:00", 0, 1)]
    [InlineData("2026-01-15T08:00:00 01:00", 0, 1)]
    [InlineData("2026-01-15T02:00:00-05:00", 0, 1)]
    public void A_partial_date_means_the_whole_interval_of_the_ward(string text, long low, long high)
    {
        var date = SearchDate.Read(text, Paris, Eight);
        Assert.NotNull(date);
        Assert.Equal((Eight + (low * Second), Eight + (high * Second)), (date.Low, date.High));
    }

    [Theory]
    [InlineData("2026-13")]
    [InlineData("2026-02-30")]
    [InlineData("2026-01-15T25:00Z")]
    [InlineData("2026-01-15T08")]
    [InlineData("xx2026-01-15")]
    [InlineData("yesterday")]
    [InlineData("26-01-15")]
    [InlineData("2026-01-15T08:00:00+99:00")]
    [InlineData("")]
    public void What_is_no_date_is_refused(string text) => Assert.Null(SearchDate.Read(text, Paris, Eight));

    /// <summary>Rows: prefix. Columns: an instant a second before, at the begin, within, at the end of the interval 08:00:00–08:01:00, and a period that reaches over its begin, one that holds it, one within.</summary>
    [Theory]
    [InlineData("", "0110001")]
    [InlineData("eq", "0110001")]
    [InlineData("ne", "1001110")]
    [InlineData("gt", "0001010")]
    [InlineData("ge", "0111111")]
    [InlineData("lt", "1000110")]
    [InlineData("le", "1110111")]
    [InlineData("sa", "0001000")]
    [InlineData("eb", "1000000")]
    public void Prefixes_compare_with_instants_and_with_periods_that_overlap(string prefix, string row)
    {
        (long From, long To)[] things =
        [
            Instant(-Second), Instant(0), Instant(30 * Second), Instant(60 * Second),
            (-5 * Second, 5 * Second), (-5 * Second, 65 * Second), (10 * Second, 20 * Second),
        ];
        SearchDate date = SearchDate.Read($"{prefix}2026-01-15T08:00", Paris, Eight)!;

        Assert.Equal(row, string.Concat(things.Select(thing => date.Fits(Eight + thing.From, Eight + thing.To) ? '1' : '0')));
        Assert.All(things.Where(thing => date.Fits(Eight + thing.From, Eight + thing.To)), thing =>
        {
            Assert.True(Eight + thing.To > date.After);
            Assert.True(Eight + thing.From < date.Before);
        });

        static (long, long) Instant(long at) => (at, at + 1_000_000);
    }

    [Fact]
    public void About_reaches_a_tenth_of_how_long_ago_it_is()
    {
        SearchDate date = SearchDate.Read("ap2026-01-15T08:00:00+01:00", Paris, Eight + (100 * Second))!;
        Assert.Equal((Eight - (10 * Second), Eight + (11 * Second)), (date.Low, date.High));
    }
}
