using System.Collections.Concurrent;
using Bedside.Extract.Package;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Viewer.Research;

namespace Bedside.Host.Research;

/// <summary>Builds that were begun on a page, in the background; one at a time for each study. The box stays quick: the threads that write are below all others.</summary>
internal sealed partial class BoxBuilds(BoxStudies studies, ILogger<BoxBuilds> log) : IResearchBuilds, IDisposable
{
    private readonly ConcurrentDictionary<string, Running> _builds = new(StringComparer.Ordinal);

    public BuildState? StateOf(string study) => _builds.GetValueOrDefault(study)?.State;

    public void Begin(string study, string by, IReadOnlyList<Role> roles)
    {
        if (_builds.GetValueOrDefault(study) is { State.IsRunning: true })
        {
            throw new StudyRefusedException(new TwoTongues("La construction est déjà en cours.", "The build runs already."));
        }

        var running = new Running();
        _builds[study] = running;
        running.Ended = Task.Run(() => RunAsync(running, (study, by, roles)), CancellationToken.None);
    }

    public void Cancel(string study) => _builds.GetValueOrDefault(study)?.Stop.Cancel();

    public Task StopObjectedAsync(CancellationToken cancel) => Task.Run(
        async () =>
        {
            foreach (Running running in _builds.Values.Where(one => one.State.IsRunning && one.Build?.IsObjected() == true))
            {
                running.IsObjected = true;
                await running.Stop.CancelAsync();
            }
        },
        cancel);

    public void Dispose()
    {
        foreach (Running running in _builds.Values)
        {
            running.Stop.Cancel();
        }
    }

    private async Task RunAsync(Running running, (string Study, string By, IReadOnlyList<Role> Roles) asked)
    {
        TwoTongues? failure = null;
        try
        {
            using StudyConsole console = studies.Open();
            var build = new PackageBuild(console, []);
            running.Build = build;
            _ = await build.RunAsync(console.Find(asked.Study), asked.By, asked.Roles, running, running.Stop.Token);
        }
        catch (OperationCanceledException)
        {
            failure = running.IsObjected
                ? new("Un patient a dit non pendant la construction ; relancez-la, elle se fera sans lui.", "A patient said no during the build; begin it again, it will be made without them.")
                : new("La construction a été arrêtée ; il n’en reste rien.", "The build was stopped; nothing of it is left.");
        }
        catch (StudyRefusedException refused)
        {
            failure = refused.Sentence;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or Commands.CommandFailedException or InvalidDataException)
        {
            LogFailed(asked.Study, failed.Message);
            failure = new($"La construction a échoué : {failed.Message}", $"The build failed: {failed.Message}");
        }
        finally
        {
            running.State = new BuildState(IsRunning: false, running.State.Stage, failure is null ? 1 : running.State.Done, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The package of {Study} was not built: {Reason}")]
    private partial void LogFailed(string study, string reason);

    private sealed class Running : IProgress<BuildProgress>
    {
        /// <summary>Null until the studies are open.</summary>
        public volatile PackageBuild? Build;

        public CancellationTokenSource Stop { get; } = new();

        public Task Ended { get; set; } = Task.CompletedTask;

        public volatile bool IsObjected;

        public volatile BuildState State = new(IsRunning: true, new TwoTongues("séjours", "stays"), 0, Failure: null);

        public void Report(BuildProgress value) => State = State with { Stage = new TwoTongues(value.Stage, value.Stage), Done = value.Done };
    }
}
