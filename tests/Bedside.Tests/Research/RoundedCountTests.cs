using Bedside.Model.Research;

namespace Bedside.Tests.Research;

/// <summary>No count that is told to the public finds anybody.</summary>
public sealed class RoundedCountTests
{
    [Fact]
    public void Fewer_than_eleven_are_few_and_more_are_told_to_the_nearest_five()
    {
        for (int patients = 0; patients < 3000; patients++)
        {
            string told = RoundedCount.Of(patients);
            Assert.True(RoundedCount.Is(told));
            Assert.Equal(patients < 11, told == "<11");
            Assert.True(patients < 11 || (Math.Abs(int.Parse(told, System.Globalization.CultureInfo.InvariantCulture) - patients) <= 2 && told[^1] is '0' or '5'), told);
        }

        Assert.All(["12", "<12", "5", "0", "+15", "015", string.Empty, "15 "], text => Assert.False(RoundedCount.Is(text), text));
    }
}
