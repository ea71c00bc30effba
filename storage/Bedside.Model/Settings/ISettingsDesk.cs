namespace Bedside.Model.Settings;

/// <summary>A version on trial.</summary>
/// <param name="Remaining">Until it goes by itself.</param>
/// <param name="Lost">Devices that were received before and are not received now, by the names of their data; it can be confirmed only while there are none.</param>
public sealed record SettingsTrial(int Number, TimeSpan Remaining, TimeSpan Whole, IReadOnlyList<string> Lost);

/// <summary>Settings that are prepared and not in effect.</summary>
/// <param name="Rests">Number of the version they were made from.</param>
/// <param name="Changes">What differs from what is in effect.</param>
public sealed record SettingsDraft(int Rests, BoxSettings Settings, IReadOnlyList<string> Changes, IReadOnlyList<SettingsFault> Faults);

/// <summary>How the settings stand.</summary>
/// <param name="Effective">What is in effect now, pinned values included.</param>
/// <param name="Pinned">What the configuration or the command line says, which therefore cannot be set here.</param>
/// <param name="Versions">Newest first, bounded.</param>
/// <param name="Kept">Null = they are on disk; else what is wrong, one sentence: they hold until the program ends.</param>
public sealed record SettingsState(
    BoxSettings Effective,
    IReadOnlyList<string> Pinned,
    SettingsDraft? Draft,
    SettingsTrial? Trial,
    IReadOnlyList<SettingsVersion> Versions,
    string? Kept);

/// <summary>What became of a request to the desk.</summary>
public enum SettingsReply
{
    Done,

    /// <summary>There is no draft, no trial, or no such version.</summary>
    Nothing,

    /// <summary>The draft has faults, or says nothing new.</summary>
    Faulty,

    /// <summary>The settings changed meanwhile, or are on trial.</summary>
    Conflict,

    /// <summary>A device that was received before is not received.</summary>
    DeviceLost,

    /// <summary>The disk did not take it; nothing changed.</summary>
    NotStored,
}

/// <summary>Where the settings of a box are prepared, take effect, are tried and taken back. Any thread may call.</summary>
public interface ISettingsDesk
{
    SettingsState State { get; }

    /// <summary>Prepares; nothing takes effect. <paramref name="rests"/> is the version that the person saw. A draft with faults is kept, so that they can be mended.</summary>
    SettingsReply Prepare(SettingsForm form, int rests);

    SettingsReply Discard();

    /// <summary>Puts the draft into effect; with changed ports, on trial.</summary>
    SettingsReply Apply();

    SettingsReply Confirm();

    /// <summary>Ends a trial: what was in effect before is so again.</summary>
    SettingsReply TakeBack();

    /// <summary>An earlier version becomes the next one; with changed ports, on trial.</summary>
    SettingsReply Return(int number);
}
