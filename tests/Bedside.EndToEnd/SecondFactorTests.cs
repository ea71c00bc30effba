using System.Text.Json;
using Bedside.Tests.Viewer.People;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>The first administrator of a real box, from the code of the console to an app of codes, in a real browser: nobody decides with a password alone.</summary>
public sealed class SecondFactorTests
{
    private const string Password = "trois mots sans lien";

    [Fact]
    public async Task An_administrator_keeps_no_accounts_before_a_second_factor_is_set_up_and_signs_in_with_it_from_then_on()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"]);
        await using Browser browser = await Browser.StartAsync();
        string code = await box.Process.LineAsync("first-code ");
        IPage page = await browser.OpenAsync($"{box.Address}#/people");
        await FillAsync(page, "first", ("code", code), ("badge", "1"), ("name", "A. Martin"), ("password", Password));
        await page.WaitForSelectorAsync("[data-lacks-second]", new PageWaitForSelectorOptions { Timeout = 30_000 });
        await page.WaitForSelectorAsync("[data-account='1']");
        Assert.Equal(0, await page.Locator("[data-form='add']").CountAsync());
        await browser.ShootAsync(page, "people-second-factor-wanted");

        await page.ClickAsync("[data-code-app]");
        await page.WaitForSelectorAsync(".people-qr");
        var phone = new PhoneApp((await page.TextContentAsync("[data-secret]"))!, TimeProvider.System);
        await page.Locator(".people-qr").ScrollIntoViewIfNeededAsync();
        await browser.ShootAsync(page, "people-code-app");
        await FillAsync(page, "code-app", ("code", "000 000"));
        await page.WaitForSelectorAsync("[data-form='code-app'] [data-fault='app-code']");
        await FillAsync(page, "code-app", ("code", phone.Now));
        await page.WaitForSelectorAsync("[data-remove-app]");
        Assert.Equal(0, await page.Locator("[data-lacks-second]").CountAsync());
        await page.ClickAsync("[data-role='clinician']");
        await FillAsync(page, "add", ("badge", "4711"), ("name", "C. Durand"));
        await page.WaitForSelectorAsync("[data-account='4711']");

        await page.ClickAsync("[data-sign-out]");
        await FillAsync(page, "sign-in", ("badge", "1"), ("password", Password));
        await page.WaitForSelectorAsync("[data-form='sign-in'] [data-fault='wrong']");

        // The code of now was said above; the next one is that of a phone whose clock is half a minute before. Where it was said in the last instant of its half minute, the next half minute has begun.
        if (await SayAsync(page, phone.At(1)) != 200)
        {
            Assert.Equal(200, await SayAsync(page, phone.Now));
        }

        await page.WaitForSelectorAsync("[data-mine='1']");
        Running list = Installed.Bedside("account", "list", "--json", "--data", folder["data"]);
        Assert.True(await list.EndAsync() == 0, list.Errors);
        Assert.Equal([true, false], JsonSerializer.Deserialize<JsonElement>(string.Join('\n', list.Output)).EnumerateArray().Select(one => one.GetProperty("codeApp").GetBoolean()));
        Assert.Empty(browser.Complaints);
        Assert.DoesNotContain(Password, box.Process.Errors, StringComparison.Ordinal);
    }

    private static async Task<int> SayAsync(IPage page, string code) =>
        (await page.RunAndWaitForResponseAsync(() => FillAsync(page, "sign-in", ("badge", "1"), ("password", Password + code)), response => response.Url.EndsWith("/people/sign-in", StringComparison.Ordinal))).Status;

    private static async Task FillAsync(IPage page, string form, params (string Name, string Value)[] fields)
    {
        foreach ((string name, string value) in fields)
        {
            await page.FillAsync($"[data-form='{form}'] [name='{name}']", value);
        }

        await page.ClickAsync($"[data-form='{form}'] [type='submit']");
    }
}
