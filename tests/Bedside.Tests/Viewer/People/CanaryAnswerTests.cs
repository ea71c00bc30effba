using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.People;
using Bedside.Storage;

namespace Bedside.Tests.Viewer.People;

/// <summary>
/// What a ward may fill with a name (the bed's label, texts of alarms and devices, a device's name, marks) is asked of every address that there is, as somebody without the right to it.
/// </summary>
public sealed class CanaryAnswerTests
{
    private const string Bed = "CANARYBED";
    private const string Alarm = "CANARYALARM";
    private const string Device = "CANARYDEVICE";
    private const string Model = "CANARYMODEL";
    private const string Serial = "CANARYSERIAL";
    private const string Reason = "CANARYREASON";
    private const string Text = "CANARYTEXT";
    private const string Mark = "CANARYMARK";
    private static readonly string[] Canaries = [Bed, Alarm, Device, Model, Serial, Reason, Text, Mark];

    /// <summary>
    /// Nobody at the bed: the label that hangs over it, alarms and words that the monitor shows at this moment, and what is plugged in. What a person wrote (marks), and what was said before (events), is not theirs;
    /// the diagnostic, which leaves the box, has models and nothing else of these.
    /// </summary>
    private static readonly string[] AtTheBed =
    [
        $"/api/v1/alerts {Alarm}", $"/api/v1/alerts {Device}", $"/api/v1/devices {Device}", $"/api/v1/devices {Model}", $"/api/v1/devices {Serial}", $"/api/v1/diagnostic {Model}", $"/api/v1/health {Device}",
        $"/api/v1/health {Model}", $"/api/v1/health {Serial}", $"/api/v1/numerics {Text}", $"/api/v1/session {Bed}", $"/api/v1/signals {Device}", $"/api/v1/signals {Text}",
    ];

    [Fact]
    public async Task Nobody_elsewhere_is_answered_with_none_of_it_and_nobody_at_the_bed_with_what_hangs_and_shows_there_alone()
    {
        await using PeopleHost people = await StartAsync();
        using PersonBrowser elsewhere = people.Browser(elsewhere: true);
        using PersonBrowser bed = people.Browser();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);

        Assert.Empty(await FoundAsync(people, elsewhere));
        Assert.Equal(AtTheBed, await FoundAsync(people, bed));

        // It is there to be found: whoever cares for the patient sees all of it.
        string[] all = await FoundAsync(people, nurse);
        Assert.All(Canaries, canary => Assert.Contains(all, one => one.EndsWith(' ' + canary, StringComparison.Ordinal)));
        Assert.DoesNotContain(people.Trail.Entries, entry => Canaries.Any(canary => entry.ToString().Contains(canary, StringComparison.Ordinal) || entry.What.Any(fact => fact.Text.Contains(canary, StringComparison.Ordinal))));
    }

    /// <summary>Visitors: the screen was blanked, and the patient's is gone from it.</summary>
    [Fact]
    public async Task Nobody_at_a_blanked_screen_is_answered_with_no_alarm()
    {
        await using PeopleHost people = await StartAsync();
        using PersonBrowser bed = people.Browser();
        _ = await bed.SendAsync("PUT", "people/visitors", new { blank = true });
        string[] found = await FoundAsync(people, bed);
        Assert.DoesNotContain(found, one => one.EndsWith(Alarm, StringComparison.Ordinal) || one.EndsWith(Mark, StringComparison.Ordinal) || one.EndsWith(Text, StringComparison.Ordinal));
    }

    private static Task<PeopleHost> StartAsync() => PeopleHost.StartAsync(set: options => options.Ward = () => new WardSettings { Bed = Bed }, before: FillAsync);

    private static Task FillAsync(Store store, TestClock clock)
    {
        var now = UtcInstant.FromDateTime(clock.GetUtcNow());
        Signal rate = store.Register(Device, new Metric { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min", Label = "HR", ExpectedEvery = TimeSpan.FromSeconds(1) });
        Signal mode = store.Register(Device, new Metric { SignalId = "raw/test/1/mode", Kind = SignalKind.Text, Unit = string.Empty, Label = "Mode" });
        DeviceBlock told = Blocks.Device(now, DeviceState.Receiving, Reason);
        AlertBlock alarm = Blocks.Alert(now, "k", AlertPhase.Start, Alarm);
        return store.StoreAsync(
            told with { Device = Device, Identity = told.Identity! with { Model = Model, SerialNumber = Serial } },
            Blocks.Reading(rate, now, 80),
            new TextBlock { Signal = mode.Number, Start = now, Text = Text },
            alarm with { Device = Device },
            new AnnotationBlock { Signal = SignalNumber.None, Start = now, Key = "mark", Kind = "note", Text = Mark, Source = "bed" });
    }

    /// <summary>Every address of the document that is asked with GET, and which canaries its answer has, in order.</summary>
    private static async Task<string[]> FoundAsync(PeopleHost people, PersonBrowser browser)
    {
        string range = $"from={people.Host.Now.Add(-TimeSpan.FromHours(1))}&to={people.Host.Now.Add(TimeSpan.FromHours(1))}";
        using var document = JsonDocument.Parse(await people.Host.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        string[] paths = [.. document.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)).Select(path => path.Name), "/fhir/Device", "/fhir/Observation"];
        SortedSet<string> found = new(StringComparer.Ordinal);
        foreach (string path in paths.Where(path => !path.EndsWith("/live", StringComparison.Ordinal) && !path.Contains("{**", StringComparison.Ordinal)))
        {
            string asked = path.Replace("{number}", "1", StringComparison.Ordinal).Replace("{id}", "hr", StringComparison.Ordinal);
            foreach (string query in (string[])[string.Empty, "?" + range])
            {
                using HttpResponseMessage answer = await browser.AnswerAsync("GET", asked + query);
                string text = await answer.Content.ReadAsStringAsync();
                found.UnionWith(Canaries.Where(canary => text.Contains(canary, StringComparison.Ordinal)).Select(canary => $"{path} {canary}"));
                Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
            }
        }

        return [.. found];
    }
}
