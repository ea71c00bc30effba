using Bedside.Model.Settings;
using Bedside.Viewer;

namespace Bedside.Tests.Settings;

/// <summary>Which colours a ward may choose.</summary>
public class ColourRuleTests
{
    [Theory]
    [InlineData("#ff0000", "5.2")]
    [InlineData("#0000ff", "2.4")]
    [InlineData("#005500", "2.")]
    [InlineData("#000000", "1.0")]
    public void A_colour_that_cannot_be_read_on_black_is_refused_with_its_contrast(string colour, string contrast)
    {
        SettingsFault? refusal = ColourMap.Refusal("ecg", colour);
        Assert.Equal("colours.ecg", refusal?.Field);
        Assert.Contains($"contrast {contrast}", refusal?.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#ffff00")]
    [InlineData("#fff000")]
    [InlineData("#00ffff")]
    [InlineData("#00f0ff")]
    public void The_pure_yellow_and_cyan_of_alarms_are_refused_though_they_can_be_read(string colour) =>
        Assert.Contains("alarms", ColourMap.Refusal("spo2", colour)?.English, StringComparison.Ordinal);

    [Fact]
    public void Every_default_may_be_chosen_and_nothing_that_may_be_chosen_is_dark_or_an_alarms()
    {
        Assert.All(ColourMap.Defaults, pair => Assert.Null(ColourMap.Refusal(pair.Key, pair.Value)));
        var random = new Random(7);
        int taken = 0;
        for (int i = 0; i < 20_000; i++)
        {
            int rgb = random.Next(1 << 24);
            if (ColourMap.Refusal("art", $"#{rgb:x6}") is not null)
            {
                continue;
            }

            taken++;
            (int red, int green, int blue) = (rgb >> 16, (rgb >> 8) & 255, rgb & 255);
            Assert.False(red > 240 && green < 36 && blue < 36, $"{rgb:x6} is red");
            Assert.False(red > 240 && green > 240 && blue < 36, $"{rgb:x6} is yellow");
            Assert.False(green > 240 && blue > 240 && red < 36, $"{rgb:x6} is cyan");
            Assert.True((0.2126 * red) + (0.7152 * green) + (0.0722 * blue) > 90, $"{rgb:x6} is dark");
        }

        Assert.InRange(taken, 2_000, 18_000);
    }

    [Theory]
    [InlineData("ecg", "green")]
    [InlineData("ecg", "#00E67")]
    [InlineData("ecg", "#00e67g")]
    [InlineData("nobody", "#ffffff")]
    public void What_is_no_colour_or_no_group_is_refused(string group, string colour) => Assert.NotNull(ColourMap.Refusal(group, colour));
}
