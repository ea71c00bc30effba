using Bedside.Model;

namespace Bedside.Tests.Model;

/// <summary>A time that the product printed is read as the same time.</summary>
public sealed class InstantTextRoundTripTests
{
    [Fact]
    public void Every_nanosecond_that_is_written_is_read()
    {
        var random = new Random(20261122);
        for (int i = 0; i < 2_000; i++)
        {
            var instant = new UtcInstant(random.NextInt64(0, 4_000_000_000_000_000_000));
            Assert.True(UtcInstant.TryParse(instant.ToString(), out UtcInstant read));
            Assert.Equal(instant, read);
        }
    }

    [Theory]
    [InlineData("2026-11-22T06:55:33.628777784Z", 628_777_784)]
    [InlineData("2026-11-22T06:55:33.99999999Z", 999_999_990)]
    [InlineData("2026-11-22T06:55:33.6287777849+00:00", 628_777_784)]
    [InlineData("2026-11-22T07:55:33.5+01:00", 500_000_000)]
    [InlineData("2026-11-22T06:55:33Z", 0)]
    public void Digits_after_the_ninth_are_cut_and_none_is_rounded(string text, long nanoseconds)
    {
        Assert.True(UtcInstant.TryParse(text, out UtcInstant read));
        Assert.Equal(new UtcInstant((1_795_330_533L * 1_000_000_000) + nanoseconds), read);
    }

    [Theory]
    [InlineData("33.12345678")]
    [InlineData(".")]
    [InlineData("2026-11-22T06:55:33.123456789x")]
    public void What_is_no_time_is_refused(string text) => Assert.False(UtcInstant.TryParse(text, out _));
}
