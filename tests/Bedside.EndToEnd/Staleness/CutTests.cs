using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Bedside.EndToEnd.Staleness;

/// <summary>
/// The safety case: whatever is cut off is shown late within 2.5 s of its last sample, and replaced within 10.5 s, on every screen. Twelve cuts here;
/// <c>BEDSIDE_CUTS=100 ./bedside test CutTests</c> does a hundred, on two beds where there are cores for them, and <c>BEDSIDE_CUT_SEED</c> others. A cut that came late while the machine itself stood still is made again (<see cref="Control"/>).
/// </summary>
[Collection(Alone.Name)]
public class CutTests(ITestOutputHelper output)
{
    private const int InTheGate = 12;
    private const int CutsForTwoBeds = 40;

    /// <summary>A bed with its devices and eight screens at once takes more than a core.</summary>
    private const int CoresForTwoBeds = 4;
    private const int PatienceMs = 14_000;
    private const int PatienceToArmSeconds = 90;
    private const int MostAttempts = 5;

    [Fact]
    public async Task Whatever_is_cut_off_is_late_and_then_replaced_in_time_on_every_screen()
    {
        int count = Number("BEDSIDE_CUTS", InTheGate);
        int seed = Number("BEDSIDE_CUT_SEED", 1);
        int beds = count >= CutsForTwoBeds && Environment.ProcessorCount >= CoresForTwoBeds ? 2 : 1;
        await using Browser browser = await Browser.StartAsync();
        var all = new ConcurrentBag<(Cut Cut, Sighting[] Sightings)>();
        await Task.WhenAll(Enumerable.Range(0, beds).Select(i => CutAsync(browser, (count + i) / beds, seed + (1000 * i), all)));

        foreach (IGrouping<CutLevel, (Cut Cut, Sighting[] Sightings)> level in all.GroupBy(one => one.Cut.Level).OrderBy(group => group.Key))
        {
            Say(Figures(level.Key.ToString(), [.. level]));
        }

        (Cut Cut, Sighting[] Sightings)[] failed = [.. all.Where(one => !IsInTime(one.Sightings))];
        Say($"{all.Count - failed.Length} of {all.Count} cuts shown in time on every screen");
        Assert.Equal(count, all.Count);
        Assert.True(failed.Length == 0, string.Join('\n', failed.SelectMany(one => one.Sightings.Where(seen => !seen.IsInTime).Select(seen => seen.ToString()).DefaultIfEmpty($"{one.Cut.Kind} {one.Cut.Of}: on no screen"))));
        Assert.Empty(browser.Complaints);
    }

    private async Task CutAsync(Browser browser, int count, int seed, ConcurrentBag<(Cut Cut, Sighting[] Sightings)> all)
    {
        var random = new Random(seed);
        await using CutBed bed = await CutBed.StartAsync(browser, seed.ToString(CultureInfo.InvariantCulture));
        Control control = await Control.StartAsync(browser);
        foreach (Cut[] round in Cut.Plan(bed, count, random))
        {
            for (int attempt = 1; ; attempt++)
            {
                await bed.HealthyAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1_000)), TimeProvider.System);
                (Cut Cut, Sighting[] Sightings)[] seen = await CutOnceAsync(bed, round, control);
                double stood = await control.WorstAsync();
                if (attempt == MostAttempts || stood < Control.StandsStillMs || seen.All(one => IsInTime(one.Sightings)))
                {
                    Take(seen, stood, all);
                    break;
                }

                Say(string.Create(CultureInfo.InvariantCulture, $"not in time, and a page that has nothing of the product stood still for {stood:F0} ms meanwhile: cut again"));
            }
        }
    }

    private async Task<(Cut Cut, Sighting[] Sightings)[]> CutOnceAsync(CutBed bed, Cut[] round, Control control)
    {
        foreach ((string screen, IPage page) in bed.Pages)
        {
            await Until.TrueAsync(() => page.EvaluateAsync<bool>("watch.arm()"), PatienceToArmSeconds, () => $"{screen}: never all live at one time");
        }

        _ = await control.WorstAsync();
        foreach (Cut cut in round)
        {
            await cut.BeginAsync();
        }

        Noted[] noted = await Task.WhenAll(bed.Pages.Select(one => ReadAsync(one.Key, one.Value)));
        foreach (Cut cut in round)
        {
            await cut.EndAsync();
        }

        foreach (Noted one in noted.Where(one => round.Any(cut => one.Of(cut, bed).Any(seen => !seen.IsInTime))))
        {
            Say($"not in time on {one.HeldUp}");
        }

        return [.. round.Select(cut => (cut, (Sighting[])[.. noted.SelectMany(one => one.Of(cut, bed))]))];
    }

    private void Take((Cut Cut, Sighting[] Sightings)[] seen, double stood, ConcurrentBag<(Cut Cut, Sighting[] Sightings)> all)
    {
        foreach ((Cut cut, Sighting[] sightings) in seen)
        {
            all.Add((cut, sightings));
            Say(string.Create(CultureInfo.InvariantCulture, $"{all.Count} {cut.Level} {cut.Kind} {cut.Of}: {sightings.Length} things, {sightings.Count(one => !one.IsInTime)} not in time; the machine stood still for {stood:F0} ms at most"));
        }
    }

    /// <summary>Reads the page when everything that turned late has turned lost, and no earlier than a lost thing must show.</summary>
    private static async Task<Noted> ReadAsync(string screen, IPage page)
    {
        await page.EvaluateAsync("ms => new Promise(done => setTimeout(done, ms))", (Sighting.LostAtMost * 1000) + 200);
        await Until.TrueAsync(() => page.EvaluateAsync<bool>("watch.settled()"), PatienceMs / 1000, () => $"{screen}: late things are not lost");
        using var noted = JsonDocument.Parse(await page.EvaluateAsync<string>("watch.read()"));
        return new Noted(screen, noted.RootElement.Clone());
    }

    private static bool IsInTime(Sighting[] sightings) => sightings.Length > 0 && sightings.All(one => one.IsInTime);

    private static string Figures(string level, (Cut Cut, Sighting[] Sightings)[] cuts)
    {
        Sighting[] seen = [.. cuts.SelectMany(one => one.Sightings)];
        double[] late = [.. seen.Select(one => one.Late ?? double.PositiveInfinity).Order()];
        double[] lost = [.. seen.Select(one => one.Lost ?? double.PositiveInfinity).Order()];
        int good = cuts.Count(one => IsInTime(one.Sightings));
        return late.Length == 0
            ? $"{level}: seen on no screen"
            : string.Create(CultureInfo.InvariantCulture, $"{level}: {good} of {cuts.Length} cuts, {seen.Length} things on screens; late median {late[late.Length / 2]:F2} s, worst {late[^1]:F2} s; replaced median {lost[lost.Length / 2]:F2} s, worst {lost[^1]:F2} s");
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
