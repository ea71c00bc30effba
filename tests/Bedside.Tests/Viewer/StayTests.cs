using System.Globalization;
using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Viewer;

/// <summary>What a screen may know of stays and say of them, over a desk in memory; and what it may never know.</summary>
public class StayTests
{
    private const string First = "100123";
    private const string Second = "200456";
    private const string Key = "two-patients/7";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_box_without_a_desk_says_that_it_keeps_no_stays()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        JsonElement stays = await host.GetAsync("/api/v1/stays");
        JsonElement tasks = await host.GetAsync("/api/v1/stays/tasks");

        Assert.Equal((false, false), (stays.GetProperty("kept").GetBoolean(), tasks.GetProperty("kept").GetBoolean()));
        foreach ((string path, string body) in new[] { ("tasks/x", """{"choice":"seen"}"""), ("compare", """{"number":"1"}"""), ("confirm", """{"empty":true}"""), ("undo", """{"number":1}""") })
        {
            await ProblemAsync(host, path, body, HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Spans_and_questions_are_told_in_words_and_never_with_a_token()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);

        string stays = await host.Http.GetStringAsync("/api/v1/stays");
        string tasks = await host.Http.GetStringAsync("/api/v1/stays/tasks");

        Golden("stays", stays);
        Golden("stay-tasks", tasks);
        JsonElement now = JsonSerializer.Deserialize<JsonElement>(tasks).GetProperty("now");
        Assert.Equal("conflict", now.GetProperty("certainty").GetString());
        Assert.Equal(["admit", "monitor-patient"], now.GetProperty("because").EnumerateArray().Select(one => one.GetProperty("kind").GetString()!));
        AssertNoIdentity(desk, stays, tasks);
    }

    [Fact]
    public async Task Spans_of_a_range_are_those_that_reach_into_it()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        UtcInstant now = host.Now;

        JsonElement early = await host.GetAsync($"/api/v1/stays?from={now.Add(-Ns(48))}&to={now.Add(-Ns(30))}");

        Assert.Equal(["sure"], early.GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("certainty").GetString()!));
        await host.GetProblemAsync("/api/v1/stays?from=yesterday", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Admissions_that_were_silent_for_too_long_are_stale()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);

        Assert.False((await host.GetAsync("/api/v1/stays")).GetProperty("admissions").GetProperty("stale").GetBoolean());
        host.Clock.Advance(TimeSpan.FromHours(13));

        Assert.True((await host.GetAsync("/api/v1/stays/tasks")).GetProperty("admissions").GetProperty("stale").GetBoolean());
    }

    [Fact]
    public async Task A_choice_settles_a_question_once_and_can_be_taken_back()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        string path = $"tasks/{Uri.EscapeDataString(Key)}";

        JsonElement problem = await ProblemAsync(host, path, """{"choice":"both"}""", HttpStatusCode.BadRequest);
        Assert.Contains("admissions, monitor, nobody", problem.GetProperty("detail").GetString());
        await ProblemAsync(host, path, "{}", HttpStatusCode.BadRequest);
        await ProblemAsync(host, "tasks/other", """{"choice":"monitor"}""", HttpStatusCode.NotFound);

        long number = (await PostAsync(host, path, """{"choice":"monitor"}""")).GetProperty("number").GetInt64();
        StayEvent said = desk.Record[^1];
        Assert.Equal((StayEventKind.Settled, StaySource.Person, Key, "monitor", host.Now), (said.Kind, said.Source, said.Task, said.Choice, said.Arrived));
        await ProblemAsync(host, path, """{"choice":"admissions"}""", HttpStatusCode.Conflict);

        JsonElement tasks = await host.GetAsync("/api/v1/stays/tasks");
        JsonElement task = tasks.GetProperty("tasks").EnumerateArray().Single(one => one.GetProperty("key").GetString() == Key);
        Assert.Equal((number, "monitor", 0), (task.GetProperty("settled").GetInt64(), task.GetProperty("choice").GetString(), tasks.GetProperty("open").GetInt32()));

        await PostAsync(host, "undo", $$"""{"number":{{number}}}""");
        Assert.Equal((StayEventKind.Undone, number.ToString(CultureInfo.InvariantCulture)), (desk.Record[^1].Kind, desk.Record[^1].Task));
        Assert.Equal(1, (await host.GetAsync("/api/v1/stays/tasks")).GetProperty("open").GetInt32());
    }

    [Fact]
    public async Task Only_what_a_person_said_can_be_taken_back()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        StayEvent admitted = desk.Record.First(said => said.Source == StaySource.Admissions);

        await ProblemAsync(host, "undo", $$"""{"number":{{admitted.Number}}}""", HttpStatusCode.NotFound);
        await ProblemAsync(host, "undo", """{"number":999}""", HttpStatusCode.NotFound);
        await ProblemAsync(host, "undo", "{}", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_wristband_is_told_to_belong_to_one_of_the_two_and_its_number_goes_nowhere()
    {
        DeskInMemory desk = new();
        desk.Knows("300789");
        await using ViewerHost host = await StartAsync(desk);
        int before = desk.Record.Count;

        (string Number, string Task, string Belongs)[] expected =
            [(First, Key, "first"), (Second, Key, "second"), ("300789", Key, "neither"), ("nobody's", Key, "neither"), (First, "", "first"), (Second, "", "neither")];
        foreach ((string number, string task, string belongs) in expected)
        {
            string body = task.Length > 0 ? $$"""{"number":"{{number}}","task":"{{task}}"}""" : $$"""{"number":"{{number}}"}""";
            string answer = (await PostAsync(host, "compare", body)).GetRawText();
            Assert.Equal($$"""{"belongs":"{{belongs}}"}""", answer);
        }

        Assert.Equal(before, desk.Record.Count);
    }

    [Fact]
    public async Task Nobody_can_search_for_a_number()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        for (int i = 0; i < 10; i++)
        {
            await PostAsync(host, i % 2 == 0 ? "compare" : "confirm", $$"""{"number":"{{First}}"}""");
        }

        foreach (string path in new[] { "compare", "confirm" })
        {
            JsonElement problem = await ProblemAsync(host, path, """{"number":"987654321"}""", HttpStatusCode.TooManyRequests);
            Assert.DoesNotContain("987654321", problem.GetRawText());
        }

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await PostAsync(host, "compare", $$"""{"number":"{{First}}"}""");
    }

    [Fact]
    public async Task A_person_confirms_who_lies_in_the_bed_or_that_nobody_does()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        UtcInstant from = host.Now.Add(-Ns(2));

        await PostAsync(host, "confirm", $$"""{"number":"{{Second}}","from":"{{from}}"}""");
        StayEvent here = desk.Record[^1];
        long empty = (await PostAsync(host, "confirm", """{"empty":true}""")).GetProperty("number").GetInt64();

        Assert.Equal((StayEventKind.Confirmed, StaySource.Person, desk.PersonOf(Second), (UtcInstant?)from), (here.Kind, here.Source, here.Person, here.Happened));
        Assert.Equal((StayEventKind.Confirmed, false, (UtcInstant?)host.Now), (desk.Record[^1].Kind, desk.Record[^1].Person.IsKnown, desk.Record[^1].Happened));
        await PostAsync(host, "undo", $$"""{"number":{{empty}}}""");
        Assert.DoesNotContain(desk.Record, said => $"{said}".Contains(Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("""{"number":"","from":null}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"number":"100123","empty":true}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"number":"100123","from":"2020-01-01T00:00:00Z"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"number":"100123","from":"2030-01-01T00:00:00Z"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"number":"1001\u0000"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"number":100123}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"number":"nobody-has-it"}""", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_confirmed_is_refused_without_repeating_it(string body, HttpStatusCode status)
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        int before = desk.Record.Count;

        string problem = (await ProblemAsync(host, "confirm", body, status)).GetRawText();

        Assert.DoesNotContain("100123", problem);
        Assert.DoesNotContain("nobody-has-it", problem);
        Assert.Equal(before, desk.Record.Count);
    }

    [Fact]
    public async Task What_the_disk_did_not_take_does_not_hold()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        desk.DiskFull = true;

        await ProblemAsync(host, $"tasks/{Uri.EscapeDataString(Key)}", """{"choice":"monitor"}""", HttpStatusCode.ServiceUnavailable);
        await ProblemAsync(host, "confirm", """{"empty":true}""", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_foreign_page_can_say_nothing_of_the_bed()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        foreach (string path in new[] { $"tasks/{Uri.EscapeDataString(Key)}", "compare", "confirm", "undo" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/stays/{path}") { Content = new StringContent("""{"number":"1","choice":"monitor"}""", System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("Origin", "http://evil.example");
            using HttpResponseMessage answer = await host.Http.SendAsync(request);
            await ViewerHost.ProblemOfAsync(answer, HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task No_answer_of_the_viewer_holds_a_token_or_a_number()
    {
        DeskInMemory desk = new();
        await using ViewerHost host = await StartAsync(desk);
        List<string> said = [];
        foreach (string path in new[] { "session", "health", "signals", "devices", "numerics", "events", "annotations", "stays", "stays/tasks", "ports", "completeness" })
        {
            said.Add(await host.Http.GetStringAsync($"/api/v1/{path}"));
        }

        foreach ((string path, string body) in new[] { ("compare", $$"""{"number":"{{First}}","task":"{{Key}}"}"""), ("confirm", $$"""{"number":"{{Second}}"}"""), ($"tasks/{Uri.EscapeDataString(Key)}", """{"choice":"nobody"}""") })
        {
            said.Add((await PostAsync(host, path, body)).GetRawText());
        }

        using (LiveConnection screen = await host.ConnectAsync())
        {
            said.Add((await screen.BeginAsync()).Json.GetRawText());
            await screen.CloseAsync();
        }

        AssertNoIdentity(desk, [.. said]);
    }

    /// <summary>A stay of two days ago that everybody agrees on, and one of today over which the admissions and the monitor disagree.</summary>
    private static Task<ViewerHost> StartAsync(DeskInMemory desk) => ViewerHost.StartAsync(desk: clock =>
    {
        var now = UtcInstant.FromDateTime(clock.GetUtcNow());
        (PersonToken first, PersonToken second) = (desk.Knows(First), desk.Knows(Second));
        (VisitToken visit, VisitToken former) = (new VisitToken(DeskInMemory.Token("visit")), new VisitToken(DeskInMemory.Token("former visit")));
        StayEvent Heard(StayEventKind kind, StaySource source, int hoursAgo) =>
            new() { Kind = kind, Source = source, Arrived = now.Add(-Ns(hoursAgo)), Happened = now.Add(-Ns(hoursAgo)), Content = DeskInMemory.Token($"{kind} {hoursAgo}") };
        long before = desk.Keep(Heard(StayEventKind.Admit, StaySource.Admissions, 60) with { Visit = former, Person = second, Place = Place.Here, PlaceMark = 0x123456789abcdef0 });
        long left = desk.Keep(Heard(StayEventKind.Discharge, StaySource.Admissions, 28) with { Visit = former, Person = second });
        long admitted = desk.Keep(Heard(StayEventKind.Admit, StaySource.Admissions, 5) with { Visit = visit, Person = first, Place = Place.Here });
        long named = desk.Keep(Heard(StayEventKind.MonitorPatient, StaySource.Monitor, 4) with { Person = second });
        desk.Spans =
        [
            new StaySpan(new StayId(0xa1), former, second, now.Add(-Ns(60)), now.Add(-Ns(28)), StayCertainty.Sure, [before, left]),
            new StaySpan(new StayId(0xa2), visit, first, now.Add(-Ns(5)), now.Add(-Ns(4)), StayCertainty.Sure, [admitted]),
            new StaySpan(new StayId(0xa2), visit, first, now.Add(-Ns(4)), To: null, StayCertainty.Conflict, [admitted, named]),
        ];
        desk.AdmissionsHeard = now.Add(-Ns(2));
        desk.Ask(new StayTask(Key, StayTaskKind.TwoPatients, now.Add(-Ns(4)), To: null, ["admissions", "monitor", "nobody"], first, second, 0));
        long stayed = desk.Keep(new StayEvent { Kind = StayEventKind.Settled, Source = StaySource.Person, Arrived = now.Add(-Ns(27)), Task = "possible-move/2", Choice = "moved" });
        desk.Ask(new StayTask("possible-move/2", StayTaskKind.PossibleMove, now.Add(-Ns(29)), now.Add(-Ns(28)), ["stayed", "moved"], second, default, stayed));
        return desk;
    });

    private static long Ns(int hours) => hours * Hour.Ticks * 100;

    /// <summary>No number, and no token in any of the ways in which sixteen bytes are written.</summary>
    private static void AssertNoIdentity(DeskInMemory desk, params string[] answers)
    {
        UInt128[] tokens = [.. desk.Record.SelectMany(said => new[] { said.Person.Value, said.Visit.Value, said.OtherPerson.Value, said.OtherVisit.Value, said.Content, said.PlaceMark }).Where(value => value != 0).Distinct()];
        Assert.True(tokens.Length >= 5);
        string[] forbidden =
        [
            First, Second,
            .. tokens.SelectMany(token =>
            {
                byte[] little = new byte[16];
                byte[] big = new byte[16];
                System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(little, token);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(big, token);
                return new[]
                {
                    token.ToString(CultureInfo.InvariantCulture), Convert.ToHexStringLower(little)[..12], Convert.ToHexStringLower(big)[..12], Convert.ToHexStringLower(big)[^12..],
                    Convert.ToBase64String(little)[..12], Convert.ToBase64String(big)[..12],
                };
            }).Where(text => text.Length > 8 && text.Any(digit => digit != '0')),
        ];
        Assert.All(answers, answer => Assert.DoesNotContain(forbidden, text => answer.Contains(text, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The answer as the page's own tests read it: <c>tests/vectors/stays</c>.</summary>
    private static void Golden(string name, string answer)
    {
        string file = Repository.PathOf($"tests/vectors/stays/{name}.json");
        string text = JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(answer), Indented) + "\n";
        if (Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private static async Task<JsonElement> PostAsync(ViewerHost host, string path, string body)
    {
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Post, $"/api/v1/stays/{path}", body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<JsonElement> ProblemAsync(ViewerHost host, string path, string body, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Post, $"/api/v1/stays/{path}", body);
        return await ViewerHost.ProblemOfAsync(answer, status);
    }
}
