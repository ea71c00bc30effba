using System.Security.Cryptography;
using System.Text;
using Bedside.Model.People;
using Bedside.Storage.Keys;
using Bedside.Storage.People;
using Bedside.Tests.Viewer.People;

namespace Bedside.Tests.Research;

/// <summary>Whoever approves at the console says the digits of their app too, of the same secret as at the screen.</summary>
public sealed class ConsoleSecondFactorTests
{
    private const string Study = "ST-2026-001";

    [Fact]
    public async Task Nobody_approves_at_the_console_with_a_password_alone_where_the_site_wants_more()
    {
        await using StudyWard ward = await StudyWard.StartAsync();
        ward.NeedSecondFactor(wanted: true);
        await ward.SayAsync("draft", ward.File("request.json"), "--as", "R1");
        await ward.SayAsync("submit", Study, "--as", "R1");
        Assert.Contains("digits of an app beside the password", await ward.FailAsync("approve", Study, "--as", "S1"), StringComparison.Ordinal);

        PhoneApp phone = SetUp(ward, "S1");
        string asked = string.Empty;
        ward.Secret = words =>
        {
            asked = words;
            return StudyWard.Password + phone.Now;
        };
        await ward.SayAsync("approve", Study, "--as", "S1");
        Assert.Contains("six digits of the app", asked, StringComparison.Ordinal);

        // Nor with a code that was said before, nor without one.
        Assert.Contains("badge or password is wrong", await ward.FailAsync("suspend", Study, "--as", "S1", "--why", "no"), StringComparison.Ordinal);
        ward.Secret = _ => StudyWard.Password;
        Assert.Contains("badge or password is wrong", await ward.FailAsync("report", Study, "--as", "S1"), StringComparison.Ordinal);
    }

    private static PhoneApp SetUp(StudyWard ward, string badge)
    {
        string seed = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        using BoxKey box = StudyWard.KeyOf(ward.Data);
        byte[] secret = HMACSHA256.HashData(box.Derive("bedside pin"u8), Encoding.UTF8.GetBytes($"code app\0{badge}\0{seed}"))[..20];
        Assert.Equal(AccountFault.None, AccountBook.Open(ward.Data).Change(list => AccountRules.SetCodeApp(list, badge, new CodeApp(seed, Used: 0, Ahead: 0))));
        return new PhoneApp(secret, ward.Clock);
    }
}
