using System.Security.Cryptography;
using Bedside.Extract.Sealing;

namespace Bedside.Tests.Extract.Sealing;

public sealed class AgeKeyTests
{
    /// <summary>32 bytes of 0x42, and what belongs to them: the pair that age's own documentation uses.</summary>
    private const string Secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    private const string Public = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    [Fact]
    public void A_secret_key_has_the_public_key_that_age_says()
    {
        using var identity = AgeIdentity.Parse(Secret);

        Assert.Equal(Public, identity.Recipient.ToString());
        Assert.Equal(Secret, identity.Secret());
        Assert.Equal(Public, identity.ToString());
    }

    /// <summary>RFC 7748, section 6.1.</summary>
    [Fact]
    public void The_agreement_of_the_standard_comes_out()
    {
        byte[] bob = Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] alice = Convert.FromHexString("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        byte[] shared = new byte[32];

        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Convert.ToHexStringLower(X25519.PublicOf(bob)));
        Assert.True(X25519.TryAgree(bob, alice, shared));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Convert.ToHexStringLower(shared));
    }

    /// <summary>BIP 173, its list of valid strings.</summary>
    [Fact]
    public void The_letters_of_the_standard_come_out()
    {
        byte[] data = new byte[20];

        Assert.Equal(string.Empty, Bech32.Decode("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "abcdef", data));
        Assert.Equal("00443214c74254b635cf84653a56d7c675be77df", Convert.ToHexStringLower(data));
        Assert.Equal("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", Bech32.Encode("abcdef", data));
    }

    [Fact]
    public void Any_key_is_read_back_as_it_was_written()
    {
        for (int i = 0; i < 300; i++)
        {
            using var identity = AgeIdentity.Generate();
            using var again = AgeIdentity.Parse($" {identity.Secret()}\r");

            Assert.Equal(identity.Recipient, again.Recipient);
            Assert.Equal(identity.Recipient, AgeRecipient.Parse(identity.Recipient.ToString()));
            Assert.Equal(62, identity.Recipient.ToString().Length);
        }
    }

    [Fact]
    public void Every_slip_of_one_letter_is_refused_in_one_sentence()
    {
        foreach (string key in new[] { Public, Secret })
        {
            for (int at = 0; at < key.Length; at++)
            {
                foreach (char other in "qpzry9x8gf2tvdw0s3jn54khce6mua7lbioQ1 -é")
                {
                    string typed = string.Concat(key.AsSpan(0, at), [key == Secret ? char.ToUpperInvariant(other) : other], key.AsSpan(at + 1));
                    if (typed.Trim() != key)
                    {
                        SealingException refused = Assert.Throws<SealingException>(() => key == Secret ? AgeIdentity.Parse(typed).Recipient : AgeRecipient.Parse(typed));
                        Assert.StartsWith("this is no ", refused.Message, StringComparison.Ordinal);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("", "does not begin with age1")]
    [InlineData("age1zvkyg", "9 letters and digits, not 62")]
    [InlineData(Secret, "this is a secret key")]
    [InlineData("AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ", "does not begin with age1")]
    [InlineData("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwb", "does not occur")]
    [InlineData("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujjw", "mistyped")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW", "does not begin with age1")]
    public void What_is_no_public_key_is_told_why(string text, string why)
    {
        Assert.Contains(why, AgeRecipient.Fault(text), StringComparison.Ordinal);
        Assert.Null(AgeRecipient.TryParse(text));
    }

    /// <summary>Points of low order: with them everybody comes to the same secret.</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void A_weak_point_is_refused(string point)
    {
        string text = Bech32.Encode("age", Convert.FromHexString(point));

        Assert.Contains("weak", AgeRecipient.Fault(text), StringComparison.Ordinal);
        Assert.False(X25519.TryAgree(RandomNumberGenerator.GetBytes(32), Convert.FromHexString(point), new byte[32]));
    }

    [Fact]
    public void A_file_of_keys_may_have_remarks_and_must_have_a_key()
    {
        Assert.Equal(Public, Assert.Single(AgeIdentity.ParseFile($"# created: then\r\n# public key: {Public}\r\n\r\n{Secret}\r\n")).Recipient.ToString());
        Assert.Contains("there is no secret key", Assert.Throws<SealingException>(() => AgeIdentity.ParseFile("# nothing\n")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("GFPYY", Assert.Throws<SealingException>(() => AgeIdentity.ParseFile(Secret[..^1])).Message, StringComparison.Ordinal);
    }
}
