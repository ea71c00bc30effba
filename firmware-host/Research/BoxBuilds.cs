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
        StudyConsole console = studies.Open();
        Study? found = console.Book.Studies.FirstOrDefault(one => one.Id == study);
        TwoTongues? refusal = found is null ? new("L’étude n’existe pas.", "There is no such study.")
            : _builds.GetValueOrDefault(study) is { State.IsRunning: true } ? new("La construction est déjà en cours.", "The build runs already.")
            : null;
        if (refusal is not null)
        {
            console.Dispose();
            throw new StudyRefusedException(refusal);
        }

        var build = new PackageBuild(console, []);
        var running = new Running(build);
        _builds[study] = running;
        _ = Task.Run(() => RunAsync(console, build, running, (found!, by, roles)), CancellationToken.None);
    }

    public void Cancel(string study) => _builds.GetValueOrDefault(study)?.Stop.Cancel();

    public Task StopObjectedAsync(CancellationToken cancel) => Task.Run(
        () =>
        {
            foreach (Running running in _builds.Values.Where(one => one.State.IsRunning && one.Build.IsObjected()))
            {
                running.IsObjected = true;
                running.Stop.Cancel();
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

    private async Task RunAsync(StudyConsole console, PackageBuild build, Running running, (Study Study, string By, IReadOnlyList<Role> Roles) asked)
    {
        using StudyConsole opened = console;
        TwoTongues? failure = null;
        try
        {
            _ = await build.RunAsync(asked.Study, asked.By, asked.Roles, running, running.Stop.Token);
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
            LogFailed(asked.Study.Id, failed.Message);
            failure = new($"La construction a échoué : {failed.Message}", $"The build failed: {failed.Message}");
        }
        finally
        {
            running.State = new BuildState(IsRunning: false, running.State.Stage, failure is null ? 1 : running.State.Done, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The package of {Study} was not built: {Reason}")]
    private partial void LogFailed(string study, string reason);

    private sealed class Running(PackageBuild build) : IProgress<BuildProgress>
    {
        public PackageBuild Build => build;

        public CancellationTokenSource Stop { get; } = new();

        public volatile bool IsObjected;

        public volatile BuildState State = new(IsRunning: true, new TwoTongues("séjours", "stays"), 0, Failure: null);

        public void Report(BuildProgress value) => State = State with { Stage = new TwoTongues(value.Stage, value.Stage), Done = value.Done };
    }
}
