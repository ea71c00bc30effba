using Bedside.Model.People;

namespace Bedside.Tests.People;

/// <summary>What is taken as a password or a PIN.</summary>
public sealed class SecretRulesTests
{
    private static readonly string[] Place = ["4711", "Camille Durand", "bed-12"];

    [Theory]
    [InlineData("quatorze lettre", SecretFault.None)]
    [InlineData("correct horse battery staple", SecretFault.None)]
    [InlineData("été à la mer 🌊 bleue", SecretFault.None)]
    [InlineData("zq7#zq7#mv2!pk9&", SecretFault.None)]
    [InlineData("fourteen lettr", SecretFault.TooShort)]
    [InlineData("passwordpassword", SecretFault.Common)]
    [InlineData("Password12345678", SecretFault.Common)]
    [InlineData("motdepasse2026!!", SecretFault.Common)]
    [InlineData("azertyuiopqsdfgh", SecretFault.Common)]
    [InlineData("abcdefghijklmnop", SecretFault.Common)]
    [InlineData("aaaaaaaaaaaaaaaaaa", SecretFault.Common)]
    [InlineData("123456789012345", SecretFault.Common)]
    [InlineData("CamilleDurand-4711", SecretFault.Common)]
    public void A_password_is_long_and_not_what_is_tried_first(string password, object fault) => Assert.Equal((SecretFault)fault, SecretRules.Judge(password, Place));

    [Fact]
    public void A_password_has_at_most_128_characters() =>
        Assert.Equal(SecretFault.TooLong, SecretRules.Judge(new string('x', SecretRules.LongestPassword + 1), []));

    [Theory]
    [InlineData("294817", true)]
    [InlineData("123456", false)]
    [InlineData("654321", false)]
    [InlineData("000000", false)]
    [InlineData("29481", false)]
    [InlineData("29481a", false)]
    public void A_pin_is_six_digits_that_are_no_row(string pin, bool isTaken) => Assert.Equal(isTaken, SecretRules.JudgePin(pin) == SecretFault.None);

    [Fact]
    public void No_password_takes_long_to_judge()
    {
        long start = TimeProvider.System.GetTimestamp();
        foreach (string piece in new[] { "pass", "passpassw", "lovelov", "1234love", "dragonmaster" })
        {
            _ = SecretRules.Judge(string.Concat(Enumerable.Repeat(piece, 40))[..SecretRules.LongestPassword], Place);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }
}
