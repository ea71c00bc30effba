using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>A key of a person in the browser (WebAuthn): it is there, and says who holds it without being asked.</summary>
internal static class Authenticator
{
    /// <summary>The session of the browser's tools that it lives in.</summary>
    public static async Task<ICDPSession> AddAsync(IPage page)
    {
        ICDPSession devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return devices;
    }
}
