using System.Net;
using System.Text;
using System.Text.Json;

namespace Bedside.Tests.Viewer.People;

/// <summary>For which name a browser is asked for a passkey.</summary>
public sealed class PasskeyDomainTests
{
    private const string Zone = "icu.home.arpa";

    [Fact]
    public async Task It_is_the_zone_of_the_unit_on_every_box_of_it_from_the_moment_it_is_known_and_the_name_in_the_address_elsewhere()
    {
        string? zone = null;
        await using PeopleHost people = await PeopleHost.StartAsync(empty: true, set: options =>
        {
            foreach (string host in (string[])["bed7." + Zone, Zone, "other.home.arpa", "evil" + Zone])
            {
                options.Hosts.Add(host);
            }

            options.People.PasskeyDomain = () => zone;
        });
        Assert.Equal("bed7." + Zone, await AskedAsync(people, "bed7." + Zone));

        // A box has its certificate only some time after it began, or joins a unit while it runs.
        zone = Zone;
        Assert.Equal(Zone, await AskedAsync(people, "bed7." + Zone));
        Assert.Equal(Zone, await AskedAsync(people, "BED7." + Zone.ToUpperInvariant()));
        Assert.Equal(Zone, await AskedAsync(people, Zone));
        foreach (string outside in (string[])["localhost", "other.home.arpa", "evil" + Zone])
        {
            Assert.Equal(outside, await AskedAsync(people, outside));
        }

        zone = "home.arpa";
        Assert.Equal("other.home.arpa", await AskedAsync(people, "other.home.arpa"));
    }

    private static async Task<string> AskedAsync(PeopleHost people, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/people/passkeys/ask") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Host = host;
        using HttpResponseMessage answer = await people.Host.Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        using var options = JsonDocument.Parse(JsonDocument.Parse(text).RootElement.GetProperty("options").GetString()!);
        return options.RootElement.GetProperty("rpId").GetString()!;
    }
}
