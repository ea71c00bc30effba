using System.CommandLine;
using System.Text.Json;

namespace Bedside.Host.Commands;

/// <summary><c>bedside health</c>: what the running box says of itself, in words; or its diagnostic as a file.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port of the screen on this machine.", DefaultValueFactory = _ => 8080 };
        var language = new Option<string>("--language") { Description = "fr or en.", DefaultValueFactory = _ => "fr" };
        language.AcceptOnlyFromAmong("fr", "en");
        var file = new Option<FileInfo?>("--diagnostic") { Description = "Write the diagnostic (health, ports, versions, last words of the log; no patient data) to FILE." };
        var command = new Command("health", "How the box that runs on this machine does, in plain words. Exits 1 when something of it has failed.") { port, language, file };
        command.SetAction((result, cancel) => RunAsync(result.GetValue(port), result.GetRequiredValue(language), result.GetValue(file), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int port, string language, FileInfo? file, CancellationToken cancel)
    {
        using var box = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Patience };
        try
        {
            if (file is not null)
            {
                await File.WriteAllBytesAsync(file.FullName, await box.GetByteArrayAsync(new Uri("/api/v1/diagnostic", UriKind.Relative), cancel), cancel);
                return 0;
            }

            using var health = JsonDocument.Parse(await box.GetByteArrayAsync(new Uri("/api/v1/health", UriKind.Relative), cancel));
            JsonElement root = health.RootElement;
            Console.WriteLine(root.GetProperty("sentence").GetProperty(language).GetString());
            foreach (JsonElement light in root.GetProperty("lights").EnumerateArray())
            {
                Console.WriteLine($"{light.GetProperty("part").GetString(),-12} {light.GetProperty("state").GetString(),-13} {light.GetProperty("sentence").GetProperty(language).GetString()}");
            }

            return root.GetProperty("state").GetString() == "failed" ? 1 : 0;
        }
        catch (Exception none) when (none is HttpRequestException or TaskCanceledException)
        {
            throw new CommandFailedException($"no box answers on port {port} of this machine: {none.Message} Start it with bedside run, or say its --port.");
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file?.FullName} cannot be written: {disk.Message}");
        }
    }
}
