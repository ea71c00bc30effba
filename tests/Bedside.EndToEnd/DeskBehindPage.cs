using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>
/// Stands between the page and the box for <c>/api/v1/stays</c> alone, and answers as the box does when a desk is behind it: the answers are those that the
/// viewer's own tests wrote (<c>tests/vectors/stays</c>), moved to now. Everything else the page asks, the real box answers.
/// </summary>
internal sealed partial class DeskBehindPage
{
    /// <summary>When the answers were written.</summary>
    private static readonly DateTimeOffset Written = new(2026, 11, 21, 19, 30, 0, TimeSpan.Zero);

    private readonly JsonNode _stays;
    private readonly JsonNode _tasks;
    private int _version = 100;
    private long _number = 100;

    private DeskBehindPage(JsonNode stays, JsonNode tasks) => (_stays, _tasks) = (stays, tasks);

    /// <summary>Path after <c>/api/v1/stays</c> and body of everything that the page said.</summary>
    public ConcurrentQueue<(string Path, string Body)> Said { get; } = new();

    /// <summary>Whose number it is.</summary>
    public Dictionary<string, string> Wristbands { get; } = new(StringComparer.Ordinal) { ["100123"] = "first", ["200456"] = "second" };

    /// <summary>Not 0: what every POST is answered with.</summary>
    public int Refusal { get; set; }

    public static async Task<DeskBehindPage> StandAsync(IPage page)
    {
        var desk = new DeskBehindPage(Read("stays"), Read("stay-tasks"));
        await page.RouteAsync("**/api/v1/stays**", desk.AnswerAsync);
        return desk;
    }

    private static JsonNode Read(string name)
    {
        string text = File.ReadAllText(Path.Combine(Installed.Root, "tests/vectors/stays", name + ".json"));
        TimeSpan shift = TimeProvider.System.GetUtcNow() - Written;
        return JsonNode.Parse(Instant.Replace(text, found =>
            (DateTimeOffset.Parse(found.Value, CultureInfo.InvariantCulture) + shift).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)))!;
    }

    private async Task AnswerAsync(IRoute route)
    {
        string path = new Uri(route.Request.Url).AbsolutePath["/api/v1/stays".Length..];
        if (route.Request.Method == "GET")
        {
            JsonNode answer = path == "/tasks" ? _tasks : _stays;
            answer["version"] = _version;
            await AnswerAsync(route, 200, answer);
            return;
        }

        string body = route.Request.PostData ?? string.Empty;
        Said.Enqueue((path, body));
        if (Refusal != 0)
        {
            await AnswerAsync(route, Refusal, new JsonObject { ["status"] = Refusal });
            return;
        }

        JsonNode said = JsonNode.Parse(body)!;
        switch (path)
        {
            case "/compare":
                await AnswerAsync(route, 200, new JsonObject { ["belongs"] = Wristbands.GetValueOrDefault((string)said["number"]!, "neither") });
                break;
            case "/undo":
                Settle(task => (long)task["settled"]! == (long)said["number"]!, 0, string.Empty);
                await NumberAsync(route);
                break;
            case "/confirm":
                await NumberAsync(route);
                break;
            default:
                Settle(task => path == "/tasks/" + Uri.EscapeDataString((string)task["key"]!), ++_number, (string)said["choice"]!);
                await NumberAsync(route);
                break;
        }
    }

    private void Settle(Func<JsonNode, bool> which, long number, string choice)
    {
        JsonNode task = _tasks["tasks"]!.AsArray().Single(one => which(one!))!;
        task["settled"] = number;
        task["choice"] = choice;
        task["settledAt"] = number == 0 ? null : TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal);
        int open = _tasks["tasks"]!.AsArray().Count(one => (long)one!["settled"]! == 0);
        _tasks["open"] = open;
        _tasks["now"]!["certainty"] = open == 0 ? "sure" : "conflict";
        _version++;
    }

    private Task NumberAsync(IRoute route) => AnswerAsync(route, 200, new JsonObject { ["number"] = _number, ["version"] = _version });

    private static Task AnswerAsync(IRoute route, int status, JsonNode answer) =>
        route.FulfillAsync(new RouteFulfillOptions { Status = status, ContentType = "application/json", Body = answer.ToJsonString() });

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+Z", RegexOptions.CultureInvariant)]
    private static partial Regex Instant { get; }
}
