using System.Security.Cryptography;
using Bedside.Host.Trust;

namespace Bedside.Tests.Trust;

public sealed class RootSharesTests
{
    private const int Rounds = 300;

    [Fact]
    public void Any_two_of_three_shares_in_any_order_give_the_words_back_however_they_are_typed()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string words = RootShares.Words(RandomNumberGenerator.GetBytes(16));
            IReadOnlyList<string> shares = RootShares.Split(words);
            foreach ((int one, int other) in new[] { (0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1) })
            {
                Assert.Equal(words, RootShares.Join(shares[one], $"  {shares[other].ToUpperInvariant().Replace('-', ' ').Replace("SHARE ", "share-", StringComparison.Ordinal)}\n"));
            }
        }
    }

    /// <summary>Of what a share holds every bit is as often set as not, whatever the words are.</summary>
    [Fact]
    public void One_share_alone_says_nothing_of_the_words()
    {
        const int Times = 4_000;
        string zero = RootShares.Words(new byte[16]);
        int[][] set = new int[RootShares.Count][];
        for (int share = 0; share < RootShares.Count; share++)
        {
            set[share] = new int[256];
        }

        for (int time = 0; time < Times; time++)
        {
            IReadOnlyList<string> shares = RootShares.Split(zero);
            for (int share = 0; share < RootShares.Count; share++)
            {
                // The words are naught: a share of which the two numbers had to do with each other would show it.
                byte[] numbers = Convert.FromHexString(shares[share].Replace("share-", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal))[4..36];
                Assert.False(numbers.AsSpan(0, 16).SequenceEqual(numbers.AsSpan(16)));
                for (int bit = 0; bit < 256; bit++)
                {
                    set[share][bit] += (numbers[bit / 8] >> (bit % 8)) & 1;
                }
            }
        }

        // Seven standard deviations of a fair coin: of 768 bits one strays so far once in 10^9 runs.
        double most = 7 * Math.Sqrt(Times) / 2;
        Assert.All(set.SelectMany(bits => bits), count => Assert.InRange(count, (Times / 2) - most, (Times / 2) + most));
    }

    [Fact]
    public void A_digit_that_is_mistyped_is_found_and_the_share_named()
    {
        IReadOnlyList<string> shares = RootShares.Split(RootShares.Words(RandomNumberGenerator.GetBytes(16)));
        for (int at = "share-0001-".Length; at < shares[0].Length; at++)
        {
            if (shares[0][at] == '-')
            {
                continue;
            }

            string wrong = $"{shares[0][..at]}{(shares[0][at] == 'f' ? '0' : 'f')}{shares[0][(at + 1)..]}";
            Assert.Contains("share-0001", Assert.Throws<UnitFaultException>(() => RootShares.Join(wrong, shares[1])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_same_share_twice_shares_of_two_keys_and_what_is_none_are_refused_with_the_reason()
    {
        IReadOnlyList<string> shares = RootShares.Split(RootShares.Words(RandomNumberGenerator.GetBytes(16)));
        IReadOnlyList<string> others = RootShares.Split(RootShares.Words(RandomNumberGenerator.GetBytes(16)));
        Assert.Contains("share 2 was given twice", Said(shares[1], shares[1]), StringComparison.Ordinal);
        Assert.Contains("no share", Said(shares[0], "0123-4567"), StringComparison.Ordinal);
        Assert.Contains("no share", Said(shares[0], shares[1][..^5]), StringComparison.Ordinal);
        Assert.Contains("no share", Said(shares[0], string.Empty), StringComparison.Ordinal);
        Assert.Contains("two different root keys", Said(shares[0], others[1]), StringComparison.Ordinal);

        static string Said(string one, string other) => Assert.Throws<UnitFaultException>(() => RootShares.Join(one, other)).Message;
    }
}
