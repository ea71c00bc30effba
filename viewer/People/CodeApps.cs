using System.Security.Cryptography;
using System.Text;
using Bedside.Model.People;
using OtpNet;
using QRCoder;

namespace Bedside.Viewer.People;

/// <summary>
/// Codes that an app on somebody's phone makes of the time (RFC 6238: SHA-1, 30 s, six digits, which every app knows). The box needs no network for them. Each code counts once, and the box learns by how much
/// the phone's clock and its own are apart, because it may have its time from nobody.
/// </summary>
internal sealed class CodeApps(SecretCheck check, TimeProvider time)
{
    private const int Digits = 6;
    private const int StepSeconds = 30;
    private const int SeedBytes = 16;

    /// <summary>Steps by which the clocks may be apart when the app is set up: ten minutes.</summary>
    private const int MostApart = 20;

    /// <summary>The code of before and of after now, too: hands are slow, and clocks drift (RFC 6238, section 5.2).</summary>
    private const int Slack = 1;

    /// <summary>Of letters: what somebody can type without losing the place.</summary>
    private const int Group = 4;

    /// <summary>Numbers of the last steps taken where the disk did not take them.</summary>
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public static string NewSeed() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(SeedBytes));

    /// <summary>A password with six digits after it; without them the code is empty.</summary>
    public static (string Password, string Code) Split(string said) =>
        said.Length > Digits && said[^Digits..].All(char.IsAsciiDigit) ? (said[..^Digits], said[^Digits..]) : (said, string.Empty);

    /// <summary>What is shown for an app to be set up. Throws <see cref="IOException"/> without a box key.</summary>
    /// <param name="box">As the app names it.</param>
    public CodeAppAsk Ask(string badge, string seed, string box)
    {
        byte[] secret = check.CodeSecret(badge, seed);
        string uri = new OtpUri(OtpType.Totp, secret, badge, $"Bedside {box}", OtpHashMode.Sha1, Digits, StepSeconds).ToString();
        using QRCodeData picture = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        string letters = Base32Encoding.ToString(secret).TrimEnd('=');
        return new CodeAppAsk(string.Join(' ', letters.Chunk(Group).Select(group => new string(group))), uri, picture.ModuleMatrix.Count, PathOf(picture));
    }

    /// <summary>The app as it counts from now on; null = that is no code of it. Throws <see cref="IOException"/> without a box key.</summary>
    public CodeApp? Begin(string badge, string seed, string code) => Find(new CodeApp(seed, long.MinValue, 0), badge, code, MostApart);

    /// <summary>The same after a code of it was said; null = it is not right, or was taken before, or the box has lost its key.</summary>
    public CodeApp? Take(Account account, string code)
    {
        if (account.CodeApp is not { } app || !check.TakesPins)
        {
            return null;
        }

        lock (_gate)
        {
            long taken = Math.Max(app.Used, _taken.GetValueOrDefault(account.Badge, long.MinValue));
            // A clock that was wrong and has become right all at once is that of a phone, which has the time of its network, or of a box that has got one.
            return Find(app with { Used = taken }, account.Badge, code, Slack) ?? Find(app with { Used = taken, Ahead = 0 }, account.Badge, code, Slack);
        }
    }

    /// <summary>That code counts no more, whether the disk takes it or not.</summary>
    public void Spend(string badge, CodeApp after)
    {
        lock (_gate)
        {
            _taken[badge] = after.Used;
        }
    }

    private CodeApp? Find(CodeApp app, string badge, string code, int apart)
    {
        var codes = new Hotp(check.CodeSecret(badge, app.Seed), OtpHashMode.Sha1, Digits);
        byte[] said = Encoding.UTF8.GetBytes(code);
        long now = time.GetUtcNow().ToUnixTimeSeconds() / StepSeconds;
        CodeApp? found = null;
        // All are compared, so that how long it takes says nothing. The nearest to now is taken.
        foreach (long offset in Enumerable.Range(-apart, (2 * apart) + 1).OrderBy(offset => -Math.Abs(offset)))
        {
            long step = now + app.Ahead + offset;
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(codes.ComputeHOTP(step)), said) && step > app.Used)
            {
                found = app with { Used = step, Ahead = step - now };
            }
        }

        return found;
    }

    /// <summary>Runs of dark modules, row by row.</summary>
    private static string PathOf(QRCodeData picture)
    {
        var path = new StringBuilder();
        for (int y = 0; y < picture.ModuleMatrix.Count; y++)
        {
            System.Collections.BitArray row = picture.ModuleMatrix[y];
            for (int x = 0; x < row.Count; x++)
            {
                int start = x;
                while (x < row.Count && row[x])
                {
                    x++;
                }

                if (x > start)
                {
                    path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1H{start}z");
                }
            }
        }

        return path.ToString();
    }
}
