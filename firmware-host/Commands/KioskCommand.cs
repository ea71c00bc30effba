using System.CommandLine;
using System.CommandLine.Parsing;
using Bedside.Host.Kiosk;
using Bedside.Viewer;

namespace Bedside.Host.Commands;

/// <summary><c>bedside kiosk</c>: the screen at the bed, and who watches it.</summary>
internal static class KioskCommand
{
    private const string Never = "never";

    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public static Command Create()
    {
        var box = new Option<string>("--box") { Description = "Address of the box.", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var browser = new Option<FileInfo?>("--browser") { Description = "Chromium; default: that of the system." };
        var more = new Option<string[]>("--browser-option") { Description = "An option for Chromium beside our own; may be given several times." };
        var gpu = new Option<bool>("--gpu") { Description = "Let Chromium use the graphics processor. Some drivers freeze the picture: off unless it was tried for weeks." };
        var user = new Option<string?>("--user") { Description = "Whom Chromium runs as, where this runs as root." };
        var reload = new Option<string>("--reload-at") { Description = "Time of the ward at which the page reloads once a day when nobody uses it; never = not at all.", DefaultValueFactory = _ => "04:00" };
        var night = new Option<string?>("--night") { Description = "Hours at which the page takes its night colours by itself, like 22:00-07:00; default: never." };
        var backlight = new Option<FileInfo?>("--backlight") { Description = "Program that is run with day or night when those hours begin and end; needs --night." };
        box.Validators.Add(result => Refuse(result, one => Uri.TryCreate(one, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback, "must be an http address of this machine, like http://127.0.0.1:8080"));
        reload.Validators.Add(result => Refuse(result, one => one == Never || NightHours.TryTime(one, out _), "must be a time like 04:00, or never"));
        night.Validators.Add(result => Refuse(result, one => NightHours.TryParse(one, out _), "must be hours like 22:00-07:00"));
        var command = new Command("kiosk", "The screen at the bed: Chromium without bars, watched, and started anew when it freezes.") { box, browser, more, gpu, user, reload, night, backlight };
        command.SetAction(async (result, cancel) =>
        {
            NightHours? hours = NightHours.TryParse(result.GetValue(night), out NightHours? parsed) ? parsed : null;
            var settings = new KioskSettings(
                new Uri(result.GetRequiredValue(box)),
                BrowserOf(result.GetValue(browser)),
                result.GetValue(more) ?? [],
                result.GetValue(gpu),
                UserOf(result.GetValue(user)),
                NightHours.TryTime(result.GetRequiredValue(reload), out TimeOnly at) ? at : null,
                hours,
                result.GetValue(backlight)?.FullName);
            if (settings is { Backlight: not null, Night: null })
            {
                throw new CommandFailedException("--backlight needs --night: without its hours nobody knows when to call it.");
            }

            await using var watch = new KioskWatch(settings, new Uri(Path.Combine(new ViewerOptions().WebRoot, "offline.html")), TimeProvider.System, Console.Out);
            try
            {
                await watch.RunAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Asked to end: the browser goes too.
            }

            return 0;
        });
        return command;
    }

    private static void Refuse(OptionResult result, Func<string, bool> accept, string sentence)
    {
        if (result.Tokens.Count > 0 && !accept(result.Tokens[0].Value))
        {
            result.AddError($"{result.Option.Name} {sentence}, not {result.Tokens[0].Value}.");
        }
    }

    private static string BrowserOf(FileInfo? chosen)
    {
        if (chosen is not null)
        {
            return chosen.Exists ? chosen.FullName : throw new CommandFailedException($"{chosen.FullName} does not exist; --browser names the program of Chromium.");
        }

        return Array.Find(Browsers, File.Exists) ?? throw new CommandFailedException("Chromium is missing. Install it (Debian: apt-get install chromium), or name it with --browser.");
    }

    private static UnixUser? UserOf(string? name)
    {
        if (name is null)
        {
            return UnixUser.IsRoot ? throw new CommandFailedException("Chromium does not run as root: name with --user whom it runs as (adduser --system --group bedside-kiosk makes one).") : null;
        }

        UnixUser user = UnixUser.Find(name) ?? throw new CommandFailedException($"there is no user {name} on this machine.");
        return user.Id == 0 ? throw new CommandFailedException("Chromium does not run as root: choose another --user.")
            : UnixUser.IsRoot ? user
            : throw new CommandFailedException("--user is for root; this runs as somebody else already, and Chromium runs as the same.");
    }
}
