using Bedside.Ingest.Drivers;
using Bedside.Viewer;

namespace Bedside.Host.Services;

/// <summary>Hands the drivers' INSTALL pages to the screen and to <c>bedside guide</c>: both show the same.</summary>
internal static class DeviceHelp
{
    /// <summary>One page for each driver that has its text; a page that cannot be read is a fault of the program.</summary>
    public static IReadOnlyList<HelpPage> Pages(IReadOnlyList<IDriver> drivers) =>
        [.. drivers.Where(driver => InstallGuide.Text(driver, "en").Length > 0).Select(Page)];

    private static HelpPage Page(IDriver driver) => new(driver.Name, driver.Traits.Manufacturer, driver.Traits.Devices, driver.Traits.Quality)
    {
        Tried = [.. driver.Traits.Lines.Select(line => line.ToString()), .. Network(driver)],
        French = Read(driver, "fr"),
        English = Read(driver, "en"),
    };

    private static HelpText Read(IDriver driver, string language)
    {
        try
        {
            return HelpReader.Read(InstallGuide.Text(driver, language), language);
        }
        catch (FormatException wrong)
        {
            throw new InvalidOperationException($"INSTALL.{language}.md of {driver.Name}: {wrong.Message}", wrong);
        }
    }

    private static IEnumerable<string> Network(IDriver driver) =>
        driver.Traits.NetworkPort > 0 ? [$"{(driver.Traits.NetworkTransport == Transport.Tcp ? "TCP" : "UDP")} {driver.Traits.NetworkPort}"] : [];
}
