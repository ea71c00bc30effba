using Bedside.Extract.Fhir;
using Bedside.Model;

namespace Bedside.Tests.Extract.Fhir;

/// <summary>Ids that say nothing and stay.</summary>
public class ItemKeyTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_reading_is_found_by_its_id_in_every_process_with_the_key_and_in_no_other(int seed)
    {
        var random = new Random(seed);
        using var here = new FhirSecret(Key);
        using var there = new FhirSecret(Key);
        using var stranger = new FhirSecret([.. Key.Reverse()]);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 500; i++)
        {
            uint series = (uint)random.Next(1, 1 << 24);
            long time = random.NextInt64(0, 4_000_000_000_000_000_000);
            string id = here.Hide(ItemKey.OfReading(SeriesKind.Numeric, series, time));
            Assert.Matches("^[0-9a-f]{32}$", id);
            Assert.True(ids.Add(id));
            Assert.Equal(id, there.Hide(ItemKey.OfReading(SeriesKind.Numeric, series, time)));
            Assert.True(there.TryReveal(id, out UInt128 bits) && ItemKey.TryRead(bits, out ItemKey key) && key == new ItemKey(SeriesKind.Numeric, series, time, 0, 0));
            Assert.False(stranger.TryReveal(id, out UInt128 other) && ItemKey.TryRead(other, out ItemKey read) && read.Kind == SeriesKind.Numeric);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(240)]
    [InlineData(62)]
    [InlineData(1)]
    public void A_piece_of_a_wave_leads_to_about_its_time_however_long_the_clock_ran(int hertz)
    {
        var random = new Random(hertz);
        var period = SamplePeriod.FromHertz(hertz);
        for (int i = 0; i < 500; i++)
        {
            long index = random.NextInt64(0, hertz * 86_400L * 400);
            long start = 1_768_460_400_000_000_000 + period.NanosecondsOf(index) + random.Next();
            UInt128 bits = ItemKey.OfWave(7, 0xABCDE, index, start, period);
            Assert.True(ItemKey.TryRead(bits, out ItemKey key));
            Assert.Equal((SeriesKind.Waveform, 7u, index, ItemKey.EpochMark(0xABCDE)), (key.Kind, key.Series, key.FirstIndex, key.Epoch));
            Assert.InRange(start - key.Time, 0, ItemKey.OriginUnit);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("zz9794a48d43aa903a399af994eea50zz")]
    [InlineData("A099794A48D43AA903A399AF994EEA50")]
    public void What_is_no_id_of_ours_reveals_nothing(string id)
    {
        using var secret = new FhirSecret(Key);
        Assert.False(secret.TryReveal(id, out _));
    }

    [Fact]
    public void Times_are_written_in_the_zone_of_the_ward_and_cut_to_the_millisecond()
    {
        var paris = new FhirTime(TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));
        var utc = new FhirTime(TimeZoneInfo.Utc);
        Assert.Equal("2026-01-15T08:00:00.000+01:00", paris.ToText(1_768_460_400_000_999_999));
        Assert.Equal("2026-01-15T07:00:00.000999+00:00", utc.ToText(1_768_460_400_000_999_999, 6));
        Assert.Equal("2026-03-29T01:59:59.999+01:00", paris.ToText(1_774_745_999_999_999_999));
        Assert.Equal("2026-03-29T03:00:00.000+02:00", paris.ToText(1_774_746_000_000_000_000));
        Assert.Equal("1969-12-31T23:59:59.999+00:00", utc.ToText(-1));
    }

    [Theory]
    [InlineData("2026-03-29T00:30:00+01:00", "2026-03-30T00:00:00+02:00")]
    [InlineData("2026-10-25T12:00:00+01:00", "2026-10-26T00:00:00+01:00")]
    [InlineData("2026-01-15T00:00:00+01:00", "2026-01-16T00:00:00+01:00")]
    public void Days_end_at_midnight_of_the_ward(string time, string midnight)
    {
        Assert.True(UtcInstant.TryParse(time, out UtcInstant at));
        Assert.True(UtcInstant.TryParse(midnight, out UtcInstant expected));
        Assert.Equal(expected.UnixNanoseconds, FhirTime.MidnightAfter(TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"), at.UnixNanoseconds));
    }
}
