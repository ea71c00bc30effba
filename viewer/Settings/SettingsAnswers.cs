using Bedside.Model;
using Bedside.Model.Settings;

namespace Bedside.Viewer.Settings;

/// <summary>How the settings stand.</summary>
/// <param name="Number">Of the version in effect after a start.</param>
/// <param name="Pinned">What the configuration of the box says, which cannot be set here.</param>
/// <param name="Fault">Null = they are on disk; else one sentence.</param>
/// <param name="Groups">Convention groups that signals are coloured by, with their default colours.</param>
internal sealed record SettingsAnswer(
    int Number,
    SettingsForm Settings,
    IReadOnlyList<string> Pinned,
    DraftAnswer? Draft,
    TrialAnswer? Trial,
    IReadOnlyList<VersionAnswer> Versions,
    string? Fault,
    IReadOnlyList<ColourGroupAnswer> Groups);

/// <summary>What is prepared.</summary>
/// <param name="Rests">Number of the version that it was made from.</param>
/// <param name="Changes">Names of what differs from what is in effect.</param>
/// <param name="OnTrial">It changes ports, and would be tried first.</param>
internal sealed record DraftAnswer(int Rests, SettingsForm Settings, IReadOnlyList<string> Changes, bool OnTrial, IReadOnlyList<FaultAnswer> Faults);

internal sealed record FaultAnswer(string Field, Sentence Sentence);

/// <summary>A version that goes by itself unless it is confirmed.</summary>
/// <param name="Lost">Devices that were received before and are not received now.</param>
internal sealed record TrialAnswer(int Number, double RemainingSeconds, double WholeSeconds, IReadOnlyList<string> Lost);

/// <summary>A version of the settings that is kept, and what became of it.</summary>
/// <param name="Changes">Names of what differs from the version before it that is still kept.</param>
internal sealed record VersionAnswer(int Number, UtcInstant At, SettingsOrigin Origin, SettingsOutcome Outcome, IReadOnlyList<string> Changes);

internal sealed record ColourGroupAnswer(string Group, string Colour);

/// <summary>Settings to prepare: what is left out stays as it is.</summary>
/// <param name="Rests">Number of the version that was seen.</param>
internal sealed record PreparedSettings(int? Rests, SettingsForm? Settings);

/// <summary>An earlier version that is to be in effect again.</summary>
internal sealed record ReturnedTo(int? Number);

/// <summary>The desk, where the box has one.</summary>
internal sealed class SettingsView(ISettingsDesk? desk = null)
{
    public ISettingsDesk? Desk => desk;

    public static SettingsAnswer Answer(SettingsState state)
    {
        SettingsVersion? standing = state.Versions.FirstOrDefault(version => version.Outcome is SettingsOutcome.Applied or SettingsOutcome.Confirmed);
        return new SettingsAnswer(
            standing?.Number ?? 0,
            SettingsForm.Of(state.Effective),
            state.Pinned,
            state.Draft is { } draft
                ? new DraftAnswer(
                    draft.Rests,
                    SettingsForm.Of(draft.Settings),
                    draft.Changes,
                    !draft.Settings.SamePorts(state.Effective),
                    [.. draft.Faults.Select(fault => new FaultAnswer(fault.Field, new Sentence(fault.French, fault.English)))])
                : null,
            state.Trial is { } trial ? new TrialAnswer(trial.Number, trial.Remaining.TotalSeconds, trial.Whole.TotalSeconds, trial.Lost) : null,
            [.. state.Versions.Select((version, i) => new VersionAnswer(
                version.Number,
                version.At,
                version.Origin,
                version.Outcome,
                i + 1 < state.Versions.Count ? version.Settings.Differences(state.Versions[i + 1].Settings) : []))],
            state.Kept,
            [.. ColourMap.Defaults.Select(pair => new ColourGroupAnswer(pair.Key, pair.Value))]);
    }
}
