using Bedside.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Bedside.Tests.Model;

public class ModelTests
{
    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(1_795_285_519_789_086_700, "2026-11-21T18:25:19.789086700Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    public void An_instant_is_written_with_nine_decimals(long nanoseconds, string text) =>
        Assert.Equal(text, new UtcInstant(nanoseconds).ToString());

    [Fact]
    public void An_instant_reads_what_it_writes_to_a_hundred_nanoseconds() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<uint>(), (seconds, fraction) =>
        {
            var instant = new UtcInstant((seconds * 1_000_000_000L) + (fraction % 10_000_000 * 100));
            return UtcInstant.TryParse(instant.ToString(), out UtcInstant read) && read == instant;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(128, 125, 1, 1_024_000_000)]
    [InlineData(1, 500, 500, 1_000_000_000)]
    [InlineData(1, 256, 1, 3_906_250)]
    [InlineData(1, 360, 360 * 86_400 * 30L, 2_592_000_000_000_000)]
    [InlineData(1, 3, 1, 333_333_333)]
    [InlineData(1, 3, 2, 666_666_667)]
    public void A_period_is_exact_over_any_number_of_samples(long numerator, long denominator, long samples, long nanoseconds) =>
        Assert.Equal(nanoseconds, new SamplePeriod(numerator, denominator).NanosecondsOf(samples));

    [Fact]
    public void Samples_in_the_time_of_n_samples_are_n() =>
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<int>(), (hertz, count) =>
        {
            var period = SamplePeriod.FromHertz((hertz.Get % 4000) + 1);
            return period.SamplesIn(period.NanosecondsOf(count) + (period.Nanoseconds / 2)) == count;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("95.0", 950, -1)]
    [InlineData("-0.05", -5, -2)]
    [InlineData(" +37.25 ", 3725, -2)]
    [InlineData("120", 120, 0)]
    public void A_decimal_keeps_the_precision_it_was_sent_with(string text, long mantissa, sbyte exponent)
    {
        Assert.True(Fixed.TryParse(text, out Fixed value));
        Assert.Equal(new Fixed(mantissa, exponent), value);
        Assert.Equal(text.Trim().TrimStart('+'), value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1e5")]
    [InlineData("1.2.3")]
    [InlineData("12 3")]
    [InlineData("1234567890123456789")]
    public void What_is_no_plain_decimal_is_refused(string text) => Assert.False(Fixed.TryParse(text, out _));

    [Fact]
    public void Validity_names_are_those_of_the_standard_in_kebab_case() =>
        Assert.Equal(["invalid", "demo-data", "in-alarm"], (Validity.Invalid | Validity.DemoData | Validity.InAlarm).Names());

    [Fact]
    public void The_shipped_nomenclature_is_whole()
    {
        Nomenclature shipped = Nomenclature.Shipped;
        Assert.Equal(369, shipped.Entries.Count);
        Assert.Equal("hr", shipped.ByCode(147842)!.Id);
        Assert.Equal("mm[Hg]", shipped.ById("abp")!.Unit);
        Assert.All(shipped.Entries, entry => Assert.True(entry.ShortLabel.Length <= 8, entry.Id));
        Assert.All(shipped.Entries, entry => Assert.False(entry.French.Length == 0 || entry.English.Length == 0, entry.Id));
    }

    [Fact]
    public void A_nomenclature_with_an_id_twice_is_refused()
    {
        const string header = "id,kind,display_fr,display_en,short_label,mdc_code,mdc_name,loinc,ucum,typical_min,typical_max,plausible_min,plausible_max,typical_sample_rate_hz,color_group,mdc_evidence";
        const string row = "hr,numeric,FC,HR,HR,,,,/min,,,,,,ecg,";
        Assert.Throws<FormatException>(() => Nomenclature.Parse($"{header}\n{row}\n{row}\n"));
        Assert.Throws<FormatException>(() => Nomenclature.Parse($"id,kind\n{row}\n"));
    }
}
