namespace Bedside.Host.Kiosk;

/// <summary>What the watcher of a screen was told.</summary>
/// <param name="Box">Address of the box.</param>
/// <param name="Browser">The program.</param>
/// <param name="MoreOptions">Options for the browser beside our own.</param>
/// <param name="Gpu">Let the browser use the graphics processor.</param>
/// <param name="User">Whom the browser runs as; null = whoever runs this.</param>
/// <param name="ReloadAt">Ward's time of the daily reload; null = none.</param>
/// <param name="Night">When the page darkens by itself; null = never.</param>
/// <param name="Backlight">Program that is run with <c>day</c> or <c>night</c>; null = none.</param>
internal sealed record KioskSettings(Uri Box, string Browser, IReadOnlyList<string> MoreOptions, bool Gpu, UnixUser? User, TimeOnly? ReloadAt, NightHours? Night, string? Backlight);
