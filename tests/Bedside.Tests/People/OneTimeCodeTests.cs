using Bedside.Model;
using Bedside.Model.People;

namespace Bedside.Tests.People;

/// <summary>Codes that are read aloud and typed: what was shown counts however it is written, and nothing else does.</summary>
public sealed class OneTimeCodeTests
{
    private static readonly UtcInstant Now = new(1_000_000_000_000);
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    [Fact]
    public void A_code_counts_however_it_is_typed_and_no_other_does()
    {
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            (string code, OneTimeCode kept) = OneTimeCodes.Make(Now, Life);
            Assert.True(AccountRules.Matches(kept, code, Now));
            Assert.True(AccountRules.Matches(kept, code.ToLowerInvariant().Replace('-', ' '), Now));
            Assert.True(AccountRules.Matches(kept, code.Replace("-", string.Empty, StringComparison.Ordinal).Replace('1', 'l').Replace('0', 'o'), Now));

            int at = random.Next(code.Length);
            char other = "ABCDEFGH"[random.Next(8)];
            if (code[at] != '-' && code[at] != other)
            {
                Assert.False(AccountRules.Matches(kept, string.Concat(code.AsSpan(0, at), other.ToString(), code.AsSpan(at + 1)), Now));
            }

            Assert.False(AccountRules.Matches(kept, code[..^1], Now));
            Assert.False(AccountRules.Matches(kept, code + "0", Now));
        }
    }

    [Fact]
    public void A_code_is_worth_nothing_from_its_end_on()
    {
        (string code, OneTimeCode kept) = OneTimeCodes.Make(Now, Life);

        Assert.True(AccountRules.Matches(kept, code, new UtcInstant(kept.Until.UnixNanoseconds - 1)));
        Assert.False(AccountRules.Matches(kept, code, kept.Until));
        Assert.Equal(15L * 60 * 1_000_000_000, kept.Until.Since(Now));
    }

    [Fact]
    public void Codes_are_128_bits_in_groups_and_never_the_same_and_only_their_hash_is_kept()
    {
        HashSet<string> codes = [];
        for (int i = 0; i < 200; i++)
        {
            (string code, OneTimeCode kept) = OneTimeCodes.Make(Now, Life);
            Assert.Matches("^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{6}$", code);
            Assert.True(codes.Add(code));
            Assert.Equal(64, kept.Hash.Length);
        }
    }
}
