using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.People;
using Bedside.Model.Stays;
using Bedside.Viewer;

namespace Bedside.Tests.Viewer.People;

/// <summary>What anybody at the bed sees: what is live, and the last 60 minutes of this stay. The box cuts it, whatever is asked.</summary>
public sealed class AmbientTests
{
    private static readonly int[] MinutesAgo = [10, 50, 70, 200];

    [Fact]
    public async Task Samples_envelope_tiles_and_lists_begin_sixty_minutes_ago_for_nobody_and_where_it_is_asked_for_a_nurse()
    {
        await using PeopleHost people = await StartAsync();
        using PersonBrowser bed = people.Browser();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        string day = $"from={people.Host.Now.Add(-TimeSpan.FromHours(24))}";

        Assert.Equal((int[])[50, 10], await AgesAsync(people, bed, $"signals/hr/samples?{day}"));
        Assert.Equal((int[])[200, 70, 50, 10], await AgesAsync(people, nurse, $"signals/hr/samples?{day}"));
        Assert.Equal((int[])[50, 10], await AgesAsync(people, bed, $"signals/hr/samples?{day.Replace("+", "%2B", StringComparison.Ordinal)}&FROM=1999-01-01T00:00:00Z"));
        Assert.Equal(2, await CountAsync(bed, $"signals/hr/envelope?{day}&points=100&columns=grid"));
        Assert.Equal(4, await CountAsync(nurse, $"signals/hr/envelope?{day}&points=100"));
        Assert.Equal(2u, await TilesAsync(people, bed));
        Assert.Equal(4u, await TilesAsync(people, nurse));
    }

    [Fact]
    public async Task It_begins_with_the_present_stay_and_when_that_ended_nothing_of_it_is_left()
    {
        DeskInMemory desk = new();
        await using PeopleHost people = await StartAsync(desk);
        using PersonBrowser bed = people.Browser();
        string day = $"from={people.Host.Now.Add(-TimeSpan.FromHours(24))}";
        UtcInstant boundary = people.Host.Now.Add(-TimeSpan.FromMinutes(30));
        (StayId former, StayId present) = (StayId.New(), StayId.New());

        desk.Spans = [Span(former, boundary.Add(-TimeSpan.FromDays(2)), boundary), Span(present, boundary, to: null)];
        Assert.Equal((int[])[10], await AgesAsync(people, bed, $"signals/hr/samples?{day}"));
        desk.Spans = [Span(former, boundary.Add(-TimeSpan.FromDays(2)), people.Host.Now.Add(-TimeSpan.FromMinutes(1)))];
        Assert.Empty(await AgesAsync(people, bed, $"signals/hr/samples?{day}"));
        desk.Spans = [Span(present, boundary.Add(-TimeSpan.FromDays(2)), to: null)];
        Assert.Equal((int[])[50, 10], await AgesAsync(people, bed, $"signals/hr/samples?{day}"));
    }

    [Fact]
    public async Task Visitors_see_nothing_until_somebody_wants_it_back_and_whoever_signs_in_sees_all()
    {
        await using PeopleHost people = await StartAsync();
        using PersonBrowser bed = people.Browser();
        using LiveConnection screen = await people.Host.ConnectAsync();
        await screen.BeginAsync();

        (HttpStatusCode status, JsonElement me) = await bed.SendAsync("PUT", "people/visitors", new { blank = true });

        Assert.Equal((HttpStatusCode.OK, true), (status, me.GetProperty("blank").GetBoolean()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await bed.SendAsync("GET", "numerics")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await bed.SendAsync("GET", "signals")).Status);
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("GET", "numerics")).Status);
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            while (await screen.ReceiveAsync() is not null)
            {
                // What was on its way.
            }
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // Cut off.
        }

        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(8), "the open screen was not cut off");
        await bed.SendAsync("PUT", "people/visitors", new { blank = false });
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "numerics")).Status);
    }

    [Fact]
    public async Task What_people_wrote_is_not_in_the_live_stream_of_nobody()
    {
        await using PeopleHost people = await StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        using LiveConnection screen = await people.Host.ConnectAsync();
        await screen.BeginAsync();

        Assert.Equal(HttpStatusCode.Created, (await nurse.SendAsync("POST", "annotations", new { kind = "note", text = "Mme Canary" })).Status);
        Signal heart = people.Host.Store.Find("hr")!;
        await people.Host.Store.StoreAsync(Blocks.Reading(heart, people.Host.Now, 99));

        List<Block> seen = await screen.BlocksUntilAsync(block => block is NumericBlock { Readings: [{ Value.Mantissa: 99 }] });
        Assert.DoesNotContain(seen, block => block is AnnotationBlock);
    }

    private static Task<PeopleHost> StartAsync(DeskInMemory? desk = null) => PeopleHost.StartAsync(
        before: async (store, clock) =>
        {
            Signal heart = Blocks.HeartRate(store);
            var now = UtcInstant.FromDateTime(clock.GetUtcNow());
            foreach (int minutes in MinutesAgo.Reverse())
            {
                await store.StoreAsync(Blocks.Reading(heart, now.Add(-TimeSpan.FromMinutes(minutes)), minutes));
            }
        },
        desk: desk is null ? null : _ => desk);

    private static StaySpan Span(StayId stay, UtcInstant from, UtcInstant? to) => new(stay, default, default, from, to, StayCertainty.Sure, []);

    private static async Task<int[]> AgesAsync(PeopleHost people, PersonBrowser browser, string path)
    {
        (HttpStatusCode status, JsonElement answer) = await browser.SendAsync("GET", path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {answer}");
        _ = people;
        return [.. answer.GetProperty("readings").EnumerateArray().Select(reading => (int)reading.GetProperty("value").GetDouble())];
    }

    private static async Task<int> CountAsync(PersonBrowser browser, string path)
    {
        (HttpStatusCode status, JsonElement answer) = await browser.SendAsync("GET", path);
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.EnumerateArray().Sum(column => column.GetProperty("count").GetInt32());
    }

    /// <summary>Readings in the tile that holds the last day, at the level whose tile is 2 h 16 min and in the one before.</summary>
    private static async Task<uint> TilesAsync(PeopleHost people, PersonBrowser browser)
    {
        const int Level = 5;
        const int Header = 40;
        const int Column = 16;
        Signal heart = people.Host.Store.Find("hr")!;
        long tile = TilesEndpoint.Columns * TilesEndpoint.ColumnNanoseconds(Level);
        long last = people.Host.Now.UnixNanoseconds / tile;
        uint count = 0;
        for (long index = last - 2; index <= last; index++)
        {
            using HttpResponseMessage answer = await browser.AnswerAsync("GET", $"tiles/{heart.Number.Value}/{Level}/{index}");
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                byte[] bytes = await answer.Content.ReadAsByteArrayAsync();
                for (int i = 0; i < TilesEndpoint.Columns; i++)
                {
                    count += BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(Header + (i * Column) + 12));
                }
            }
        }

        return count;
    }
}
