using System.Text.RegularExpressions;

namespace Bedside.Host.Trust;

/// <summary>Names of a unit, its zone and its boxes: real host names, never addresses, because browsers bind passkeys and certificates to names.</summary>
internal static partial class UnitNames
{
    /// <summary>Letters of a unit's name.</summary>
    public const int LongestName = 40;

    private const int LongestHost = 200;

    /// <summary>One sentence with the remedy; null = it can be used.</summary>
    public static string? FaultOfName(string name) =>
        name.Trim().Length is 0 or > LongestName || name.Any(char.IsControl) ? $"a unit needs a name of 1 to {LongestName} letters." : null;

    /// <summary>The same of the zone under which all boxes of the unit have their names.</summary>
    public static string? FaultOfZone(string zone) => IsHost(zone)
        ? null
        : $"{Short(zone)} is no zone of names; give one of your hospital, or such as icu.home.arpa: small letters, digits, hyphens and dots, no address.";

    /// <summary>The same of a box in that zone.</summary>
    public static string? FaultOfHost(string host, string zone) => !IsHost(host)
        ? $"{Short(host)} is no host name; write it as bed12.{zone}: small letters, digits, hyphens and dots, no address."
        : host != zone && !host.EndsWith($".{zone}", StringComparison.Ordinal)
            ? $"{host} is outside of the unit's zone; the unit's authority certifies names under {zone} only, such as bed12.{zone}."
            : null;

    /// <summary>What a machine calls itself, as a name in the zone.</summary>
    public static string HostOf(string machine, string zone)
    {
        string label = OddLetters.Replace(machine.Split('.')[0].ToLowerInvariant(), "-").Trim('-');
        return $"{(label.Length == 0 ? "head" : label)}.{zone}";
    }

    private static bool IsHost(string host) => host.Length <= LongestHost && HostName.IsMatch(host) && !System.Net.IPAddress.TryParse(host, out _);

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex HostName { get; }

    [GeneratedRegex("[^a-z0-9-]+", RegexOptions.CultureInvariant)]
    private static partial Regex OddLetters { get; }
}
