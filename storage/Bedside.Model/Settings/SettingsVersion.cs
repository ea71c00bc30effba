namespace Bedside.Model.Settings;

/// <summary>Who made a version of the settings.</summary>
public enum SettingsOrigin
{
    /// <summary>The configuration, the command line, or the defaults of a new box.</summary>
    Configuration,

    /// <summary>A person at the screen.</summary>
    Screen,

    /// <summary>A person who went back to an earlier version.</summary>
    Undo,
}

/// <summary>What became of a version.</summary>
public enum SettingsOutcome
{
    /// <summary>It took effect.</summary>
    Applied,

    /// <summary>It is in effect and on trial: it goes again unless somebody confirms it.</summary>
    OnTrial,

    /// <summary>Somebody confirmed it, and every device that was received before was received.</summary>
    Confirmed,

    /// <summary>It went by itself: a device that was received before was not received any more.</summary>
    DeviceLost,

    /// <summary>It went by itself: nobody confirmed it in time.</summary>
    Unconfirmed,

    /// <summary>It went because the program ended while it was on trial.</summary>
    Interrupted,

    /// <summary>A person took it back while it was on trial.</summary>
    TakenBack,
}

/// <summary>One version of the settings; none is ever changed but for what became of it.</summary>
/// <param name="Number">From 1, in the order of making.</param>
public sealed record SettingsVersion(int Number, UtcInstant At, SettingsOrigin Origin, SettingsOutcome Outcome, BoxSettings Settings);

/// <summary>What is wrong with settings.</summary>
/// <param name="Field">As <see cref="BoxSettings.Differences"/> names it.</param>
public sealed record SettingsFault(string Field, string French, string English);
