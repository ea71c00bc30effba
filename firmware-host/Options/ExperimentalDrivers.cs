using System.CommandLine;
using Bedside.Host.Commands;
using Bedside.Ingest.Drivers;

namespace Bedside.Host.Options;

/// <summary>Drivers that were never tried on a real device: a site turns them on by name, or they are not there.</summary>
internal static class ExperimentalDrivers
{
    /// <summary>After whatever was said of an experimental driver on standard error.</summary>
    public const string Warning = "experimental: never tried on a real device, compare every value with the device's own screen";

    public static string Names => string.Join(", ", DriverCatalog.Experimental.Select(driver => driver.Name));

    /// <summary>Every driver, for sentences that tell which there are.</summary>
    public static string Known => $"{string.Join(", ", DriverCatalog.Usual.Select(driver => driver.Name))}; experimental, off unless turned on: {Names}";

    public static Option<string[]> Option() => new("--experimental")
    {
        Description = $"Turn on an experimental driver ({Names}): never tried on a real device, and labelled so everywhere; may be given several times.",
    };

    /// <summary>Throws unless every name is that of an experimental driver.</summary>
    public static IReadOnlyCollection<string> Checked(IReadOnlyCollection<string> names, string source)
    {
        foreach (string name in names)
        {
            if (DriverCatalog.ByName(name) is not { } driver)
            {
                throw new CommandFailedException($"{source}: there is no driver {name}; experimental are {Names}.");
            }

            if (!driver.Traits.IsExperimental)
            {
                throw new CommandFailedException($"{source}: {name} is not experimental and always on; leave it out. Experimental are {Names}.");
            }
        }

        return names;
    }

    /// <summary>Throws when a port is said to carry what is not turned on.</summary>
    public static void CheckPins(IEnumerable<PortSettings> ports, IReadOnlyCollection<string> on)
    {
        foreach (PortSettings port in ports)
        {
            if (DriverCatalog.ByName(port.Driver) is { Traits.IsExperimental: true } driver && !on.Contains(driver.Name))
            {
                throw new CommandFailedException(
                    $"{port.Place}: {driver.Name} is experimental and not turned on; add --experimental {driver.Name}, or \"experimental\": [\"{driver.Name}\"] in the configuration.");
            }
        }
    }
}
